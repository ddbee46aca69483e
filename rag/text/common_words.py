"""The words of a question that say little about what it is after."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

from index.text import ZWNJ, fold, stems

WordKind = Literal["function", "light"]


def is_function_word(word: str) -> bool:
    """Tell whether a folded word asks, points or joins, and so bears no topic."""
    known = _words("function")
    return word in known or word.replace(ZWNJ, "") in known


def is_light_word(word: str) -> bool:
    """Tell whether a folded word is common in any news text, by itself or without its clitics and ending."""
    known = _words("light")
    return any(stem in known for stem in stems(word))


@cache
def _words(kind: WordKind) -> frozenset[str]:
    text = resources.files("rag").joinpath("data/common_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    listed = [fold(word) for row_kind, _, words in rows if row_kind == kind for word in words.split()]
    return frozenset(form for word in listed for form in (word, word.replace(ZWNJ, "")))
