"""Server-sent events as clients of OpenAI's protocol read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Where a text may be cut: behind a line, or behind a word where a line is long.
_PIECE = re.compile(r"[^\n]{1,200}(?:\s+|\Z)|[^\n]+\n*|\n+")

# What ends no line of an event, but is taken for the end of one by some clients.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def event(content: Any, name: str | None = None) -> str:
    """Return an event with a JSON object, under a name where it has one."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(content, ensure_ascii=False).translate(_LINE_ENDS)}\n\n"


def pieces_of(text: str) -> Iterator[str]:
    """Yield a text in pieces that make it up, each of whole words."""
    rest = 0
    for match in _PIECE.finditer(text):
        assert match.start() == rest
        rest = match.end()
        yield match[0]
