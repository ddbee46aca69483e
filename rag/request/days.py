"""A text -> the days that it asks about and where it names them, in three calendars: بين 16 و21 أكتوبر, از ۲۵ تا ۳۰ مهر."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from index.dates import parse_date
from index.text import ZWNJ, fold_offsets
from rag.text.days import any_month, years_about
from rag.text.word_list import word_list

_LONGEST_MONTH = 31
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:[\s,،]*(?:عام |سنه |سال )?(?P<{name}>\d{{4}})(?!\d))?"
_FROM = r"(?:(?<!\w)(?:between|from|بين|من|منذ|از)\s*(?:روز|يوم|the|تاريخ)?\s*)"
_TO = r"\s*(?:-|–|—|\b(?:and|to|until|till|through|و\s?تا|الي|حتي|تا)\b|و)\s*(?:روز\s|يوم\s|the\s)?\s*"
_IN = r"(?<!\w)(?:in|during|throughout|في|خلال|در|طي|در طول)\s+(?:the month of |شهر |ماه )?"
_SINCE = r"(?<!\w)(?:since|after|منذ|بعد|از|بس از)\s+(?:روز |يوم |the )?"
_UNTIL = r"(?<!\w)(?:until|till|before|up to|حتي|قبل|تا|بيش از|قبل از)\s+(?:روز |يوم |the )?"
_ON = r"(?:(?<!\w)(?:on|في|يوم|در|روز|در روز|في يوم)\s+(?:the )?)?"
_ISO = r"\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}"
_IS_IN = re.compile(_IN)
_LEFT_OVER = re.compile(r"\s+(?:به بعد|به اين سو|فصاعدا|onwards?)(?!\w)")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a text names, from the first to the last; None where that side is open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class DaysInText:
    """The days that a text names at `start:end`."""

    days: Days
    start: int
    end: int


def find_days(text: str, newest: date | None, today: date) -> DaysInText | None:
    """Return the days that a text names, or None where it names none, or where they are not certain.

    A span without a year is the last one that began by the day of the `newest` article; a single day needs its year. "Last
    week" is certain only where the archive reaches to the seven days before today.
    """
    folded, offsets = fold_offsets(text)
    folded = folded.replace(ZWNJ, " ")
    offsets.append(len(text))
    newest = min(newest or today, today)
    for start, end, days in (*_spans(folded, newest), *_relative(folded, newest, today)):
        if days.since is None or days.until is None or days.since <= days.until:
            more = _LEFT_OVER.match(folded, end)
            return DaysInText(days, offsets[start], offsets[more.end() if more else end])
    return None


_Found = tuple[int, int, Days]


def _spans(folded: str, newest: date) -> Iterator[_Found]:
    patterns = _patterns()
    for match in patterns["iso"].finditer(folded):
        first, last = parse_date(match["first"]), parse_date(match["last"])
        if first and last:
            yield *match.span(), Days(first, last)
    for name in ("two months", "two months, day last", "one month", "one month, day last"):
        for match in patterns[name].finditer(folded):
            found = _between(match, newest)
            if found:
                yield *match.span(), found
    for match in patterns["open"].finditer(folded):
        day = _latest(match["d1"], match["m1"], match["y1"], newest)
        if day:
            yield *match.span(), Days(day, None) if match["since"] else Days(None, day)
    for match in patterns["day"].finditer(folded):
        parts = [match[f"{part}1"] or match[f"{part}2"] for part in "dmy"]
        day = parse_date(match["iso"] or " ".join(parts))
        if day:
            yield *match.span(), Days(day, day)
    for match in patterns["month"].finditer(folded):
        days = _month(match["m1"], match["y1"], newest)
        if days and _IS_IN.match(match[0]) is None and not match["y1"]:
            continue
        called_month = match["y1"] or "ماه" in match[0] or "شهر" in match[0]
        if days and (called_month or match["m1"] not in word_list("request_words.tsv", "month")):
            yield *match.span(), days


def _between(match: re.Match[str], newest: date) -> Days | None:
    parts = match.groupdict()
    last_month = parts.get("m2") or parts["m1"]
    first_year, last_year = parts.get("y1") or parts.get("y2"), parts.get("y2") or parts.get("y1")
    first = _latest(parts["d1"], parts.get("m1") or last_month, first_year, newest)
    if first is None:
        return None
    years = [last_year] if last_year else years_about(first, (0, 1))
    lasts = (parse_date(f"{_number(parts['d2'])} {last_month} {year}") for year in years)
    last = min((day for day in lasts if day and (day >= first or last_year)), default=None)
    if last and last < first and parts.get("y2") and not parts.get("y1"):
        # From 28 December to 3 January 2026: the year is that of the end.
        first = _latest(parts["d1"], parts["m1"], None, last) or first
    return Days(first, last) if last else None


def _number(day: str) -> str:
    return re.sub(r"\D", "", day)


def _latest(day: str, month: str, year: str | None, newest: date) -> date | None:
    """Return the day in its year, or the last such day that is not after the newest article."""
    if year:
        return parse_date(f"{_number(day)} {month} {year}")
    days = (parse_date(f"{_number(day)} {month} {each}") for each in years_about(newest, (-1, 0)))
    return max((found for found in days if found and found <= newest), default=None)


def _month(month: str, year: str | None, newest: date) -> Days | None:
    first = _latest("1", month, year, newest)
    if first is None:
        return None
    years = [year] if year else years_about(first, (0,))
    ends = (parse_date(f"{day} {month} {each}") for day in range(_LONGEST_MONTH, 27, -1) for each in years)
    last = next((end for end in ends if end and 0 < (end - first).days < _LONGEST_MONTH), None)
    return Days(first, last) if last else None


def _relative(folded: str, newest: date, today: date) -> Iterator[_Found]:
    for match in _patterns()["relative"].finditer(folded):
        if match["week"]:
            days = Days(today - timedelta(days=7), today - timedelta(days=1))
        elif match["yesterday"]:
            days = Days(today - timedelta(days=1), today - timedelta(days=1))
        else:
            days = Days(today, today)
        # In an archive that ends long before, nobody can tell whose week is meant.
        if newest >= today - timedelta(days=7):
            yield *match.span(), days


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    names = any_month()
    beside = rf"(?:\s?[/(|]\s?(?:{names})\)?)?"

    def day(number: str) -> str:
        return rf"(?<![\d.,])(?P<d{number}>{_DAY})(?!\d)"

    def month(number: str) -> str:
        return rf"(?<!\w)(?:من |of |ماه )?(?P<m{number}>{names})(?:\s?ماه)?(?!\w){beside}"

    def year(number: str) -> str:
        return _YEAR.format(name=f"y{number}")

    day_month = [rf"{day(number)}\s*{month(number)}{year(number)}" for number in "12"]
    month_day = [rf"{month(number)}\.?\s+{day(number)}{year(number)}" for number in "12"]
    return {
        name: re.compile(pattern)
        for name, pattern in {
            "iso": rf"{_FROM}?(?P<first>{_ISO}){_TO}(?P<last>{_ISO})",
            "two months": rf"{_FROM}?{day_month[0]}{_TO}{day_month[1]}",
            "two months, day last": rf"{_FROM}?{month_day[0]}{_TO}{month_day[1]}",
            "one month": rf"{_FROM}?{day('1')}{_TO}{day_month[1]}",
            "one month, day last": rf"{_FROM}?{month('1')}\.?\s+{day('1')}{_TO}{day('2')}{year('2')}(?!\s*(?:{names}))",
            "open": rf"(?:(?P<since>{_SINCE})|{_UNTIL}){day_month[0]}",
            "day": (
                rf"{_ON}(?:(?P<iso>{_ISO})|{day('1')}\s*{month('1')}[\s,،]*(?:عام |سنه |سال )?(?P<y1>\d{{4}})"
                rf"|{month('2')}\.?\s+{day('2')}[\s,،]+(?P<y2>\d{{4}}))(?!\d)"
            ),
            "month": rf"(?:{_IN}|(?<!\w))(?P<m1>{names})(?:\s?ماه)?(?!\w){beside}{year('1')}(?!\s*\d)",
            "relative": (
                r"(?<!\w)(?:(?P<week>(?:in |during |over )?(?:the )?(?:last|past) (?:week|7 days|seven days)|"
                r"(?:في |خلال )?(?:الاسبوع الماضي|اخر اسبوع)|(?:در |طي )?هفته (?:بيش|كذشته|قبل))|"
                r"(?P<yesterday>yesterday|امس|امبارح|مبارح|ديروز)|(?P<today>today|اليوم|النهارده|امروز))(?!\w)"
            ),
        }.items()
    }
