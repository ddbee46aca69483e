"""The dates that a text writes, each with every day that it may be: 03/04/2025 two of them, ۲۹ مهر ۱۴۰۴ one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Literal

from index.dating.calendars import Calendar, gregorian, months_in_dates
from index.text import spaced

Order = Literal["named", "ymd", "dmy", "mdy"]
_SEP = r"\s?[-/.]\s?"
_YEAR_WORD = r"(?:عام |سنه |سال )?"
_SUFFIX = r"(?:st|nd|rd|th)?"
# What tells the calendar behind a year: هـ, ه.ق, ه.ش, م, AH. Folded spelling; a longer one stands first.
_ERAS: tuple[tuple[str, tuple[Calendar, ...]], ...] = (
    (r"ه(?:جري|ـ)?[\s.]*(?:ش\b|شمسي)|(?:هجري\s)?(?:خورشيدي|شمسي)|ش\b|a\.?p\b|sh\b", ("jalali",)),
    (r"ه(?:جري)?[\s.]*(?:ق\b|قمري)|قمري|ق\b|للهجره|a\.?h\b", ("hijri",)),
    (r"ميلادي[ه]?|م\b|c\.?e\b|a\.?d\b", ("gregorian",)),
    (r"هجري[ه]?\b|ه\b", ("hijri", "jalali")),
)
_ERA = re.compile(r"[\s,،]{0,2}[(\[]?(?:" + "|".join(f"({pattern})" for pattern, _ in _ERAS) + r")(?!\w)")
_Era = tuple[Calendar, ...] | None
_YEAR = re.compile(r"\d\d")
_FIRST_YEAR, _LAST_JALALI, _LAST_HIJRI = 1200, 1420, 1600


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a written date: the day, the calendar and order that make it so, and whether its year has two digits."""

    day: date
    calendar: Calendar
    order: Order
    short_year: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A date at `start:end` of the folded text (ZWNJ as spaces), with its readings, the likeliest first."""

    start: int
    end: int
    readings: tuple[Reading, ...]


_Reader = Callable[[_Era], Iterator[Reading]]


def plain(text: str) -> str:
    """Return the text in which dates are looked for: folded, a ZWNJ as a space."""
    return spaced(text)


def written_dates(folded: str, *, short_years: bool = False) -> list[Written]:
    """Return the dates of a `plain` text in reading order; what is no day of any calendar is left out.

    With `short_years` also 21/10/25 and 21 October 25, in each century and calendar that they allow.
    """
    if not _YEAR.search(folded):
        return []
    found = [*_numeric(folded, short_years), *_named(folded, short_years)]
    kept: list[Written] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _numeric(folded: str, short_years: bool) -> Iterator[Written]:
    ways: tuple[tuple[re.Pattern[str], Order], ...] = ((_year_first(), "ymd"), (_year_last(), "dmy"))
    for pattern, order in ways:
        for match in pattern.finditer(folded):
            year, a, b = int(match["year"]), int(match["a"]), int(match["b"])
            yield from _as_written(match, folded, partial(_of_numbers, year, a, b, order))
    if short_years:
        for match in _short().finditer(folded):
            yield from _as_written(match, folded, partial(_of_short, int(match["a"]), int(match["b"]), int(match["c"])))


def _named(folded: str, short_years: bool) -> Iterator[Written]:
    for pattern in _named_patterns(short_years):
        for match in pattern.finditer(folded):
            parts = match.groupdict()
            if parts.get("other") and not _agree(parts["name"], parts["other"]):
                continue
            yield from _as_written(match, folded, partial(_of_name, parts))


def _as_written(match: re.Match[str], folded: str, readings: _Reader) -> Iterator[Written]:
    era = _ERA.match(folded, match.end())
    calendars = next((kinds for group, (_, kinds) in zip(era.groups(), _ERAS, strict=True) if group), None) if era else None
    found = tuple(dict.fromkeys(readings(calendars)))
    if found:
        yield Written(match.start(), era.end() if era and calendars else match.end(), found)


def _of_numbers(year: int, a: int, b: int, order: Order, era: tuple[Calendar, ...] | None) -> Iterator[Reading]:
    """Yield the readings of a full year and two numbers: month and day (`ymd`), or day and month (`dmy`)."""
    month, day = (a, b) if order == "ymd" else (b, a)
    for calendar in era or _calendars_of(year):
        ways: list[tuple[int, int, Order]] = [(month, day, order)] if month <= 12 else [(day, month, "mdy")]
        if order == "dmy" and calendar == "gregorian" and month <= 12 and day <= 12:
            ways.append((day, month, "mdy"))
        for in_month, on_day, way in ways:
            meant = gregorian(calendar, year, in_month, on_day)
            if meant:
                yield Reading(meant, calendar, way)


def _of_short(a: int, b: int, c: int, era: tuple[Calendar, ...] | None) -> Iterator[Reading]:
    """Yield the readings of three numbers of two digits: the year may stand first or last."""
    ways: tuple[tuple[int, int, int, Order], ...] = ((c, a, b, "dmy"), (a, b, c, "ymd"))
    for short, first, second, order in ways:
        for year in _full_years(short, era):
            for reading in _of_numbers(year, first, second, order, era):
                yield replace(reading, short_year=True)


def _of_name(parts: dict[str, str | None], era: tuple[Calendar, ...] | None) -> Iterator[Reading]:
    calendar, month = months_in_dates()[parts["name"] or ""]
    if era and calendar not in era:
        return
    year, day = parts["year"] or "", int(parts["day"] or 0)
    years = [int(year)] if len(year) == 4 else _full_years(int(year), (calendar,))
    for full in years:
        meant = gregorian(calendar, full, month, day)
        if meant:
            yield Reading(meant, calendar, "named", len(year) < 4)


def _full_years(short: int, era: tuple[Calendar, ...] | None) -> list[int]:
    centuries: dict[Calendar, tuple[int, ...]] = {"gregorian": (2000, 1900), "jalali": (1400, 1300), "hijri": (1400, 1300)}
    kinds: tuple[Calendar, ...] = era or ("gregorian", "jalali")
    return list(dict.fromkeys(century + short for kind in kinds for century in centuries[kind]))


def _calendars_of(year: int) -> tuple[Calendar, ...]:
    """Return the calendars that a bare year may be of, the likelier first: up to 1420 Jalali, up to 1600 Hijri."""
    if year > _LAST_HIJRI:
        return ("gregorian",)
    if year <= _LAST_JALALI:
        return ("jalali", "hijri") if year > _FIRST_YEAR else ("jalali",)
    return ("hijri", "jalali")


def _agree(name: str | None, other: str) -> bool:
    """Tell whether two names beside each other are of one month (أكتوبر/تشرين الأول)."""
    return months_in_dates()[name or ""] == months_in_dates()[other]


@cache
def _year_first() -> re.Pattern[str]:
    return re.compile(rf"(?<!\d)(?P<year>\d{{4}}){_SEP}(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}})(?!\d)")


@cache
def _year_last() -> re.Pattern[str]:
    return re.compile(rf"(?<!\d)(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}}){_SEP}(?P<year>\d{{4}})(?!\d)")


@cache
def _short() -> re.Pattern[str]:
    return re.compile(rf"(?<![\d/.-])(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}}){_SEP}(?P<c>\d{{2}})(?![\d:/.-])")


@cache
def _named_patterns(short_years: bool) -> tuple[re.Pattern[str], ...]:
    names = "|".join(re.escape(name) for name in months_in_dates())
    year = r"(?P<year>\d{4}(?!\d)|['’]?\d{2}(?![\d:]))" if short_years else r"(?P<year>\d{4})(?!\d)"
    year = year.replace("['’]?", "")
    name = rf"(?P<name>{names})(?:\s?ماه)?(?!\w)\.?(?:\s?[/(|-]\s?(?P<other>{names})\)?(?!\w))?"
    return (
        re.compile(rf"(?<!\d)(?P<day>\d{{1,2}}){_SUFFIX}[\s,،./-]*(?:من |of |ماه )?{name}[\s,،./'’-]*{_YEAR_WORD}{year}"),
        re.compile(rf"(?<!\w){name}\s+(?P<day>\d{{1,2}}){_SUFFIX}[\s,،]+{year}"),
        re.compile(rf"(?<!\d)(?P<year>\d{{4}})[\s,،./-]+{name}[\s,،./-]+(?P<day>\d{{1,2}})(?![\d:])"),
    )
