"""Work that is given up when the client that waits for it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse

from rag.api.openai.refusal import Gone

Result = TypeVar("Result")
# Seconds in which an answer, or an error with its own status, comes before a stream begins.
_PATIENCE = 2.0
# Seconds after which a stream that has nothing to say yet sends a line that clients pass over.
_KEEP_ALIVE = 10.0
_SIGN_OF_LIFE = ": still at work\n\n"


async def while_there(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what work comes to. Raises Gone where the client has gone away before, and what the work raises."""
    async with _begun(work) as task:
        await _done_or_gone(request, task, None)
        return await task


async def streamed(
    request: Request,
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
        await _done_or_gone(request, task, _PATIENCE)
        if task.done():
            task.result()
    except BaseException:
        await _given_up(task)
        raise

    async def events() -> AsyncIterator[str]:
        try:
            yield beginning()
            while not (await asyncio.wait({task}, timeout=_KEEP_ALIVE))[0]:
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

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


@asynccontextmanager
async def _begun(work: Coroutine[Any, Any, Result]) -> AsyncIterator[asyncio.Task[Result]]:
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        await _given_up(task)


async def _done_or_gone(request: Request, task: asyncio.Task[Result], seconds: float | None) -> None:
    """Wait until a task is done, or for so long. Raises Gone where the client goes away meanwhile."""
    going = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, going}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if going.done() and not task.done():
            raise Gone
    finally:
        await _given_up(going)


async def _gone(request: Request) -> None:
    """Wait until the client has gone away; the body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _given_up(task: Awaitable[Any] | asyncio.Future[Any]) -> None:
    """Cancel what is not done, and wait until it has ended."""
    assert isinstance(task, asyncio.Future)
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
