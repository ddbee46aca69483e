"""Numbers as each language writes them, and what they count (hours, dollars, people) in the form that the number asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale

from index.types import Language
from rag.phrases import written_count
from rag.render import tuning
from rag.text.amount import Token, tokens_of
from rag.text.certain_number import is_spaced
from rag.text.word_list import rows

_COLUMNS: tuple[Language, ...] = ("en", "ar", "fa")
_AR_CATEGORIES = ("one", "two", "few", "many", "other")
_MORE_TWOS = frozenset({"عامان", "عامين"})
_SCALES: tuple[tuple[Decimal, dict[Language, tuple[str, str]]], ...] = (
    (Decimal(10**12), {"en": ("trillion",) * 2, "ar": ("تريليون", "تريليونات"), "fa": ("تریلیون",) * 2}),
    (Decimal(10**9), {"en": ("billion",) * 2, "ar": ("مليار", "مليارات"), "fa": ("میلیارد",) * 2}),
    (Decimal(10**6), {"en": ("million",) * 2, "ar": ("مليون", "ملايين"), "fa": ("میلیون",) * 2}),
)
_POINT: dict[Language, str] = {"en": ".", "ar": ".", "fa": "٫"}


@dataclass(frozen=True, slots=True, eq=False)
class Noun:
    """What is counted: its kind and its forms, English by number, Arabic by CLDR's five categories, Persian alone."""

    kind: str
    forms: Mapping[Language, tuple[str, ...]]


def noun_of(english: str) -> Noun:
    """Return a noun by its first English form."""
    return next(noun for noun in _nouns() if noun.forms["en"][0] == english)


def noun_at(tokens: Sequence[Token], first: int, value: Decimal, language: Language) -> tuple[Noun, int] | None:
    """Return the noun that begins with a token and the token behind it, if both agree in number."""
    for last in range(min(first + tuning.LONGEST_NOUN, len(tokens)), first, -1):
        key = tuple(token.text for token in tokens[first:last])
        noun = _read_forms(language).get(key)
        if noun and _fits(tokens, first, last):
            return (noun, last) if _agrees(key, noun, value, language) else None
    return None


def with_noun(value: Decimal, noun: Noun, into: Language) -> str:
    """Return a number with its noun: 3 hours, ساعتان."""
    forms = noun.forms[into]
    if into == "fa":
        return f"{write_number(value, into)} {forms[0]}"
    if into == "en":
        return f"{write_number(value, into)} {forms[value != 1]}"
    category = Locale.parse("ar").plural_form(value)
    place = _AR_CATEGORIES.index(category) if category in _AR_CATEGORIES else -1
    return forms[place] if value in (1, 2) else f"{write_number(value, into)} {forms[place]}"


def write_number(value: Decimal, language: Language) -> str:
    """Return a number as a language writes it: 1,507; 1.2 million; ۱٫۵."""
    for scale, names in _SCALES:
        share = value / scale
        if 1 <= share < 1000 and share % tuning.FINEST_SHARE == 0:
            return f"{_digits(share, language)} {names[language][share % 1 == 0 and 3 <= share <= 10]}"
    return _digits(value, language)


def write_ungrouped(value: Decimal, language: Language) -> str:
    """Return a whole number without separators, because it may be a year."""
    return "".join(written_count(int(digit), language) for digit in str(int(value)))


def _digits(value: Decimal, language: Language) -> str:
    whole, _, fraction = format(value, "f").partition(".")
    fraction = fraction.rstrip("0")
    written = written_count(int(whole), language)
    return written + (_POINT[language] + "".join(written_count(int(digit), language) for digit in fraction) if fraction else "")


def oblique(written: str, into: Language) -> str:
    """Return an Arabic dual as it stands behind a preposition: ساعتين."""
    if into != "ar":
        return written
    return _obliques().get(written, written)


def match_phrase(tokens: Sequence[Token], first: int, phrase: str) -> int:
    """Return the token behind a phrase that begins with a token; 0 where it does not stand there."""
    wanted = _split(phrase)
    last = first + len(wanted)
    read = tokens[first:last]
    fits = tuple(token.text for token in read) == wanted and all(is_spaced(token.gap) or token.gap == "-" for token in read[1:])
    return last if fits else 0


def _agrees(key: tuple[str, ...], noun: Noun, value: Decimal, language: Language) -> bool:
    """Tell whether a form can follow its number: no English singular behind 7, no Arabic accusative behind the عشر of 19."""
    forms = [_split(form) for form in noun.forms[language]]
    if language == "en":
        return value == 1 or key != forms[0] or forms[0] == forms[1]
    return language != "ar" or not 3 <= value <= 10 or key != forms[3] or key == forms[4]


def two_or_one(tokens: Sequence[Token], first: int) -> tuple[Noun, Decimal, int] | None:
    """Return the noun of an Arabic form that holds its number, that number, and the token behind it: ساعتان, ساعة واحدة."""
    for last in range(min(first + tuning.LONGEST_NOUN, len(tokens)), first, -1):
        counted = _ar_without_digit().get(tuple(token.text for token in tokens[first:last]))
        if counted and all(is_spaced(token.gap) for token in tokens[first + 1 : last]):
            return *counted, last
    return None


def _fits(tokens: Sequence[Token], first: int, last: int) -> bool:
    return is_spaced(tokens[first].gap) and all(is_spaced(token.gap) or token.gap == "/" for token in tokens[first + 1 : last])


@cache
def _split(phrase: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens_of(phrase))


@cache
def _rows() -> tuple[tuple[Noun, Mapping[Language, tuple[str, ...]]], ...]:
    found = []
    for row in rows("counted_words.tsv"):
        kind, *columns = [*row, "", "", ""][:7]
        cells = [tuple(form.strip() for form in column.split("|") if form.strip()) for column in columns]
        forms, more = cells[:3], cells[3:]
        noun = Noun(kind, dict(zip(_COLUMNS, forms, strict=True)))
        found.append((noun, dict(zip(_COLUMNS, more, strict=True))))
    return tuple(found)


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
    held = _ar_without_digit() if language == "ar" else {}
    return {key: noun for key, noun in found.items() if noun and key not in held}


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
