"""The part of a quoted sentence that answers the question.

Every stretch of at most twelve words is scored by a log-linear model over what its words, and those beside it, show
(rag/weighing/clues.py). Its weights stand in data/answering_weights.tsv; benchmarks/train_answering.py fits them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from importlib import resources
from itertools import accumulate, islice
from math import exp
from typing import TypeAlias

from index.types import Language
from rag.question import Question
from rag.weighing.clues import Asked, Clues, Word, asked_of, clues

LONGEST = 12
SHARED = "shared"
_SHARE = 0.6
_SHORT = 4
# What the phrase must hold to answer such a question; without it none is better than any.
_NEEDED: dict[Asked, frozenset[str]] = {
    "when": frozenset({"digits", "calendar", "time"}),
    "howmany": frozenset({"digits", "number"}),
}
_NEEDED_ENGLISH: dict[Asked, frozenset[str]] = {
    "who": frozenset({"capital", "person", "body", "office", "title", "number"}),
}
LEAST_TRUST = 0.1
# What a phrase that holds the answer whole is worth beyond the words that both have.
_WHOLE = 0.25
_LOOKED_AT = 64
_COMPARED = 16
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))

Names: TypeAlias = tuple[str, ...]
Stretch: TypeAlias = tuple[int, int]
_OUTSIDE: tuple[Names, str] = (("outside",), "outside")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The part `quote[start:end]` that answers, and how near it is expected to be to the answer (0 to 1)."""

    start: int
    end: int
    trust: float


def answering_phrase(question: Question, quote: str, language: Language) -> tuple[int, int] | None:
    """Return the span in the quote of the phrase that answers the question, or None where none is likely to."""
    phrase = best_phrase(question, quote, language)
    return (phrase.start, phrase.end) if phrase and phrase.trust >= LEAST_TRUST else None


def best_phrase(question: Question, quote: str, language: Language) -> Phrase | None:
    """Return the best phrase and the trust in it; None for a yes-no question and where nothing of the kind stands.

    The best is not the likeliest but the one expected to be nearest to the answer (minimum Bayes risk decoding, Kumar and
    Byrne 2004): where the likeliest stretches overlap, that is what they have in common.
    """
    asked = asked_of(question)
    if asked == "yesno":
        return None
    shown = clues(question, quote, language)
    likely = _likely(span_scores(shown, weights_of(asked, language)), _Allowed(shown, asked, quote, language))
    if not likely:
        return None
    trusted = {span: sum(share * _nearness(span, other) for other, share in likely.items()) for span in likely}
    first, last = max(trusted, key=lambda span: trusted[span])
    return Phrase(shown.words[first].start, shown.words[last].end, trusted[first, last])


def _likely(scores: Mapping[Stretch, float], allowed: _Allowed) -> dict[Stretch, float]:
    """Return the likeliest stretches that are allowed, with the share that each has of all."""
    top = max(scores.values(), default=0.0)
    total = sum(exp(score - top) for score in scores.values())
    ordered = nlargest(_LOOKED_AT, scores, key=scores.__getitem__)
    likeliest = islice((span for span in ordered if allowed(span)), _COMPARED)
    return {span: exp(scores[span] - top) / total for span in likeliest}


def _nearness(span: Stretch, other: Stretch) -> float:
    """Return how well one stretch serves where the other is the answer: the F1 of their words, more if it holds it whole."""
    shared = min(span[1], other[1]) - max(span[0], other[0]) + 1
    if shared <= 0:
        return 0.0
    f1 = 2 * shared / (span[1] - span[0] + other[1] - other[0] + 2)
    return (1 - _WHOLE) * f1 + _WHOLE * (span[0] <= other[0] and other[1] <= span[1])


class _Allowed:
    """Tells whether a stretch may be shown as the answer.

    It must be short enough to point at something, not open a bracket or quotation that it does not close, not be made of the
    question's words alone, and hold what is asked for.
    """

    def __init__(self, shown: Clues, asked: Asked, quote: str, language: Language) -> None:
        self._words = shown.words
        self._asked = asked
        self._quote = quote
        self._longest = _SHARE * len(quote) if len(shown.words) > _SHORT else float(len(quote))
        self._needed = _NEEDED.get(asked) or (_NEEDED_ENGLISH.get(asked) if language == "en" else None)

    def __call__(self, span: Stretch) -> bool:
        held = self._words[span[0] : span[1] + 1]
        start, end = held[0].start, held[-1].end
        return (
            end - start <= self._longest
            and any("matched" not in word.clues and "function" not in word.clues for word in held)
            and (self._needed is None or any(self._fits(word) for word in held))
            and _is_balanced(self._quote[start:end])
        )

    def _fits(self, word: Word) -> bool:
        """Tell whether a word is of the kind that is needed; the day of a date is no count."""
        is_date = self._asked == "howmany" and "dated" in word.clues
        return self._needed is not None and not is_date and not self._needed.isdisjoint(word.clues)


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS) and text.count('"') % 2 == 0


def span_features(shown: Clues) -> tuple[list[list[Names]], list[list[Names]], list[list[Names]]]:
    """Return the features of each word as the first of a stretch, as the last of one, and as one inside; in groups."""
    words, gaps = shown.words, shown.gaps
    around = [_OUTSIDE, *((word.clues, word.sort) for word in words), _OUTSIDE]
    starts, ends, inner = [], [], []
    for number, (near_before, near_behind) in enumerate(shown.distances):
        (before, sort_before), (own, sort), (behind, sort_behind) = around[number : number + 3]
        starts.append(
            [_named("first", own), _named("before", before), (f"{sort_before} then {sort}", f"opens {gaps[number]}"),
             (f"after question {near_before}", f"first to question {near_behind}")]
        )  # fmt: skip
        ends.append(
            [_named("last", own), _named("behind", behind), (f"{sort} ended by {sort_behind}", f"closes {gaps[number + 1]}"),
             (f"to question {near_behind}", f"last after question {near_before}")]
        )  # fmt: skip
        inner.append([_named("in", own)])
    return starts, ends, inner


@lru_cache(maxsize=20_000)
def _named(role: str, found: Names) -> Names:
    return tuple(f"{role} {clue}" for clue in found)


class Weights(dict[Names, float]):
    """The weight of each group of features, added up once."""

    def __init__(self, single: Mapping[str, float]) -> None:
        """Keep the weight of each feature."""
        super().__init__()
        self._single = single

    def __missing__(self, names: Names) -> float:
        self[names] = weight = sum(self._single.get(name, 0.0) for name in names)
        return weight


def span_scores(shown: Clues, weights: Weights) -> dict[Stretch, float]:
    """Return the score of every stretch of words, (first, last), of at most twelve."""
    starts, ends, inner = ([sum(map(weights.__getitem__, groups)) for groups in each] for each in span_features(shown))
    inside = list(accumulate(inner, initial=0.0))
    crossed = list(accumulate((weights[f"crosses {gap}",] for gap in shown.gaps), initial=0.0))
    lengths = [weights[f"length {length}",] for length in range(LONGEST + 1)]
    heads = [start - inside[first] - crossed[first + 1] for first, start in enumerate(starts)]
    tails = [end + inside[last + 1] + crossed[last + 1] for last, end in enumerate(ends)]
    return {
        (first, last): head + tails[last] + lengths[last - first + 1]
        for first, head in enumerate(heads)
        for last in range(first, min(first + LONGEST, len(tails)))
    }


@cache
def weights_of(asked: Asked, language: Language) -> Weights:
    """Return the weight of each feature for questions that ask for such a thing, in sentences of a language."""
    header, *rows = resources.files("rag").joinpath("data/answering_weights.tsv").read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    chosen = [columns.index(name) for name in (SHARED, asked, language)]
    table = (row.split("\t") for row in rows)
    return Weights({cells[0]: sum(float(cells[column] or 0) for column in chosen) for cells in table})
