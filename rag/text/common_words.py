"""The words of a question that say little about what it is after."""

from __future__ import annotations

from index.text import ZWNJ, stems
from rag.text.word_list import word_list

_FILE = "common_words.tsv"


def is_function_word(word: str) -> bool:
    """Tell whether a folded word asks, points or joins, and so bears no topic."""
    known = word_list(_FILE, "function")
    return word in known or word.replace(ZWNJ, "") in known


def is_light_word(word: str) -> bool:
    """Tell whether a folded word is common in any news text, by itself or without its clitics and ending."""
    known = word_list(_FILE, "light")
    return any(stem in known for stem in stems(word))
