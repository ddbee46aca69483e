"""Khabar's own sentences in three languages, and dates as each language writes them."""

from __future__ import annotations

from datetime import date

import jdatetime
from babel.dates import format_date

from index.types import Language

QUOTES_FOLLOW: dict[Language, str] = {
    "ar": "هذا ما تقوله المقالات:",
    "fa": "مقاله‌ها چنین می‌گویند:",
    "en": "This is what the articles say:",
}
NOT_TOLD: dict[Language, str] = {
    "ar": "لا تذكر المقالات جوابًا عن هذا السؤال.",
    "fa": "مقاله‌ها به این پرسش پاسخی نمی‌دهند.",
    "en": "The articles do not tell.",
}
UNKNOWN_DATE: dict[Language, str] = {"ar": "بلا تاريخ", "fa": "بی‌تاریخ", "en": "undated"}
RELATED: dict[Language, str] = {"ar": "مقالات قريبة:", "fa": "مقاله‌های نزدیک:", "en": "Related articles:"}
SOURCES: dict[Language, str] = {"ar": "المصادر:", "fa": "منابع:", "en": "Sources:"}
QUOTATION_MARKS: dict[Language, tuple[str, str]] = {"ar": ("«", "»"), "fa": ("«", "»"), "en": ("“", "”")}
COMMA: dict[Language, str] = {"ar": "،", "fa": "،", "en": ","}


def written_date(day: date | None, language: Language) -> str:
    """Return a date in words: in Persian with the Jalali date first, as its readers reckon."""
    if day is None:
        return UNKNOWN_DATE[language]
    gregorian = format_date(day, "d MMMM y", locale=language)
    if language != "fa":
        return gregorian
    try:
        jalali = jdatetime.date.fromgregorian(date=day, locale="fa_IR").strftime("%-d %B %Y")
    except ValueError:  # the calendar library ends at 9377, while some archives date what is undated 9999-12-31
        return _persian_digits(gregorian)
    return f"{_persian_digits(jalali)} ({_persian_digits(gregorian)})"


def _persian_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
