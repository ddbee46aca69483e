"""Answers as server-sent events: numbered, kept alive by comments, ended where the client goes away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from rag.api.growth import Event, Growth
from rag.api.problems import problem_of
from rag.types import Answer

# Seconds without an event after which a comment shows that the connection lives: proxies close what is silent for a minute.
KEEP_ALIVE_SECONDS = 15.0
# Seconds in which a failure still becomes a status of its own; later it is an event.
PATIENCE_SECONDS = 1.0
# A proxy must not hold back what is sent.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


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
    return _EventResponse(patient, first)


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


class _EventResponse(StreamingResponse):
    """A response of events; what makes them ends with it, also where the client goes away before the first."""

    def __init__(self, patient: _Patient, first: Event | None) -> None:
        super().__init__(_lines(patient, first), media_type="text/event-stream", headers=_HEADERS)
        self._patient = patient

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._patient.close()


async def _lines(patient: _Patient, first: Event | None) -> AsyncIterator[str]:
    number = 1
    yield _line("stage", {"stage": "searching"}, number)
    event = first
    try:
        while True:
            if event is None:
                with suppress(TimeoutError):
                    event = await patient.next(KEEP_ALIVE_SECONDS)
                    if event is None:
                        return
                if event is None:
                    yield ": still at work\n\n"
                    continue
            number += 1
            yield _line(*event, number)
            event = None
    except Exception as error:
        yield _line("error", json.loads(bytes(problem_of(error).body)), number + 1)


def _line(name: str, content: dict[str, Any], number: int) -> str:
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"id: {number}\nevent: {name}\ndata: {data}\n\n"


async def _next(events: AsyncIterator[Event]) -> Event | None:
    return await anext(events, None)


async def _close(events: AsyncIterator[Any]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        with suppress(RuntimeError):  # it is just running into its end by itself
            await close()
