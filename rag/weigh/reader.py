"""Question and passages -> where each passage answers, and how surely: the Reader protocol and the embedded reader.

It is the embedded encoder with what benchmarks/train_reader.py taught it (rag/data/reader.safetensors).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Protocol

import numpy as np

from index.chunk import Span, split_sentences
from index.clean import opens_with
from index.e5.adapter import read_adapter
from index.e5.engine import Engine, reader_of
from index.e5.tokenizer import Token, UnigramTokenizer
from index.e5.weights import SHA256, Floats, Weights, find_weights
from index.processors import processors
from index.progress import Tell, silent
from index.types import LANGUAGES, KhabarError, Language
from rag.types import Passage
from rag.weigh import tuning

EMBEDDED = "e5-reader"
NONE = "none"
_ADAPTER = "data/reader.safetensors"
_REMEDY = "install Khabar again, or choose KHABAR_READER=none"


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """The best answer within a sentence of a passage: `article.text[start:end]`, and its log odds against there being none."""

    start: int
    end: int
    odds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says to a question: the log odds that it answers, and the best span of each of its sentences.

    `spans` maps where a sentence begins, counted in the article's text, to its span.
    """

    passage: Passage
    answers: float
    spans: dict[int, AnswerSpan]


class Reader(Protocol):
    """Reads passages for a question, in the languages that it serves."""

    name: str
    languages: frozenset[Language]

    def load(self) -> None:
        """Load it now rather than at the first question. Raises KhabarError."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a reading of each passage, in their order; none at all where it cannot read. Raises KhabarError."""


class NoReader:
    """Reads nothing: answers are found by their words alone."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def load(self) -> None:
        """Load nothing."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return no readings."""
        return []


class E5Reader:
    """The embedded encoder with what it was taught about reading, loaded when it is first used."""

    name = EMBEDDED
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def __init__(
        self,
        file: Path | None = None,
        adapter: Path | None = None,
        cache: Path | None = None,
        tell: Tell = silent,
        expected: str | None = SHA256,
    ) -> None:
        """Take the embedded weights and what was learned (`adapter`), or other files; `cache` keeps what is derived."""
        self._weights = file
        self.file = adapter or Path(str(resources.files("rag").joinpath(_ADAPTER)))
        self._cache = cache
        self._tell = tell
        self._expected = expected
        self._loading = threading.Lock()

    @cached_property
    def _loaded(self) -> tuple[UnigramTokenizer, Engine]:
        weights = Weights(self._weights or find_weights(), expected=self._expected)
        learned, name = read_adapter(self.file, weights, "reader", {"span.weight": (2, weights.shape.hidden)}, _REMEDY)
        return UnigramTokenizer(weights.vocabulary()), reader_of(weights, learned, name, self._cache, self._tell)

    def load(self) -> None:
        """Load it now rather than at the first question. Raises KhabarError."""
        with self._loading:
            _ = self._loaded

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a reading of each passage under its title, in their order, a long one in pieces. Raises KhabarError."""
        if not passages:
            return []
        self.load()
        tokenizer, engine = self._loaded
        asked = tokenizer.ids(f"query: {question}")[: tuning.QUESTION_TOKENS]
        windows = [window for number, passage in enumerate(passages) for window in _windows(number, passage, tokenizer)]
        # The longest first, so that the processors are done at about the same time.
        windows.sort(key=lambda window: -window.size)
        with ThreadPoolExecutor(min(processors(), max(1, len(windows))), "read") as threads:
            runs = threads.map(lambda window: engine.run(window.ids(asked, tokenizer)), windows)
            scores = [_Scores(start, end, answers, len(asked) + 3) for start, end, answers in runs]
        readings = [Reading(passage, tuning.NOTHING, {}) for passage in passages]
        for window, found in zip(windows, scores, strict=True):
            before = readings[window.number]
            spans = before.spans | dict(window.spans(found))
            readings[window.number] = Reading(before.passage, max(before.answers, found.answers), spans)
        return readings


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of an article with the tokens of it that are read, counted in the window's text, which begins at `start`."""

    span: Span
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """As many sentences of a passage (by its number) as are read at once, under the title."""

    number: int
    title: tuple[Token, ...]
    sentences: tuple[_Sentence, ...]

    @property
    def size(self) -> int:
        """The number of tokens of title and text."""
        return len(self.title) + sum(len(one.tokens) for one in self.sentences)

    def ids(self, asked: Sequence[int], tokenizer: UnigramTokenizer) -> list[int]:
        """Return the token ids of the question beside the window."""
        special = tokenizer.special
        text = (token.id for token in (*self.title, *(token for one in self.sentences for token in one.tokens)))
        return [special.begin, *asked, special.end, special.end, *text, special.end]

    def spans(self, scores: _Scores) -> Iterator[tuple[int, AnswerSpan]]:
        """Yield the best span of each sentence, with where the sentence begins."""
        place = len(self.title)
        for one in self.sentences:
            first, last, odds = scores.best(place, place + len(one.tokens))
            start, end = one.tokens[first].start, one.tokens[last].end
            yield one.span.start, AnswerSpan(one.span.start + start, one.span.start + end, odds)
            place += len(one.tokens)


class _Scores:
    """The scores of a window's tokens as an answer's first and last, against the first token of all, which stands for none."""

    def __init__(self, start: Floats, end: Floats, answers: Floats, begins: int) -> None:
        """Take what the engine gave; the window's text begins at a place among the tokens."""
        self._start, self._end = start[begins:], end[begins:]
        self._none = float(start[0] + end[0])
        self.answers = float(answers)

    def best(self, begin: int, stop: int) -> tuple[int, int, float]:
        """Return the first and last token of the best span within a part of the text, counted in it, and its log odds."""
        first, last = best_span(self._start[begin:stop], self._end[begin:stop])
        return first, last, float(self._start[begin + first] + self._end[begin + last]) - self._none


def best_span(start: Floats, end: Floats, longest: int = tuning.LONGEST_ANSWER) -> tuple[int, int]:
    """Return the first and last token of the span whose borders score best together."""
    places = np.arange(len(start))
    distance = places[None, :] - places[:, None]
    scores = np.where((distance >= 0) & (distance < longest), start[:, None] + end[None, :], -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(first), int(last)


def _windows(number: int, passage: Passage, tokenizer: UnigramTokenizer) -> Iterator[_Window]:
    """Yield the windows that a passage is read in: mostly one."""
    chunk = passage.chunk
    title = tuple(tokenizer.tokens(f"{title_read(passage)}\n"))[: tuning.TEXT_TOKENS // 2]
    room = tuning.TEXT_TOKENS - len(title)
    held: list[_Sentence] = []
    size = 0
    for span in split_sentences(chunk.text, chunk.language):
        tokens = tuple(tokenizer.tokens(chunk.text[span.start : span.end]))[:room]
        if held and size + len(tokens) > room:
            yield _Window(number, title, tuple(held))
            held, size = [], 0
        if tokens:
            held.append(_Sentence(Span(chunk.start + span.start, chunk.start + span.end), tokens))
            size += len(tokens)
    if held:
        yield _Window(number, title, tuple(held))


def title_read(passage: Passage) -> str:
    """Return the title to read; none where it was only taken from the text's own beginning, which tells nothing new."""
    title = passage.chunk.title
    return "" if opens_with(passage.article.text, title) else title


def load_reader(choice: str, cache: Path | None = None, tell: Tell = silent) -> Reader:
    """Return the reader that a setting names: the embedded one, or none. Raises KhabarError for another name."""
    if choice == NONE:
        return NoReader()
    if choice == EMBEDDED:
        return E5Reader(cache=cache, tell=tell)
    raise KhabarError(f"there is no reader '{choice}'", f"choose --reader {EMBEDDED} (KHABAR_READER) or {NONE}")
