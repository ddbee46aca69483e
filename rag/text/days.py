"""The days that a sentence names: 15 أغسطس/آب, ۲۴ مرداد, October 21st, Monday, yesterday; read by its day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import jdatetime
from babel import Locale
from hijridate import Gregorian

from index.dates import month_names, parse_date
from index.text import ZWNJ, fold, fold_offsets, spaced
from index.types import LANGUAGES

# A day of the week is the last one of its name or the next one; both are meant until something tells.
_WEEK = 7
# Folded names of months that are another word more often where no day or year stands beside them: مه is fog, تیر an arrow.
MONTHS_ALSO_WORDS = frozenset("may mar march sun dec sep jan مه مي دي تير مهر اب ماي صفر اذر مارس".split())  # noqa: SIM905
_FIRST_TO_THIRTIETH = fold(
    "الأول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر|الحادي عشر|الثاني عشر|الثالث عشر|الرابع عشر|"
    "الخامس عشر|السادس عشر|السابع عشر|الثامن عشر|التاسع عشر|العشرين"
).split("|")
_PERSIAN_ORDINALS = fold(
    "یکم|دوم|سوم|چهارم|پنجم|ششم|هفتم|هشتم|نهم|دهم|یازدهم|دوازدهم|سیزدهم|چهاردهم|پانزدهم|شانزدهم|هفدهم|هجدهم|نوزدهم|بیستم|"
    "بیست و یکم|بیست و دوم|بیست و سوم|بیست و چهارم|بیست و پنجم|بیست و ششم|بیست و هفتم|بیست و هشتم|بیست و نهم|سی ام|سی و یکم"
).split("|")
_ORDINALS = (
    {word: number for number, word in enumerate(_FIRST_TO_THIRTIETH, 1)}
    | {word: number for number, word in enumerate(_PERSIAN_ORDINALS, 1)}
    | {fold("اول"): 1, fold("نخست"): 1, fold("سی‌ام").replace(ZWNJ, ""): 30}
)
_RELATIVE = {
    fold(word): shift
    for shift, line in ((-1, "yesterday أمس دیروز"), (0, "today اليوم امروز"), (1, "tomorrow غدا فردا"))
    for word in line.split()
}


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a text names at `start:end`: the dates that it may be, more than one where only a weekday is told."""

    start: int
    end: int
    dates: frozenset[date]
    by_weekday: bool = False


def named_days(text: str, published: date | None) -> list[NamedDay]:
    """Return the days that a text names, in reading order.

    A day without its year is the one nearest to the publication; without that, and for weekdays too, it cannot be read.
    """
    folded, offsets = fold_offsets(text)
    folded = folded.replace(ZWNJ, " ")
    offsets.append(len(text))
    found = sorted(_calendar_days(folded, published), key=lambda item: item[0])
    if published is not None:
        taken = {at for start, end, *_ in found for at in range(start, end)}
        found += [item for item in _week_days(folded, published) if item[0] not in taken]
    return [
        NamedDay(offsets[start], offsets[end - 1] + 1, dates, by_weekday)
        for start, end, dates, by_weekday in sorted(found, key=_start)
    ]


def names_a_time(text: str) -> bool:
    """Tell whether a question names a day, a month or a year of its own."""
    folded = spaced(text)
    return parse_date(text) is not None or _day_month().search(folded) is not None or _when().search(folded) is not None


_Found = tuple[int, int, frozenset[date], bool]


def _start(item: _Found) -> int:
    return item[0]


def _calendar_days(folded: str, published: date | None) -> Iterator[_Found]:
    end = 0
    for match in sorted([*_day_month().finditer(folded), *_month_day().finditer(folded)], key=lambda match: match.start()):
        if match.start() < end:
            continue
        day = _ORDINALS.get(match["day"]) or int(re.sub(r"\D", "", match["day"]) or 0)
        meant = _nearest(day, match["name"], match["year"], published)
        if meant:
            end = match.end()
            yield match.start(), match.end(), frozenset({meant}), False


def _nearest(day: int, month: str, year: str | None, published: date | None) -> date | None:
    """Return the day of a month, in its own year or in that which brings it nearest to the publication."""
    if year:
        return parse_date(f"{day} {month} {year}")
    if published is None:
        return None
    years = years_about(published, (-1, 0, 1))
    dates = [meant for meant in (parse_date(f"{day} {month} {year}") for year in years) if meant]
    return min(dates, key=lambda meant: (abs((meant - published).days), meant), default=None)


def years_about(day: date, shifts: Sequence[int]) -> list[int]:
    """Return the year of a day in each of three calendars, shifted by each of some; none where the calendars do not reach."""
    if not 1900 < day.year < 2077:
        return []
    jalali = int(jdatetime.date.fromgregorian(date=day).year)
    hijri = int(Gregorian(day.year, day.month, day.day).to_hijri().year)
    return [year + shift for year in (day.year, jalali, hijri) for shift in shifts]


def _week_days(folded: str, published: date) -> Iterator[_Found]:
    for match in _weekday_pattern().finditer(folded):
        name = match["name"]
        if name in _RELATIVE:
            yield match.start(), match.end(), frozenset({published + timedelta(days=_RELATIVE[name])}), True
            continue
        back = (published.weekday() - weekdays()[name]) % _WEEK
        # The day of publication itself, else the last one and the next one.
        shifts = (0,) if back == 0 else (-back, _WEEK - back)
        yield match.start(), match.end(), frozenset(published + timedelta(days=shift) for shift in shifts), True


@cache
def weekdays() -> dict[str, int]:
    """Return the folded names of the days of the week with their numbers, Monday's being 0; a ZWNJ as a space or as nothing."""
    found: dict[str, int] = {}
    for code in LANGUAGES:
        for number, name in Locale.parse(code).days["format"]["wide"].items():
            found[spaced(name)] = number
            found[fold(name).replace(ZWNJ, "")] = number
    return found


@cache
def _weekday_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted([*weekdays(), *_RELATIVE], key=len, reverse=True))
    return re.compile(rf"(?<!\w)[وف]?(?P<name>{names})(?!\w)")


def any_month() -> str:
    """Return a pattern of the folded names of all months, the longest first."""
    return "|".join(re.escape(name) for name in sorted(month_names(), key=len, reverse=True))


@cache
def _day_month() -> re.Pattern[str]:
    ordinals = "|".join(sorted(_ORDINALS, key=len, reverse=True))
    day = rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{ordinals})"
    return re.compile(
        rf"(?<![\w.,])(?<!{fold('هفته')} ){day}\s+(?:من |of |ماه )?(?P<name>{any_month()})(?!\w)"
        rf"(?:\s?[/(|]\s?(?:{any_month()})\)?)?(?:\s?ماه)?(?:[\s,،]*(?:عام |سنه |سال )?(?P<year>\d{{4}}))?(?!\d)"
    )


@cache
def _month_day() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?P<name>{any_month()})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:[\s,،]+(?P<year>\d{{4}}))?(?!\w)"
    )


@cache
def _when() -> re.Pattern[str]:
    """Return the pattern of years and months that stand alone; `may` is more often a verb."""
    plain = sorted(month_names() - {"may", "mar", "sun", "dec", "sep"}, key=len, reverse=True)
    names = "|".join(map(re.escape, plain))
    long = "|".join(re.escape(name) for name in plain if len(name) > 3 and name != "march")
    return re.compile(rf"(?<!\d)(?:1[3489]|20)\d\d(?!\d)|(?<!\w)(?:in |في |شهر |ماه )(?:{names})(?!\w)|(?<!\w)(?:{long})(?!\w)")
