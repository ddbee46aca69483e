"""Passages -> their sentences, each with what its words say for it as the answer to a question, and ranked by that."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from babel.dates import format_date

from index.chunk import Span, split_sentences
from index.text import stems, words
from index.types import Language
from rag.ask.kind import holds_answer_of
from rag.text.common_words import is_function_word, is_light_word
from rag.text.instruction import is_instruction
from rag.types import Kind, Passage
from rag.weigh import tuning
from rag.weigh.logistic import log_odds
from rag.weigh.weighted_question import WeightedQuestion, compared

_ENDS = re.compile(r"[.!?؟۔…»”\"')]\s*$")
_ASKS = re.compile(r"[?؟]\s*$")
# The kinds whose answers show by a word; to see a time or a number, the words of the question itself do not count.
_SHOWN: tuple[Kind, ...] = ("when", "howmany", "who", "where", "why")
_MEASURED: frozenset[Kind] = frozenset({"when", "howmany"})

Shares = Sequence[float]


class Features(NamedTuple):
    """The features of a sentence; shares (0 to 1) are of the weight of the question's terms.

    `own` the sentence meets itself, `exact` by whole words, `completed` with what is near it counting less. `local` and
    `local_completed` are the same with terms weighed by how few of the sentences at hand meet them: what tells this sentence
    from its neighbours. `before`, `title` and `window` are met by the sentence before, the title, and the best of the
    sentence and its neighbours. `pairs`: neighbouring terms of the question that are near each other here as well. `fresh`:
    the logarithm of the number of words that the question has not; `echo`: hardly any, so that it can tell nothing new.
    `numbers`: 0, or down to -1 for numbers of the question that are not met. `fits_*`: it holds what such a question asks for.
    `score` and `rank` are the passage's, relative to the best.
    """

    own: float
    exact: float
    completed: float
    local: float
    local_completed: float
    before: float
    title: float
    window: float
    pairs: float
    fresh: float
    echo: float
    numbers: float
    fits_when: float
    fits_howmany: float
    fits_who: float
    fits_where: float
    fits_why: float
    heading: float
    asks: float
    first: float
    score: float
    rank: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, `article.text[start:end]`, with its features and how well each term is met.

    `far_names` counts the names of the question that neither it meets nor what is near it: the sentence before, the title and
    the article's beginning.
    """

    passage: Passage
    start: int
    end: int
    met: tuple[float, ...]
    far_names: int
    features: Features

    @property
    def key(self) -> tuple[str, int]:
        """What tells the sentence from all others, whichever passage it was found in: its article, and where it begins."""
        return self.passage.article.article_id, self.start

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _ComparedPassage:
    """A passage with its sentences' spans in the article, and how well each term is met by its parts.

    `met` is by each sentence, `around` by the whole with what stands over it, `title` by the title, and `opening` by the title
    with the article's beginning.
    """

    passage: Passage
    spans: tuple[Span, ...]
    met: tuple[tuple[float, ...], ...]
    around: tuple[float, ...]
    title: tuple[float, ...]
    opening: tuple[float, ...]

    def far_names(self, place: int, names: Sequence[int]) -> int:
        """Return how many of some terms neither a sentence meets, nor the one before it, nor the article's opening."""
        near = _greatest(self.met[place], self.met[max(0, place - 1)], self.opening)
        return sum(near[name] < tuning.MET for name in names)


def ranked_by_words(question: WeightedQuestion, passages: Sequence[Passage]) -> list[tuple[Sentence, float]]:
    """Return the sentences that give no orders to a model, each once, with their log odds; the best first."""
    found: dict[tuple[str, int], tuple[Sentence, float]] = {}
    for sentence in sentences_of(question, passages):
        odds = _odds(question, sentence)
        if sentence.key not in found or found[sentence.key][1] < odds:
            found[sentence.key] = (sentence, odds)
    willing = (pair for pair in found.values() if not is_instruction(pair[0].text))
    return sorted(willing, key=lambda pair: (-pair[1], pair[0].passage.rank, pair[0].start))


def _odds(question: WeightedQuestion, sentence: Sentence) -> float:
    """Return the log odds that a sentence answers: by the fitted model, and by what is set by hand."""
    own = sentence.passage.chunk.language == question.question.language
    odds = log_odds("sentence", sentence.features) + (tuning.OWN_LANGUAGE if own else 0.0)
    odds -= tuning.FAR_NAME * sentence.far_names
    # In another language the name for what is measured is seldom known.
    if own and question.measured is not None and sentence.met[question.measured] < tuning.MET:
        odds -= tuning.UNMEASURED
    return odds


def sentences_of(question: WeightedQuestion, passages: Sequence[Passage]) -> list[Sentence]:
    """Return every sentence of the passages with its features; one that two passages share stands there twice."""
    compared_passages = [_compare(question, passage) for passage in passages]
    measure = _Measure(question, compared_passages)
    return [measure.sentence(one, place) for one in compared_passages for place in range(len(one.spans))]


def met_around(question: WeightedQuestion, passage: Passage) -> tuple[float, ...]:
    """Return how well a passage under its article's title, outlet and date meets each term."""
    return _met(question, _surroundings(passage), passage.chunk.language)


def _compare(question: WeightedQuestion, passage: Passage) -> _ComparedPassage:
    chunk, article = passage.chunk, passage.article
    spans = tuple(Span(chunk.start + start, chunk.start + end) for start, end in _spans(chunk.text, chunk.language))
    met = tuple(_met(question, article.text[span.start : span.end], chunk.language) for span in spans)
    title = _met(question, article.title, chunk.language)
    opening = _met(question, f"{article.title} {article.text[: tuning.OPENING]}", chunk.language)
    return _ComparedPassage(passage, spans, met, met_around(question, passage), title, opening)


def _met(question: WeightedQuestion, text: str, language: Language) -> tuple[float, ...]:
    against = compared(text)
    return tuple(term.met_by(against, language) for term in question.terms)


@lru_cache(maxsize=4_096)
def _spans(text: str, language: Language) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in split_sentences(text, language))


def _surroundings(passage: Passage) -> str:
    article = passage.article
    day = article.published
    written = _month(day.year, day.month, article.language) if day else ""
    return f"{article.title} {article.outlet or ''} {written} {passage.chunk.text}"


@lru_cache(maxsize=4_096)
def _month(year: int, month: int, language: Language) -> str:
    return f"{year} {format_date(date(year, month, 1), 'MMMM', locale=language)}"


class _Measure:
    """Takes the features of the sentences that were found for one question."""

    def __init__(self, question: WeightedQuestion, passages: Sequence[_ComparedPassage]) -> None:
        self._question = question.question
        self._names, self._numbers = question.names, question.numbers
        self._weights = _normed(question.weights)
        self._local = _normed(_local_weights(question.weights, passages))
        self._best = max((one.passage.score for one in passages), default=0.0) or 1.0
        self._terms_by_stem: dict[str, int] = {}
        self._known: dict[str, int | None] = {}
        for place, term in enumerate(self._question.all_terms):
            for word in term.words:
                for stem in stems(word):
                    self._terms_by_stem.setdefault(stem, place)

    def sentence(self, passage: _ComparedPassage, place: int) -> Sentence:
        """Return the sentence at a place of a passage."""
        span = passage.spans[place]
        far_names = passage.far_names(place, self._names)
        return Sentence(passage.passage, span.start, span.end, passage.met[place], far_names, self._features(passage, place))

    def _features(self, whole: _ComparedPassage, place: int) -> Features:
        passage, span, met = whole.passage, whole.spans[place], whole.met[place]
        text = passage.article.text[span.start : span.end]
        found = words(text)
        shared = [(position, term) for position, word in enumerate(found) if (term := self._term(word)) is not None]
        own = self._share(met)
        here = passage.chunk.language == self._question.language
        before = whole.met[place - 1] if place else whole.around
        topic = _times(tuning.TOPIC, _greatest(whole.around, whole.title))
        fresh = _fresh_words(found, {position for position, _ in shared})
        return Features(
            own=own,
            # The whole words of another language are not those of the question.
            exact=self._share_of({term for _, term in shared}) if here else own,
            completed=self._share(_greatest(met, _times(tuning.BEFORE, before), _times(tuning.AROUND, whole.around))),
            local=self._local_share(met),
            local_completed=self._local_share(_greatest(met, topic)),
            before=self._local_share(before),
            title=self._share(whole.title),
            window=max(self._share(near) for near in whole.met[max(0, place - 1) : place + 2]),
            pairs=self._pairs(shared),
            fresh=math.log1p(min(len(fresh), tuning.MOST_FRESH)),
            echo=float(len(fresh) <= tuning.FEW_FRESH),
            numbers=sum(met[number] for number in self._numbers) / len(self._numbers) - 1 if self._numbers else 0.0,
            **self._fits(text, found, {position for position, _ in shared}),
            heading=float(len(found) < tuning.SHORTEST_SENTENCE or not _ENDS.search(text)),
            asks=float(_ASKS.search(text) is not None),
            first=float(not passage.article.text[: span.start].strip()),
            score=passage.score / self._best,
            rank=1 / passage.rank,
        )

    def _term(self, word: str) -> int | None:
        if word not in self._known:
            found = (self._terms_by_stem[stem] for stem in stems(word) if stem in self._terms_by_stem)
            self._known[word] = next(found, None)
        return self._known[word]

    def _share(self, met: Shares) -> float:
        return float(sum(map(mul, self._weights, met)))

    def _local_share(self, met: Shares) -> float:
        return float(sum(map(mul, self._local, met)))

    def _share_of(self, met: set[int]) -> float:
        return self._share([float(place in met) for place in range(len(self._weights))])

    def _pairs(self, shared: Sequence[tuple[int, int]]) -> float:
        """Return the share of neighbouring terms of the question that follow each other closely here too."""
        close = {
            term
            for position, term in shared
            for other_position, other in shared
            if other == term + 1 and 0 < other_position - position <= tuning.PAIR_DISTANCE
        }
        return len(close) / max(1, len(self._weights) - 1)

    def _fits(self, text: str, found: Sequence[str], known: set[int]) -> dict[str, float]:
        kind = self._question.kind
        if kind in _MEASURED:
            text = " ".join(word for position, word in enumerate(found) if position not in known)
        fits = kind in _SHOWN and holds_answer_of(kind, text, self._question.glossary)
        return {f"fits_{shown}": float(fits and shown == kind) for shown in _SHOWN}


def _local_weights(weights: Sequence[float], passages: Sequence[_ComparedPassage]) -> list[float]:
    """Return the weights of the terms times their inverse frequency among the sentences at hand."""
    rows = [met for one in passages for met in one.met]
    met_in = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(weights)
    return [
        weight * math.log(1 + (len(rows) - often + 0.5) / (often + 0.5)) for weight, often in zip(weights, met_in, strict=True)
    ]


def _normed(weights: Sequence[float]) -> list[float]:
    """Return the weights as shares of their sum."""
    total = sum(weights) or 1.0
    return [weight / total for weight in weights]


def _times(factor: float, shares: Shares) -> list[float]:
    return [factor * share for share in shares]


def _greatest(*shares: Shares) -> list[float]:
    return [max(column) for column in zip(*shares, strict=True)]


def _fresh_words(found: Sequence[str], known: set[int]) -> list[str]:
    """Return the content words that are none of the question's."""
    return [
        word
        for position, word in enumerate(found)
        if position not in known and not is_function_word(word) and not is_light_word(word)
    ]
