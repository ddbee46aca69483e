"""What every operation is given: the desk, and who calls, let in by the scope that the operation needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from rag.desk import Desk
from rag.server.caller import Caller, Scope, caller_of, require


async def _desk(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def _who(scope: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """Return what lets in those who have a scope. Its callers see NotAllowed raised."""

    async def caller(request: Request) -> Caller:
        found = caller_of(request)
        require(found, scope)
        return found

    return caller


AtDesk = Annotated[Desk, Depends(_desk)]
Reader = Annotated[Caller, Depends(_who("read"))]
Writer = Annotated[Caller, Depends(_who("write"))]
Admin = Annotated[Caller, Depends(_who("admin"))]
