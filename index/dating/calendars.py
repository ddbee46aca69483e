"""Three calendars: their months by every name that newsrooms use, and their days as Gregorian ones."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

import jdatetime
from babel import Locale
from hijridate import Hijri

from index.text import ZWNJ, fold, spaced

Calendar = Literal["gregorian", "jalali", "hijri"]

# CLDR knows the Gregorian months of each region: Levantine (تشرين الأول), Maghrebi (أكتوبر, غشت, جانفي), Egyptian, Persian.
_CLDR_LOCALES = ("en", "ar", "ar_SY", "ar_IQ", "ar_TN", "ar_DZ", "ar_MA", "ar_SA", "fa", "fa_AF")
_MORE_GREGORIAN = {
    "فيفري": 2, "سيبتمبر": 9, "ماي": 5, "جويلية": 7, "اوت": 8, "آگوست": 8, "فوریه": 2, "مه": 5, "می": 5, "ژوئیه": 7, "ژوییه": 7,
    "جولای": 7, "sept": 9,
}  # fmt: skip
# Spellings that are read in a date with its year only, for alone they are other words, or parts of them.
_IN_DATES: dict[str, int] = {
    "ينايير": 1, "جانفييه": 1, "ژانویهٔ": 1, "جنوری": 1, "فبرائر": 2, "فبروری": 2, "فوریهٔ": 2, "شوباط": 2, "مارچ": 3, "ابرل": 4,
    "أفريل": 4, "نیسان": 4, "ابريل": 4, "اپریل": 4, "آپریل": 4, "مایو": 5, "ماية": 5, "يونيه": 6, "جوان": 6, "جون": 6,
    "یونی": 6,
    "يوليه": 7, "جويليه": 7, "يوليوز": 7, "جولای": 7, "آگست": 8, "أغشت": 8, "غشت": 8, "اگست": 8, "سبتمبير": 9, "شتنبر": 9,
    "سپتمبر": 9, "أكتوبير": 10, "اکتوبر": 10, "نونبر": 11, "نوفمبير": 11, "نومبر": 11, "نوامبر": 11, "دجنبر": 12, "ديسمبير": 12,
    "دسمبر": 12, "دیسمبر": 12, "ايلول": 9, "كانون أول": 12, "كانون ثاني": 1, "كانون ثان": 1, "تشرين أول": 10, "تشرين ثاني": 11,
    "تشرين ثان": 11, "febr": 2, "janv": 1, "octobre": 10, "janvier": 1, "février": 2, "avril": 4, "mai": 5, "juin": 6,
    "juillet": 7,
    "août": 8, "septembre": 9, "novembre": 11, "décembre": 12,
} | {
    f"{name}{space}{number}": month
    for long, short, months in (("تشرين", "ت", (10, 11)), ("كانون", "ك", (12, 1)))
    for number, month in enumerate(months, 1)
    for name in (long, short)
    for space in ("", " ", "-")
}  # fmt: skip
_JALALI = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
_MORE_JALALI = {"امرداد": 5, "farvardin": 1, "ordibehesht": 2, "khordad": 3, "tir": 4, "mordad": 5, "shahrivar": 6, "mehr": 7,
                "aban": 8, "azar": 9, "dey": 10, "bahman": 11, "esfand": 12}  # fmt: skip
# The signs of the zodiac, after which Afghan papers name the same months.
_AFGHAN = ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"]
_HIJRI = [
    ("محرم",), ("صفر",), ("ربيع الأول", "ربیع‌الاول"), ("ربيع الآخر", "ربيع الثاني", "ربیع‌الثانی"),
    ("جمادى الأولى", "جمادی‌الاول"), ("جمادى الآخرة", "جمادى الثانية", "جمادی‌الثانی"), ("رجب",), ("شعبان",),
    ("رمضان",), ("شوال",), ("ذو القعدة", "ذي القعدة", "ذوالقعدة", "ذیقعده"),
    ("ذو الحجة", "ذي الحجة", "ذوالحجة", "ذیحجه"),
]  # fmt: skip
_MORE_HIJRI = {
    "محرم الحرام": 1, "صفر المظفر": 2, "ربيع أول": 3, "ربيع 1": 3, "ربيع آخر": 4, "ربيع ثاني": 4, "ربيع 2": 4, "جمادى الأول": 5,
    "جمادى 1": 5, "جمادی‌الاولی": 5, "جمادى الآخر": 6, "جمادى 2": 6, "جمادی‌الآخر": 6, "جمادى الثاني": 6, "رجب المرجب": 7,
    "رمضان المبارك": 9, "شهر رمضان": 9, "ذیقعدهٔ": 11, "ذی‌القعده": 11, "ذی‌الحجه": 12, "ذيحجة": 12, "ذو القعده الحرام": 11,
    "muharram": 1, "safar": 2, "rajab": 7, "ramadan": 9, "shawwal": 10,
}  # fmt: skip


def months() -> dict[str, tuple[Calendar, int]]:
    """Return every folded month name that is one also without a year, with its calendar and number, longest names first."""
    return _longest_first(_plain())


@cache
def months_in_dates() -> dict[str, tuple[Calendar, int]]:
    """Return every folded month name that may stand between a day and a year, longest names first."""
    found = dict(_plain())
    more: tuple[tuple[Calendar, dict[str, int]], ...]
    more = (("gregorian", _IN_DATES), ("jalali", _MORE_JALALI), ("hijri", _MORE_HIJRI))
    for calendar, names in more:
        for name, number in names.items():
            _put(found, name, calendar, number)
    for number, name in enumerate(_AFGHAN, 1):
        _put(found, name, "jalali", number)
    return _longest_first(found)


def gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """Return the day of a calendar as a Gregorian date, or None where that calendar has no such day."""
    try:
        if calendar == "jalali":
            return jdatetime.date(year, month, day).togregorian() if year <= 1600 else None
        if calendar == "hijri":
            converted = Hijri(year, month, day).to_gregorian()
            return date(converted.year, converted.month, converted.day)
        return date(year, month, day) if year > 1600 else None
    except (ValueError, OverflowError):
        return None


@cache
def _plain() -> dict[str, tuple[Calendar, int]]:
    found: dict[str, tuple[Calendar, int]] = {}
    for code in _CLDR_LOCALES:
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(code).months["format"][width].items():
                if not name.strip(".").isdecimal():
                    found.setdefault(fold(name).strip("."), ("gregorian", number))
    for name, number in _MORE_GREGORIAN.items():
        _put(found, name, "gregorian", number)
    for number, name in enumerate(_JALALI, 1):
        _put(found, name, "jalali", number)
    for number, names in enumerate(_HIJRI, 1):
        for name in names:
            _put(found, name, "hijri", number)
    return found


def _put(found: dict[str, tuple[Calendar, int]], name: str, calendar: Calendar, number: int) -> None:
    found.setdefault(spaced(name), (calendar, number))
    found.setdefault(fold(name).replace(ZWNJ, ""), (calendar, number))


def _longest_first(found: dict[str, tuple[Calendar, int]]) -> dict[str, tuple[Calendar, int]]:
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))
