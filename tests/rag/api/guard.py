"""A stand-in for the guard: it lets everybody in as one caller."""

from __future__ import annotations

from typing import Any

from rag.server.caller import CALLER, Caller


class Guard:
    """Stands before an application and says who calls."""

    def __init__(self, app: Any, caller: Caller) -> None:
        self.app, self.caller = app, caller

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, CALLER: self.caller}, receive, send)
