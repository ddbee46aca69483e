"""The names that are listed beside the glossary's: first names, titles, kinds of bodies and places, and more of both."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Literal

from index.types import Language
from rag.text.glossary import Entry, parse_glossary
from rag.text.word_list import rows, text_of, word_list

_LISTS, _FREQUENT, _MORE = "names.tsv", "frequent_words.tsv", ("bodies.tsv", "places.tsv")

NameList = Literal[
    "given", "soft", "title", "organisation", "place", "verb", "generic", "stop", "bare", "nothing", "acronym",
    "byline", "team", "usual", "word",
]


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
