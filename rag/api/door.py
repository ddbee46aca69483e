"""The route of a door: checks what kind of body comes, and makes of whatever is raised a response that programs understand."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from rag.api.problems import Refused, problem_of

_JSON = "application/json"


class Door(APIRoute):
    """A route whose errors are problem details, whatever else the application makes of errors on its other paths."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, shielded."""
        handle = super().get_route_handler()
        takes_json = self.body_field is not None

        async def shielded(request: Request) -> Response:
            try:
                if takes_json:
                    _require_json(request)
                return await handle(request)
            except Exception as error:
                return problem_of(error)

        return shielded


def door(noun: str) -> APIRouter:
    """Return the router of a noun, under which the description lists its operations."""
    return APIRouter(route_class=Door, tags=[noun])


def _require_json(request: Request) -> None:
    given = request.headers.get("content-type", "")
    if not given and request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return  # there is no body: what lacks is told by its name
    if given.partition(";")[0].strip().lower() != _JSON:
        kind = f"'{given[:80]}'" if given else "of no kind that is named"
        raise Refused(
            415, "wrong-content-type", f"the body is {kind}", f"send JSON, with the header Content-Type: {_JSON}", given or None
        )
