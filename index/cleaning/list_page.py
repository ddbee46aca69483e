"""A list page (headlines, each with its date) is told from an article by its lines, whatever file they come from."""

from __future__ import annotations

import re

from index.cleaning.noise import FULL_STOP
from index.dates import is_date_line
from index.text import spaced, words

_HEADLINE_WORDS = range(3, 23)
_FEWEST = 4
# A teaser says less than this; what says more is text of the page's own.
_TEASER_WORDS = 45
_READ_AHEAD = 400
_AGO = re.compile(
    r"^\W*(?:(?:منذ|قبل) .{0,12}(?:ساع|دقيق|يوم|ايام|اسبوع)\w*|.{1,14}(?:ساعت|دقيقه|روز|هفته) (?:بيش|قبل)"
    r"|(?:\d{1,2}|an?|one|two|three) (?:hour|minute|min|day|week)s? ago|yesterday|today|امس|اليوم|امروز|ديروز)\W*$"
)
_CLOCK = re.compile(r"^\W*\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?\W*$")
_DATE_AT_EDGE = re.compile(r"^(?P<first>[^|·•—–]{4,40}?)\s*[|·•—–]\s*\S|\S\s*[|·•—–(]\s*(?P<last>[^|·•—–()]{4,40}?)\)?$")


def teasers(lines: list[str]) -> list[int]:
    """Return the places of the lines that are teasers' headlines: each has its date beside it, or in it."""
    dated = [is_date(line) for line in lines]
    found: list[int] = []
    claimed = -1
    for place, line in enumerate(lines):
        if not _is_headline(line) or dated[place]:
            continue
        beside = _date_beside(place, lines, dated, claimed)
        if beside is not None:
            found.append(place)
            claimed = max(claimed, beside)
        elif _has_date(line):
            found.append(place)
    return found


def is_list_page(lines: list[str]) -> int:
    """Return of how many headlines with dates a page consists, 0 where it holds an article's text."""
    lines = lines[:_READ_AHEAD]
    found = teasers(lines)
    if len(found) < _FEWEST:
        return 0
    counts = [len(words(line)) for line in lines]
    marks = set(found)
    own, budget = 0, 0
    for place, count in enumerate(counts):
        if place in marks:
            budget = _TEASER_WORDS
        elif count <= budget:
            budget -= count
        else:
            own, budget = own + count, 0
    return len(found) if 3 * own < sum(counts) else 0


def list_page_reason(headlines: int) -> str:
    """Return why a list page is not indexed, and what to do about it."""
    return f"a list of {headlines} headlines with their dates, not an article; save the pages that it leads to instead"


def trailing_teasers(lines: list[str]) -> int:
    """Return how many lines at the end of an article are but headlines of others with their dates."""
    found = set(teasers(lines[-40:]))
    start = max(0, len(lines) - 40)
    place, count = len(lines) - 1, 0
    while place > start and (place - start in found or is_date(lines[place])):
        count += place - start in found
        place -= 1
    return len(lines) - 1 - place if count >= 3 else 0


def _date_beside(place: int, lines: list[str], dated: list[bool], claimed: int) -> int | None:
    """Return the place of the date that goes with a headline: the line before, or one of the two after it."""
    for other in (place - 1, place + 1, place + 2):
        if claimed < other < len(lines) and other >= 0 and dated[other]:
            return other
    return None


def _is_headline(line: str) -> bool:
    return len(line) < 250 and not FULL_STOP.search(line.rstrip("؟?!")) and len(words(line)) in _HEADLINE_WORDS


def is_date(line: str) -> bool:
    """Tell whether a line is a date, a time of day or "two hours ago", and nothing else."""
    if not line or len(line) > 60:
        return False
    folded = spaced(line)
    if _AGO.match(folded) or _CLOCK.match(folded):
        return True
    return any(character.isdigit() for character in line) and is_date_line(line)


def _has_date(line: str) -> bool:
    found = _DATE_AT_EDGE.search(line) if any(character.isdigit() for character in line) else None
    return bool(found) and is_date((found["first"] or found["last"]).strip())  # type: ignore[index]
