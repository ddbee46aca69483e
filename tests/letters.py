"""An embedder for tests: counts letters, knows all three languages, and does what a test wants before it embeds passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.embed import Vectors
from index.ordinary import ORDINARY
from index.text import squash
from index.types import LANGUAGES, Language

_DIMENSION = 48


class LetterEmbedder:
    """Makes a vector of the folded letters of a text; `given` are the numbers of passages that each call brought."""

    def __init__(self, name: str = "letters", before: Callable[[int], None] = lambda call: None) -> None:
        self.name = name
        self.languages: frozenset[Language] = frozenset(LANGUAGES)
        self.given: list[int] = []
        self._before = before

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not any(tuple(texts) == sentences for sentences in ORDINARY.values()):  # those steady a language's average
            self._before(len(self.given))
            self.given.append(len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        counts = np.full(_DIMENSION, 0.01, dtype=np.float32)
        for letter in squash(text):
            counts[ord(letter) % _DIMENSION] += 1
        vector: Vectors = counts / np.linalg.norm(counts)
        return vector
