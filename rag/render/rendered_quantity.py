"""Quantities of a short answer in another language: durations, distances, money, shares, people; and what qualifies them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from index.text import fold
from index.types import Language
from rag.phrases import say
from rag.render import tuning
from rag.render.excerpt import Excerpt, Rendered
from rag.render.noun import Noun, match_phrase, noun_at, noun_of, oblique, two_or_one, with_noun, write_number, write_ungrouped
from rag.text.certain_number import Number, is_spaced

_SYMBOLS = {"$": "dollar", "€": "euro", "£": "pound sterling"}
_PERCENT_SIGNS = frozenset("%٪")
SIGNS = "".join([*_SYMBOLS, *sorted(_PERCENT_SIGNS)])
_PERCENT = {"en": ("percent", "per cent"), "ar": ("بالمئة", "بالمائة", "في المئة", "في المائة"), "fa": ("درصد",)}
# Each is written before the number by its first word of each language; the others are read too.
_QUALIFIERS: tuple[dict[Language, str], ...] = (
    {"en": "at least|no fewer than|no less than", "ar": "ما لا يقل عن|لا يقل عن|على الأقل", "fa": "دست‌کم|دستکم|حداقل|لااقل"},
    {"en": "more than|over", "ar": "أكثر من|أزيد من", "fa": "بیش از|بیشتر از"},
    {"en": "less than|fewer than|under", "ar": "أقل من", "fa": "کمتر از"},
    {"en": "about|around|roughly|approximately", "ar": "نحو|حوالي|تقريبًا", "fa": "حدود|تقریبا"},
    {"en": "nearly|almost|close to", "ar": "ما يقرب من|قرابة|زهاء", "fa": "نزدیک به|قریب به"},
    {"en": "at most|no more than", "ar": "ما لا يزيد عن|لا يزيد عن|على الأكثر", "fa": "حداکثر"},
)
# What may stand behind the number as well: which qualifier, by its words.
_BEHIND: dict[Language, Mapping[str, int]] = {
    "en": {"at least": 0, "or so": 3, "at most": 5},
    "ar": {"على الأقل": 0, "تقريبًا": 3, "على الأكثر": 5},
    "fa": {"تقریبا": 3},
}
_RANGE = {"en": "{low} to {high}", "ar": "من {low} إلى {high}", "fa": "{low} تا {high}"}
_TO: dict[Language, str] = {"en": "to", "ar": fold("إلى"), "fa": fold("تا")}
_FROM: dict[Language, str] = {"en": "from", "ar": fold("من"), "fa": fold("از")}
_BETWEEN = frozenset(fold("between بين بین").split())
_AND = fold("و")
_HALF_HOUR: dict[Language, tuple[str, ...]] = {
    "en": ("half an hour", "half hour"), "ar": ("نصف ساعة", "نصف الساعة"), "fa": ("نیم ساعت",)
}  # fmt: skip
_AND_HALF: dict[Language, tuple[str, ...]] = {
    "en": ("and a half",), "ar": ("ونصف", "و نصف", "ونصف الساعة", "ونصف ساعة"), "fa": ("و نیم",)
}  # fmt: skip
_ROUND: dict[Language, frozenset[str]] = {
    "en": frozenset(fold("hundred thousand million billion trillion").split()),
    "ar": frozenset(),
    "fa": frozenset(fold("میلیون میلیارد تریلیون").split()),
}


def render_quantity(excerpt: Excerpt, first: int) -> Rendered | None:
    """Return the quantity that begins with a token, its qualifier included; None where a word of it is not certain."""
    qualifier, at = _qualifier_before(excerpt, first)
    if at >= len(excerpt.tokens) or (at > first and not is_spaced(excerpt.tokens[at].gap.rstrip(SIGNS))):
        return None
    found = _half_hour(excerpt, at) or _dual(excerpt, at) or _range(excerpt, at) or _counted(excerpt, at)
    if found is None:
        return None
    behind, last = _qualifier_behind(excerpt, found.last)
    if behind is not None:
        if qualifier not in (None, behind):
            return None
        qualifier = behind
    if qualifier is None:
        return found
    hedge = _QUALIFIERS[qualifier][excerpt.into].split("|")[0]
    return Rendered(f"{hedge} {oblique(found.written, excerpt.into)}", last, found.kind, found.signs)


def _counted(excerpt: Excerpt, first: int) -> Rendered | None:
    """Return a number with its sign or its noun, or by itself."""
    number = excerpt.numbers.get(first)
    article = excerpt.language == "en" and excerpt.word(first) in ("a", "an")
    rounds = _ROUND[excerpt.language]
    if article:
        is_round = first + 1 in excerpt.numbers and excerpt.word(first + 1) in rounds
        number = excerpt.numbers[first + 1] if is_round else Number(Decimal(1), first + 1, is_bare=False)
        article = not is_round
    elif excerpt.word(first) in rounds:  # the rest of 2.5 million, perhaps
        return None
    if number is None or number.and_before:
        return None
    before, after = excerpt.gap(first), excerpt.gap(number.last)
    if before[-1:] in _PERCENT_SIGNS or after[:1] in _PERCENT_SIGNS:
        return None if article else Rendered(_percent(number.value, excerpt.into), number.last, "percent", 1)
    symbol = before[-1:] if before[-1:] in _SYMBOLS else after[:1]
    if symbol in _SYMBOLS:
        noun = noun_of(_SYMBOLS[symbol])
        return Rendered(with_noun(number.value, noun, excerpt.into), number.last, noun.kind, 1)
    if last := _percent_word(excerpt, number.last):
        return None if article else Rendered(_percent(number.value, excerpt.into), last, "percent")
    noun_last = noun_at(excerpt.tokens, number.last, number.value, excerpt.language)
    if noun_last:
        noun, last = noun_last
        if article and noun.kind != "time":
            return None
        with_half = _and_half(excerpt, last, number.value, noun)
        return with_half or Rendered(with_noun(number.value, noun, excerpt.into), last, noun.kind)
    return None if article else _bare(excerpt, first, number)


def _percent_word(excerpt: Excerpt, first: int) -> int:
    """Return the token behind the word for hundredths that begins with a token; 0 where there is none."""
    found = (match_phrase(excerpt.tokens, first, phrase) for phrase in _PERCENT[excerpt.language])
    return next(filter(None, found), 0) if is_spaced(excerpt.gap(first)) else 0


def _bare(excerpt: Excerpt, first: int, number: Number) -> Rendered | None:
    """Return a number without a unit; words for small ones have other meanings, and some years look like numbers."""
    if not number.is_bare and number.last - first < 2:
        return None
    digits = excerpt.word(first)
    if number.is_bare and digits.isdecimal() and len(digits) == 4:
        if int(digits) in tuning.JALALI_YEARS:
            return None
        if int(digits) in tuning.GREGORIAN_YEARS:
            return Rendered(write_ungrouped(number.value, excerpt.into), number.last, "")
    return Rendered(write_number(number.value, excerpt.into), number.last, "")


def _range(excerpt: Excerpt, first: int) -> Rendered | None:
    """Return two numbers with one unit: from 3 to 5 hours, between 3 and 5 hours, 3-5 hours."""
    language, into = excerpt.language, excerpt.into
    between = excerpt.word(first) in _BETWEEN
    opened = between or excerpt.word(first) == _FROM[language]
    low = excerpt.numbers.get(first + opened)
    if low is None or low.and_before or low.last >= len(excerpt.tokens):
        return None
    joint = excerpt.tokens[low.last]
    if between and joint.text in (_AND, "and") and language != "ar" or not between and joint.text == _TO[language]:
        at = low.last + 1
    elif between and language == "ar":
        at = low.last + (joint.text == _AND)
    elif not opened and joint.gap in ("-", "–"):
        at = low.last
    else:
        return None
    high = excerpt.numbers.get(at)
    if high is None or high.value <= low.value or high.and_before != (between and language == "ar" and at == low.last):
        return None
    noun_last = noun_at(excerpt.tokens, high.last, high.value, language)
    sign = excerpt.gap(high.last)[:1]
    number = write_number(high.value, into)
    if noun_last and excerpt.gap(low.last)[:1] not in _PERCENT_SIGNS:
        noun, last = noun_last
        written, kind = with_noun(high.value, noun, into), noun.kind
    elif sign in _PERCENT_SIGNS or (last := _percent_word(excerpt, high.last)):
        last = high.last if sign in _PERCENT_SIGNS else last
        written, kind = _percent(high.value, into), "percent"
    else:
        return None
    if not written.startswith(number):
        return None
    both = _RANGE[into].format(low=write_number(low.value, into), high=number)
    return Rendered(both + written[len(number) :], last, kind, int(last == high.last))


def _half_hour(excerpt: Excerpt, first: int) -> Rendered | None:
    for phrase in _HALF_HOUR[excerpt.language]:
        if last := match_phrase(excerpt.tokens, first, phrase):
            return Rendered(with_noun(Decimal(30), noun_of("minute"), excerpt.into), last, "time")
    return None


def _and_half(excerpt: Excerpt, first: int, value: Decimal, noun: Noun) -> Rendered | None:
    """Return hours and a half; of what else there is a half, each language says in its own way."""
    if noun is not noun_of("hour"):
        return None
    for phrase in sorted(_AND_HALF[excerpt.language], key=len, reverse=True):
        if last := match_phrase(excerpt.tokens, first, phrase):
            return Rendered(with_noun(value + Decimal("0.5"), noun, excerpt.into), last, "time")
    return None


def _dual(excerpt: Excerpt, first: int) -> Rendered | None:
    """Return two of a thing, or one with its number behind it, which Arabic says without a digit."""
    if excerpt.language != "ar":
        return None
    if counted := two_or_one(excerpt.tokens, first):
        noun, value, last = counted
        with_half = _and_half(excerpt, last, value, noun)
        return with_half or Rendered(with_noun(value, noun, excerpt.into), last, noun.kind)
    # An hour, or a watch, until a half stands behind it.
    is_hour = excerpt.word(first) == fold("ساعة")
    return _and_half(excerpt, first + 1, Decimal(1), noun_of("hour")) if is_hour else None


def _qualifier_before(excerpt: Excerpt, first: int) -> tuple[int | None, int]:
    """Return the place in `_QUALIFIERS` of what stands before a number, and the token behind it."""
    for index, row in enumerate(_QUALIFIERS):
        for phrase in row[excerpt.language].split("|"):
            if last := match_phrase(excerpt.tokens, first, phrase):
                return index, last
    return None, first


def _qualifier_behind(excerpt: Excerpt, first: int) -> tuple[int | None, int]:
    """Return the same of what stands behind a number."""
    if first < len(excerpt.tokens) and is_spaced(excerpt.tokens[first].gap):
        for phrase, index in _BEHIND[excerpt.language].items():
            if last := match_phrase(excerpt.tokens, first, phrase):
                return index, last
    return None, first


def _percent(value: Decimal, into: Language) -> str:
    return say("percent", into, number=write_number(value, into))
