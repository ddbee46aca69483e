"""Question and passages -> where each passage answers and how surely: the Reader protocol and the embedded reader."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.e5.engine import Engine, Tell, reader_of
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import SHA256, Floats, Weights, find_weights
from index.processors import processors
from index.types import LANGUAGES, KhabarError, Language
from rag.types import Passage

EMBEDDED = "e5-reader"
NONE = "none"
_ADAPTER = "data/reader.safetensors"
# As benchmarks/train_reader.py puts a question beside a passage.
_QUESTION_TOKENS = 48
_PASSAGE_TOKENS = 320
_LONGEST_ANSWER = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says to a question: the span `article.text[start:end]`, and the log odds that it answers.

    `span` is how far the span is ahead of there being none, in log odds as well.
    """

    passage: Passage
    start: int
    end: int
    span: float
    answers: float

    @property
    def text(self) -> str:
        """The span, verbatim."""
        return self.passage.article.text[self.start : self.end]


class Reader(Protocol):
    """Reads a question beside passages, in the languages that it serves."""

    name: str
    languages: frozenset[Language]

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a reading of each passage, in their order. Raises KhabarError."""


class NoReader:
    """Reads nothing: the sentences are weighed by their words alone."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return no reading."""
        return []


class E5Reader:
    """The embedded encoder with what benchmarks/train_reader.py taught it, loaded at its first use."""

    name = EMBEDDED
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def __init__(self, file: Path, adapter: Path, cache: Path | None, tell: Tell, expected: str | None = SHA256) -> None:
        """Remember where weights and adapter are, and where to keep what is derived of them."""
        self.file = file
        self.adapter = adapter
        self._cache = cache
        self._tell = tell
        self._expected = expected
        self._loading = threading.Lock()

    @cached_property
    def _loaded(self) -> tuple[UnigramTokenizer, Engine]:
        weights = Weights(self.file, expected=self._expected)
        learned, name = _read_adapter(self.adapter, weights)
        return UnigramTokenizer(weights.vocabulary()), reader_of(weights, learned, name, self._cache, self._tell)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a reading of each passage, in their order. Raises KhabarError."""
        if not passages:
            return []
        with self._loading:
            tokenizer, engine = self._loaded
        asked = tokenizer.ids(f"query: {question}")[:_QUESTION_TOKENS]
        pairs = sorted(
            (_Pair(place, passage, tokenizer, asked) for place, passage in enumerate(passages)), key=lambda pair: len(pair.ids)
        )
        cores = min(processors(), len(pairs))
        parts = [pairs[first::cores] for first in range(cores)]
        found: list[Reading | None] = [None] * len(pairs)
        with ThreadPoolExecutor(cores, "read") as threads:
            for part, readings in zip(parts, threads.map(lambda part: _read(part, tokenizer, engine), parts), strict=True):
                for pair, reading in zip(part, readings, strict=True):
                    found[pair.place] = reading
        return [reading for reading in found if reading is not None]


class _Pair:
    """A question's tokens beside a passage's: ids, where the passage's own text begins among them, and its tokens."""

    def __init__(self, place: int, passage: Passage, tokenizer: UnigramTokenizer, asked: Sequence[int]) -> None:
        special = tokenizer.special
        lead = len(passage.chunk.title) + 1
        tokens = tokenizer.tokens(f"{passage.chunk.title}\n{passage.chunk.text}")[:_PASSAGE_TOKENS]
        self.place = place
        self.passage = passage
        self.ids = [special.begin, *asked, special.end, special.end, *(token.id for token in tokens), special.end]
        self._begins = len(asked) + 3
        # An answer is a part of the text: the title is read, and never marked.
        self._text = [token for token in tokens if token.start >= lead]
        self._first = self._begins + len(tokens) - len(self._text)
        self._lead = lead

    def reading(self, start: Floats, end: Floats, answers: float) -> Reading:
        """Return the best span by the scores of all tokens."""
        count = len(self._text)
        offset = self.passage.chunk.start - self._lead
        if not count:
            return Reading(self.passage, self.passage.chunk.start, self.passage.chunk.start, -20.0, -20.0)
        first, last = best_span(start[self._first : self._first + count], end[self._first : self._first + count])
        ahead = float(start[self._first + first] + end[self._first + last] - start[0] - end[0])
        return Reading(self.passage, offset + self._text[first].start, offset + self._text[last].end, ahead, answers)


def best_span(start: Floats, end: Floats, longest: int = _LONGEST_ANSWER) -> tuple[int, int]:
    """Return the first and last token of the span whose borders score best together."""
    scores = start[:, None] + end[None, :]
    places = np.arange(len(start))
    distance = places[None, :] - places[:, None]
    allowed = np.where((distance >= 0) & (distance < longest), scores, -np.inf)
    first, last = np.unravel_index(int(allowed.argmax()), allowed.shape)
    return int(first), int(last)


def load_reader(choice: str, cache: Path | None = None, tell: Callable[[str], None] = lambda _: None) -> Reader:
    """Return the reader that a setting names: the embedded one, or `none`. Raises KhabarError for another word."""
    if choice == NONE:
        return NoReader()
    if choice != EMBEDDED:
        raise KhabarError(f"there is no reader '{choice}'", f"set KHABAR_READER to '{EMBEDDED}' or '{NONE}'")
    return E5Reader(find_weights(), Path(str(resources.files("rag").joinpath(_ADAPTER))), cache, tell)


def _read(pairs: Sequence[_Pair], tokenizer: UnigramTokenizer, engine: Engine) -> list[Reading]:
    longest = max(len(pair.ids) for pair in pairs)
    tokens: NDArray[np.int64] = np.full((len(pairs), longest), tokenizer.special.padding, dtype=np.int64)
    mask = np.zeros(tokens.shape, dtype=np.float32)
    for row, pair in enumerate(pairs):
        tokens[row, : len(pair.ids)] = pair.ids
        mask[row, : len(pair.ids)] = 1.0
    start, end, answers = engine.run(tokens, mask)
    return [pair.reading(start[row], end[row], float(answers[row])) for row, pair in enumerate(pairs)]


def _read_adapter(file: Path, weights: Weights) -> tuple[dict[str, Floats], str]:
    """Return what was learned, in float32, and a name that tells it from other adapters."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        content = file.read_bytes()
        learned = {name: value.astype(np.float32) for name, value in load(content).items()}
        wanted = weights.shape.hidden
        if learned["span.weight"].shape != (2, wanted):
            raise ValueError(f"it is for an encoder of another size than {wanted}")
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise KhabarError(
            f"the reader's weights '{file}' cannot be used ({error})",
            "install Khabar again, or choose KHABAR_READER=none",
        ) from error
    return learned, blake2b(content, digest_size=4).hexdigest()

