"""One sign of a number as it is written: digits with all that belongs to them, or a word, go in; its value comes out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal, get_args

from index.text import fold, fold_offsets
from index.types import LANGUAGES, Language
from rag.text import tuning
from rag.text.word_list import rows, spellings

Role = Literal["add", "times", "dual", "teen", "ten", "part", "counted", "vague", "also", "not", "loose"]

# Folding makes 105 of 10⁵ and 51/2 of 5½; here such characters are told from digits. A power is written ^5.
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_FRACTIONS = "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
# A digit that is set lower, in a circle or in brackets behind another: 10₅, 10⑤. Such a one is written _5.
_APART = re.compile("(?<=\\d)[\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_SPECIAL = re.compile(f"[{_RAISED}{_FRACTIONS}]|{_APART.pattern}")
_SEPARATORS = ".,٫٬،"
# One slash is a Persian decimal point, a fraction or a date; two are a date.
NUMERAL = (
    rf"(?<!\^)(?:(?<!\d/)\d+/\d+(?![/\d]|[{_SEPARATORS}]\d)|\d+(?:[{_SEPARATORS}]\d+)*(?:(?:\^[-\d])+|[{_FRACTIONS}])?|[{_FRACTIONS}])"
)
_WHOLE = re.compile(
    rf"(?P<digits>\d+(?:[{_SEPARATORS}]\d+)*)?(?P<power>(?:\^[-\d])+)?(?P<fraction>[{_FRACTIONS}])?(?:st|nd|rd|th)?"
)
_SLASHED = re.compile(r"(\d+)/(\d+)")
_PREFIXES = frozenset({"و", "ف", "ب", "ل", "وب", "ول", "فب", "فل"})
_BEGINNING: tuple[Role, ...] = ("add", "times", "dual", "teen", "part")
_TELLING: tuple[Role, ...] = ("add", "times", "dual", "part", "loose")


@dataclass(frozen=True, slots=True)
class Numeral:
    """The values that a number in digits may have, the likeliest first, and what its last digit counts."""

    readings: tuple[Fraction, ...]
    step: Fraction


def written(text: str) -> tuple[str, list[int]]:
    """Return a folded text and the offset of each character; powers (^5), lowered digits (_5) and ½ are told from digits."""
    if not _SPECIAL.search(text):
        return fold_offsets(text)
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        shown = f"^{fold(character).replace('−', '-')}" if character in _RAISED else fold(character)
        if _APART.match(text, offset):
            shown = f"_{shown}"
        for part in character if character in _FRACTIONS else shown:
            folded.append(part)
            offsets.append(offset)
    return "".join(folded), offsets


def read_numeral(text: str, language: Language | None = None) -> Numeral | None:
    """Return what a number in folded digits may mean; None for dates, versions and lists such as 2.5.3.

    1.500 is fifteen hundred in much of the world and one and a half in English; ۱۰/۵ is ten and a half in Persian, else two.
    """
    if slashed := _SLASHED.fullmatch(text):
        return _read_slash(slashed[1], slashed[2], language)
    found = _WHOLE.fullmatch(text)
    if found is None or len(text) > tuning.LONGEST_NUMERAL or not (found["digits"] or found["fraction"]):
        return None
    numeral = _read_digits(found["digits"], language) if found["digits"] else Numeral((Fraction(0),), Fraction(1))
    if numeral is None or (len(numeral.readings) > 1 and (found["power"] or found["fraction"])):
        return None
    if found["power"]:
        return _read_power(numeral.readings[0], found["power"].replace("^", ""))
    if found["fraction"]:
        part = Fraction(unicodedata.numeric(found["fraction"])).limit_denominator(10)
        return Numeral((numeral.readings[0] + part,), Fraction(1, 10)) if numeral.step == 1 else None
    return numeral


def _read_slash(first: str, second: str, language: Language | None) -> Numeral | None:
    if len(first) + len(second) > tuning.LONGEST_NUMERAL or not int(second):
        return None
    point, ratio = Fraction(f"{first}.{second}"), Fraction(int(first), int(second))
    readings = (point, ratio) if language == "fa" else (ratio, point)
    return Numeral(tuple(dict.fromkeys(readings)), Fraction(1, 10 ** len(second)))


def _read_power(base: Fraction, exponent: str) -> Numeral | None:
    if not re.fullmatch(r"-?\d{1,2}", exponent) or abs(int(exponent)) > tuning.LONGEST_NUMERAL or not base:
        return None
    return Numeral((base ** int(exponent),), Fraction(1))


def _read_digits(text: str, language: Language | None) -> Numeral | None:
    digits = re.split(f"[{_SEPARATORS}]", text)
    marks = re.findall(f"[{_SEPARATORS}]", text.replace("،", ","))
    if not marks:
        return Numeral((Fraction(text),), Fraction(1))
    grouped = len(digits[0]) <= 3 and all(len(group) == 3 for group in digits[1:]) and digits[0] != "0"
    whole = Numeral((Fraction("".join(digits)),), Fraction(1))
    if len(set(marks)) == 1 and len(marks) > 1:
        return whole if grouped and marks[0] != "٫" else None
    point = Numeral((Fraction(f"{''.join(digits[:-1])}.{digits[-1]}"),), Fraction(1, 10 ** len(digits[-1])))
    if len(marks) > 1:
        # 1,500.75 and 1.500,75: the last mark stands once and the others part thousands.
        parted = all(len(group) == 3 for group in digits[1:-1]) and len(digits[0]) <= 3 and len(set(marks[:-1])) == 1
        return point if parted and marks[-1] not in marks[:-1] and marks[-1] != "٬" else None
    if not grouped or marks[0] == "٫":
        return point if marks[0] != "٬" else None
    if marks[0] != ".":
        return whole
    if language == "en":
        return Numeral((*point.readings, *whole.readings), point.step)
    return Numeral((*whole.readings, *point.readings), whole.step)


@dataclass(frozen=True, slots=True)
class NumberWord:
    """What a word is worth in one of its roles, and the language that it is of."""

    value: Fraction
    language: Language


def number_word(role: Role, word: str, language: Language | None = None) -> NumberWord | None:
    """Return what a folded word is worth in a role, or None.

    Words of all three are read in any text, for a short one tells its language badly, but for some that mean something else in
    another language: Arabic صد repels an attack, and سي is a letter.
    """
    barred = _number_words().get(("not", word))
    return None if barred is not None and barred.language == language else _number_words().get((role, word))


def bare_number_word(
    role: Role, word: str, language: Language | None = None, *, behind: bool = False
) -> tuple[NumberWord | None, str]:
    """Return what a folded word is worth in a role, and the Arabic "and" and preposition written before it, if any.

    So short a word as ست is one by itself only: لست is none. `behind` another number it is one (مئة وست), and there a Persian
    "and" may be written with its word: بیست‌وپنج.
    """
    found = number_word(role, word, language)
    if found is not None:
        return found, ""
    for prefix in (word[:1], word[:2]):
        joined = behind and prefix == "و"
        if prefix in _PREFIXES and (joined or len(word) - len(prefix) > 2):
            found = number_word(role, word[len(prefix) :], language)
            if found is not None and (joined or found.language == "ar"):
                return found, prefix
    return None, ""


@lru_cache(maxsize=50_000)
def begins_number(word: str, language: Language | None = None) -> bool:
    """Tell whether a folded word may be the first of a number, so that most words are passed over at once."""
    return any(bare_number_word(role, word, language)[0] is not None for role in _BEGINNING)


@lru_cache(maxsize=50_000)
def tells_number(word: str) -> bool:
    """Tell whether a folded word by itself is a number or says one loosely: 12, twelve, hundreds, twice, اثنين, صدها."""
    is_digits = any(character.isdecimal() for character in word)
    return is_digits or any(bare_number_word(role, word)[0] is not None for role in _TELLING)


@cache
def _number_words() -> dict[tuple[Role, str], NumberWord]:
    found: dict[tuple[Role, str], NumberWord] = {}
    roles: dict[str, Role] = {role: role for role in get_args(Role)}
    for role, value, tongue, words in rows("number_words.tsv"):
        language = next(each for each in LANGUAGES if each == tongue)
        for form in (form for word in words.split() for form in spellings(word)):
            # مليون is spelt alike in Arabic and in Persian: the first line holds.
            found.setdefault((roles[role], form), NumberWord(Fraction(value), language))
    return found
