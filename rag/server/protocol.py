"""HTTP as the server speaks it: uvicorn's protocol over httptools, with an end to everything that comes in slowly or too large.

uvicorn bounds neither the head of a request nor the time that head and body take. What is refused here never reaches an
application, and is answered as problem details, after which the connection ends.
"""

from __future__ import annotations

import asyncio
from asyncio.events import TimerHandle
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from rag.server.connections import Connections
from rag.server.problem import problem_response
from rag.server.tuning import (
    BODY_RATE,
    BODY_SECONDS,
    BODY_WINDOW_SECONDS,
    HEAD_BYTES,
    HEAD_SECONDS,
    IDLE_SECONDS,
    LINGER_BYTES,
    LINGER_SECONDS,
    MOST_HEADERS,
    MOST_PIPELINED,
    MOST_THROWN_AWAY,
    READER_SECONDS,
)


class _HeadTooLarge(Exception):
    """A request whose line and headers are too long, or too many."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection. `connections` is shared by all of a server: see `bounded`."""

    connections_of_all: Connections

    def __init__(self, *given: Any, **named: Any) -> None:
        """Make what belongs to one connection."""
        super().__init__(*given, **named)
        self._in_head = self._in_body = self._is_let_in = self._is_lingering = False
        self._head_bytes = self._header_bytes = self._header_count = 0
        self._body_bytes = self._body_bytes_before = self._thrown_away = 0
        self._body_began = 0.0
        self._head_timer: TimerHandle | None = None
        self._body_timer: TimerHandle | None = None
        self._reader_timer: TimerHandle | None = None

    # What the event loop tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let a connection in, or send it away."""
        super().connection_made(cast(asyncio.Transport, _Lingering(transport, self)))
        self._is_let_in = self.connections_of_all.enter(self)
        if not self._is_let_in:
            self._refuse(503, "too-many-connections", "too many connections are open", "try again in a moment")
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._end_timers()
        self._unset_keepalive_if_required()
        if self._is_let_in:
            self.connections_of_all.left(self)
            self._is_let_in = False
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes in, as far as it is taken at all."""
        if self._is_lingering:
            self._thrown_away += len(data)
            if self._thrown_away > LINGER_BYTES:
                self.close_now()
        if self._is_lingering or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if self._in_head:
            self._head_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # no other protocol is spoken: what asked for one is answered in this one
        except httptools.HttpParserError as error:
            self._unreadable(error)
            return
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._head_too_large()
        elif not self.transport.is_closing():
            self._watch()

    def pause_writing(self) -> None:
        """Hear that the other end does not take what it is sent."""
        super().pause_writing()
        if self._reader_timer is None:
            self._reader_timer = self.loop.call_later(READER_SECONDS, self.close_now)

    def resume_writing(self) -> None:
        """Hear that it does again."""
        super().resume_writing()
        self._reader_timer = _ended(self._reader_timer)

    # What the parser tells

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._header_bytes = self._header_count = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of its address."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer is counted with them, but no header of its request (RFC 9110, 6.5.1)."""
        self._count_head(len(name) + len(value))
        self._header_count += 1
        if self._header_count > MOST_HEADERS:
            raise _HeadTooLarge
        if self._in_body:
            return
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        if len(self.pipeline) >= MOST_PIPELINED:
            raise ValueError("too many requests at once")
        self._in_head, self._in_body = False, True
        self._body_bytes = self._body_bytes_before = self._thrown_away = 0
        self._body_began = self.loop.time()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of its body; of one that was answered before its end, only a little."""
        self._body_bytes += len(body)
        super().on_body(body)
        if self.cycle.response_complete:
            self._thrown_away += len(body)
            if self._thrown_away > MOST_THROWN_AWAY:
                self.transport.close()

    def on_message_complete(self) -> None:
        """End a request."""
        self._in_body = False
        self.connections_of_all.works(self)
        super().on_message_complete()
        if self.cycle.response_complete:
            self.connections_of_all.waits(self)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        # A body that waits to be asked for is not asked for any more: what comes next is unclear.
        if self._in_body and self.expect_100_continue and not self._body_bytes:
            self.transport.close()
        super().on_response_complete()
        if not self._is_at_work:
            self.connections_of_all.waits(self)
        if self._in_head and not self._is_at_work and not self.transport.is_closing():
            self._await_head()

    # What time brings

    def _watch(self) -> None:
        """Set the timers that a half-sent request needs; one that came in whole needs none."""
        if self._in_body:
            self._head_timer = _ended(self._head_timer)
            if self._body_timer is None:
                self._body_timer = self.loop.call_later(BODY_WINDOW_SECONDS, self._look_at_body)
            return
        self._body_timer = _ended(self._body_timer)
        if self._is_at_work:
            self._head_timer = _ended(self._head_timer)
        else:
            self._await_head()

    @property
    def _is_at_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._in_head:
            self._refuse(408, "slow-request", f"the head of a request takes more than {HEAD_SECONDS:g} seconds", _FASTER)
        else:
            self.close_now()

    def _look_at_body(self) -> None:
        self._body_timer = None
        if not self._in_body or self.transport.is_closing():
            return
        came = self._body_bytes - self._body_bytes_before
        self._body_bytes_before = self._body_bytes
        # Where it is not read, or not asked for yet, the sender cannot send.
        is_waited_for = not self.flow.read_paused and not self.cycle.waiting_for_100_continue
        is_slow = came < BODY_RATE * BODY_WINDOW_SECONDS and is_waited_for
        if is_slow or self.loop.time() - self._body_began > BODY_SECONDS:
            self._refuse(408, "slow-request", f"a body comes in at less than {BODY_RATE} bytes a second", _FASTER)
        else:
            self._watch()

    # What is refused

    def _count_head(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > HEAD_BYTES:
            raise _HeadTooLarge

    def _unreadable(self, error: httptools.HttpParserError) -> None:
        if isinstance(error.__context__, _HeadTooLarge):
            self._head_too_large()
        else:
            self._refuse(400, "bad-request", "this is not HTTP", "send a request as RFC 9112 writes it")

    def _head_too_large(self) -> None:
        detail = f"the headers of this request are more than {MOST_HEADERS}, or with its address more than {HEAD_BYTES} bytes"
        self._refuse(431, "head-too-large", detail, "send less, such as fewer cookies")

    def _refuse(self, status: int, code: str, detail: str, remedy: str) -> None:
        """Answer and end the connection; where an answer has begun, no second one is written into it."""
        self._end_timers()
        is_answered = self.cycle is not None and self.cycle.response_started and self._in_body
        # A request that waits its turn is one whose answer comes after another that is at work.
        if self.pipeline or is_answered or self._is_at_work and not self._in_body:
            self.close_now()
            return
        if self._is_at_work:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_written(status, code, detail, remedy))
        self.transport.close()

    def leave(self) -> None:
        """Make room: nothing is at work here."""
        self.close_now()

    @property
    def address(self) -> str:
        """Where the connection comes from."""
        return self.client[0] if self.client else ""

    # How it ends

    def is_sending(self) -> bool:
        """Tell whether the other end is still in the middle of a request."""
        return self._in_head or self._in_body

    def linger(self) -> None:
        """Read on for a moment without taking anything, and end then."""
        self._is_lingering = True
        self._end_timers()
        self.flow.resume_reading()
        self._head_timer = self.loop.call_later(LINGER_SECONDS, self.close_now)

    def close_now(self) -> None:
        """End the connection and whatever is at work on it."""
        self._end_timers()
        self.transport.abort()

    def _end_timers(self) -> None:
        self._head_timer, self._body_timer, self._reader_timer = map(
            _ended, (self._head_timer, self._body_timer, self._reader_timer)
        )


class _Lingering:
    """A transport whose `close` waits for a sender in the middle of a request.

    A connection closed with something unread is reset, and with it goes the answer that was to tell why.
    """

    def __init__(self, transport: asyncio.Transport, protocol: BoundedProtocol) -> None:
        self._transport = transport
        self._protocol = protocol
        self._is_closing = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        return self._is_closing or self._transport.is_closing()

    def close(self) -> None:
        if self.is_closing():
            return
        self._is_closing = True
        if self._protocol.is_sending() and self._transport.can_write_eof():
            self._transport.write_eof()
            self._protocol.linger()
        else:
            self._transport.close()


def bounded(most: int | None = None) -> type[BoundedProtocol]:
    """Return the protocol of one server, which has so many connections at once; by default as many as descriptors allow."""
    return type("ServerProtocol", (BoundedProtocol,), {"connections_of_all": Connections(most)})


def server_options(most_connections: int | None = None) -> dict[str, Any]:
    """Return what uvicorn.Config is given: this protocol and no other, no websockets, and no name of the server."""
    return {
        "http": bounded(most_connections),
        "ws": "none",
        "timeout_keep_alive": IDLE_SECONDS,
        "server_header": False,
    }


_FASTER = "send it faster, or in smaller pieces"


def _ended(timer: TimerHandle | None) -> TimerHandle | None:
    """End a timer, and return what stands in its place."""
    if timer is not None:
        timer.cancel()
    return None


def _written(status: int, code: str, detail: str, remedy: str) -> bytes:
    """Return a refusal as it is sent."""
    headers = {"Connection": "close", **({"Retry-After": "1"} if status == 503 else {})}
    response = problem_response(status, code, detail, remedy, headers=headers)
    lines = [b"%s: %s" % header for header in response.raw_headers]
    return STATUS_LINE[status] + b"\r\n".join([*lines, b"", bytes(response.body)])
