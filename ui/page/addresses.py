"""The page's addresses (/, /c/ID, /archive, /check): all are the one page, which finds out itself what to show there."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.server.doors import path_within
from ui.page.menu import early_head

VIEW_PATH = re.compile(r"/(?:c/[A-Za-z0-9_-]{16,64}|archive|check)")
# What Gradio's document takes its relative addresses from.
_BASE = b'<base href="./" />'
_PAGE_PATH = re.compile(rf"/|{VIEW_PATH.pattern}")


class PageAddresses:
    """ASGI middleware: serves the page of "/" at its other addresses, its relative links put right for the deeper ones.

    What must be there before anything is drawn goes in as well: what Gradio is given for the head, its script puts there later.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application that serves the page."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; one for a view of the page as one for the page."""
        is_read = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        path = path_within(scope) if is_read else ""
        if not _PAGE_PATH.fullmatch(path):
            await self._app(scope, receive, send)
            return
        root = scope.get("root_path", "") if scope["path"] != path else ""
        # Not compressed: it is changed on its way, and compressed after that.
        headers = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
        page = {**scope, "path": f"{root}/", "raw_path": f"{root}/".encode(), "query_string": b"", "headers": headers}
        await self._app(page, receive, _Rebased(send, "../" * path.count("/", 1) or "./"))


class _Rebased:
    """Sends a response on with another base for relative addresses, and an earlier head.

    It is a page, and small enough to be put together.
    """

    def __init__(self, send: Send, base: str) -> None:
        self._send = send
        self._base = f'<base href="{base}" />{early_head()}'.encode()
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body.replace(_BASE, self._base, 1)
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
