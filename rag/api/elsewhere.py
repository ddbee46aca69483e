"""Whatever lies under /api and is no door: told as problem details, with the methods that a known path has."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from rag.server.problem import SHOWN, problem_response

_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


class Elsewhere:
    """ASGI application that answers what no door before it does: 405 where another method would be met, else 404."""

    def __init__(self, doors: Sequence[BaseRoute]) -> None:
        """Keep the routes before it."""
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope["path"]
        allowed = [method for method in _METHODS if self._is_met(scope, method)]
        value = f"{scope['method']} {path}"[:SHOWN].encode("utf-8", "backslashreplace").decode()
        if allowed:
            response = problem_response(
                405, "wrong-method", f"{value}: this method is not for this address", f"use {' or '.join(allowed)}", value,
                {"Allow": ", ".join(allowed)},
            )  # fmt: skip
        else:
            told = f"{value}: there is no such address"
            response = problem_response(404, "no-address", told, "/api/docs and /openapi.json list the addresses", value)
        await response(scope, receive, send)

    def _is_met(self, scope: Scope, method: str) -> bool:
        asked = {**scope, "method": method}
        return any(route.matches(asked)[0] == Match.FULL for route in self._doors)
