"""What a word by itself can mention: a time, a number, a reason, a person, a place."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, get_args

from babel import Locale

from index.dates import month_names
from index.text import ZWNJ, fold, stems, words
from index.types import LANGUAGES
from rag.text.glossary import Glossary
from rag.text.measure import pair_unit
from rag.text.numeral import tells_number
from rag.text.word_list import word_list

Trait = Literal[
    "digits", "year", "number", "calendar", "time", "unit", "about", "reason", "person", "place", "body", "office", "title",
    "saying", "preposition", "conjunction", "relative", "copula", "naming", "location",
]  # fmt: skip
TRAITS: tuple[Trait, ...] = get_args(Trait)

_KINDS: dict[str, Trait] = {
    "person": "person", "country": "place", "city": "place", "region": "place", "organisation": "body", "party": "body",
    "group": "body", "agency": "body", "outlet": "body", "office": "office", "month": "calendar", "weekday": "calendar",
}  # fmt: skip


def is_number(word: str) -> bool:
    """Tell whether a folded word is a number, in digits or in letters, or two of a unit in one Arabic word."""
    return tells_number(word) or pair_unit(word) is not None


@lru_cache(maxsize=50_000)
def traits_of(word: str, glossary: Glossary) -> frozenset[Trait]:
    """Return what a folded word by itself may mention."""
    found: set[Trait] = set()
    listed = _listed()
    for part in {word, *word.split(ZWNJ), word.replace(ZWNJ, "")}:
        found |= listed.get(part, frozenset())
    if any(character.isdecimal() for character in word):
        found.add("digits")
        if re.fullmatch(r"[وبل]?(?:1[0-9]|20)\d\d(?:s|م)?", word):
            found.add("year")
    elif is_number(word):
        found.add("number")
    else:
        found |= _by_ending(word) | _in_glossary(word, glossary)
    return frozenset(found)


def _by_ending(word: str) -> frozenset[Trait]:
    """Return the traits of a listed word that this one is with its Arabic clitics or a common ending."""
    listed = _listed()
    lasting = {"calendar", "time", "unit", "office", "title", "location", "saying"}
    inflected = (listed.get(form, frozenset()) for form in stems(word)[1:])
    return frozenset(trait for traits in inflected for trait in traits if trait in lasting)


def _in_glossary(word: str, glossary: Glossary) -> frozenset[Trait]:
    return frozenset(_KINDS[entry.kind] for entry in glossary.entries_of(word) if entry.kind in _KINDS)


@cache
def _listed() -> dict[str, frozenset[Trait]]:
    """Return the words of answer_words.tsv, with the names of months and weekdays, folded."""
    found: dict[str, set[Trait]] = {}
    for trait in TRAITS:
        for word in word_list("answer_words.tsv", trait):
            found.setdefault(word, set()).add(trait)
    weeks = [Locale.parse(code).days["format"]["wide"] for code in LANGUAGES]
    for name in month_names() | {fold(name) for week in weeks for name in week.values()}:
        for word in words(name):
            if len(word) > 2 or not word.isascii():
                found.setdefault(word, set()).add("calendar")
    return {word: frozenset(traits) for word, traits in found.items()}
