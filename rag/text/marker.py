"""The markers in an answer's text, such as [1]: each is the number of a citation."""

from __future__ import annotations

import re

MARKER = re.compile(r"\[(\d+)\]")


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the numbers of the markers in a text, each once, in the order of their first use."""
    return tuple(dict.fromkeys(map(int, MARKER.findall(text))))
