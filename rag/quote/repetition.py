"""Sentences that two articles share, almost letter for letter or one inside the other: they become one quote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache

from rapidfuzz import fuzz

from index.text import ZWNJ, squash, words
from rag.quote import tuning
from rag.text.amount import amounts, tokens_of
from rag.text.common_words import is_function_word, is_light_word
from rag.text.glossary import Glossary
from rag.text.word_list import quote_words
from rag.types import Evidence


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence, and the other articles' sentences that repeat it."""

    evidence: Evidence
    also: tuple[Evidence, ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: its article, and the offset in that."""
        return self.evidence.passage.article.article_id, self.evidence.start


def distinct_quotes(evidence: Sequence[Evidence], glossary: Glossary) -> list[Quote]:
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
    if fuzz.ratio(mine, theirs) >= tuning.SAME_SENTENCE:
        return _numbers(one) == _numbers(other) and not any(_differs(*pair, glossary) for pair in _replaced(one, other))
    short, long = sorted((one, other), key=lambda text: (len(_letters(text)), text))
    if len(_letters(short)) < tuning.LEAST_LETTERS_CONTAINED or not _is_contained(_letters(short), _letters(long)):
        return False
    return _numbers(short) <= _numbers(long) and _has_negation(short) == _has_negation(long)


def _is_contained(short: str, long: str) -> bool:
    """Tell whether nearly all letters of one text stand in a row in another."""
    # To look for the best place takes a hundred times as long as to see that most sentences have hardly a piece in common.
    pieces = _pieces(short)
    if len(pieces & _pieces(long)) < tuning.LEAST_PIECES_CONTAINED * len(pieces):
        return False
    return fuzz.partial_ratio(short, long, score_cutoff=tuning.CONTAINED_SENTENCE) >= tuning.CONTAINED_SENTENCE


@lru_cache(maxsize=4_096)
def _pieces(letters: str) -> frozenset[str]:
    return frozenset(letters[place : place + 4] for place in range(len(letters) - 3))


@lru_cache(maxsize=4_096)
def _letters(text: str) -> str:
    return squash(text)


def _numbers(text: str) -> set[Fraction]:
    return {number.value for number in amounts(tokens_of(text))}


def _has_negation(text: str) -> bool:
    return any(map(_negates, words(text)))


def _negates(word: str) -> bool:
    return quote_words("negation").fullmatch(word) is not None


def _replaced(one: str, other: str) -> Iterator[tuple[list[str], list[str], str]]:
    """Yield the stretches of words in which two sentences differ, more than in spelling, and the word before them."""
    mine, theirs = ([part for word in words(text) for part in word.split(ZWNJ)] for text in (one, other))
    for kind, start, end, other_start, other_end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        here, there = mine[start:end], theirs[other_start:other_end]
        if kind != "equal" and fuzz.ratio("".join(here), "".join(there)) < tuning.SAME_WORD:
            yield here, there, mine[start - 1] if start else ""


def _differs(here: Sequence[str], there: Sequence[str], before: str, glossary: Glossary) -> bool:
    """Tell whether another stretch of words makes another statement: a negation, a name, or words that look like one.

    Two unknown words for two others are most likely names, and one for another is if an office stands before it.
    """
    if any(map(_negates, (*here, *there))):
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
