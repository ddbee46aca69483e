"""The names of the glossary, found in the parts of a text, with the words that may be joined to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from index.entities.types import EntityKind
from index.text import ZWNJ, fold
from index.types import LANGUAGES, Language
from rag.entities import tuning
from rag.entities.name_words import is_frequent, more_names, name_list
from rag.entities.parts import Part
from rag.text.common_words import is_function_word, is_light_word
from rag.text.glossary import COLUMNS, Entry, Glossary, one_after_another, variants_of
from rag.text.origin import BYLINE_NAMES, KINDS_OF_OUTLET

KIND_OF: dict[str, EntityKind] = {
    "person": "person", "country": "place", "city": "place", "region": "place", "organisation": "organisation",
    "party": "organisation", "group": "organisation", "agency": "organisation", "outlet": "organisation",
}  # fmt: skip
# What Arabic writes as one word with a name, its article last.
_CLITIC = re.compile(r"(?:[وف]?(?:[بكل]?ال|لل)|[وف]?[بكل]|[وف])")
# A Persian word goes on behind its name with one of these, or is another word: ایران‌خودرو is no Iran.
_ENDINGS = frozenset(map(fold, "ها های هایی ای ی اش ام ات شان تان مان اند است ترین تر را".split()))  # noqa: SIM905
_DEMONYM = {"ar": ("يين", "يون", "يات", "يه", "يا"), "fa": ("يان", "يها", "يهاي", "يي")}


@dataclass(frozen=True, slots=True)
class Known:
    """The parts `first` to `last` (not included) name a thing of the glossary.

    `form` is the first of them without what is joined to it; `is_short` is a surname alone, and `is_town` a place that no
    glossary has, which may be somebody's surname.
    """

    first: int
    last: int
    entry: Entry
    kind: EntityKind
    is_short: bool
    form: str
    is_town: bool = False

    @property
    def may_be_a_surname(self) -> bool:
        """Whether a first name before it makes it somebody else's."""
        return self.is_short or self.is_town


class KnownNames:
    """The names of a glossary by their first part, in each language."""

    def __init__(self, glossary: Glossary) -> None:
        """Take the names out of a glossary and of the lists; what it has as an ordinary word too is no name by itself."""
        self._starts: dict[Language, dict[str, list[tuple[tuple[str, ...], Entry]]]] = {name: {} for name in LANGUAGES}
        self._ordinary: dict[Language, set[str]] = {name: set() for name in LANGUAGES}
        self._given: dict[Language, set[str]] = {name: set() for name in LANGUAGES}
        self._before: dict[Language, set[str]] = {name: set() for name in LANGUAGES}
        self._by_key: dict[str, Entry] = {}
        self._towns: set[Entry] = set()
        self._beginning: dict[tuple[Language, str], tuple[tuple[str, tuple[str, ...], Entry], ...]] = {}
        known: dict[tuple[Language, tuple[str, ...]], Entry] = {}
        for entry in glossary.entries():
            kind = kind_named(entry)
            for language, column in zip(COLUMNS, entry.columns, strict=True):
                for variant in variants_of(column):
                    self._add(entry, kind, language, variant)
                    if kind:
                        known.setdefault((language, variant), entry)
        for entry in more_names():
            spelt = [
                (language, variant)
                for language, column in zip(COLUMNS, entry.columns, strict=True)
                for variant in variants_of(column)
            ]
            # Another spelling of what the glossary has is no other thing.
            if entry.kind == "city":
                self._towns.add(entry)
            same = next((known[each] for each in spelt if each in known and _same_kind(known[each], entry)), entry)
            for language, variant in spelt:
                if (language, variant) not in known:
                    self._add(same, kind_named(same), language, variant)
        for language in LANGUAGES:
            self._given[language] -= self._ordinary[language]
            self._given[language] = {name for name in self._given[language] if not is_frequent(name, language)}
            for found in self._starts[language].values():
                found.sort(key=lambda pair: -len(pair[0]))

    def _add(self, entry: Entry, kind: EntityKind | None, language: Language, variant: tuple[str, ...]) -> None:
        if kind is None:
            # Of a name that is a word, too, the glossary has first what is meant more often: پوتین is seldom a boot.
            if len(variant) == 1 and variant[0] not in self._before[language]:
                self._ordinary[language].add(variant[0].replace(ZWNJ, ""))
            return
        if len(variant) == 1:
            self._before[language].add(variant[0])
        if entry.kind == "sport" and len(variant) == 1 and is_frequent(variant[0].replace(ZWNJ, ""), language):
            return
        first = first_name(entry)
        if (entry.kind == "outlet" and first in KINDS_OF_OUTLET) or first in name_list("nothing", "en"):
            return
        self._by_key.setdefault(first, entry)
        parts = tuple(part for word in variant for part in word.split(ZWNJ))
        starts = self._starts[language]
        starts.setdefault(parts[0], []).append((parts[1:], entry))
        joined = tuple(word.replace(ZWNJ, "") for word in variant)
        if joined != parts:
            starts.setdefault(joined[0], []).append((joined[1:], entry))
        if kind == "person" and len(parts) > 1:
            self._given[language].add(parts[0])

    def is_ordinary(self, word: str, language: Language) -> bool:
        """Tell whether a folded word is one of the language's own, and no name."""
        return word in self._ordinary[language] or is_function_word(word) or is_light_word(word)

    def given(self, language: Language) -> frozenset[str]:
        """Return the first names of the glossary's persons in a language."""
        return frozenset(self._given[language])

    def find(self, parts: Sequence[Part], language: Language) -> list[Known]:
        """Return the names among the parts of a text in a language, the longest at each place, none inside another."""
        return one_after_another(len(parts), lambda at: self._at(parts, at, language), attrgetter("last"))

    def _at(self, parts: Sequence[Part], at: int, language: Language) -> Known | None:
        part = parts[at]
        if part.is_joined:
            return None
        agency = self._agency(parts, at, language)
        if agency:
            return Known(at, at + 1, agency, "organisation", False, part.text)
        tongue: Language = "en" if part.text.isascii() else language
        candidates = self._candidates(part.text, tongue)
        if not candidates or (tongue == "en" and not part.case):
            return None
        following = parts[at + 1].text if at + 1 < len(parts) else ""
        for form, rest, entry in candidates:
            if rest and rest[0] != following:
                continue
            last = at + 1 + len(rest)
            if self._stands(parts, at, last, rest) and self._is_meant(parts, at, last, form, tongue, entry):
                short = entry.kind == "person" and not rest
                return Known(at, last, entry, kind_named(entry) or "place", short, form, entry in self._towns)
        return None

    def _candidates(self, word: str, language: Language) -> tuple[tuple[str, tuple[str, ...], Entry], ...]:
        """Return the names that may begin with a word: its listed form, the parts behind it, and the term; longest first."""
        key = (language, word)
        if key not in self._beginning:
            if len(self._beginning) > tuning.MOST_WORDS_KEPT:
                self._beginning.clear()
            starts = self._starts[language]
            found = [(form, *pair) for form in _forms_in(word, language) for pair in starts.get(form, ())]
            self._beginning[key] = tuple(each for each in found if _may_have_article(word, *each, language))
        return self._beginning[key]

    def _agency(self, parts: Sequence[Part], at: int, language: Language) -> Entry | None:
        """Return the agency that a short name means where a byline stands: خبرنگار فارس."""
        name = BYLINE_NAMES.get(parts[at].text)
        if not name or at == 0 or not parts[at].follows or parts[at - 1].text not in name_list("byline", language):
            return None
        return self._by_key.get(name)

    @staticmethod
    def _stands(parts: Sequence[Part], at: int, last: int, rest: tuple[str, ...]) -> bool:
        if last > len(parts):
            return False
        for place, word in enumerate(rest, at + 1):
            if parts[place].text != word or not parts[place].is_near:
                return False
        behind = parts[last] if last < len(parts) else None
        return behind is None or not behind.is_joined or behind.text in _ENDINGS

    def _is_meant(
        self, parts: Sequence[Part], at: int, last: int, form: str, tongue: Language, entry: Entry
    ) -> bool:
        """Tell whether a word that may be an ordinary one stands for the name."""
        if last - at > 1:
            return True
        part = parts[at]
        if tongue == "en":
            begins = at == 0 or "\n" in part.gap or any(mark in part.gap for mark in ".!?:“\"‘")
            doubtful = len(form) <= 2 or form in self._ordinary["en"] or is_function_word(form)
            if len(form) <= tuning.SHORT_NAME and part.case != "A" and doubtful:
                return False
            if form in name_list("stop", "en"):
                return False
            if is_function_word(form) or (begins and self.is_ordinary(form, "en")):
                return part.case == "A"
            return not (entry.kind == "person" and form in name_list("given", "en"))
        if form != part.text and len(form) <= tuning.SHORT_NAME and not part.text.endswith("ال" + form):
            return False
        if self.is_ordinary(form, tongue) or form in name_list("stop", tongue) or form in name_list("word", tongue):
            return False
        if part.text.endswith("مسقط") and last < len(parts) and parts[last].text.startswith("راس"):
            return False
        return not (entry.kind == "person" and form in name_list("given", tongue))


@lru_cache(maxsize=100_000)
def _forms_in(word: str, language: Language) -> tuple[str, ...]:
    """Return a folded word and what it may be without what is joined to it; of the people of a country, one of them."""
    if language == "en":
        return (word,)
    found = [word]
    if language == "ar":
        clitic = _CLITIC.match(word)
        if clitic and len(word) - clitic.end() >= tuning.SHORT_NAME - 1:
            bare = word[clitic.end() :]
            found += [bare, *(["ال" + bare] if clitic[0].endswith(("ال", "لل")) else [])]
        if word[0] in "وفبكل" and len(word) > tuning.SHORT_NAME:
            found.append(word[1:])
    for ending in _DEMONYM[language]:
        if word.endswith(ending):
            found += [form[: -len(ending)] + "ي" for form in tuple(found) if len(form) > len(ending) + 2]
    return tuple(dict.fromkeys(found))


def _may_have_article(word: str, form: str, rest: tuple[str, ...], entry: Entry, language: Language) -> bool:
    """Tell whether a word with an article may be a name that is listed without: an Iraqi, not the scene (مشهد, المشهد)."""
    kind = kind_named(entry)
    joined = word.endswith(form) or (form.startswith("ال") and word.endswith(f"لل{form[2:]}"))
    if not joined and entry.kind not in ("country", "city", "region"):
        return False  # the people of a country are told by their endings, others' names have none
    if language != "ar" or rest or kind == "organisation" or form.startswith("ال"):
        return True
    return not word.endswith(("ال" + form, "لل" + form)) or (entry.kind == "country" and form.endswith(("ي", "يه")))


def first_name(entry: Entry) -> str:
    """Return the preferred name of a term, in English where it has one."""
    return next((first for column in entry.columns if (first := column.split("|")[0].strip())), "")


def kind_named(entry: Entry) -> EntityKind | None:
    """Return what kind of thing a term names; None where it is no name."""
    if entry.kind == "sport" and first_name(entry) in name_list("team", "en"):
        return "organisation"
    return KIND_OF.get(entry.kind)


def _same_kind(one: Entry, other: Entry) -> bool:
    return kind_named(one) == kind_named(other)


@lru_cache(maxsize=2)
def known_names(glossary: Glossary) -> KnownNames:
    """Return the names of a glossary, taken out of it once."""
    return KnownNames(glossary)
