"""A generator that listens to another: what it wrote, and when."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from index.types import Language
from rag.generate.generator import Form, Generator, Messages

_SENTENCE = re.compile(r"[.!?؟۔]")


class Listening:
    """Hands on what a generator writes, and keeps the text, its seconds and its failure.

    Seconds count from the request: `first` to the first piece, `sentence` to the end of the first sentence, `last` to the last
    piece; None where there was none.
    """

    def __init__(self, generator: Generator) -> None:
        """Begin with nothing heard."""
        self.name = generator.name
        self.languages: frozenset[Language] = generator.languages
        self.form: Form = generator.form
        self.text = ""
        self.pieces = 0
        self.first: float | None = None
        self.sentence: float | None = None
        self.last: float | None = None
        self.failure: Exception | None = None
        self._generator = generator

    def count_tokens(self, text: str) -> int:
        """Return what the generator counts."""
        return self._generator.count_tokens(text)

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield the reply; whatever it fails of is kept, and raised."""
        began = time.perf_counter()
        try:
            for piece in self._generator.stream(messages, max_tokens):
                self._hear(piece, time.perf_counter() - began)
                yield piece
        except Exception as error:
            self.failure = error
            raise

    def _hear(self, piece: str, seconds: float) -> None:
        self.text += piece
        self.pieces += 1
        self.first = self.first or seconds
        self.last = seconds
        if self.sentence is None and _SENTENCE.search(self.text):
            self.sentence = seconds
