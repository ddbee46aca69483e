"""Pieces of text in which a server cut letters apart -> pieces of whole letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.generate import tuning
from rag.generate.fault import ServerFault

# What stands for bytes of which no letter could be made.
LOST = "\N{REPLACEMENT CHARACTER}"
_UNFINISHED = re.compile(f"[\ud800-\udbff{LOST}]+$")
_LONE = re.compile("[\ud800-\udfff]")


def whole_letters(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces that end with a whole letter: halves sent one after the other are joined.

    What is still half at the end is left out: a reply that was cut at its last token. Raises ServerFault where so many letters
    are lost that no sentence can be whole.
    """
    held, lost = "", 0
    for piece in pieces:
        text = held + piece
        unfinished = _UNFINISHED.search(text)
        held = unfinished.group() if unfinished else ""
        text = _joined(text.removesuffix(held))
        lost += text.count(LOST)
        if lost > tuning.LOST_LETTERS:
            raise ServerFault(
                f"breaks letters apart: it sends {LOST} in their place",
                "update it, or serve the model with another program; its tokens are parts of letters",
            )
        if text:
            yield text


def _joined(text: str) -> str:
    """Return a text whose surrogates are joined to letters; one alone is a lost letter."""
    if not _LONE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
