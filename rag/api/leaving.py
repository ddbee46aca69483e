"""A client that goes away: what is done for it ends, and its place in the line is free."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request

from index.types import KhabarError

Result = TypeVar("Result")


class Gone(KhabarError):
    """The client went away before it was answered; nobody reads of it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("the client went away", "ask again")


async def unless_gone(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what the work comes to; it is cancelled where the client goes away meanwhile. Raises Gone."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Gone
    finally:
        for task in (working, leaving):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
