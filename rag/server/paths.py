"""Paths that no door has: with a NUL in them, or other characters that are none."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.server.refusal import PageRefusals, Refusal, refused

# What no name has, and a step into the folder above.
_WRONG = re.compile(r"[\x00-\x1f\x7f]|(^|/)\.\.(/|$)")
_REFUSAL = Refusal(400, "bad-path", "this path holds a control character, or leads into a folder above", "leave it out")


class PathCheck:
    """ASGI middleware: refuses a path that only somebody in search of a hole would ask for."""

    def __init__(self, app: ASGIApp, pages: PageRefusals) -> None:
        """Check what comes to an application."""
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] == "http" and _WRONG.search(scope["path"]):
            await refused(Request(scope), _REFUSAL, self._pages)(scope, receive, send)
            return
        await self._app(scope, receive, send)
