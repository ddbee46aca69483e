"""An answer as a stream of server-sent events, which is given up when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from starlette.responses import StreamingResponse

Result = TypeVar("Result")
# Seconds in which an answer, or an error with a status of its own, comes before a stream begins.
PATIENCE_SECONDS = 1.0
# Seconds after which a stream that has nothing to say yet sends a line that clients pass over.
KEEP_ALIVE_SECONDS = 10.0
_SIGN_OF_LIFE = ": still at work\n\n"
# A proxy must not hold back what is sent.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def streamed(
    work: Coroutine[Any, Any, Result],
    beginning: Callable[[], str],
    whole: Callable[[Result], AsyncIterator[str]],
    failed: Callable[[Exception], str],
) -> StreamingResponse:
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
    events = _events(task, beginning, whole, failed)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


async def _events(
    task: asyncio.Task[Result],
    beginning: Callable[[], str],
    whole: Callable[[Result], AsyncIterator[str]],
    failed: Callable[[Exception], str],
) -> AsyncIterator[str]:
    try:
        yield beginning()
        while not (await asyncio.wait({task}, timeout=KEEP_ALIVE_SECONDS))[0]:
            yield _SIGN_OF_LIFE
        try:
            result = task.result()
        except Exception as error:
            yield failed(error)
            return
        async for event in whole(result):
            yield event
    finally:
        task.cancel()
