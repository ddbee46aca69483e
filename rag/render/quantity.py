"""Quantities of a short answer in another language: durations, distances, money, shares, people; and what qualifies them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text import fold
from index.types import Language
from rag.phrases import say
from rag.render.noun import Noun, match_phrase, noun_at, noun_of, oblique, two_or_one, with_noun
from rag.render.number import Number, is_spaced, write_number, write_ungrouped
from rag.text.amount import Token

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
_JALALI_YEARS = range(1300, 1500)
_YEARS = range(1500, 2101)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity in another language, the token behind it, its kind (its noun's, `percent` or none), how many signs it took."""

    written: str
    last: int
    kind: str
    signs: int = 0


def read_quantity(
    tokens: Sequence[Token], first: int, numbers: Mapping[int, Number], language: Language, into: Language
) -> Quantity | None:
    """Return the quantity that begins with a token, its qualifier included; None where a word of it is not certain."""
    qualifier, at = _qualifier(tokens, first, language)
    if at >= len(tokens) or (at > first and not is_spaced(tokens[at].gap.rstrip(SIGNS))):
        return None
    found = (
        _half_hour(tokens, at, language, into)
        or _dual(tokens, at, language, into)
        or _ranged(tokens, at, numbers, language, into)
        or _counted(tokens, at, numbers, language, into)
    )
    if found is None:
        return None
    behind, last = _behind(tokens, found.last, language)
    if behind is not None:
        if qualifier not in (None, behind):
            return None
        qualifier = behind
    if qualifier is None:
        return found
    hedge = _QUALIFIERS[qualifier][into].split("|")[0]
    return Quantity(f"{hedge} {oblique(found.written, into)}", last, found.kind, found.signs)


def _counted(
    tokens: Sequence[Token], first: int, numbers: Mapping[int, Number], language: Language, into: Language
) -> Quantity | None:
    number = numbers.get(first)
    article = language == "en" and tokens[first].text in ("a", "an")
    if article:
        is_round = first + 1 in numbers and tokens[first + 1].text in _ROUND[language]
        number = numbers[first + 1] if is_round else Number(Decimal(1), first + 1, is_bare=False)
        article = not is_round
    elif tokens[first].text in _ROUND[language]:  # the rest of 2.5 million, perhaps
        return None
    if number is None or number.and_before:
        return None
    before, after = tokens[first].gap.strip(), _gap(tokens, number.last)
    if before[-1:] in _PERCENT_SIGNS or after[:1] in _PERCENT_SIGNS:
        return None if article else Quantity(_percent(number.value, into), number.last, "percent", 1)
    symbol = before[-1:] if before[-1:] in _SYMBOLS else after[:1]
    if symbol in _SYMBOLS:
        noun = noun_of(_SYMBOLS[symbol])
        return Quantity(with_noun(number.value, noun, into), number.last, noun.kind, 1)
    if last := _percent_word(tokens, number.last, language):
        return None if article else Quantity(_percent(number.value, into), last, "percent")
    noun_last = noun_at(tokens, number.last, number.value, language)
    if noun_last:
        noun, last = noun_last
        if article and noun.kind != "time":
            return None
        return _and_half(tokens, last, number.value, noun, language, into) or Quantity(
            with_noun(number.value, noun, into), last, noun.kind
        )
    return None if article else _bare(tokens, first, number, into)


def _percent_word(tokens: Sequence[Token], first: int, language: Language) -> int:
    """Return the token behind the word for hundredths that begins with a token; 0 where there is none."""
    found = (match_phrase(tokens, first, phrase) for phrase in _PERCENT[language])
    return next(filter(None, found), 0) if is_spaced(_gap(tokens, first)) else 0


def _bare(tokens: Sequence[Token], first: int, number: Number, into: Language) -> Quantity | None:
    """Return a number without a unit; words for small ones have other meanings, and some years look like numbers."""
    if not number.is_bare and number.last - first < 2:
        return None
    digits = tokens[first].text
    if number.is_bare and digits.isdecimal() and len(digits) == 4:
        if int(digits) in _JALALI_YEARS:
            return None
        if int(digits) in _YEARS:
            return Quantity(write_ungrouped(number.value, into), number.last, "")
    return Quantity(write_number(number.value, into), number.last, "")


def _ranged(
    tokens: Sequence[Token], first: int, numbers: Mapping[int, Number], language: Language, into: Language
) -> Quantity | None:
    """Return two numbers with one unit: from 3 to 5 hours, between 3 and 5 hours, 3-5 hours."""
    between = tokens[first].text in _BETWEEN
    opened = between or tokens[first].text == _FROM[language]
    low = numbers.get(first + opened)
    if low is None or low.and_before or low.last >= len(tokens):
        return None
    joint = tokens[low.last]
    if between and joint.text in (_AND, "and") and language != "ar" or not between and joint.text == _TO[language]:
        at = low.last + 1
    elif between and language == "ar":
        at = low.last + (joint.text == _AND)
    elif not opened and joint.gap in ("-", "–"):
        at = low.last
    else:
        return None
    high = numbers.get(at)
    if high is None or high.value <= low.value or high.and_before != (between and language == "ar" and at == low.last):
        return None
    noun_last = noun_at(tokens, high.last, high.value, language)
    sign = _gap(tokens, high.last)[:1]
    if noun_last and _gap(tokens, low.last)[:1] not in _PERCENT_SIGNS:
        noun, last = noun_last
        written = with_noun(high.value, noun, into)
        number = write_number(high.value, into)
        kind = noun.kind
    elif sign in _PERCENT_SIGNS or (last := _percent_word(tokens, high.last, language)):
        last = high.last if sign in _PERCENT_SIGNS else last
        written, number, kind = _percent(high.value, into), write_number(high.value, into), "percent"
    else:
        return None
    if not written.startswith(number):
        return None
    both = _RANGE[into].format(low=write_number(low.value, into), high=number)
    return Quantity(both + written[len(number) :], last, kind, int(last == high.last))


def _half_hour(tokens: Sequence[Token], first: int, language: Language, into: Language) -> Quantity | None:
    for phrase in _HALF_HOUR[language]:
        if last := match_phrase(tokens, first, phrase):
            return Quantity(with_noun(Decimal(30), noun_of("minute"), into), last, "time")
    return None


def _and_half(
    tokens: Sequence[Token], first: int, value: Decimal, noun: Noun, language: Language, into: Language
) -> Quantity | None:
    """Return hours and a half; of what else there is a half, each language says in its own way."""
    if noun is not noun_of("hour"):
        return None
    for phrase in sorted(_AND_HALF[language], key=len, reverse=True):
        if last := match_phrase(tokens, first, phrase):
            return Quantity(with_noun(value + Decimal("0.5"), noun, into), last, "time")
    return None


def _dual(tokens: Sequence[Token], first: int, language: Language, into: Language) -> Quantity | None:
    """Return two of a thing, or one with its number behind it, which Arabic says without a digit."""
    if language != "ar":
        return None
    if counted := two_or_one(tokens, first):
        noun, value, last = counted
        return _and_half(tokens, last, value, noun, language, into) or Quantity(with_noun(value, noun, into), last, noun.kind)
    # An hour, or a watch, until a half stands behind it.
    is_hour = tokens[first].text == fold("ساعة")
    return _and_half(tokens, first + 1, Decimal(1), noun_of("hour"), language, into) if is_hour else None


def _qualifier(tokens: Sequence[Token], first: int, language: Language) -> tuple[int | None, int]:
    for index, row in enumerate(_QUALIFIERS):
        for phrase in row[language].split("|"):
            if last := match_phrase(tokens, first, phrase):
                return index, last
    return None, first


def _behind(tokens: Sequence[Token], first: int, language: Language) -> tuple[int | None, int]:
    for phrase, index in _BEHIND[language].items():
        if first < len(tokens) and is_spaced(tokens[first].gap) and (last := match_phrase(tokens, first, phrase)):
            return index, last
    return None, first


def _percent(value: Decimal, into: Language) -> str:
    return say("percent", into, number=write_number(value, into))


def _gap(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].gap.strip() if at < len(tokens) else ""
