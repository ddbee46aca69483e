"""Quantities of a short answer in another language: durations, distances, money, shares, people; and what qualifies them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from babel import Locale

from index.text import fold
from index.types import Language
from rag.phrases import PERCENT
from rag.quoting.amount import Token, tokens_of
from rag.rendering.number import Number, is_spaced, write_number, write_ungrouped

_LONGEST = 5
_COLUMNS: tuple[Language, ...] = ("en", "ar", "fa")
_AR_CATEGORIES = ("one", "two", "few", "many", "other")
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
_TO: dict[Language, frozenset[str]] = {"en": frozenset({"to"}), "ar": frozenset({fold("إلى")}), "fa": frozenset({fold("تا")})}
_FROM: dict[Language, frozenset[str]] = {"en": frozenset({"from"}), "ar": frozenset({fold("من")}), "fa": frozenset({fold("از")})}
_BETWEEN = frozenset(fold("between بين بین").split())
_AND = fold("و")
_HALF_HOUR: dict[Language, tuple[str, ...]] = {
    "en": ("half an hour", "half hour"), "ar": ("نصف ساعة", "نصف الساعة"), "fa": ("نیم ساعت",)
}  # fmt: skip
_AND_HALF: dict[Language, tuple[str, ...]] = {
    "en": ("and a half",), "ar": ("ونصف", "و نصف", "ونصف الساعة", "ونصف ساعة"), "fa": ("و نیم",)
}  # fmt: skip
_MORE_TWOS = frozenset({"عامان", "عامين"})
_JALALI_YEARS = range(1300, 1500)
_YEARS = range(1500, 2101)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity in another language, the token behind it, its kind (its noun's, `percent` or none), how many signs it took."""

    written: str
    last: int
    kind: str
    signs: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Noun:
    """What is counted: its kind and its forms, English by number, Arabic by CLDR's five categories, Persian alone."""

    kind: str
    forms: Mapping[Language, tuple[str, ...]]


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
    return Quantity(f"{_first_word(_QUALIFIERS[qualifier][into])} {oblique(found.written, into)}", last, found.kind, found.signs)


def match_phrase(tokens: Sequence[Token], first: int, phrase: str) -> int:
    """Return the token behind a phrase that begins with a token; 0 where it does not stand there."""
    wanted = _split(phrase)
    last = first + len(wanted)
    read = tokens[first:last]
    fits = tuple(token.text for token in read) == wanted and all(is_spaced(token.gap) or token.gap == "-" for token in read[1:])
    return last if fits else 0


def _counted(
    tokens: Sequence[Token], first: int, numbers: Mapping[int, Number], language: Language, into: Language
) -> Quantity | None:
    number = numbers.get(first)
    article = language == "en" and tokens[first].text in ("a", "an")
    if number is None and article:
        number = Number(Decimal(1), first + 1, is_bare=False)
    if number is None or number.and_before:
        return None
    before, after = tokens[first].gap.strip(), _gap(tokens, number.last)
    if before[-1:] in _PERCENT_SIGNS or after[:1] in _PERCENT_SIGNS:
        return None if article else Quantity(_percent(number.value, into), number.last, "percent", 1)
    symbol = before[-1:] if before[-1:] in _SYMBOLS else after[:1]
    if symbol in _SYMBOLS:
        noun = next(noun for noun in _nouns() if noun.forms["en"][0] == _SYMBOLS[symbol])
        return Quantity(_with_noun(number.value, noun, into), number.last, noun.kind, 1)
    for phrase in _PERCENT[language]:
        if is_spaced(after) and (last := match_phrase(tokens, number.last, phrase)):
            return Quantity(_percent(number.value, into), last, "percent")
    noun_last = _noun_at(tokens, number.last, number.value, language)
    if noun_last:
        noun, last = noun_last
        if article and noun.kind != "time":
            return None
        return _and_half(tokens, last, number.value, noun, language, into) or Quantity(
            _with_noun(number.value, noun, into), last, noun.kind
        )
    return None if article else _bare(tokens, first, number, into)


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
    opened = between or tokens[first].text in _FROM[language]
    low = numbers.get(first + opened)
    if low is None or low.and_before or low.last >= len(tokens):
        return None
    joint = tokens[low.last]
    if between and joint.text in (_AND, "and") and language != "ar" or not between and joint.text in _TO[language]:
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
    noun_last = _noun_at(tokens, high.last, high.value, language)
    sign = _gap(tokens, high.last)[:1]
    if noun_last and _gap(tokens, low.last)[:1] not in _PERCENT_SIGNS:
        noun, last = noun_last
        written = _with_noun(high.value, noun, into)
        number = write_number(high.value, into)
        kind = noun.kind
    elif sign in _PERCENT_SIGNS:
        written, number, last, kind = _percent(high.value, into), write_number(high.value, into), high.last, "percent"
    else:
        return None
    if not written.startswith(number):
        return None
    both = _RANGE[into].format(low=write_number(low.value, into), high=number)
    return Quantity(both + written[len(number) :], last, kind, int(kind == "percent"))


def _half_hour(tokens: Sequence[Token], first: int, language: Language, into: Language) -> Quantity | None:
    for phrase in _HALF_HOUR[language]:
        if last := match_phrase(tokens, first, phrase):
            return Quantity(_with_noun(Decimal(30), _noun_of("minute"), into), last, "time")
    return None


def _and_half(
    tokens: Sequence[Token], first: int, value: Decimal, noun: Noun, language: Language, into: Language
) -> Quantity | None:
    """Return hours and a half; of what else there is a half, each language says in its own way."""
    if noun is not _noun_of("hour"):
        return None
    for phrase in sorted(_AND_HALF[language], key=len, reverse=True):
        if last := match_phrase(tokens, first, phrase):
            return Quantity(_with_noun(value + Decimal("0.5"), noun, into), last, "time")
    return None


def _dual(tokens: Sequence[Token], first: int, language: Language, into: Language) -> Quantity | None:
    """Return two of a thing, or one with its number behind it, which Arabic says without a digit."""
    if language != "ar":
        return None
    hour = _noun_of("hour")
    if tokens[first].text == fold("ساعة") and not match_phrase(tokens, first, hour.forms["ar"][0]):  # an hour, or a watch, until a half stands behind it
        return _and_half(tokens, first + 1, Decimal(1), hour, language, into)
    for last in range(min(first + _LONGEST, len(tokens)), first, -1):
        key = tuple(token.text for token in tokens[first:last])
        counted = _ar_without_digit().get(key)
        if counted and all(is_spaced(token.gap) for token in tokens[first + 1 : last]):
            noun, value = counted
            return _and_half(tokens, last, value, noun, language, into) or Quantity(
                _with_noun(value, noun, into), last, noun.kind
            )
    return None


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


def _first_word(choices: str) -> str:
    return choices.split("|")[0]


def oblique(written: str, into: Language) -> str:
    """Return an Arabic dual as it stands behind a preposition: ساعتين."""
    if into != "ar":
        return written
    return _obliques().get(written, written)


def _percent(value: Decimal, into: Language) -> str:
    return PERCENT[into].replace("{number}", write_number(value, into))


def _with_noun(value: Decimal, noun: Noun, into: Language) -> str:
    forms = noun.forms[into]
    if into == "fa":
        return f"{write_number(value, into)} {forms[0]}"
    if into == "en":
        return f"{write_number(value, into)} {forms[value != 1]}"
    category = Locale.parse("ar").plural_form(value)
    place = _AR_CATEGORIES.index(category) if category in _AR_CATEGORIES else -1
    return forms[place] if value in (1, 2) else f"{write_number(value, into)} {forms[place]}"


def _noun_at(tokens: Sequence[Token], first: int, value: Decimal, language: Language) -> tuple[Noun, int] | None:
    """Return the noun that begins with a token and the token behind it; an English one must agree with its number."""
    for last in range(min(first + _LONGEST, len(tokens)), first, -1):
        key = tuple(token.text for token in tokens[first:last])
        noun = _read_forms(language).get(key)
        if noun and _fits(tokens, first, last):
            one, many = noun.forms[language][0], noun.forms[language][-1]
            is_singular = language == "en" and one != many and key == _split(one)
            return None if is_singular and value != 1 else (noun, last)
    return None


def _fits(tokens: Sequence[Token], first: int, last: int) -> bool:
    return is_spaced(tokens[first].gap) and all(is_spaced(token.gap) or token.gap == "/" for token in tokens[first + 1 : last])


def _gap(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].gap.strip() if at < len(tokens) else ""


@cache
def _split(phrase: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens_of(phrase))


def _noun_of(english: str) -> Noun:
    return next(noun for noun in _nouns() if noun.forms["en"][0] == english)


@cache
def _rows() -> tuple[tuple[Noun, Mapping[Language, tuple[str, ...]]], ...]:
    text = resources.files("rag").joinpath("data/counted_words.tsv").read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, *columns = [*line.split("\t"), "", "", ""][:7]
            cells = [tuple(form.strip() for form in column.split("|") if form.strip()) for column in columns]
            forms, more = cells[:3], cells[3:]
            noun = Noun(kind, dict(zip(_COLUMNS, forms, strict=True)))
            rows.append((noun, dict(zip(_COLUMNS, more, strict=True))))
    return tuple(rows)


@cache
def _nouns() -> tuple[Noun, ...]:
    return tuple(noun for noun, _ in _rows())


@cache
def _read_forms(language: Language) -> Mapping[tuple[str, ...], Noun]:
    """Return the nouns by what may stand behind a number; what two of them share is none's."""
    found: dict[tuple[str, ...], Noun | None] = {}
    for noun, more in _rows():
        written = noun.forms[language][2:] if language == "ar" else noun.forms[language]
        for form in (*written, *more[language]):
            key = _split(form)
            found[key] = noun if found.setdefault(key, noun) is noun else None
    return {key: noun for key, noun in found.items() if noun}


@cache
def _ar_without_digit() -> Mapping[tuple[str, ...], tuple[Noun, Decimal]]:
    """Return the Arabic forms that hold their number: ساعة واحدة, ساعتان, ساعتين."""
    found: dict[tuple[str, ...], tuple[Noun, Decimal]] = {}
    for noun, more in _rows():
        one, two = noun.forms["ar"][:2]
        if two in noun.forms["ar"][2:]:
            continue
        found[_split(one)] = (noun, Decimal(1))
        for form in (two, *(form for form in more["ar"] if form.split()[0].endswith(("ين", "ان")))):
            if (_split(form)[0][:3] == _split(two)[0][:3] or form in _MORE_TWOS) and len(_split(form)) == len(_split(two)):
                found[_split(form)] = (noun, Decimal(2))
    return found


@cache
def _obliques() -> Mapping[str, str]:
    found = {}
    for noun in _nouns():
        two = noun.forms["ar"][1]
        head, *rest = two.split()
        if head.endswith("ان"):
            adjectives = [word.removesuffix("ان") + "ين" if word.endswith("ان") else word for word in rest]
            found[two] = " ".join([head.removesuffix("ان") + "ين", *adjectives])
    return found
