"""Hard-wrapped text (mail, .txt of 72 columns) -> whole paragraphs, one a line."""

from __future__ import annotations

import re

# A line longer than this was not wrapped by a program, and one shorter than the other not for want of room.
_WIDEST, _NARROWEST = 100, 45
# How near the right edge a line must come for its break to be one of wrapping: `fmt` and its kind even lines out.
_FULL = 0.85
_NEEDED = 2
_NARROW = 60
_SENTENCE_END = re.compile(r"[.!?؟…:][»”\"')\]]*\s*$")
# A row of a table or an item of a list has a line of its own.
_OWN_LINE = re.compile(r"\t|\S {2,}\S|\s\|\s|^\s*\||^\s*(?:[-*•–—·▪]|\d{1,3}[.)-])\s")


def unwrapped(lines: list[str]) -> list[str]:
    """Return the lines with those joined that were one paragraph before a program broke it at a column.

    A break is one of wrapping where the next line's first word would not have fitted; a text is only taken for wrapped where
    most of its breaks are such, and some stand in the middle of a sentence. Empty lines stay.
    """
    width = _width(lines)
    if width is None:
        return lines
    joined: list[str] = []
    open_before = False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if open_before:
            joined[-1] += " " + line.strip()
        else:
            joined.append(line)
        open_before = _is_full(line, after, width)
    return joined


def _width(lines: list[str]) -> int | None:
    """Return the column at which a text was wrapped, None where it was not."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    within = [length for length in lengths if length <= _WIDEST]
    if not within or 10 * sum(lengths[len(within) :]) > sum(lengths):
        return None
    width = within[-1 - len(within) // 50]
    pairs = [pair for pair in zip(lines, lines[1:], strict=False) if pair[0].strip() and pair[1].strip()]
    full = [before for before, after in pairs if _is_full(before, after, width)]
    inside = sum(not _SENTENCE_END.search(before) for before in full)
    # Paragraphs with empty lines between them need less to be believed, unless the one break is that under a headline.
    under_headline = len(lines) > 1 and _is_full(lines[0], lines[1], width) and not _SENTENCE_END.search(lines[0])
    apart = width >= _NARROW and any(not line.strip() for line in lines) and not under_headline
    wrapped = width >= _NARROWEST and 2 * len(full) >= len(pairs) and inside >= (1 if apart else _NEEDED)
    return width if wrapped and 2 * inside >= len(full) else None


def _is_full(line: str, after: str, width: int) -> bool:
    """Tell whether a line ends where it does because the first word of the line after it had no room."""
    if not line.strip() or not after.strip() or len(line.rstrip()) > _WIDEST + 20 or _OWN_LINE.search(line):
        return False
    if _OWN_LINE.search(after):
        return False
    room = width if _SENTENCE_END.search(line) else _FULL * width
    return len(line.rstrip()) + 1 + len(after.split(None, 1)[0]) > room
