"""Sentences that two articles have in common: told in almost the same letters, or one inside the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz import fuzz

from index.text import ZWNJ, fold, squash, words
from rag.glossary import load_glossary
from rag.quoting.amount import amounts, tokens_of
from rag.reading.common_words import is_function_word, is_light_word
from rag.types import Evidence

_SAME_SENTENCE = 82
# One sentence stands in the other: so many letters at least, and so alike.
_CONTAINED = 95
_LEAST_LETTERS = 40
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


def merged(evidence: Sequence[Evidence]) -> list[Quote]:
    """Return the evidence in its order, every sentence once, with the other articles that repeat it."""
    quotes: list[Quote] = []
    for item in evidence:
        at = next((at for at, kept in enumerate(quotes) if same_sentence(item.quote, kept.evidence.quote)), None)
        if at is None:
            quotes.append(Quote(item))
            continue
        kept = quotes[at]
        known = {other.passage.article.article_id for other in (kept.evidence, *kept.also)}
        if item.passage.article.article_id not in known:
            quotes[at] = Quote(kept.evidence, (*kept.also, item))
    return quotes


def same_sentence(one: str, other: str) -> bool:
    """Tell whether two sentences say the same in almost the same letters, or one of them all that the other says.

    Two that differ in a number, a name or a negation are two: those are what reports contradict each other in.
    """
    mine, theirs = _letters(one), _letters(other)
    if fuzz.ratio(mine, theirs) >= _SAME_SENTENCE:
        return _numbers(one) == _numbers(other) and not any(_differs(*pair) for pair in _replaced(one, other))
    short, long = sorted((one, other), key=lambda text: (len(_letters(text)), text))
    if len(_letters(short)) < _LEAST_LETTERS or fuzz.partial_ratio(_letters(short), _letters(long)) < _CONTAINED:
        return False
    return _numbers(short) <= _numbers(long) and not _negations(short) ^ _negations(long)


@lru_cache(maxsize=4_096)
def _letters(text: str) -> str:
    return squash(text)


def _numbers(text: str) -> set[float]:
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


def _differs(here: Sequence[str], there: Sequence[str], before: str) -> bool:
    """Tell whether another stretch of words makes another statement: a negation, a name, or words that look like one.

    Two unknown words for two others are most likely names, and one for another is if an office stands before it.
    """
    if any(_NEGATION.fullmatch(word) for word in (*here, *there)):
        return True
    if not here or not there:
        return False
    if any(map(_is_name, (*here, *there))):
        return True
    unknown = all(map(_is_unknown, (*here, *there)))
    return unknown and ((len(here), len(there)) == (2, 2) or (len(here) == len(there) == 1 and _is_office(before)))


def _is_name(word: str) -> bool:
    return any(match.entries[0].is_name for match in load_glossary().find([word], "en" if word.isascii() else "ar"))


def _is_office(word: str) -> bool:
    found = load_glossary().find([word], "en" if word.isascii() else "ar")
    return any(entry.kind == "office" for match in found for entry in match.entries)


def _is_unknown(word: str) -> bool:
    known = load_glossary().find([word], "en" if word.isascii() else "ar")
    return not known and not is_function_word(word) and not is_light_word(word)
