"""The lists of names.tsv: first names, titles, and words that say what kind of thing a name is of."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Literal

from index.text import ZWNJ, fold
from index.types import Language
from rag.text.glossary import Entry, fold_lines

_LISTS, _FREQUENT, _MORE = "names.tsv", "frequent_words.tsv", ("bodies.tsv", "places.tsv")

NameList = Literal[
    "given", "soft", "title", "organisation", "place", "verb", "generic", "stop", "bare", "nothing", "acronym",
    "byline", "team", "usual", "word",
]


@cache
def name_list(name: NameList, language: Language) -> frozenset[str]:
    """Return the folded words of a list in a language, a ZWNJ left out and a + as a space."""
    rows = (line.split("\t") for line in _text(_LISTS).splitlines() if line and not line.startswith("#"))
    listed = [word for row in rows if row[:2] == [name, language] for word in row[2].split()]
    return frozenset(fold(word.replace("+", " ")).replace(ZWNJ, "") for word in listed)


@cache
def frequent_words(language: Language) -> frozenset[str]:
    """Return the folded words that are too frequent in a language to be somebody's surname."""
    rows = (line.split("\t") for line in _text(_FREQUENT).splitlines() if not line.startswith("#"))
    return frozenset(word for row in rows if row[0] == language for word in row[1].split())


@cache
def more_names() -> tuple[Entry, ...]:
    """Return bodies and places beside those of the glossary, as its entries; each may be of one spelling alone."""
    found = []
    for name in _MORE:
        lines = [line for line in _text(name).splitlines() if line and not line.startswith("#")]
        for line, folded in zip(lines, fold_lines("\n".join(lines)), strict=True):
            found.append(Entry(folded[0].strip(), tuple(folded[1:]), line))
    return tuple(found)


@cache
def lists_version() -> str:
    """Return what changes with the lists."""
    whole = "\n".join(map(_text, (_LISTS, _FREQUENT, *_MORE)))
    return blake2b(whole.encode(), digest_size=8).hexdigest()


@cache
def _text(name: str) -> str:
    return resources.files("rag").joinpath(f"data/{name}").read_text(encoding="utf-8")
