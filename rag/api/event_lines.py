"""What all streams of server-sent events share: how an event is written, how long one waits, and how the response ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

# Seconds in which an answer, or an error with a status of its own, comes before a stream begins.
PATIENCE_SECONDS = 1.0
# Seconds without an event after which a comment shows that the connection lives: proxies close what is silent for a minute.
KEEP_ALIVE_SECONDS = 10.0
SIGN_OF_LIFE = ": still at work\n\n"
# A proxy must not hold back what is sent.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
# What ends no line of an event, but is taken for the end of one by some clients.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def event_line(content: Any, name: str | None = None, number: int | None = None) -> str:
    """Return an event with a JSON object, with its number and its name where it has them."""
    head = "" if number is None else f"id: {number}\n"
    if name:
        head += f"event: {name}\n"
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_LINE_ENDS)
    return f"{head}data: {data}\n\n"


class EventResponse(StreamingResponse):
    """A response of events; `close` ends what makes them, also where the client goes away before the first.

    A generator that was never started runs nothing of its own at its end.
    """

    def __init__(self, lines: AsyncIterator[str], close: Callable[[], Awaitable[None]]) -> None:
        """Keep what is sent, and what ends it."""
        super().__init__(lines, media_type="text/event-stream", headers=_HEADERS)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._close()
