"""Texts -> vectors by the embedded multilingual-e5-small, whatever their length."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index.e5.engine import Engine, encoder_of
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import SHA256, Floats, Weights
from index.processors import processors, step_back
from index.progress import Tell, silent
from index.types import LANGUAGES, Language

NAME = "multilingual-e5-small"


class E5Encoder:
    """The Embedder inside a package: multilingual-e5-small, for Arabic, Persian and English. Loaded at its first use.

    Wang et al., Multilingual E5 Text Embeddings (2024): "query: " and "passage: " before the texts, the mean over the tokens.
    A text longer than the model's 512 tokens is read in windows, whose means are averaged by their tokens.
    """

    name = f"{NAME}-int8"
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def __init__(self, file: Path, cache: Path | None = None, tell: Tell = silent, expected: str | None = SHA256) -> None:
        """Remember where the weights are and where to keep what is derived of them; `tell` hears of work that takes time."""
        self.file = file
        self._cache = cache
        self._tell = tell
        self._expected = expected
        self._loading = threading.Lock()

    @property
    def _parts(self) -> _Parts:
        with self._loading:  # a question that comes while the weights are read waits for them
            return self._loaded

    @cached_property
    def _loaded(self) -> _Parts:
        weights = Weights(self.file, expected=self._expected)
        return _Parts(UnigramTokenizer(weights.vocabulary()), encoder_of(weights, self._cache, self._tell))

    def load(self) -> None:
        """Load the model now rather than at the first text. Raises KhabarError."""
        _ = self._parts

    def embed_query(self, text: str) -> Floats:
        """Return the vector of a question: shape (384,), of length 1. Raises KhabarError."""
        vector: Floats = self._embed([f"query: {text}"], map)[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of stored texts: shape (len(texts), 384), each row of length 1. Raises KhabarError.

        Every core takes texts of its own, at a low priority: a question that comes meanwhile goes first.
        """
        threads = ThreadPoolExecutor(processors(), "embed", initializer=step_back)
        try:
            return self._embed([f"passage: {text}" for text in texts], threads.map)
        finally:  # an interrupt waits for the texts at work, not for those in line
            threads.shutdown(cancel_futures=True)

    def _embed(self, texts: Sequence[str], spread: Callable[..., Iterable[Floats]]) -> Floats:
        """Return the vectors of texts, whose windows are embedded one by one, through `spread` (a map)."""
        parts = self._parts
        room = parts.engine.positions - 2
        windows = [
            _Window(place, ids[start : start + room])
            for place, ids in enumerate(map(parts.tokenizer.ids, texts))
            for start in range(0, max(len(ids), 1), room)
        ]
        sums = np.zeros((len(texts), parts.engine.hidden), dtype=np.float32)
        for window, vector in zip(windows, spread(parts.vector, windows), strict=True):
            sums[window.text] += max(len(window.ids), 1) * vector
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: Floats = sums / np.maximum(lengths, 1e-12)
        return unit


@dataclass(frozen=True, slots=True)
class _Window:
    """As much of a text as the model reads at once: the text's place among the others, and token ids."""

    text: int
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is loaded: the tokenizer and the engine."""

    tokenizer: UnigramTokenizer
    engine: Engine

    def vector(self, window: _Window) -> Floats:
        """Return the vector of a window: shape (hidden,)."""
        special = self.tokenizer.special
        (vector,) = self.engine.run([special.begin, *window.ids, special.end])
        return vector
