"""The headline of an article, and whether it says what the text below it does not."""

from __future__ import annotations

import re

from index.text import fold, stem, stems, words

# Stands behind a title that is but the beginning of a text.
CUT = " …"
_TITLE_WORDS = 22
_CUT_WORDS = 12
_ENDS = re.compile(r"[.؟?!]\s*$")
# A headline of fewer words of its own names a topic and tells nothing.
_FEWEST_WORDS = 4
_READ_AHEAD = 60_000


def take_title(given: str | None, lines: list[str]) -> tuple[str, list[str]]:
    """Return the title and the lines of the body; a title that opens the body again is taken out of it."""
    if given:
        return given, _without(given, lines) or lines
    first = lines[0] if lines else ""
    if len(lines) > 1 and len(words(first)) <= _TITLE_WORDS and not _ENDS.search(first):
        return first.lstrip("# "), _without(first, lines[1:]) or lines[1:]
    start = first.split()
    return " ".join(start[:_CUT_WORDS]) + (CUT if len(start) > _CUT_WORDS else ""), lines


def opens_with(text: str, title: str) -> bool:
    """Tell whether a text begins with a title that was only taken from there, and so tells nothing new.

    A headline that stands over the text in a line of its own is no such title.
    """
    return text.startswith(title.removesuffix(CUT)) and not stands_over(title, text)


def stands_over(title: str, text: str) -> bool:
    """Tell whether a text has its title over it, in a line of its own."""
    return text.startswith(f"{title}\n")


def under_title(title: str, text: str) -> str:
    """Return a text under its title, which stands over it once."""
    return text if stands_over(title, text) else f"{title}\n{text}"


def tells_more(title: str, text: str) -> bool:
    """Tell whether a headline says what its text does not: a number, or three in four of its words.

    A headline that says the same in other words is not worth its place: it was quoted in place of fuller sentences.
    """
    told = [word for word in words(title) if len(word) > 2 or word.isdecimal()]
    if len(told) < _FEWEST_WORDS:
        return False
    said = set(words(text[:_READ_AHEAD]))
    said |= {stem(word) for word in said}
    missing = [word for word in told if said.isdisjoint(stems(word))]
    return any(word.isdecimal() for word in missing) or 4 * len(missing) >= 3 * len(told)


def _without(title: str, lines: list[str]) -> list[str]:
    folded = fold(title)
    return [line for line in lines if fold(line) != folded]
