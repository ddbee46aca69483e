"""Which day a stated date of publication means, by what is known around it; wrong is worse than unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from babel import Locale

from index.dating.calendars import Calendar, gregorian, months_in_dates
from index.dating.written import Order, Reading, Written, plain, written_dates
from index.text import ZWNJ, fold, spaced
from index.types import LANGUAGES

# No newspaper is older; what is stated to be is a slip, or a program's way to say "none".
_FIRST_DAY = date(1800, 1, 1)
# Somewhere on Earth it is tomorrow already, and a page may be dated to the day that it is printed.
_AHEAD = timedelta(days=2)
# Pages of the web are not older: of two days that a bare number may be, the one since then is meant.
_WEB = date(1995, 1, 1)
# Hijri days begin at sunset and months by the moon: two calendars beside each other may differ by so much.
_ONE_DAY_APART = 2
_LONE_YEAR = re.compile(r"\s*(?:عام |سنه |سال )?(?P<year>\d{4})\s*")
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:13|14|19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?=$|[\st_-])")
_EPOCH = re.compile(r"\s*(?P<seconds>\d{9,10})(?:\d{3}|\.\d+)?\s*")
_YEAR_MONTH = re.compile(r"\s*(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<month2>\d{1,2})[-/.](?P<year2>\d{4}))\s*")
# A moment told from another day: yesterday, 3 days ago. What is told in hours may be either of two days.
_SHIFTS = {
    shift: frozenset(spaced(word) for word in line.split("|"))
    for shift, line in (
        (0, "today|اليوم|النهارده|امروز"), (1, "yesterday|أمس|البارحة|امبارح|دیروز|منذ يوم|قبل يوم|یک روز پیش|a day ago"),
        (2, "أول أمس|أمس الأول|پریروز|منذ يومين|قبل يومين|دو روز پیش|the day before yesterday"),
    )
}  # fmt: skip
_DAYS_AGO = re.compile(
    r"(?:(?:منذ|قبل)\s*(?P<ar>\d{1,2})\s*(?:ايام|يوم\w*)|(?P<fa>\d{1,2})\s*روز\s*(?:بيش|قبل)|(?P<en>\d{1,2})\s*days?\s*ago)"
)
_IS_MOMENT = re.compile(
    r"(?<!\w)(?:منذ|قبل|ago|بيش|لحظات|دقائق|hours?|minutes?"
    r"|ساعات|ساعت\w*|last week|الاسبوع الماضي|هفته كذشته|just now|الان|اكنون)(?!\w)"
)
_UPDATED = re.compile(
    r"(?:اخر تحديث|تم التحديث|محدث|تحديث|عدل|بروزرساني|به روز رساني|اخرين ويرايش|ويرايش|updated?|modified|revised|edited"
    r"|ينتهي|تنتهي|صالح حتي|expires?|expiry|valid until|انقضا|اعتبار تا)\W*(?:(?:on|at|في|در|يوم|[^\W\d]+)\W*){0,2}$"
)
_IRANIAN_DIGIT = re.compile("[۰-۹]")
_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")


@dataclass(frozen=True, slots=True)
class Usage:
    """How other articles of an outlet write their dates: orders and calendars of bare numbers, and the days that they span."""

    orders: frozenset[Order] = frozenset()
    calendars: frozenset[Calendar] = frozenset()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known around a stated date: the language, the day of today, the day of fetching, and the outlet's usage."""

    language: str | None = None
    today: date = field(default_factory=date.today)
    fetched: date | None = None
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class StatedDate:
    """What a stated date tells: a day; or `about`, a month or year (2025-10, 2025); or why neither is certain.

    `may_be` are the days that it can be where it is left open.
    """

    day: date | None = None
    about: str | None = None
    reason: str | None = None
    may_be: tuple[date, ...] = ()


def decide(stated: str, clues: Clues) -> StatedDate:
    """Return what a stated date of publication tells, or why it tells nothing certain."""
    folded = plain(stated)
    found = [item for item in (*written_dates(folded, short_years=True), *_of_machines(folded)) if item.readings]
    if not found:
        return _without_day(stated, folded, clues)
    chosen = _published_one(found, folded)
    if _IRANIAN_DIGIT.search(stated):
        clues = replace(clues, language="fa")
    readings = _plausible(_beside_others(chosen, found), clues)
    if not readings:
        return _implausible(stated, chosen, clues.today)
    for narrowed in (_by_weekday, _by_usage, _by_language, _by_web):
        readings = narrowed(readings, folded, clues) or readings
        if len({reading.day for reading in readings}) == 1:
            break
    days = tuple(sorted({reading.day for reading in readings}))
    if len(days) > 1 or (readings[0].short_year and not _may_be_short(readings[0], clues)):
        return StatedDate(reason=_open(stated, days), may_be=days)
    return StatedDate(day=days[0])


def usage_of(stated: Iterable[tuple[str, date | None]]) -> Usage:
    """Return the usage that dates as written, each with its day where that is certain, are evidence of."""
    orders: Counter[Order] = Counter()
    calendars: Counter[Calendar] = Counter()
    days = []
    for text, day in stated:
        days += [day] if day else []
        for item in written_dates(plain(text))[:1]:
            ways = {reading.order for reading in item.readings} - {"named", "ymd"}
            kinds = {reading.calendar for reading in item.readings if day is None or reading.day == day}
            numeric = item.readings[0].order != "named"
            orders.update(ways if len(ways) == 1 and _is_told_apart(item) else ())
            calendars.update(kinds if len(kinds) == 1 and numeric and _is_certain(item, day) else ())
    return Usage(frozenset(orders), frozenset(calendars), min(days, default=None), max(days, default=None))


def _is_told_apart(item: Written) -> bool:
    """Tell whether a date in numbers itself shows its order: one of its two numbers is no month."""
    reading = item.readings[0]
    return reading.calendar == "gregorian" and reading.day.day > 12


def _is_certain(item: Written, day: date | None) -> bool:
    return len({reading.calendar for reading in item.readings}) == 1 or day is not None


def _of_machines(folded: str) -> list[Written]:
    """Return the day of 20251021 and of seconds since 1970."""
    if match := _COMPACT.search(folded):
        return written_dates(f"{match['year']}-{match['month']}-{match['day']}")
    if match := _EPOCH.fullmatch(folded):
        day = datetime.fromtimestamp(int(match["seconds"]), UTC).date()
        return [Written(0, len(folded), (Reading(day, "gregorian", "ymd"),))] if day > _WEB else []
    return []


def _published_one(found: Sequence[Written], folded: str) -> Written:
    """Return the first date that no word like "updated" or "expires" stands before; else the first."""
    ends = [0, *(item.end for item in found)]
    pairs = zip(found, ends, strict=False)
    return next((item for item, end in pairs if not _UPDATED.search(folded[end : item.start])), found[0])


def _beside_others(chosen: Written, found: Sequence[Written]) -> tuple[Reading, ...]:
    """Return the readings that the same day in another calendar beside it confirms, where there is one."""
    for other in found:
        for reading in other.readings:
            near = [own for own in chosen.readings if abs((own.day - reading.day).days) <= _ONE_DAY_APART]
            if other is not chosen and near and {own.calendar for own in near} != {reading.calendar}:
                return (reading,) if reading.calendar == "gregorian" or near[0].calendar == "hijri" else tuple(near)
    return chosen.readings


def _plausible(readings: Sequence[Reading], clues: Clues) -> tuple[Reading, ...]:
    kept = tuple(reading for reading in readings if _FIRST_DAY <= reading.day <= clues.today + _AHEAD)
    # Iran's year comes first in Persian: what lies in its future is a slip, and no year of the moon before the web.
    slipped = clues.language == "fa" and readings[0].calendar == "jalali" and readings[0] not in kept
    return tuple(reading for reading in kept if reading.day >= _WEB) if slipped else kept


def _implausible(stated: str, chosen: Written, today: date) -> StatedDate:
    day = chosen.readings[0].day
    if day > today:
        return StatedDate(reason=f"the date '{stated[:60]}' lies in the future ({day}), so the article has none; correct it")
    reason = f"the date '{stated[:60]}' lies before all newspapers ({day}), so the article has none; correct it"
    return StatedDate(reason=reason)


_Readings = tuple[Reading, ...]


def _by_weekday(readings: _Readings, folded: str, clues: Clues) -> _Readings:
    """Keep the readings that fall on the weekday that stands beside the date."""
    named = {number for name, number in weekday_names().items() if re.search(rf"(?<!\w){name}(?!\w)", folded)}
    return tuple(reading for reading in readings if len(named) == 1 and reading.day.weekday() in named)


def _by_usage(readings: _Readings, folded: str, clues: Clues) -> _Readings:
    """Keep the readings by the one order and calendar in which the outlet writes dates, and within the days of its articles."""
    usage, kept = clues.usage, readings
    if len(usage.orders) == 1:
        kept = tuple(item for item in kept if item.order not in ("dmy", "mdy") or item.order in usage.orders) or kept
    if len(usage.calendars) == 1:
        kept = tuple(item for item in kept if item.calendar in usage.calendars) or kept
    if usage.first and usage.last and any(item.short_year for item in kept):
        kept = tuple(item for item in kept if _in_span(item, clues)) or kept
    return kept


def _by_language(readings: _Readings, folded: str, clues: Clues) -> _Readings:
    """Keep the day before the month in Arabic and Persian, and Iran's calendar in Persian."""
    kept = readings
    if clues.language in ("ar", "fa") or _ARABIC_LETTER.search(folded):
        kept = tuple(item for item in kept if item.order != "mdy" or not any(other.order == "dmy" for other in kept))
    if clues.language == "fa" and not any(item.short_year for item in kept):
        kept = tuple(item for item in kept if item.calendar != "hijri") or kept
    return kept


def _by_web(readings: _Readings, folded: str, clues: Clues) -> _Readings:
    """Keep the readings since there is a web where calendars alone differ; an Arabic archive may be of paper, and older."""
    if clues.language == "ar" or any(item.short_year for item in readings):
        return readings
    return tuple(item for item in readings if item.day >= _WEB)


def _may_be_short(reading: Reading, clues: Clues) -> bool:
    """Tell whether a year of two digits is certain: a month's name beside a span that holds its day, or that span alone."""
    return bool(clues.usage.first and _in_span(reading, clues))


def _in_span(reading: Reading, clues: Clues) -> bool:
    first, last, year = clues.usage.first, clues.usage.last, timedelta(days=366)
    return bool(first and last and first - year <= reading.day <= last + year)


def _without_day(stated: str, folded: str, clues: Clues) -> StatedDate:
    """Return what is told without a day: a month, a year, yesterday."""
    about = _month_or_year(folded, clues)
    if about:
        reason = (
            f"the date '{stated[:60]}' names no day, so the article is listed under {about} only; write it like {about}-21"[
                :200
            ]
        )
        return StatedDate(about=about, reason=reason if len(about) > 4 else reason.replace(f"{about}-21", f"{about}-10-21"))
    shift = _shift(folded)
    if shift is not None and clues.fetched:
        return StatedDate(day=clues.fetched - timedelta(days=shift))
    if shift is not None or _IS_MOMENT.search(folded):
        reason = (
            f"the date '{stated[:60]}' is told from a day that is not known, so the article has none; write it like 2025-10-21"
        )
        return StatedDate(reason=reason)
    return StatedDate(reason=f"the date '{stated}' is not understood, so the article has none; write it like 2025-10-21")


def _month_or_year(folded: str, clues: Clues) -> str | None:
    if match := _named_month().fullmatch(folded):
        calendar, month = months_in_dates()[match["name"]]
        return _about(calendar, int(match["year"]), month, clues.today)
    if match := _YEAR_MONTH.fullmatch(folded):
        year, month = int(match["year"] or match["year2"]), int(match["month"] or match["month2"])
        return _about("gregorian", year, month, clues.today)
    match = _LONE_YEAR.fullmatch(folded)
    return match["year"] if match and _FIRST_DAY.year <= int(match["year"]) <= clues.today.year else None


def _about(calendar: Calendar, year: int, month: int, today: date) -> str | None:
    """Return a Gregorian month; of a month of another calendar, which is a part of two, the year that holds it whole."""
    first, last = (gregorian(calendar, year, month, day) if 1 <= month <= 12 else None for day in (1, 28))
    if not first or not last or not _FIRST_DAY <= first <= today or last.year != first.year:
        return None
    return first.isoformat()[: 7 if calendar == "gregorian" else 4]


def _shift(folded: str) -> int | None:
    if match := _DAYS_AGO.search(folded):
        return int(match["ar"] or match["fa"] or match["en"])
    for shift in (2, 1, 0):
        if any(re.search(rf"(?<!\w){word}(?!\w)", folded) for word in _SHIFTS[shift]):
            return shift
    return None


def _open(stated: str, days: Sequence[date]) -> str:
    told = " or ".join(map(str, days[:3])) + (" or another day" if len(days) > 3 else "")
    return f"the date '{stated[:60]}' can be {told}, so the article has none; write it like {days[-1]}"


@cache
def _named_month() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in months_in_dates())
    return re.compile(
        rf"\s*(?:شهر |ماه )?(?P<name>{names})\.?(?:\s?[/(|]\s?(?:{names})\)?)?[\s,،/-]*"
        rf"(?:عام |سنه |سال |of )?(?P<year>\d{{4}})\s*"
    )


@cache
def weekday_names() -> dict[str, int]:
    """Return every folded name of a weekday in the three languages with its number, Monday's being 0."""
    found: dict[str, int] = {}
    for code in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(code).days["format"][width].items():
                found[plain(name)] = number
                found[fold(name).replace(ZWNJ, "")] = number
    return found | {plain("الإثنين"): 0, plain("الاربعاء"): 2, "tues": 1, "thurs": 3, "sept": -1}
