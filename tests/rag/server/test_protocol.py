"""Connections that come in slowly, without an end or as nonsense, over real sockets on this machine."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from rag.server import protocol
from rag.server.bodies import BodyLimit
from rag.server.protocol import server_options

HOST = b"Host: 127.0.0.1\r\n"
PATIENCE = 20
MB = 1_000_000


class Told:
    def page_response(self, request, refusal):
        return PlainTextResponse(refusal.code, refusal.status, dict(refusal.headers))


async def length(request: Request):
    return PlainTextResponse(str(len(await request.body())))


async def unread(_: Request):
    return PlainTextResponse("unread")


async def headers(request: Request):
    await request.body()
    return PlainTextResponse(" ".join(name for name, _ in request.headers.items()))


async def late(request: Request):
    await asyncio.sleep(1.0)
    return await length(request)


async def streamed(_: Request):
    async def pieces():
        while True:
            yield b"x" * 65536
            await asyncio.sleep(0)

    return StreamingResponse(pieces())


ROUTES = [
    Route("/length", length, methods=["GET", "POST"]),
    Route("/api/length", length, methods=["POST"]),
    Route("/unread", unread, methods=["GET", "POST"]),
    Route("/headers", headers, methods=["POST"]),
    Route("/late", late, methods=["POST"]),
    Route("/streamed", streamed),
    Route("/healthz", unread),
]


@contextmanager
def serving(most: int | None = None) -> Iterator[int]:
    """A server of its own thread; its port."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=512)) as listening:
        application = BodyLimit(Starlette(routes=ROUTES), Told(), 2.0, 0.0)
        config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1, **server_options(most))
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patched:
        for name in ("HEAD_SECONDS", "BODY_WINDOW_SECONDS", "LINGER_SECONDS", "READER_SECONDS"):
            patched.setattr(protocol, name, 0.3)
        with serving() as found:
            yield found


def connected(port):
    wire = socket.create_connection(("127.0.0.1", port))
    wire.settimeout(PATIENCE)
    return wire


def rest_of(wire) -> bytes:
    """All that comes until the other end closes."""
    found = b""
    while piece := wire.recv(65536):
        found += piece
    return found


def until(wire, end) -> bytes:
    """All that comes until it ends so."""
    found = b""
    while not found.endswith(end):
        piece = wire.recv(4096)
        assert piece, found
        found += piece
    return found


def told(port, *pieces) -> bytes:
    with closing(connected(port)) as wire:
        for piece in pieces:
            wire.sendall(piece)
        return rest_of(wire)


def refused(answer: bytes, status: int, code: str):
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status) and b"connection: close" in head.lower(), answer
    assert b"application/problem+json" in head and json.loads(body)["code"] == code and json.loads(body)["status"] == status


def request(path=b"/length", method=b"GET", headers=b"", body=b""):
    return method + b" " + path + b" HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


CLOSE = b"Connection: close\r\n"


@pytest.mark.parametrize(
    "sent", [b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\n" + HOST + b"X: a"], ids=["letter", "line", "header"]
)
def test_half_a_head_ends(port, sent):
    refused(told(port, sent), 408, "slow-request")


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"\r\n\r\n"], ids=["nothing", "line", "lines"])
def test_who_sends_nothing_is_sent_nothing(port, sent):
    assert told(port, sent) == b""


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 100\r\n\r\nabc",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3;" + b"x" * 5000,
    ],
    ids=["length", "pieces", "extension"],
)
def test_half_a_body_ends(port, headers, caplog):
    refused(told(port, b"POST /length HTTP/1.1\r\n" + HOST + headers), 408, "slow-request")
    assert not caplog.text, "whoever goes away leaves no traceback"


def test_half_a_second_request_ends(port):
    answer = told(port, request() + b"GET / HT")
    first, second = answer.split(b"HTTP/1.1 200 OK", 1)[1].split(b"HTTP/1.1 408", 1)
    assert first.endswith(b"0") and b"slow-request" in second


@pytest.mark.parametrize(
    "sent",
    [
        request(headers=b"X: " + b"a" * 300_000 + b"\r\n"),
        b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 300_000,
        request(headers=b"".join(b"X-%d: a\r\n" % number for number in range(200))),
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"G" * 40 + b" /" + b"a" * 300_000,
        request(
            method=b"POST",
            headers=b"Transfer-Encoding: chunked\r\n",
            body=b"3\r\nabc\r\n0\r\n" + b"".join(b"T%d: a\r\n" % n for n in range(200)),
        ),
    ],
    ids=["large", "endless", "many", "address", "method", "trailers"],
)
def test_a_flood_of_headers_is_refused(port, sent):
    answer = told(port, sent)
    if answer.startswith(b"HTTP/1.1 400"):
        refused(answer, 400, "bad-request")
    else:
        refused(answer, 431, "head-too-large")


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /خبر HTTP/1.1\r\n\r\n".encode(),
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        request(method=b"POST", headers=b"Transfer-Encoding: chunked\r\n", body=b"zz\r\n"),
        request(method=b"POST", headers=b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", body=b"0\r\n\r\n"),
        request(method=b"POST", headers=b"Content-Length: -5\r\n"),
        request(method=b"POST", headers=b"Content-Length: 5\r\nContent-Length: 6\r\n"),
    ],
    ids=["nonsense", "tls", "http2", "arabic", "version", "space", "nul", "connect", "chunk", "both", "negative", "two"],
)
def test_what_is_not_http_is_told_so(port, sent, caplog):
    refused(told(port, sent), 400, "bad-request")
    assert not caplog.text, "nobody can fill the log with it"


def test_bytes_that_are_no_text_are_served_as_they_are(port):
    headers = b"X-Name: \xff\xfe\xd8\r\nAccept-Language: \xd8\xa7\r\n" + CLOSE
    assert told(port, request(b"/length?q=%ff%00&x=%d8%a7", headers=headers)).startswith(b"HTTP/1.1 200")


def endless(port, path, pieces=4000):
    """An endless body in pieces of 64 kB: what it is told, and how much was sent."""
    sent = 0
    with closing(connected(port)) as wire:
        wire.sendall(request(path, b"POST", b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n"))
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        answer = b""
        try:
            for _ in range(pieces):
                wire.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        with suppress(OSError):
            answer = rest_of(wire)
    return answer, sent


def test_a_body_without_an_end_is_refused_and_kept_nowhere(port):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = [endless(port, path)[1] for path in (b"/length", b"/unread", b"/nowhere")]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 50 * MB and max(sent) < 150 * MB, "the sender was cut off"


def test_the_answer_to_too_large_a_body_is_read_though_the_rest_is_still_sent(port):
    with closing(connected(port)) as wire:
        wire.sendall(request(b"/api/length", b"POST", b"Content-Length: 50000000\r\n", b"x" * 3_000_000))
        answer = rest_of(wire)
    refused(answer, 413, "body-too-large")


def test_an_answer_before_a_small_body_keeps_the_connection(port):
    with closing(connected(port)) as wire:
        wire.sendall(request(b"/unread", b"POST", b"Content-Length: 5\r\n"))
        until(wire, b"unread")
        wire.sendall(b"hello" + request(headers=CLOSE))
        assert rest_of(wire).startswith(b"HTTP/1.1 200")


def test_a_body_that_waits_to_be_asked_for(port):
    with closing(connected(port)) as wire:
        wire.sendall(request(b"/length", b"POST", b"Content-Length: 5\r\nExpect: 100-continue\r\n"))
        assert until(wire, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(b"hello")
        assert until(wire, b"5").startswith(b"HTTP/1.1 200")
    with closing(connected(port)) as wire:
        wire.sendall(request(b"/unread", b"POST", b"Content-Length: 5\r\nExpect: 100-continue\r\n"))
        assert rest_of(wire).endswith(b"unread"), "nobody will ask for it"


@pytest.mark.parametrize("size", [5, 1_500_000], ids=["asked for late", "read late"])
def test_who_may_not_send_yet_is_not_slow(port, size):
    expect = b"Expect: 100-continue\r\n" if size == 5 else b""
    with closing(connected(port)) as wire:
        wire.sendall(request(b"/late", b"POST", b"Content-Length: %d\r\n" % size + expect + CLOSE))
        if expect:
            until(wire, b"100 Continue\r\n\r\n")
        wire.sendall(b"x" * size)
        assert rest_of(wire).endswith(b"%d" % size)


def test_requests_at_once_are_answered_in_turn_and_no_flood_of_them(port):
    assert told(port, *[request()] * 3, request(headers=CLOSE)).count(b"HTTP/1.1 200") == 4
    assert told(port, b"".join([request()] * 500)).count(b"HTTP/1.1 200") <= 10


def test_no_refusal_is_written_before_or_into_the_answer_to_an_earlier_request(port):
    first = request(b"/late", b"POST", b"Content-Length: 5\r\n", b"hello")
    second = request(b"/length", b"POST", b"Transfer-Encoding: chunked\r\n")
    answer = b""
    with suppress(ConnectionResetError):
        answer = told(port, first + second + b"zz\r\n")
    assert b"HTTP/1.1 400" not in answer


def test_a_trailer_is_no_header_of_its_request(port):
    body = b"3\r\nabc\r\n0\r\nHost: evil.example\r\nX-Late: a\r\n\r\n"
    sent = request(b"/headers", b"POST", b"Transfer-Encoding: chunked\r\n" + CLOSE, body)
    names = told(port, sent).rpartition(b"\r\n")[2].split()
    assert names.count(b"host") == 1 and b"x-late" not in names and b"connection" in names


@pytest.mark.parametrize("upgrade", [b"websocket", b"h2c"])
def test_no_other_protocol_is_spoken(port, upgrade):
    headers = b"Upgrade: " + upgrade + b"\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n"
    assert told(port, request(headers=headers)).startswith(b"HTTP/1.1 200")


def test_who_does_not_read_an_answer_is_let_go(port):
    with closing(connected(port)) as wire:
        wire.sendall(request(b"/streamed"))
        assert wire.recv(100)
        # It reads nothing, so that it hears of the end only when it sends; empty lines begin no request.
        with pytest.raises(OSError):  # noqa: PT012
            for _ in range(PATIENCE * 50):
                wire.send(b"\r\n")
                time.sleep(0.02)


def test_hundreds_of_half_open_requests_keep_nobody_waiting():
    with serving(most=200) as port, ExitStack() as open_ones:
        for _ in range(300):
            wire = open_ones.enter_context(closing(connected(port)))
            wire.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        for _ in range(20):
            assert told(port, request(b"/healthz", headers=CLOSE)).endswith(b"unread")


def test_where_all_are_at_work_the_next_is_told():
    with serving(most=2) as port, closing(connected(port)) as first, closing(connected(port)) as second:
        for wire in (first, second):
            wire.sendall(request(b"/streamed"))
            assert wire.recv(10)
        answer = told(port)
        refused(answer, 503, "too-many-connections")
        assert b"retry-after: 1" in answer.lower()
