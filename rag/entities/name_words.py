"""What the words of a text are to names: first names, titles, kinds of bodies and places, or words that no name has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.text import fold
from index.types import LANGUAGES, Language
from rag.entities.known import KnownNames, is_frequent
from rag.entities.name_lists import name_list
from rag.entities.parts import Part

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
_MOST_WORDS = 200_000
_SHORTEST = 2


class NameWords:
    """Knows from the glossary and the lists what a word may be to a name."""

    def __init__(self, known: KnownNames) -> None:
        """Take the first names and the ordinary words of the glossary to those of the lists."""
        self._known = known
        self.soft = {language: name_list("soft", language) for language in LANGUAGES}
        self.given = {
            language: (name_list("given", language) | known.given(language))
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
            if len(self._signs) > _MOST_WORDS:
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
        if len(text) < _SHORTEST or text[0].isdigit() or text.isascii():
            return False
        if text in name_list("verb", language) or text in name_list("title", language) or text in name_list("stop", language):
            return False
        if language == "ar" and text.startswith("ال"):
            return text not in name_list("title", language) and not self.is_common(text, "ar") and not (
                self._known.is_ordinary(text[2:], "ar")
            )
        return not self.is_common(text, language)

    def is_common(self, text: str, language: Language) -> bool:
        """Tell whether a folded word is an ordinary or a frequent one."""
        return self._known.is_ordinary(text, language) or is_frequent(text, language)

    def is_ordinary(self, text: str, language: Language) -> bool:
        """Tell whether a folded word is one of the language's own by the glossary."""
        return self._known.is_ordinary(text, language)
