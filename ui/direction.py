"""Which way a text runs, and how to keep it from reordering its neighbours."""

from __future__ import annotations

import re
from typing import Literal

from index.types import Language

Direction = Literal["rtl", "ltr"]

_RTL_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_ISOLATE, _END = "\u2068\u2069"


def direction(language: Language) -> Direction:
    """Return the direction in which a language is written."""
    return "ltr" if language == "en" else "rtl"


def direction_of(text: str) -> Direction:
    """Return the direction of a text of unknown language: that of most of its letters."""
    return "rtl" if len(_RTL_LETTER.findall(text)) > len(_LTR_LETTER.findall(text)) else "ltr"


def closed(text: str) -> str:
    """Return a line of text with every isolate that it opens closed, and nothing closed that it did not open.

    A browser and a terminal keep a piece apart by an isolate around it (Unicode Standard Annex 9); a text with such a
    character too few or too many would end that isolate elsewhere and reorder the words beside it.
    """
    opened = 0
    pieces: list[str] = []
    rest = 0
    for match in _ISOLATES.finditer(text):
        stray = match[0] == _END and not opened
        pieces.append(text[rest : match.start() if stray else match.end()])
        rest = match.end()
        if not stray:
            opened += -1 if match[0] == _END else 1
    return "".join(pieces) + text[rest:] + _END * opened


def isolated(text: str) -> str:
    """Return a piece of a line for a terminal, with the direction of its own first letter; it moves nothing beside it."""
    return f"{_ISOLATE}{closed(text)}{_END}" if text else ""
