"""How large the body of a request may be: what is larger is refused while it comes in, and kept nowhere."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.server.doors import path_within
from rag.server.refusal import PageRefusals, Refusal, refused

_MEGABYTE = 1_000_000
# What a form around a file may add to it.
_AROUND_A_FILE = _MEGABYTE
# Where files come in, which are written to a disk while they do. Everywhere else a body is read whole.
_FOR_FILES = frozenset({"/api/v1/files", "/page/archive/upload"})


class BodyLimit:
    """ASGI middleware: refuses a body that is too large with 413, by its length or once it has come too far."""

    def __init__(self, app: ASGIApp, pages: PageRefusals, body_mb: float, upload_mb: float) -> None:
        """Let bodies be so large: what is typed, and files where they come in."""
        self._app = app
        self._pages = pages
        self._typed = int(body_mb * _MEGABYTE)
        self._uploaded = max(self._typed, int(upload_mb * _MEGABYTE) + _AROUND_A_FILE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and end it where its body grows too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        most = self._most(request)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            await self._too_large(request, most, receive, send)
            return
        bounded = _Bounded(receive, send, most)
        try:
            await self._app(scope, bounded.receive, bounded.send)
        except ClientDisconnect:
            pass  # nobody waits for an answer any more, and the log need not tell
        except Exception:
            # Whoever reads a body that ends too early may fail of it; the answer is ours.
            if not bounded.is_too_large or bounded.has_answered:
                raise
        if bounded.is_too_large and not bounded.has_answered:
            await self._too_large(request, most, receive, send)

    def _most(self, request: Request) -> int:
        return self._uploaded if path_within(request.scope) in _FOR_FILES else self._typed

    async def _too_large(self, request: Request, most: int, receive: Receive, send: Send) -> None:
        refusal = Refusal(
            413, "body-too-large", f"the body of this request is larger than {most / _MEGABYTE:g} MB",
            "send less at a time; whoever runs this server sets the limits with --body-mb and --upload-mb",
            headers={"Connection": "close"},
        )  # fmt: skip
        await refused(request, refusal, self._pages)(request.scope, receive, send)


class _Bounded:
    """The two ends of a request whose body is counted: the one that reads it sees it break off."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive = receive
        self._send = send
        self._left = most
        self.is_too_large = False
        self.has_answered = False

    async def receive(self) -> Message:
        if self.is_too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self.is_too_large = self._left < 0
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.has_answered:
            return  # what was made of half a body
        self.has_answered = True
        await self._send(message)
