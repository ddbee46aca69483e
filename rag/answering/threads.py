"""Answering in threads of this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from rag.answer import Answerer
from rag.answering.meter import Meter, Unmetered
from rag.answering.types import Asked
from rag.types import Answer, Passage

Result = TypeVar("Result")


class ThreadedAnswering:
    """Answers in threads of this process."""

    def __init__(self, answerer: Answerer, meter: Meter | None = None) -> None:
        """Keep what answers, and who hears of answers."""
        self._answerer = answerer
        self._meter = meter or Unmetered()

    async def stream(self, asked: Asked, asker: str) -> AsyncIterator[Answer]:
        """Yield an answer as it grows; the last one is whole. Raises KhabarError."""
        growing = self._answerer.stream(asked.question, asked.history, asked.within)
        last: Answer | None = None
        while (answer := await run_in_threadpool(_next, growing)) is not None:
            last = answer
            yield answer
        if last:
            self._meter.answered(last)

    async def answer(self, asked: Asked, asker: str) -> Answer:
        """Return the whole answer. Raises KhabarError."""
        answer = await run_in_threadpool(self._answerer.answer, asked.question, asked.history, asked.within)
        self._meter.answered(answer)
        return answer

    async def search(self, asked: Asked, top_k: int, asker: str) -> list[Passage]:
        """Return the passages nearest to a question, best first. Raises KhabarError."""
        return await run_in_threadpool(
            self._answerer.search, asked.question, asked.history, asked.within, top_k, meaning=asked.meaning
        )

    async def run(self, work: Callable[[], Result], asker: str) -> Result:
        """Return what other work on the archive comes to."""
        return await run_in_threadpool(work)


def _next(growing: Iterator[Answer]) -> Answer | None:
    return next(growing, None)
