"""The days that a text writes: Gregorian, Jalali and Hijri, in Arabic, Persian and English; index/dating/ reads them."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from index.dating.calendars import months, months_in_dates
from index.dating.deciding import weekday_names
from index.dating.written import plain, written_dates
from index.text import fold, words

_WORDS_OF_PLACE = 2


def parse_date(text: str) -> date | None:
    """Return the first date that stands in `text`, or None.

    Reads 2025-10-21, 21/10/2025 (day first), 21st, October 2025, October 21, 2025, 21 تشرين الأول 2025, 12 فبراير/شباط
    2025, ۲۹ مهر ۱۴۰۴, ۱۴۰۴/۷/۲۹, 29 ربيع الآخر 1447 هـ; digits of any script. A year without a month name tells its calendar
    by itself: to 1420 it is Jalali, to 1600 Hijri, unless هـ or م stands behind it. What the clues of a publication tell
    beyond that is for index/dating/deciding.py.
    """
    found = written_dates(plain(text))
    return found[0].readings[0].day if found else None


def is_date_line(line: str) -> bool:
    """Tell whether a short line holds a date and little else (at most four other words)."""
    found = re.findall(r"[^\W\d_]+", fold(line))
    return len(found) <= 7 and parse_date(line) is not None


def is_dateline(line: str) -> bool:
    """Tell whether a line holds a date, its weekday and time, and a place at most: AMMAN, Tuesday 14 May 2024."""
    others = [word for word in words(line) if not word.isdecimal() and word not in _date_words()]
    return len(others) <= _WORDS_OF_PLACE and parse_date(line) is not None


@cache
def _date_words() -> frozenset[str]:
    """Return the single words that dates are written of: months and weekdays."""
    return frozenset(part for name in (*months_in_dates(), *weekday_names()) for part in name.split())


def month_names() -> frozenset[str]:
    """Return the folded names of the months of all three calendars in all three languages."""
    return frozenset(months())
