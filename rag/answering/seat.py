"""Where answers are computed: the protocol of a seat, and the one in this process."""

from __future__ import annotations

from typing import Protocol

from rag.answer import Answerer, Quoted
from rag.answering.types import Asked
from rag.retrieve.matches import Match, matches
from rag.types import Passage


class Seat(Protocol):
    """Computes one thing at a time. Every method raises KhabarError as the archive does."""

    def quote(self, asked: Asked) -> Quoted:
        """Return the answer made of quotes, and what a model may write of it."""
        ...

    def search(self, asked: Asked, top_k: int) -> list[Passage]:
        """Return the passages nearest to a question, best first."""
        ...

    def explained(self, asked: Asked, top_k: int) -> list[tuple[Passage, tuple[Match, ...]]]:
        """Return the same passages, each with where it holds the question's terms."""
        ...

    def close(self) -> None:
        """End what it began; whoever waits for it hears Stopping."""
        ...


class OwnSeat:
    """Computes in the thread that asks."""

    def __init__(self, answerer: Answerer) -> None:
        """Keep what answers."""
        self._answerer = answerer

    def quote(self, asked: Asked) -> Quoted:
        """Return the answer made of quotes."""
        return self._answerer.quote(asked.question, asked.history, asked.within)

    def search(self, asked: Asked, top_k: int) -> list[Passage]:
        """Return the passages nearest to a question."""
        return self._answerer.search(asked.question, asked.history, asked.within, top_k, meaning=asked.meaning)

    def explained(self, asked: Asked, top_k: int) -> list[tuple[Passage, tuple[Match, ...]]]:
        """Return the same passages, each with where it holds the question's terms."""
        question = self._answerer.read(asked.question, asked.history)
        found = self._answerer.nearest(question, asked.within, top_k, meaning=asked.meaning)
        return [(passage, matches(question, passage)) for passage in found]

    def close(self) -> None:
        """Do nothing: what is computed here ends by itself."""
