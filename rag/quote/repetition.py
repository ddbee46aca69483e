"""Sentences that two articles have in common: told in almost the same letters, or one inside the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache

from rapidfuzz import fuzz

from index.text import ZWNJ, fold, squash, words
from rag.text.amount import amounts, tokens_of
from rag.text.common_words import is_function_word, is_light_word
from rag.text.glossary import Glossary
from rag.types import Evidence

_SAME_SENTENCE = 82
# One sentence stands in the other: so many letters at least, and so alike.
_CONTAINED = 95
_LEAST_LETTERS = 40
# A tenth of the letters may be missing or added, each of which takes four grams with it.
_SHARED_GRAMS = 0.5
_SAME_WORD = 75
_NEGATION = re.compile(
    fold(
        r"not|no|never|without|denied|denies|\w+n't|لم|لن|لا|ليس\w*|غير|دون|نفى|نفت|نه|هیچ|بدون|"
        r"ن(?:می|ه?است|شد|کرد|بود|خواهد)\w*"
    )
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence, and the other articles' sentences that repeat it."""

    evidence: Evidence
    also: tuple[Evidence, ...] = ()


def merged(evidence: Sequence[Evidence], glossary: Glossary) -> list[Quote]:
    """Return the evidence in its order, every sentence once, with the other articles that repeat it."""
    quotes: list[Quote] = []
    for item in evidence:
        kept_quotes = (kept.evidence.quote for kept in quotes)
        at = next((at for at, quote in enumerate(kept_quotes) if same_sentence(item.quote, quote, glossary)), None)
        if at is None:
            quotes.append(Quote(item))
            continue
        kept = quotes[at]
        known = {other.passage.article.article_id for other in (kept.evidence, *kept.also)}
        if item.passage.article.article_id not in known:
            quotes[at] = Quote(kept.evidence, (*kept.also, item))
    return quotes


def same_sentence(one: str, other: str, glossary: Glossary) -> bool:
    """Tell whether two sentences say the same in almost the same letters, or one of them all that the other says.

    Two that differ in a number, a name or a negation are two: those are what reports contradict each other in.
    """
    mine, theirs = _letters(one), _letters(other)
    if fuzz.ratio(mine, theirs) >= _SAME_SENTENCE:
        return _numbers(one) == _numbers(other) and not any(_differs(*pair, glossary) for pair in _replaced(one, other))
    short, long = sorted((one, other), key=lambda text: (len(_letters(text)), text))
    if len(_letters(short)) < _LEAST_LETTERS or not _is_contained(_letters(short), _letters(long)):
        return False
    return _numbers(short) <= _numbers(long) and not _negations(short) ^ _negations(long)


def _is_contained(short: str, long: str) -> bool:
    """Tell whether nearly all letters of one text stand in a row in another."""
    # To look for the best place takes a hundred times as long as to see that most sentences have hardly a gram in common.
    grams = _grams(short)
    if len(grams & _grams(long)) < _SHARED_GRAMS * len(grams):
        return False
    return fuzz.partial_ratio(short, long, score_cutoff=_CONTAINED) >= _CONTAINED


@lru_cache(maxsize=4_096)
def _grams(letters: str) -> frozenset[str]:
    return frozenset(letters[place : place + 4] for place in range(len(letters) - 3))


@lru_cache(maxsize=4_096)
def _letters(text: str) -> str:
    return squash(text)


def _numbers(text: str) -> set[Fraction]:
    return {number.value for number in amounts(tokens_of(text))}


def _negations(text: str) -> bool:
    return any(_NEGATION.fullmatch(word) for word in words(text))


def _replaced(one: str, other: str) -> Iterator[tuple[list[str], list[str], str]]:
    """Yield the stretches of words in which two sentences differ, more than in spelling, and the word before them."""
    mine, theirs = _plain_words(one), _plain_words(other)
    for kind, start, end, other_start, other_end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        here, there = mine[start:end], theirs[other_start:other_end]
        if kind != "equal" and fuzz.ratio("".join(here), "".join(there)) < _SAME_WORD:
            yield here, there, mine[start - 1] if start else ""


def _plain_words(text: str) -> list[str]:
    return [part for word in words(text) for part in word.split(ZWNJ)]


def _differs(here: Sequence[str], there: Sequence[str], before: str, glossary: Glossary) -> bool:
    """Tell whether another stretch of words makes another statement: a negation, a name, or words that look like one.

    Two unknown words for two others are most likely names, and one for another is if an office stands before it.
    """
    if any(_NEGATION.fullmatch(word) for word in (*here, *there)):
        return True
    if not here or not there:
        return False
    if any(_is_name(word, glossary) for word in (*here, *there)):
        return True
    unknown = all(_is_unknown(word, glossary) for word in (*here, *there))
    alike = len(here) == len(there)
    return unknown and alike and (len(here) == 2 or (len(here) == 1 and _is_office(before, glossary)))


def _is_name(word: str, glossary: Glossary) -> bool:
    return any(entry.is_name for entry in glossary.entries_of(word)[:1])


def _is_office(word: str, glossary: Glossary) -> bool:
    return any(entry.kind == "office" for entry in glossary.entries_of(word))


def _is_unknown(word: str, glossary: Glossary) -> bool:
    return not glossary.entries_of(word) and not is_function_word(word) and not is_light_word(word)
