"""How many tokens a text has, about: no model of Khabar's counts what it reads and quotes."""

from __future__ import annotations

import math
from collections.abc import Iterable

# Characters of a token, of English text and of any other, as large multilingual models cut them.
_ASCII, _OTHERS = 4, 3


def tokens_in(texts: Iterable[str]) -> int:
    """Return an estimate: a token for each four ASCII characters, and for each three others."""
    return sum(map(_tokens, texts))


def _tokens(text: str) -> int:
    in_ascii = sum(character.isascii() for character in text)
    return math.ceil(in_ascii / _ASCII + (len(text) - in_ascii) / _OTHERS)
