"""The day of a short answer in another language, completed where its publication allows: Tuesday, ۱۵ اوت, أمس, 2023."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import combinations

from babel import Locale

from index.dates import month_names, parse_date
from index.text import fold, spaced
from index.types import Language
from rag.phrases import say, written_count, written_date
from rag.render import tuning
from rag.text.days import MONTHS_ALSO_WORDS, NamedDay, named_days, weekdays

# Days named without a year for what happened on them (month, day), in any year.
_REMEMBERED = frozenset(
    {
        (1, 3), (1, 6), (1, 25), (2, 11), (2, 14), (2, 17), (2, 24), (3, 8), (3, 14), (3, 20), (4, 9), (5, 15), (6, 4), (6, 5),
        (6, 30), (7, 3), (7, 4), (7, 14), (7, 15), (7, 17), (7, 23), (8, 4), (9, 11), (9, 26), (10, 6), (10, 7),
        (11, 1), (11, 4), (12, 17),
    }
)  # fmt: skip
_REMEMBERED_JALALI = frozenset(
    fold(day) for day in ("22 بهمن", "15 خرداد", "18 تیر", "28 مرداد", "13 آبان", "17 شهریور", "12 فروردین", "29 اسفند", "9 دی")
)
_ON: dict[Language, frozenset[str]] = {
    "en": frozenset({"", "on", "on the", "the"}),
    "ar": frozenset(map(fold, ("", "في", "يوم", "في يوم", "بتاريخ"))),
    "fa": frozenset(map(fold, ("", "در", "روز", "در روز", "در تاریخ", "به تاریخ"))),
}
_IN = frozenset(fold("في در").split())
_BETWEEN_PARTS = frozenset(map(fold, ("", "يوم", "روز", ",", "،", "/", "(", ", the", "the")))
_BOUNDS: dict[Language, dict[str, str]] = {
    "en": {"since": "since", "until": "until", "till": "until", "before": "before", "after": "after"},
    "ar": {fold("منذ"): "since", fold("حتى"): "until", fold("قبل"): "before", fold("بعد"): "after"},
    "fa": {
        fold("پیش از"): "before", fold("قبل از"): "before", fold("پس از"): "after", fold("بعد از"): "after", fold("تا"): "until"
    },
}  # fmt: skip
_PAST = frozenset(fold("الماضي الفائت المنصرم گذشته").split())
_NEXT = frozenset(fold("المقبل القادم آینده آتی").split())
_ENGLISH_SHIFTS = {"last": "past", "next": "next"}
_SHIFTED: dict[Language, dict[str, str]] = {
    "ar": {"past": "{day} الماضي", "next": "{day} المقبل"},
    "fa": {"past": "{day} گذشته", "next": "{day} آینده"},
}
_RELATIVE: dict[Language, tuple[str, str, str]] = {
    "en": ("yesterday", "today", "tomorrow"), "ar": ("أمس", "اليوم", "غدًا"), "fa": ("دیروز", "امروز", "فردا")
}  # fmt: skip
_YEAR_WORDS: dict[Language, str] = {
    "en": r"(?:in )?(?:the year )?", "ar": r"(?:(?:في )?(?:عام|سنه) )?", "fa": r"(?:(?:در )?سال )?"
}  # fmt: skip
_MONTH_WORDS: dict[Language, str] = {"en": r"(?:in )?", "ar": r"(?:في )?(?:شهر )?", "fa": r"(?:در )?(?:ماه )?"}
_DIGITS = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_SOME_DAY = date(2025, 6, 15)


def render_day(text: str, language: Language, into: Language, published: date | None) -> str | None:
    """Return the day that a text names and nothing else, as a language writes it; None where a word or the day is uncertain."""
    if published is not None and published.year not in tuning.YEARS_OF_NEWS:
        published = None
    folded = _simple(text)
    for words, bound in _BOUNDS[language].items():
        if folded.startswith(f"{words} "):
            day = _day(_Told(text.split(maxsplit=words.count(" ") + 1)[-1], language, into, published))
            return say(f"{bound}_day", into, day=day) if day else None
    return _day(_Told(text, language, into, published))


@dataclass(frozen=True, slots=True)
class _Told:
    """A day as an article of some day tells it, to be written in another language or, with its date, in its own."""

    text: str
    language: Language
    into: Language
    published: date | None

    @property
    def is_foreign(self) -> bool:
        """Whether it is written in another language: in its own only its date is worth telling."""
        return self.language != self.into

    def piece(self, item: NamedDay) -> str:
        """Return the words that name one of its days."""
        return self.text[item.start : item.end]


def _day(told: _Told) -> str | None:
    folded = _simple(told.text)
    if _DIGITS.search(folded):
        return _in_digits(folded, told.into) if told.is_foreign else None
    found = named_days(told.text, told.published) or named_days(told.text, _SOME_DAY)
    if not found:
        return _month_or_year(folded, told.language, told.into) if told.is_foreign else None
    rest = _parts_between(told.text, found)
    if _has_and(told.piece(found[0]), found[0]) or not all(part in _BETWEEN_PARTS for part in rest[1:-1]):
        return None
    calendar, week = [day for day in found if not day.by_weekday], [day for day in found if day.by_weekday]
    if calendar and rest[-1] == "" and rest[0] in _ON[told.language]:
        return _calendar_day(told, calendar, week)
    if len(week) in (1, 2) and not calendar:
        return _week_day(told, week, rest)
    return None


def _calendar_day(told: _Told, calendar: Sequence[NamedDay], week: Sequence[NamedDay]) -> str | None:
    """Return a day of a month, which all that is said of it must agree on."""
    days = {day for item in calendar for day in item.dates}
    piece = told.piece(calendar[0])
    names = [_calendar_of(told.piece(item)) for item in calendar]
    if len(days) != 1 or len(week) > 1 or any(len(kinds) != 1 or "hijri" in kinds for kinds in names):
        return None
    meant = next(iter(days))
    has_year = any(named_days(told.piece(item), None) for item in calendar)
    weekday = _weekday_of(told.piece(week[0])) if week else None
    if week and weekday is None and (told.published is None or meant not in week[0].dates):  # yesterday, 20 October
        return None
    if meant.year not in tuning.YEARS_TOLD or not _names_one_month(piece) or weekday not in (None, meant.weekday()):
        return None
    if has_year:
        return _written(meant, told.into, weekday) if told.is_foreign else None
    is_near = told.published is not None and -tuning.DAYS_BACK <= (meant - told.published).days <= tuning.DAYS_AHEAD
    is_gregorian = names[0] == {"gregorian"}
    is_remembered = (meant.month, meant.day) in _REMEMBERED if is_gregorian else _simple(piece) in _REMEMBERED_JALALI
    if is_near and (week or not is_remembered):
        return _written(meant, told.into, weekday)
    if not is_gregorian or not told.is_foreign or week:
        return None
    month = Locale.parse(told.into).months["stand-alone"]["wide"][meant.month]
    return _native(f"{meant.day} {month}", told.into)


def _week_day(told: _Told, week: Sequence[NamedDay], rest: Sequence[str]) -> str | None:
    """Return a weekday, yesterday, today or tomorrow: as a date where one alone can be meant, else by its name."""
    names = [_weekday_of(told.piece(item)) for item in week]
    weekday = next((name for name in names if name is not None), None)
    if len(week) == 2 and (told.published is None or None not in names or weekday is None):
        return None
    before, after = rest[0], rest[-1]
    shift = "past" if after in _PAST else "next" if after in _NEXT else ""
    if told.language == "en":
        shift = _ENGLISH_SHIFTS.get(before, "")
        before = "" if shift else before
    if before not in _ON[told.language] or (after and (told.language == "en" or not shift)) or (shift and len(week) == 2):
        return None
    if len(week) == 2:
        days = week[0].dates & week[1].dates
        return _written(next(iter(days)), told.into, weekday) if len(days) == 1 else None
    item = week[0]
    if weekday is None:
        # في اليوم is rather a day's than today's.
        if shift or before in _IN:
            return None
        if told.published is not None:
            return _written(next(iter(item.dates)), told.into, None)
        return _RELATIVE[told.into][_shift_of(told.piece(item)) + 1] if told.is_foreign else None
    if told.language == "en" and shift:
        return _SHIFTED[told.into][shift].format(day=_weekday_name(weekday, told.into)) if told.into != "en" else None
    if told.published is not None and (shift or len(item.dates) == 1):
        on_the_day = told.published - timedelta(days=7), told.published + timedelta(days=7)
        last, following = sorted(item.dates) if len(item.dates) == 2 else on_the_day
        return _written({"past": last, "next": following}.get(shift, told.published), told.into, weekday)
    return _weekday_name(weekday, told.into) if told.is_foreign and not shift else None


def _in_digits(folded: str, into: Language) -> str | None:
    """Return a date in digits, 21/10/2025 or 2025-10-21; None where day and month could change places."""
    match = _DIGITS.fullmatch(folded)
    if match is None:
        return None
    first, month, last = int(match[1]), int(match[3]), int(match[4])
    year_first, year_last = len(match[1]) == 4 and len(match[4]) <= 2, len(match[4]) == 4 and len(match[1]) <= 2
    if not year_first and not (year_last and (first > 12 or first == month)) or month > 12:
        return None
    year = first if year_first else last
    meant = parse_date(folded)
    is_hijri = 1420 < year < 1500
    return written_date(meant, into) if meant and meant.year in tuning.YEARS_TOLD and not is_hijri else None


def _month_or_year(folded: str, language: Language, into: Language) -> str | None:
    """Return a year, or a Gregorian month with or without its year."""
    if match := re.fullmatch(rf"(?:{_YEAR_WORDS[language]})((?:1[5-9]|20)\d\d)", folded):
        return _native(match[1], into)
    year = r"(?:,? (?:عام |سنه |سال )?(?P<year>(?:1[89]|20)\d\d))?"
    match = re.fullmatch(rf"{_MONTH_WORDS[language]}(?P<name>[^\d,]+?){year}", folded)
    if match is None or not _names_one_month(match["name"]):
        return None
    parts = [part.strip() for part in re.split(r"[/(]", match["name"].rstrip(") "))]
    if not all(part in month_names() and _calendar_of(part) == {"gregorian"} for part in parts):
        return None
    # Alone, a month's name from one Arab region is more often another word: جون, آب.
    is_wide = len(parts) > 1 or parts[0] in _months(language)
    if not match["year"] and (language == "fa" or parts[0] in MONTHS_ALSO_WORDS or not is_wide):
        return None
    meant = parse_date(f"1 {parts[0]} 2000")
    if meant is None:
        return None
    name = _native(Locale.parse(into).months["stand-alone"]["wide"][meant.month], into)
    return f"{name} {_native(match['year'], into)}" if match["year"] else name


@cache
def _months(language: Language) -> frozenset[str]:
    return frozenset(fold(name) for name in Locale.parse(language).months["stand-alone"]["wide"].values())


def _names_one_month(piece: str) -> bool:
    """Tell whether the names of a month that stand beside each other are of one month: أغسطس/آب."""
    parts = [re.sub(r"\d", "", part).strip(" )") for part in re.split(r"[/(]", _simple(piece))]
    days = [(parse_date(f"1 {part} 2000"), parse_date(f"1 {part} 1400")) for part in parts if part in month_names()]
    return len(set(days)) <= 1


def _calendar_of(piece: str) -> frozenset[str]:
    """Return the calendars that a piece names a month of: 1447 is no Gregorian year of news, and elsewhere in the other two."""
    parts = re.sub(r"[/().,،]", " ", _simple(piece)).split()
    spans = [" ".join(parts[start:end]) for start, end in combinations(range(len(parts) + 1), 2) if end - start <= 3]
    days = (parse_date(f"1 {name} 1447") for name in spans if name in month_names())
    return frozenset("gregorian" if day is None else "hijri" if day.year < 2050 else "jalali" for day in days)


def _parts_between(text: str, found: Sequence[NamedDay]) -> list[str]:
    """Return what a text holds before, between and behind the days that it names."""
    ends = [0, *(item.end for item in found)]
    starts = [*(item.start for item in found), len(text)]
    return [_simple(text[end:start]).strip(" )") for end, start in zip(ends, starts, strict=True)]


def _has_and(piece: str, item: NamedDay) -> bool:
    """Tell whether an attached Arabic `and` begins the day: وغدا."""
    return fold(piece)[:1] in fold("وف") and bool(named_days(piece[1:], _SOME_DAY)) and item.by_weekday


def _weekday_of(piece: str) -> int | None:
    """Return the weekday that a piece names (Monday is 0); None for yesterday and the like."""
    return weekdays().get(_simple(piece))


def _shift_of(piece: str) -> int:
    """Return by how many days a piece names another day than today: -1 for yesterday."""
    shifted = named_days(piece, _SOME_DAY)[0]
    return (next(iter(shifted.dates)) - _SOME_DAY).days


def _written(day: date, into: Language, weekday: int | None) -> str:
    return written_date(day, into) if weekday is None else f"{_weekday_name(weekday, into)} {written_date(day, into)}"


def _weekday_name(weekday: int, into: Language) -> str:
    return str(Locale.parse(into).days["format"]["wide"][weekday])


def _native(text: str, into: Language) -> str:
    return re.sub(r"\d", lambda digit: written_count(int(digit[0]), into), text)


def _simple(text: str) -> str:
    return " ".join(spaced(text).split())
