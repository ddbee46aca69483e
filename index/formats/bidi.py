"""Lines as they are seen -> lines as they are read: text that was stored from left to right, Arabic letters and all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LTR = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f]")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_OPENING, _CLOSING = "([{«‹", ")]}»›"
# What keeps its direction within a line that runs the other way: Latin words with what stands between them, and numbers.
_KEPT = re.compile(
    r"[A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*[A-Za-z0-9\u00c0-\u024f])?"
    r"|\d+(?:[.,:/٫٬-]\d+)*"
)


def is_rtl(text: str) -> bool:
    """Tell whether a text is written from right to left: more of its letters are Arabic than Latin."""
    return len(_RTL.findall(text)) > len(_LTR.findall(text))


def read_order(glyphs: Sequence[str], *, rtl: bool) -> str:
    """Return the text of a line whose glyphs are given from left to right, in a text that runs right to left or does not.

    A glyph may stand for several letters, which are in reading order.
    """
    line = "".join(glyphs)
    if not _RTL.search(line):
        return line
    if rtl:
        return _balanced(_turned(glyphs))
    first = next(number for number, glyph in enumerate(glyphs) if _RTL.search(glyph))
    last = max(number for number, glyph in enumerate(glyphs) if _RTL.search(glyph)) + 1
    return "".join(glyphs[:first]) + _balanced(_turned(glyphs[first:last])) + "".join(glyphs[last:])


def _turned(glyphs: Sequence[str]) -> str:
    backwards = "".join(reversed(glyphs))
    return _KEPT.sub(lambda found: _turned_back(found.group()), backwards)


def _turned_back(run: str) -> str:
    return run[::-1]


def _balanced(line: str) -> str:
    """Mirror brackets where they close before they open: most files name the sign that is seen, some the sign that is meant."""
    brackets = [character for character in line if character in _OPENING + _CLOSING]
    return line.translate(_MIRRORED) if brackets and brackets[0] in _CLOSING else line


def shaped_to_letters(text: str) -> str:
    """Return text with letters in place of their shapes (U+FB50 to U+FEFF): those that NFKC knows, and no other change."""
    return re.sub("[\ufb50-\ufdff\ufe70-\ufefc]+", lambda found: unicodedata.normalize("NFKC", found.group()), text)
