"""Question and texts -> where each text answers and how surely: the embedded encoder, taught to read.

What benchmarks/train_reader.py taught it lies in rag/data/reader.safetensors. So far it serves as a reranker (`--reranker
e5-reader`, rag/rerank.py); its spans are not shown yet.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from importlib import resources
from pathlib import Path

import numpy as np

from index.e5.engine import Engine, reader_of
from index.e5.tokenizer import Token, UnigramTokenizer
from index.e5.weights import SHA256, Floats, Weights, find_weights
from index.processors import processors
from index.progress import Tell, silent
from index.types import KhabarError

NAME = "e5-reader"
_ADAPTER = "data/reader.safetensors"
# As benchmarks/train_reader.py puts a question beside a passage.
_QUESTION_TOKENS = 48
_TEXT_TOKENS = 232
_LONGEST_ANSWER = 40
# Of a text without a word: it answers nothing.
_NOTHING = -20.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says to a question: the span `text[start:end]` that answers best, and the log odds that it answers.

    `span` is how far the span is ahead of there being none, in log odds as well.
    """

    start: int
    end: int
    span: float
    answers: float


class E5Reader:
    """The embedded encoder with what it was taught, loaded at its first use."""

    def __init__(
        self,
        file: Path | None = None,
        adapter: Path | None = None,
        cache: Path | None = None,
        tell: Tell = silent,
        expected: str | None = SHA256,
    ) -> None:
        """Take the embedded weights and adapter, or other files; keep what is derived of them in `cache`."""
        self.file = file or find_weights()
        self.adapter = adapter or Path(str(resources.files("rag").joinpath(_ADAPTER)))
        self._cache = cache
        self._tell = tell
        self._expected = expected
        self._loading = threading.Lock()

    @cached_property
    def _loaded(self) -> tuple[UnigramTokenizer, Engine]:
        weights = Weights(self.file, expected=self._expected)
        learned, name = _read_adapter(self.adapter, weights)
        return UnigramTokenizer(weights.vocabulary()), reader_of(weights, learned, name, self._cache, self._tell)

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return a reading of each text, in their order; of a long text its first 232 tokens are read. Raises KhabarError."""
        if not texts:
            return []
        with self._loading:
            tokenizer, engine = self._loaded
        asked = tokenizer.ids(f"query: {question}")[:_QUESTION_TOKENS]
        pairs = [_pair(text, tokenizer, asked) for text in texts]
        with ThreadPoolExecutor(min(processors(), len(pairs)), "read") as threads:
            return list(threads.map(lambda pair: pair.reading(*engine.run(pair.ids)), pairs))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question beside a text: token ids, where the text begins among them, and its tokens."""

    ids: list[int]
    begins: int
    tokens: list[Token]

    def reading(self, start: Floats, end: Floats, answers: Floats) -> Reading:
        """Return the best span by the scores of all tokens."""
        if not self.tokens:
            return Reading(0, 0, _NOTHING, _NOTHING)
        stop = self.begins + len(self.tokens)
        first, last = best_span(start[self.begins : stop], end[self.begins : stop])
        ahead = float(start[self.begins + first] + end[self.begins + last] - start[0] - end[0])
        return Reading(self.tokens[first].start, self.tokens[last].end, ahead, float(answers))


def best_span(start: Floats, end: Floats, longest: int = _LONGEST_ANSWER) -> tuple[int, int]:
    """Return the first and last token of the span whose borders score best together."""
    places = np.arange(len(start))
    distance = places[None, :] - places[:, None]
    scores = np.where((distance >= 0) & (distance < longest), start[:, None] + end[None, :], -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(first), int(last)


def _pair(text: str, tokenizer: UnigramTokenizer, asked: Sequence[int]) -> _Pair:
    special = tokenizer.special
    tokens = tokenizer.tokens(text)[:_TEXT_TOKENS]
    ids = [special.begin, *asked, special.end, special.end, *(token.id for token in tokens), special.end]
    return _Pair(ids, len(asked) + 3, tokens)


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
            "install Khabar again, or choose KHABAR_RERANKER=none",
        ) from error
    return learned, blake2b(content, digest_size=4).hexdigest()

