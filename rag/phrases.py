"""Khabar's own sentences in three languages, and dates as each language writes them."""

from __future__ import annotations

from datetime import date

import jdatetime
from babel.dates import format_date

from index.types import EVERYTHING, LANGUAGES, Filter, Language

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
NOT_TOLD_WITHIN: dict[Language, str] = {
    "ar": "لا تذكر المقالات ضمن نطاق البحث المختار جوابًا عن هذا السؤال. نطاق البحث: {chosen}.",
    "fa": "مقاله‌ها در محدودهٔ جست‌وجوی شما به این پرسش پاسخی نمی‌دهند. محدودهٔ جست‌وجو: {chosen}.",
    "en": "The articles within the chosen filter do not tell. The filter: {chosen}.",
}
UNKNOWN_DATE: dict[Language, str] = {"ar": "بلا تاريخ", "fa": "بی‌تاریخ", "en": "undated"}
RELATED: dict[Language, str] = {"ar": "مقالات قريبة:", "fa": "مقاله‌های نزدیک:", "en": "Related articles:"}
SOURCES: dict[Language, str] = {"ar": "المصادر:", "fa": "منابع:", "en": "Sources:"}
QUOTATION_MARKS: dict[Language, tuple[str, str]] = {"ar": ("«", "»"), "fa": ("«", "»"), "en": ("“", "”")}
COMMA: dict[Language, str] = {"ar": "،", "fa": "،", "en": ","}
IN_LANGUAGE: dict[Language, dict[Language, str]] = {
    "ar": {"ar": "بالعربية", "fa": "بالفارسية", "en": "بالإنجليزية"},
    "fa": {"ar": "به عربی", "fa": "به فارسی", "en": "به انگلیسی"},
    "en": {"ar": "in Arabic", "fa": "in Persian", "en": "in English"},
}
MORE_OUTLETS: dict[Language, str] = {
    "ar": "ووسائل إعلام أخرى ({number})",
    "fa": "و {number} رسانهٔ دیگر",
    "en": "{number} more outlets",
}
BETWEEN_DAYS: dict[Language, str] = {
    "ar": "من {since} إلى {until}",
    "fa": "از {since} تا {until}",
    "en": "from {since} to {until}",
}
ON_DAY: dict[Language, str] = {"ar": "يوم {since}", "fa": "روز {since}", "en": "on {since}"}
SINCE_DAY: dict[Language, str] = {"ar": "منذ {since}", "fa": "از {since}", "en": "since {since}"}
UNTIL_DAY: dict[Language, str] = {"ar": "حتى {until}", "fa": "تا {until}", "en": "until {until}"}

_NAMED_OUTLETS = 3


def not_told(language: Language, within: Filter = EVERYTHING) -> str:
    """Return the sentence of an abstention; under a filter it names the filter, for the reader may have forgotten it."""
    chosen = filter_in_words(within, language)
    if not chosen:
        return NOT_TOLD[language]
    return NOT_TOLD_WITHIN[language].replace("{chosen}", f"{COMMA[language]} ".join(chosen))


def filter_in_words(within: Filter, language: Language) -> list[str]:
    """Return what a filter lets through, piece by piece: outlets, languages, days; nothing of what it leaves open."""
    outlets = sorted(within.outlets)
    # One more is named as shortly as it is counted.
    named = outlets if len(outlets) <= _NAMED_OUTLETS + 1 else outlets[:_NAMED_OUTLETS]
    pieces = [*named]
    if len(outlets) > len(named):
        pieces.append(MORE_OUTLETS[language].format(number=_in_digits(str(len(outlets) - len(named)), language)))
    if len(within.languages) < len(LANGUAGES):
        pieces += [IN_LANGUAGE[language][other] for other in LANGUAGES if other in within.languages]
    if within.since or within.until:
        pieces.append(_days_in_words(within.since, within.until, language))
    return pieces


def _days_in_words(since: date | None, until: date | None, language: Language) -> str:
    if since == until:
        template = ON_DAY
    elif since and until:
        template = BETWEEN_DAYS
    else:
        template = SINCE_DAY if since else UNTIL_DAY
    return template[language].format(since=written_date(since, language), until=written_date(until, language))


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
        return _in_digits(gregorian, language)
    return f"{_in_digits(jalali, language)} ({_in_digits(gregorian, language)})"


def _in_digits(text: str, language: Language) -> str:
    """Return a text with the digits that the readers of a language expect."""
    return text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if language == "fa" else text
