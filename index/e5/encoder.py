"""Texts -> vectors by the embedded multilingual-e5-small, whatever their length."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index.e5.engine import Engine, Tell
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import SHA256, Floats, Weights
from index.types import LANGUAGES, Language

NAME = "multilingual-e5-small"
# A batch holds so many tokens at most, so that its texts are of like length and its arrays stay in the processor's cache.
_BATCH_TOKENS = 1_024
_NICE = 5


def _silent(_: str) -> None:
    """Tell nobody."""


class E5Encoder:
    """The Embedder inside a package: multilingual-e5-small, for Arabic, Persian and English. Loaded at its first use.

    Wang et al., Multilingual E5 Text Embeddings (2024): "query: " and "passage: " before the texts, the mean over the tokens.
    A text longer than the model's 512 tokens is read in windows, whose means are averaged by their tokens.
    """

    name = f"{NAME}-int8"
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def __init__(self, file: Path, cache: Path | None = None, tell: Tell = _silent, expected: str | None = SHA256) -> None:
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
        return _Parts(UnigramTokenizer(weights.vocabulary()), Engine(weights, self._cache, self._tell))

    def load(self) -> None:
        """Load the model now rather than at the first text. Raises KhabarError."""
        _ = self._parts

    def embed_query(self, text: str) -> Floats:
        """Return the vector of a question: shape (384,), of length 1. Raises KhabarError."""
        vector: Floats = self._embed([f"query: {text}"], map)[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of stored texts: shape (len(texts), 384), each row of length 1. Raises KhabarError.

        Every core takes batches of its own, at a low priority: a question that comes meanwhile goes first.
        """
        threads = ThreadPoolExecutor(_cores(), "embed", initializer=_step_back)
        try:
            return self._embed([f"passage: {text}" for text in texts], threads.map)
        finally:  # an interrupt waits for the batches at work, not for those in line
            threads.shutdown(cancel_futures=True)

    def _embed(self, texts: Sequence[str], spread: Callable[..., Iterable[Floats]]) -> Floats:
        """Return the vectors of texts, whose windows are embedded batch by batch, through `spread` (a map)."""
        parts = self._parts
        hidden, room = parts.engine.hidden, parts.engine.positions - 2
        windows = [
            _Window(place, ids[start : start + room])
            for place, ids in enumerate(map(parts.tokenizer.ids, texts))
            for start in range(0, max(len(ids), 1), room)
        ]
        batches = _batches(windows)
        sums = np.zeros((len(texts), hidden), dtype=np.float32)
        for batch, vectors in zip(batches, spread(parts.vectors, batches), strict=True):
            for window, vector in zip(batch, vectors, strict=True):
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

    def vectors(self, batch: Sequence[_Window]) -> Floats:
        """Return the vectors of a batch of windows: shape (len(batch), hidden)."""
        special = self.tokenizer.special
        longest = max(len(window.ids) for window in batch) + 2
        tokens = np.full((len(batch), longest), special.padding, dtype=np.int64)
        mask = np.zeros(tokens.shape, dtype=np.float32)
        for row, window in enumerate(batch):
            ids = [special.begin, *window.ids, special.end]
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1.0
        return self.engine.vectors(tokens, mask)


def _batches(windows: Sequence[_Window]) -> list[list[_Window]]:
    """Return the windows in batches of like length."""
    batches: list[list[_Window]] = []
    for window in sorted(windows, key=lambda window: len(window.ids)):
        if batches and (len(batches[-1]) + 1) * (len(window.ids) + 2) <= _BATCH_TOKENS:
            batches[-1].append(window)
        else:
            batches.append([window])
    return batches


def _cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _step_back() -> None:
    """Lower the priority of this thread alone, where the system can."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
