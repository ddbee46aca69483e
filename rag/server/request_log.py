"""What is told of each request: its id to its caller, a line to the log, a count to the figures."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.server.caller import CALLER
from rag.server.doors import Door, door_of, path_within
from rag.server.request_id import CURRENT, HEADER, request_id_of

LOGGER = logging.getLogger("khabar.requests")
# Where what is learnt of a request on its way is written down.
_KNOWN = "khabar.known"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# As nginx counts those whose caller went away before there was an answer.
_GONE = 499


@dataclass(slots=True)
class _Known:
    """What is known of a request: who calls, the form of its address, its status once there is one."""

    caller: str = ""
    route: str = ""
    status: int = 0


class RequestFigures(Protocol):
    """Hears how requests went."""

    def request(self, door: Door, route: str, method: str, status: int, seconds: float) -> None:
        """Hear of a request that has ended; `route` is the form of its address, "" where it came to none."""
        ...


class RequestLog:
    """ASGI middleware, before all others: gives each request its id, and tells how it went.

    What a line tells is who called (never by which key), the form of the address ("/api/v1/articles/{article_id}"), status and
    milliseconds: nothing that was asked and no query, unless `queries` says so.
    """

    def __init__(self, app: ASGIApp, figures: RequestFigures, root: str = "", queries: bool = False) -> None:
        """Wrap an application that is served under the path `root`."""
        self._app = app
        self._figures = figures
        self._root = root
        self._queries = queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; whatever becomes of it is told."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, known, started = request_id_of(Headers(scope=scope).get(HEADER)), _Known(), time.perf_counter()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                known.status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        # Not taken back: each request is a task of its own, in which uvicorn logs the traceback of a bug after this.
        CURRENT.set(name)
        failed = True
        try:
            await self._app({**scope, _KNOWN: known}, receive, send_with_id)
            failed = False
        except Exception:
            known.status = known.status or 500
            raise
        finally:
            known.status = known.status or _GONE
            self._tell(scope, name, known, time.perf_counter() - started, failed)

    def _tell(self, scope: Scope, name: str, known: _Known, seconds: float, failed: bool) -> None:
        path = path_within({"path": scope["path"], "root_path": scope.get("root_path") or self._root})
        door = door_of(path)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._figures.request(door, known.route, method, known.status, seconds)
        told = {
            "request_id": name, "caller": known.caller, "door": door, "method": method, "route": known.route,
            "status": known.status, "ms": round(1000 * seconds, 1),
        }  # fmt: skip
        if self._queries and scope["query_string"]:
            told["query"] = scope["query_string"].decode("latin-1")
        LOGGER.log(logging.WARNING if failed else logging.INFO, "request", extra=told)


class RouteNote:
    """ASGI middleware, behind all others: notes who calls, and the form of the address that the application knows.

    It is the first that an application gets: others may pass a copy of the scope on, which would hide the route from it.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application itself."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its route is known once the application has sent it on its way."""
        known = scope.get(_KNOWN)
        try:
            await self._app(scope, receive, send)
        finally:
            if isinstance(known, _Known):
                caller = scope.get(CALLER)
                known.caller = caller.name if caller else ""
                known.route = _form_of(scope)


def _form_of(scope: Scope) -> str:
    """Return the form of a request's address, "" where it led nowhere."""
    # Of a route of an included router FastAPI keeps the whole form here; the route itself knows the end of it alone.
    whole = getattr(scope.get("fastapi", {}).get("effective_route_context"), "path_format", None)
    return str(whole or getattr(scope.get("route"), "path", ""))
