"""An answer as a stream of server-sent events, which is given up when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from rag.api.event_lines import KEEP_ALIVE_SECONDS, PATIENCE_SECONDS, SIGN_OF_LIFE, EventResponse

Result = TypeVar("Result")


async def streamed(
    work: Coroutine[Any, Any, Result],
    beginning: Callable[[], str],
    whole: Callable[[Result], AsyncIterator[str]],
    failed: Callable[[Exception], str],
) -> EventResponse:
    """Return a stream of events: its `beginning`, and what work comes to, told in pieces.

    What fails at once is raised, for an error of its own status; later the stream ends with what `failed` makes of it.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if task.done():
            task.result()
    except BaseException:
        task.cancel()
        raise

    async def close() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task

    return EventResponse(_events(task, beginning, whole, failed), close)


async def _events(
    task: asyncio.Task[Result],
    beginning: Callable[[], str],
    whole: Callable[[Result], AsyncIterator[str]],
    failed: Callable[[Exception], str],
) -> AsyncIterator[str]:
    yield beginning()
    while not (await asyncio.wait({task}, timeout=KEEP_ALIVE_SECONDS))[0]:
        yield SIGN_OF_LIFE
    try:
        result = task.result()
    except Exception as error:
        yield failed(error)
        return
    async for event in whole(result):
        yield event
