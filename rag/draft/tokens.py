"""A sentence as it is compared with another: its tokens, and what each of them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

import jdatetime

from index.dates import month_names, parse_date
from index.types import Language
from rag.draft import tuning
from rag.draft.segments import ORDINAL, RADICAL_WAW, Segment, joins_with_waw, segments_of
from rag.draft.units import AND, is_symbol, joint_of
from rag.text import amount
from rag.text.common_words import is_function_word, is_light_word
from rag.text.glossary import Entry, Glossary, Match
from rag.text.match import forms
from rag.text.word_list import operators, sentence_words

Role = Literal["name", "value", "word", "light", "operator", "function"]

_OFFICE_KINDS = frozenset({"office"})
_PLACE_KINDS = frozenset({"city", "region", "country"})
_TIME_KINDS = frozenset({"month", "weekday"})
# Grammatical classes say nothing by themselves; the others are words with a sense of their own, which must be met as well.
_GRAMMATICAL = frozenset(
    {"not", "before", "after", "until", "if", "more", "less", "least", "all", "some", "most", "only", "nearly", "first", "last",
     "future", "may", "must", "against", "former", "half", "subjunctive", "despite", "instead"}
)  # fmt: skip
_ANNOUNCES = re.compile(r":(?!$)|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or name of a sentence.

    `parts` holds for each of its words the forms by which it is compared; `marks` are words beside it that settle its sense.
    A number's `value` is in plain digits, and `joint` tells what stands between it and the number before it: "-", ":", "and".
    What is written but not said: `raw`, `signs`, `pauses`, `quoted`, `vowels`, `is_currency` as a segment has them. `is_glued`
    to the word before are the 7 of G7 and the war of anti-war; `is_symbol` marks letters that stand for a word at a number: the
    m of 5m, the h of km/h, ق.م; `is_announced` what stands behind a colon or a dash between spaces.
    """

    word: str
    role: Role
    parts: tuple[frozenset[str], ...]
    clause: int
    entries: tuple[Entry, ...] = ()
    value: str | None = None
    operator: str | None = None
    relation: str | None = None
    marks: frozenset[str] = frozenset()
    capital: bool = False
    is_number: bool = False
    pauses: int = 0
    quoted: bool = False
    vowels: tuple[tuple[str, str], ...] = ()
    signs: frozenset[str] = frozenset()
    is_currency: bool = False
    raw: str = ""
    joint: str | None = None
    is_glued: bool = False
    is_symbol: bool = False
    is_announced: bool = False

    @property
    def is_grammatical(self) -> bool:
        """Whether it only turns or joins other words."""
        return self.role in ("operator", "function")

    @property
    def is_place(self) -> bool:
        """Whether it says where: a place behind a word such as "in"."""
        return self.relation in sentence_words("locative") and self._may_be_place

    @property
    def is_direction(self) -> bool:
        """Whether it says where from or where to."""
        return self.relation in sentence_words("direction") and self._may_be_place

    @property
    def _may_be_place(self) -> bool:
        kinds = {entry.kind for entry in self.entries}
        return self.role == "name" and (not kinds or bool(kinds & _PLACE_KINDS))

    @property
    def is_person(self) -> bool:
        """Whether it names a person, or somebody or something that the glossary does not know."""
        return self.role == "name" and (not self.entries or any(entry.kind == "person" for entry in self.entries))

    @property
    def is_time(self) -> bool:
        """Whether it is a date, a month or a day of the week."""
        return self.role == "value" and not self.is_number

    @property
    def is_office(self) -> bool:
        """Whether it is a title that goes with a name."""
        return bool(self.entries) and self.entries[0].kind in _OFFICE_KINDS


@lru_cache(maxsize=tuning.SENTENCES_READ)
def read_tokens(text: str, language: Language, glossary: Glossary, published: date | None = None) -> tuple[Token, ...]:
    """Return the tokens of a sentence in reading order; `published` tells the year of a date that has none."""
    segments = list(segments_of(text, language, glossary))
    matches = {match.start: match for match in glossary.find([segment.word for segment in segments], language)}
    numbers = _numbers(segments, language)
    tokens: list[Token] = []
    start = joined = 0
    counted: int | None = None  # where the last number ended
    while start < len(segments):
        token, end = _token_at(segments, start, matches, numbers, language, published)
        segment, last = segments[start], segments[end - 1]
        token = replace(
            token, clause=token.clause - joined, pauses=segment.pauses, quoted=segment.quoted,
            signs=(segment.signs | last.signs) - (frozenset() if token.is_number else {ORDINAL}),
            vowels=segment.vowels if end == start + 1 else (), is_currency=segment.is_currency, raw=segment.raw,
            joint=joint_of(segments[counted : start + 1]) if token.is_number and counted is not None else None,
            is_announced=_ANNOUNCES.search(segment.gap) is not None,
            is_glued=bool(tokens) and _is_glued(segments, start, tokens[-1]),
        )  # fmt: skip
        if is_symbol(segments, start) and end == start + 1:
            token = replace(token, role="word" if token.role in ("function", "light") else token.role, is_symbol=True)
        if turned := _no_or_still(segments, start):
            token = replace(token, role="operator", operator=turned)
        counted = end if token.is_number else counted
        tokens.append(replace(token, relation=_relation(tokens), marks=_marks(tokens, token)))
        if token.word in sentence_words("accusative") and len(tokens) > 1:
            tokens[-2] = replace(tokens[-2], marks=tokens[-2].marks | {"object"})
        # The "and" of twenty-five in Arabic and Persian begins no clause.
        joined += last.clause - segment.clause if token.is_number else 0
        start = end
    return tuple(tokens)


def _token_at(
    segments: Sequence[Segment], start: int, matches: dict[int, Match], numbers: dict[int, amount.Amount], language: Language,
    published: date | None,
) -> tuple[Token, int]:
    """Return the token that begins at a place, and where the next one does: a date, a number, a glossary term or a word."""
    clause = segments[start].clause
    found = [segment.word for segment in segments[start : start + tuning.LONGEST_TERM]]
    dated = _date_at(found, published)
    if dated:
        return Token(dated[0], "value", (), clause, value=dated[0]), start + 2
    number = numbers.get(start)
    if number:
        return Token(number.plain, "value", (), clause, value=number.plain, is_number=True), number.last
    match = matches.get(start)
    covered = found[: match.end - start] if match else []
    if match and not all(map(is_function_word, covered)):
        term = _term(covered, match.entries, _plain(segments[start], language), language)
        if term:
            return term, match.end
    return _plain(segments[start], language), start + 1


def _is_glued(segments: Sequence[Segment], start: int, before: Token) -> bool:
    """Tell whether a word is half of one: letters and digits that touch, or what stands behind a prefix with its hyphen."""
    segment = segments[start]
    if before.role == "function":
        return False
    if segment.is_glued:
        return segment.word[0].isdecimal() or segments[start - 1].word[-1].isdecimal()
    halves = segments[start - 1 : start + 1]
    return segment.gap in ("-", "‐") and all(half.raw.isascii() and half.raw.isalpha() for half in halves)


def _no_or_still(segments: Sequence[Segment], start: int) -> str | None:
    """Return the class of an Arabic ما at the beginning of a clause: "not" in ما استقال, "still" in ما زال, None in ما إذا."""
    if segments[start].word not in sentence_words("whatornot", "ar") or start + 1 == len(segments):
        return None
    before, verb = segments[start - 1].word if start else "", segments[start + 1].word
    if verb in sentence_words("still", "ar"):
        return "still"
    begins = segments[start].first or before in sentence_words("that", "ar") or bool(segments[start].gap.strip())
    return "not" if begins and verb not in sentence_words("whatever", "ar") else None


def _numbers(segments: Sequence[Segment], language: Language) -> dict[int, amount.Amount]:
    """Return the numbers of a sentence by their first segment, but for words that are articles or a "no" as well."""
    found = amount.amounts([amount.Token(segment.word, 0, 0, segment.gap) for segment in segments], language)
    return {number.first: number for number in found if not number.also_word}


def _term(words: Sequence[str], entries: tuple[Entry, ...], like: Token, language: Language) -> Token | None:
    """Return a glossary term as one token; None where one of its words turns a sentence round and must be seen by itself."""
    names_or_dates = entries[0].is_name or entries[0].kind in _TIME_KINDS
    if not names_or_dates and any(operator_of(word, language) in _GRAMMATICAL for word in words):
        return None
    word = " ".join(words)
    content = [part for part in words if not is_function_word(part)] or list(words)
    role: Role = "word"
    if entries[0].kind in _TIME_KINDS:
        role = "value"
    elif entries[0].is_name:
        role = "name"
    elif len(words) == 1 and is_light_word(words[0]):
        role = "light"
    turning = (operator_of(word, language) for word in words if not names_or_dates)
    operator = next(filter(None, turning), None)
    return Token(word, role, tuple(map(forms, content)), like.clause, entries, operator=operator, capital=like.capital)


def _plain(segment: Segment, language: Language) -> Token:
    word = segment.word
    # "Had he resigned, ..." is an "if".
    inverted = language == "en" and segment.first and word in ("had", "were", "should")
    operator = "if" if inverted else operator_of(word, language)
    role: Role = "word"
    if operator in _GRAMMATICAL:
        role = "operator"
    elif is_function_word(word) and operator is None:
        role = "function"
    elif segment.capital and not segment.first:
        role = "name"
    elif is_light_word(word) and operator is None:
        role = "light"
    return Token(word, role, (forms(word),), segment.clause, operator=operator, capital=segment.capital)


def _relation(before: Sequence[Token]) -> str | None:
    """Return the preposition in front of the next token, over articles and titles."""
    joint = None
    for token in reversed(before[-tuning.RELATION_BEFORE :]):
        if token.word in sentence_words("of"):
            joint = joint or token.word
        elif token.role == "function" and token.word not in sentence_words("article"):
            return joint or token.word if joint not in sentence_words("genitive") else token.word
        elif token.role != "function" and not (token.is_office or token.word in sentence_words("placenoun") or token.is_place):
            return joint
    return joint


def _marks(before: Sequence[Token], token: Token) -> frozenset[str]:
    """Return what the words before a token make of it: a passive, or a verb that only may come true."""
    marks = {"or"} if before and before[-1].word in sentence_words("or") else set()
    marks |= {"and"} if (before and before[-1].word in AND) or joins_with_waw(token.word) else set()
    if token.role in ("word", "light") and token.word.isascii():
        participle = token.word.endswith("ed") or token.word in sentence_words("participle")
        if participle and any(near.word in sentence_words("be") for near in before[-2:]):
            marks.add("passive")
        if token.word.endswith("ing"):
            marks.add("ing")
    if token.role in ("word", "light") and before and before[-1].word in sentence_words("infinitive"):
        marks.add("to")
    if before and before[-1].word in sentence_words("that"):
        marks.add("that")
    joint = next((near for near in reversed(before) if near.word not in sentence_words("article")), None)
    if joint is not None and joint.role == "function" and joint.word not in sentence_words("of"):
        marks.add("apart")
    return frozenset(marks)


def _date_at(found: Sequence[str], published: date | None) -> tuple[str, str] | None:
    """Return the date that `found` begins with, as month and day of the Gregorian calendar, and its words; or None."""
    months = month_names()
    if len(found) < 2:
        return None
    day, month = (found[0], found[1]) if found[1] in months else (found[1], found[0])
    digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", day)
    if month not in months or digits is None:
        return None
    third = found[2] if len(found) > 2 else ""
    for year in [third] if re.fullmatch(r"\d{4}", third) else _years(published):
        parsed = parse_date(f"{digits[1]} {month} {year}")
        if parsed:
            return f"{parsed.month:02}-{parsed.day:02}", f"{day} {month}"
    return f"{digits[1]} {month}", f"{day} {month}"


def _years(published: date | None) -> list[str]:
    """Return the year of a day in the Gregorian and the Jalali calendar; a leap year where it is unknown."""
    if published is None or not 1000 < published.year < 9000:
        return ["2024"]
    return [str(published.year), str(jdatetime.date.fromgregorian(date=published).year)]


def operator_of(word: str, language: Language) -> str | None:
    """Return the class of a folded word that makes another statement of the same words, or None."""
    whole, beginnings = operators("en" if word.isascii() else language)
    bare = word[1:] if language == "ar" and word[0] in "وف" and not RADICAL_WAW.match(word) else word
    for form in (word, bare):
        if form in whole:
            return whole[form]
        for beginning, name in beginnings:
            if form.startswith(beginning):
                return name
    return None
