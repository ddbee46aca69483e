"""Publication dates as newsrooms write them: Gregorian, Jalali and Hijri, in Arabic, Persian and English."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Literal

import jdatetime
from babel import Locale
from hijridate import Hijri

from index.text import ZWNJ, fold

Calendar = Literal["gregorian", "jalali", "hijri"]

# CLDR knows the Gregorian months of each region: Levantine (تشرين الأول), Maghrebi (أكتوبر, غشت, جانفي), Egyptian, Persian.
_CLDR_LOCALES = ("en", "ar", "ar_SY", "ar_IQ", "ar_TN", "ar_DZ", "ar_MA", "ar_SA", "fa", "fa_AF")
_MORE_GREGORIAN = {
    "فيفري": 2, "سيبتمبر": 9, "ماي": 5, "جويلية": 7, "اوت": 8, "آگوست": 8, "فوریه": 2, "مه": 5, "می": 5, "ژوئیه": 7, "ژوییه": 7,
    "جولای": 7, "sept": 9,
}  # fmt: skip
_JALALI = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
_HIJRI = [
    ("محرم",), ("صفر",), ("ربيع الأول", "ربیع‌الاول"), ("ربيع الآخر", "ربيع الثاني", "ربیع‌الثانی"),
    ("جمادى الأولى", "جمادی‌الاول"), ("جمادى الآخرة", "جمادى الثانية", "جمادی‌الثانی"), ("رجب",), ("شعبان",),
    ("رمضان",), ("شوال",), ("ذو القعدة", "ذي القعدة", "ذوالقعدة", "ذیقعده"),
    ("ذو الحجة", "ذي الحجة", "ذوالحجة", "ذیحجه"),
]  # fmt: skip


def parse_date(text: str) -> date | None:
    """Return the first date that stands in `text`, or None.

    Reads 2025-10-21, 21/10/2025 (day first), 21st, October 2025, October 21, 2025, 21 تشرين الأول 2025, 12 فبراير/شباط
    2025, ۲۹ مهر ۱۴۰۴, ۱۴۰۴/۷/۲۹, 29 ربيع الآخر 1447 هـ; digits of any script. A year without a month name tells its calendar
    by itself: to 1420 it is Jalali, to 1600 Hijri.
    """
    folded = fold(text).replace(ZWNJ, " ")
    found: list[tuple[int, date]] = []
    for pattern in (_year_first(), _day_month(), _month_day(), _day_first()):
        dates = ((match.start(), _to_date(match.groupdict())) for match in pattern.finditer(folded))
        first = next(((start, parsed) for start, parsed in dates if parsed), None)
        if first:
            found.append(first)
    return min(found, key=lambda pair: pair[0])[1] if found else None


def is_date_line(line: str) -> bool:
    """Tell whether a short line holds a date and little else (at most four other words)."""
    words = re.findall(r"[^\W\d_]+", fold(line))
    return len(words) <= 7 and parse_date(line) is not None


def month_names() -> frozenset[str]:
    """Return the folded names of the months of all three calendars in all three languages."""
    return frozenset(_months())


@cache
def _months() -> dict[str, tuple[Calendar, int]]:
    """Return every folded month name with its calendar and number, longest names first."""
    found: dict[str, tuple[Calendar, int]] = {}
    for code in _CLDR_LOCALES:
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(code).months["format"][width].items():
                if not name.strip(".").isdecimal():
                    found.setdefault(fold(name).strip("."), ("gregorian", number))
    for name, number in _MORE_GREGORIAN.items():
        found.setdefault(fold(name), ("gregorian", number))
    for number, name in enumerate(_JALALI, 1):
        found.setdefault(fold(name), ("jalali", number))
    for number, names in enumerate(_HIJRI, 1):
        for name in names:
            found.setdefault(fold(name).replace(ZWNJ, " "), ("hijri", number))
            found.setdefault(fold(name).replace(ZWNJ, ""), ("hijri", number))
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _month_pattern() -> str:
    return "|".join(re.escape(name) for name in _months())


@cache
def _year_first() -> re.Pattern[str]:
    return re.compile(r"(?<!\d)(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)")


@cache
def _day_first() -> re.Pattern[str]:
    return re.compile(r"(?<!\d)(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})(?!\d)")


@cache
def _day_month() -> re.Pattern[str]:
    names = _month_pattern()
    return re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,،.]*(?:من |of )?(?P<name>{names})(?:\s?ماه)?\b\.?"
        rf"(?:\s?[/(|]\s?(?:{names})\)?)?[\s,،]*(?:عام |سنه |سال )?(?P<year>\d{{4}})(?!\d)"
    )


@cache
def _month_day() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<name>{_month_pattern()})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,،]+(?P<year>\d{{4}})(?!\d)")


def _to_date(parts: dict[str, str]) -> date | None:
    year, day = int(parts["year"]), int(parts["day"])
    if "name" in parts:
        calendar, month = _months()[parts["name"]]
    else:
        calendar, month = _calendar_of(year), int(parts["month"])
        if month > 12 >= day:
            month, day = day, month
    try:
        return _gregorian(calendar, year, month, day)
    except (ValueError, OverflowError):
        return None


def _calendar_of(year: int) -> Calendar:
    if year <= 1420:
        return "jalali"
    return "hijri" if year <= 1600 else "gregorian"


def _gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    if calendar == "jalali":
        return jdatetime.date(year, month, day).togregorian() if year <= 1600 else None
    if calendar == "hijri":
        converted = Hijri(year, month, day).to_gregorian()
        return date(converted.year, converted.month, converted.day)
    return date(year, month, day) if year > 1600 else None
