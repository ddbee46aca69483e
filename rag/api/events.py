"""Answers as server-sent events: numbered, kept alive by comments, ended where the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

from starlette.responses import Response

from rag.api.event_lines import KEEP_ALIVE_SECONDS, PATIENCE_SECONDS, SIGN_OF_LIFE, EventResponse, event_line
from rag.api.growth import Event, Growth
from rag.api.problems import problem_content
from rag.types import Answer


async def answer_stream(answers: AsyncIterator[Answer], whole: Callable[[Answer], dict[str, Any]]) -> Response:
    """Return the response that tells of an answer as it grows, and of the whole at the end (`whole` makes JSON of it).

    What fails at once raises, as it would without a stream.
    """
    return await event_stream(_events_of(answers, whole))


async def _events_of(answers: AsyncIterator[Answer], whole: Callable[[Answer], dict[str, Any]]) -> AsyncIterator[Event]:
    growth = Growth()
    last: Answer | None = None
    try:
        async for answer in answers:
            for event in growth.events(answer):
                yield event
            last = answer
    finally:
        await _close(answers)
    if last is not None:
        yield "done", {"answer": whole(last)}


async def event_stream(events: AsyncIterator[Event]) -> Response:
    """Return the response that sends events; an error becomes the last one, but where it comes at once: then it raises."""
    patient = _Patient(events)
    first: Event | None = None
    with suppress(TimeoutError):
        first = await patient.next(PATIENCE_SECONDS)
    return EventResponse(_lines(patient, first), patient.close)


class _Patient:
    """Events that can be waited for a while, and then waited for again."""

    def __init__(self, events: AsyncIterator[Event]) -> None:
        self._events = events
        self._coming: asyncio.Task[Event | None] | None = None

    async def next(self, seconds: float) -> Event | None:
        """Return the next event, None after the last. Raises TimeoutError where it takes longer, and what the events raise."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(_next(self._events))
        try:
            done, _ = await asyncio.wait({self._coming}, timeout=seconds)
        except asyncio.CancelledError:
            await self.close()
            raise
        if not done:
            raise TimeoutError
        came, self._coming = self._coming, None
        return came.result()

    async def close(self) -> None:
        """End what makes the events, and wait until it has ended."""
        coming, self._coming = self._coming, None
        if coming:
            coming.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await coming
        await _close(self._events)


async def _lines(patient: _Patient, first: Event | None) -> AsyncIterator[str]:
    number = 1
    yield event_line({"stage": "searching"}, "stage", number)
    event = first
    try:
        while True:
            if event is None:
                with suppress(TimeoutError):
                    event = await patient.next(KEEP_ALIVE_SECONDS)
                    if event is None:
                        return
                if event is None:
                    yield SIGN_OF_LIFE
                    continue
            number += 1
            name, content = event
            yield event_line(content, name, number)
            event = None
    except Exception as error:
        yield event_line(problem_content(error), "error", number + 1)


async def _next(events: AsyncIterator[Event]) -> Event | None:
    return await anext(events, None)


async def _close(events: AsyncIterator[Any]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        with suppress(RuntimeError):  # it is just running into its end by itself
            await close()
