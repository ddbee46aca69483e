"""/mcp: the Model Context Protocol over HTTP (its streamable transport), each request by itself, without sessions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.mcp.server import REMEDY, archive_server, is_installed
from rag.api.problems import problem_of
from rag.desk import Desk
from rag.server.caller import NotAllowed, caller_of, require
from rag.server.problem import problem_response

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_PATH = "/mcp"
# Bytes of a request: a question and its history.
_LARGEST = 1_000_000


def add_mcp(application: FastAPI, desk: Desk) -> None:
    """Let assistants in at /mcp; without the extra, what comes there is told how to install it."""
    door = McpDoor(desk)
    for path in (_PATH, f"{_PATH}/{{path:path}}"):
        application.router.routes.append(Route(path, door, include_in_schema=False))


class McpDoor:
    """ASGI application that is one address. It is made ready at the first request, so that a server starts without the wait."""

    def __init__(self, desk: Desk) -> None:
        """Keep what the tools work with."""
        self._desk = desk
        self._opening: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._open: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await (self._refusal(scope) or await self._manager())(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        if scope.get("path_params"):
            return problem_response(404, "no-address", f"there is nothing below {_PATH}", f"send messages to {_PATH} itself")
        if scope["method"] != "POST":
            problem = f"{scope['method']} {_PATH} is not served"
            remedy = "send messages by POST; without sessions there is nothing to listen to or to end"
            return problem_response(405, "wrong-method", problem, remedy, headers={"Allow": "POST"})
        try:
            require(caller_of(scope), "read")
        except NotAllowed as error:
            return problem_of(error)
        if not is_installed():
            return problem_response(501, "not-installed", "the Model Context Protocol is not installed here", REMEDY)
        return None

    async def _manager(self) -> ASGIApp:
        """Return what answers, which the first to come opens; it stays open as long as the event loop."""
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_future()
            self._open = asyncio.create_task(self._stay_open(self._opening))
        manager = await asyncio.shield(self._opening)
        return manager.handle_request

    async def _stay_open(self, opening: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        try:
            manager = await run_in_threadpool(self._new_manager)
            async with manager.run():
                opening.set_result(manager)
                await asyncio.Event().wait()
        except Exception as error:
            self._opening = None
            if opening.done():
                raise
            opening.set_exception(error)

    def _new_manager(self) -> StreamableHTTPSessionManager:
        desk = self._desk
        server = archive_server(desk.archive, desk.answering, desk.entities)
        from mcp.server.transport_security import TransportSecuritySettings

        # Who may call from where is looked after before all doors.
        unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=unguarded, max_request_body_size=_LARGEST
        )
        return server.session_manager
