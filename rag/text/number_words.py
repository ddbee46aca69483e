"""The words of numbers in three languages, each with what it does in one: rag/data/number_words.tsv, read once and folded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal

from index.text import fold
from index.types import LANGUAGES, Language
from rag.text.word_list import rows

Role = Literal["add", "times", "dual", "teen", "ten", "part", "counted", "vague", "also", "not"]


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
    barred = _listed().get(("not", word))
    return None if barred is not None and barred.language == language else _listed().get((role, word))


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


_BEGINNING: tuple[Role, ...] = ("add", "times", "dual", "teen", "part")
_PREFIXES = frozenset({"و", "ف", "ب", "ل", "وب", "ول", "فب", "فل"})


@cache
def _listed() -> dict[tuple[Role, str], NumberWord]:
    found: dict[tuple[Role, str], NumberWord] = {}
    roles: dict[str, Role] = {
        "add": "add", "times": "times", "dual": "dual", "teen": "teen", "ten": "ten", "part": "part", "counted": "counted",
        "vague": "vague", "also": "also", "not": "not",
    }  # fmt: skip
    for role, value, tongue, written in rows("number_words.tsv"):
        language = next(each for each in LANGUAGES if each == tongue)
        for word in written.split():
            # مليون is spelt alike in Arabic and in Persian: the first line holds.
            found.setdefault((roles[role], fold(word)), NumberWord(Fraction(value), language))
    return found
