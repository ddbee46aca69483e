"""Khabar's own sentences in three languages, and dates as each language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import jdatetime
from babel.dates import format_date

from index.types import EVERYTHING, LANGUAGES, Filter, Language

QUOTES_FOLLOW: dict[Language, str] = {
    "ar": "هذا ما تقوله المقالات:",
    "fa": "مقاله‌ها چنین می‌گویند:",
    "en": "This is what the articles say:",
}
AS_OF: dict[Language, str] = {"ar": "حتى {day}:", "fa": "تا {day}:", "en": "As of {day}:"}
SOURCES_DIFFER: dict[Language, str] = {
    "ar": "المصادر مختلفة:",
    "fa": "منابع با هم اختلاف دارند:",
    "en": "The sources differ:",
}
AS_OF_DIFFER: dict[Language, str] = {
    "ar": "المصادر مختلفة حتى {day}:",
    "fa": "منابع تا {day} با هم اختلاف دارند:",
    "en": "As of {day}, the sources differ:",
}
MORE_SAID: dict[Language, str] = {
    "ar": "وتقول المقالات أيضًا:",
    "fa": "مقاله‌ها همچنین می‌گویند:",
    "en": "The articles also say:",
}
EARLIER: dict[Language, str] = {
    "ar": "وكانت تقارير سابقة قد ذكرت:",
    "fa": "گزارش‌های پیشین گفته بودند:",
    "en": "Earlier reports said:",
}
QUOTED_FROM: dict[Language, str] = {"ar": "بحسب {where}", "fa": "به گزارش {where}", "en": "{where}"}
BOTH_CITE: dict[Language, str] = {
    "ar": "{markers} كلاهما ينقل عن {agency}.",
    "fa": "{markers} هر دو به نقل از {agency} است.",
    "en": "{markers} both cite {agency}.",
}
ALL_CITE: dict[Language, str] = {
    "ar": "{markers} كلها تنقل عن {agency}.",
    "fa": "{markers} همه به نقل از {agency} است.",
    "en": "{markers} all cite {agency}.",
}
BOTH_OUTLETS_CITE: dict[Language, str] = {
    "ar": "[{number}] كلاهما ينقل عن {agency}.",
    "fa": "[{number}] هر دو به نقل از {agency} است.",
    "en": "[{number}] Both cite {agency}.",
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
NOT_MENTIONED: dict[Language, str] = {
    "ar": "أقرب المقالات لا تذكر:",
    "fa": "نزدیک‌ترین مقاله‌ها از این سخنی نمی‌گویند:",
    "en": "Even the nearest articles do not mention:",
}
TOLD_OF: dict[Language, str] = {
    "ar": "تتحدث المقالات عن {names}، ولا تذكر هذا.",
    "fa": "مقاله‌ها از {names} گفته‌اند، اما نه از این.",
    "en": "They do tell of {names}, but not of this.",
}
BY_MEANING_SO_FAR: dict[Language, str] = {
    "ar": "حتى الآن لا يشمل البحث بالمعنى سوى {share} من الأرشيف.",
    "fa": "جست‌وجوی معنایی تاکنون تنها {share} از بایگانی را در بر می‌گیرد.",
    "en": "So far only {share} of the archive can be searched by meaning.",
}
UNREAD: dict[Language, str] = {
    "ar": "تعذر تشغيل القارئ، فاختيرت الجمل بكلماتها وحدها: {problem}",
    "fa": "خواننده به کار نیفتاد و جمله‌ها تنها از روی واژه‌ها برگزیده شدند: {problem}",
    "en": "The reader could not be used, so sentences were chosen by their words alone: {problem}",
}
BY_MEANING_ALONE: dict[Language, str] = {
    "ar": "تعذر البحث بالكلمات، فبُحث بالمعنى وحده: {problem}",
    "fa": "جست‌وجو با واژه‌ها ممکن نشد و تنها بر پایه معنا جست‌وجو شد: {problem}",
    "en": "Words could not be searched, so this was looked for by meaning alone: {problem}",
}
READ_AS: dict[Language, str] = {
    "ar": "لا يرد «{word}» في الأرشيف، فقُرئ «{name}».",
    "fa": "«{word}» در بایگانی نیست و «{name}» خوانده شد.",
    "en": "No article has “{word}”; it was read as “{name}”.",
}
PERCENT: dict[Language, str] = {"ar": "{number}%", "fa": "{number}٪", "en": "{number}%"}
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


def listed(names: Sequence[str], language: Language) -> str:
    """Return names as a list in words: A, B and C; A وB وC; A، B و C."""
    *first, last = names
    if not first:
        return last
    if language == "ar":
        return " و".join(names)
    return f"{f'{COMMA[language]} '.join(first)} {'and' if language == 'en' else 'و'} {last}"


def not_told(
    language: Language, within: Filter = EVERYTHING, missing: Sequence[str] = (), names: Sequence[str] = ()
) -> str:
    """Return the text of an abstention, with the words of the question that even the nearest articles do not hold.

    Under a filter it names the filter, for the reader may have forgotten it. `names` are those of the question of which the
    articles tell something else.
    """
    chosen = filter_in_words(within, language)
    separator = f"{COMMA[language]} "
    told = NOT_TOLD_WITHIN[language].replace("{chosen}", separator.join(chosen)) if chosen else NOT_TOLD[language]
    if missing:
        told = f"{told} {NOT_MENTIONED[language]} {separator.join(in_quotation_marks(word, language) for word in missing)}."
    if names:
        known = listed([in_quotation_marks(name, language) for name in names], language)
        told = f"{told}\n\n{TOLD_OF[language].format(names=known)}"
    return told


def in_quotation_marks(text: str, language: Language) -> str:
    """Return a text in the quotation marks of a language."""
    opening, closing = QUOTATION_MARKS[language]
    return f"{opening}{text}{closing}"


def searched_by_meaning(percent: int, language: Language) -> str:
    """Return the reservation that only so much of the archive can be searched by meaning yet."""
    return BY_MEANING_SO_FAR[language].replace("{share}", in_percent(percent, language))


def written_count(number: int, language: Language) -> str:
    """Return a whole number in the digits of a language, its thousands apart: 1,507, ۱٬۵۰۷."""
    return _in_digits(f"{number:,}", language).replace(",", "٬" if language == "fa" else ",")


def in_percent(percent: int, language: Language) -> str:
    """Return a share in the digits and with the sign of a language: 45%, ۴۵٪."""
    return PERCENT[language].replace("{number}", _in_digits(str(percent), language))


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
