"""Words that say little about the subject of a text: tells whether a folded word is one of them."""

from __future__ import annotations

import re

from index.text import ZWNJ, stems
from rag.text.word_list import word_list

_FILE = "common_words.tsv"
_JOINED = re.compile(
    r"[وف](?:[بلك]?(?:ما|ماذا|من|كم|اي)|هل|متي|اين|كيف|لماذا|في|الي|علي|عن|مع|بين|منذ|ضد|حتي|هو|هي|ذلك|هذا|هذه)"
)


def is_function_word(word: str) -> bool:
    """Tell whether a folded word asks, points or joins, and so bears no topic."""
    known = word_list(_FILE, "function")
    return word in known or word.replace(ZWNJ, "") in known


def is_joined_function_word(word: str) -> bool:
    """Tell whether a folded word is an Arabic one that asks, points or joins, with an "and" or "so" joined to it."""
    return _JOINED.fullmatch(word) is not None


def is_light_word(word: str) -> bool:
    """Tell whether a folded word is common in any news text, by itself or without its clitics and ending."""
    known = word_list(_FILE, "light")
    return any(stem in known for stem in stems(word))
