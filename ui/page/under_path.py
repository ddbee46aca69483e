"""The page under a path of another server, as a proxy serves it: one that takes the path away, and one that does not."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class UnderPath:
    """ASGI middleware: tells what it wraps under which path it is served, whether or not requests still carry that path."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        """Serve an application under a path such as /khabar."""
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its whole path, and with how much of that is the root."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path == self._root:
            # Addresses in the page are relative: without the slash they would lead beside it.
            await RedirectResponse(f"{self._root}/", 307)(scope, receive, send)
            return
        raw: bytes = scope.get("raw_path") or b""
        if not path.startswith(f"{self._root}/"):
            path, raw = self._root + path, self._root.encode() + raw
        await self._app({**scope, "path": path, "raw_path": raw, "root_path": self._root}, receive, send)
