"""What a word may be to a name: a first name, a title, a kind of body or place, or a word that no name has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Literal

from index.text import fold
from index.types import LANGUAGES, Language
from rag.entities import tuning
from rag.entities.parts import Part
from rag.text.glossary import Entry, parse_glossary
from rag.text.word_list import rows, text_of, word_list

_LISTS, _FREQUENT, _MORE = "names.tsv", "frequent_words.tsv", ("bodies.tsv", "places.tsv")

NameList = Literal[
    "given", "soft", "title", "organisation", "place", "verb", "generic", "stop", "bare", "nothing", "acronym",
    "byline", "team", "usual", "word",
]
_CLITICS = re.compile("^(?:[وف]?[بك]?ال|[وف]?لل|[وفبكلس])(?=.{3})")
_PLURAL = re.compile("(?:هايي|هاي|ها)$")
# What a word may be the sign of, one letter each: a name begins with it, or behind it; it is the kind of a body, or of a place.
BEGINS, BEFORE, BODY, PLACE = "bfop"
# Between a first name and a father's.
JOINTS = frozenset(map(fold, ("بن", "ابن", "بنت", "بو", "ابو", "آل", "ولد")))
# First halves of first names of two words: عبد الوهاب, نور الدين, سيف الإسلام.
HALVES = frozenset(
    fold("عبد نور سيف صلاح شمس عز علاء بهاء ضياء جمال كمال خير محيي محي حسام زين بدر تقي فخر جلال عماد شرف").split()
)
# Persian titles of two words end so.
_TITLE_ENDS = frozenset(map(fold, ("الاسلام", "الله", "والمسلمین", "جمهور", "جمهوری")))


def name_list(name: NameList, language: Language) -> frozenset[str]:
    """Return the folded words of a list of names.tsv in a language."""
    return word_list(_LISTS, name, language)


@cache
def frequent_words(language: Language) -> frozenset[str]:
    """Return the folded words that are too frequent in a language to be somebody's surname."""
    return frozenset(word for tongue, words in rows(_FREQUENT) if tongue == language for word in words.split())


@cache
def more_names() -> tuple[Entry, ...]:
    """Return bodies and places beside those of the glossary, as its entries; each may be of one spelling alone."""
    return tuple(entry for file in _MORE for entry in parse_glossary(text_of(file), file, linked=False))


@cache
def lists_version() -> str:
    """Return what changes with the lists."""
    whole = "\n".join(map(text_of, (_LISTS, _FREQUENT, *_MORE)))
    return blake2b(whole.encode(), digest_size=8).hexdigest()


def is_frequent(word: str, language: Language) -> bool:
    """Tell whether a folded word, by itself or without what is joined to it, is too frequent to be a surname."""
    frequent = frequent_words(language)
    if word in frequent or language == "en":
        return word in frequent
    if language == "ar":
        return _CLITICS.sub("", word) in frequent
    return _PLURAL.sub("", word) in frequent


class NameWords:
    """Knows from the glossary and the lists what a word may be to a name."""

    def __init__(
        self, given: Mapping[Language, frozenset[str]], is_ordinary: Callable[[str, Language], bool]
    ) -> None:
        """Take the glossary's first names to those of the lists; `is_ordinary` tells which words are a language's own by it."""
        self.is_ordinary = is_ordinary
        self.soft = {language: name_list("soft", language) for language in LANGUAGES}
        self.given = {
            language: (name_list("given", language) | given[language])
            - self.soft[language]
            - name_list("title", language)
            - name_list("stop", language)
            - JOINTS
            for language in LANGUAGES
        }
        self._first_halves = {name[:end] for name in self.given["fa"] for end in range(2, len(name) - 1)}
        self._signs: dict[tuple[Language, str], str] = {}

    def signs_of(self, text: str, language: Language) -> str:
        """Return what a word may be the sign of: of a name that begins with it, or behind it, or of what kind a name is."""
        key = (language, text)
        if key not in self._signs:
            if len(self._signs) > tuning.MOST_WORDS_KEPT:
                self._signs.clear()
            self._signs[key] = "".join(self._signs_in(text, language))
        return self._signs[key]

    def _signs_in(self, text: str, language: Language) -> Iterator[str]:
        forms = {text, text[1:]} if language == "ar" and text[0] in "وفبل" else {text}
        if any(form in self.given[language] or form in self.soft[language] or form in HALVES for form in forms):
            yield BEGINS
        if language == "fa":  # the first half of a first name that is written in two
            yield BEGINS if text in self._first_halves else ""
        titles = name_list("title", language) | (name_list("verb", "ar") if language == "ar" else _TITLE_ENDS)
        if not forms.isdisjoint(titles):
            yield BEFORE
        for sign, heads in ((BODY, name_list("organisation", language)), (PLACE, name_list("place", language))):
            if not forms.isdisjoint(heads):
                yield sign

    def is_proper(self, parts: Sequence[Part], at: int, language: Language, known: frozenset[int]) -> bool:
        """Tell whether a part is a name by itself: one that the glossary has, or a word that is no ordinary one."""
        text = parts[at].text
        if at in known:
            return language == "ar" or not text.endswith("ي")
        return self.is_namelike(parts[at], language) and not (language == "ar" and text[0] == "و" and len(text) > 4)

    def is_namelike(self, part: Part, language: Language) -> bool:
        """Tell whether a part may be a name that nobody has listed: no number, no title, no word of the language."""
        text = part.text
        if len(text) < tuning.SHORTEST_NAME or text[0].isdigit() or text.isascii():
            return False
        if text in name_list("verb", language) or text in name_list("title", language) or text in name_list("stop", language):
            return False
        if language == "ar" and text.startswith("ال"):
            return text not in name_list("title", language) and not self.is_common(text, "ar") and not (
                self.is_ordinary(text[2:], "ar")
            )
        return not self.is_common(text, language)

    def is_common(self, text: str, language: Language) -> bool:
        """Tell whether a folded word is an ordinary or a frequent one."""
        return self.is_ordinary(text, language) or is_frequent(text, language)
