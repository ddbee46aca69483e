"""The text of an answer in pieces, as the events of OpenAI's protocol carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Where a text may be cut: behind a line, or behind a word where a line is long.
_PIECE = re.compile(r"[^\n]{1,200}(?:\s+|\Z)|[^\n]+\n*|\n+")


def pieces_of(text: str) -> Iterator[str]:
    """Yield a text in pieces that make it up, each of whole words."""
    rest = 0
    for match in _PIECE.finditer(text):
        assert match.start() == rest
        rest = match.end()
        yield match[0]
