"""Bodies that are too large, by their length or once they have come too far."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.server.bodies import BodyLimit

JSON = {"Content-Type": "application/json"}


class Told:
    def page_response(self, request, refusal):
        return PlainTextResponse(refusal.code, refusal.status)


async def read_whole(request: Request):
    return PlainTextResponse(str(len(await request.body())))


def client(body_mb=0.001, upload_mb=1.0, endpoint=read_whole):
    application = Starlette(routes=[Route("/{path:path}", endpoint, methods=["POST", "PUT"])])
    return TestClient(BodyLimit(application, Told(), body_mb, upload_mb))


def pieces(size, piece=100):
    sent = 0
    while sent < size:
        sent += piece
        yield b"\xd8\xae" * (piece // 2)


@pytest.mark.parametrize("content", [b"x" * 1001, pieces(1100), pieces(10**6)], ids=["length", "pieces", "many pieces"])
def test_a_body_that_is_too_large_is_refused(content):
    refused = client().post("/api/ask", content=content, headers=JSON)
    assert refused.status_code == 413 and refused.json()["code"] == "body-too-large" and "0.001 MB" in refused.json()["detail"]
    assert refused.headers["connection"] == "close"


@pytest.mark.parametrize("content", [b"", b"x" * 1000, pieces(1000)], ids=["none", "length", "pieces"])
def test_a_body_that_is_not_is_read(content):
    assert client().post("/api/ask", content=content, headers=JSON).status_code == 200


def test_a_file_may_be_larger_where_files_come_in():
    ours = client()
    for path, most in (
        ("/page/archive/upload", 2_000_000),
        ("/api/v1/files", 2_000_000),
        ("/api/v1/files/x", 1000),
        ("/api/v1/articles", 1000),
        ("/page/archive/check", 1000),
    ):
        for size, status in ((most, 200), (most + 1, 413)):
            assert ours.put(path, content=b"x" * size, headers=JSON).status_code == status, (path, size)
    assert client(upload_mb=0).put("/page/archive/upload", content=b"x" * 1_000_001).text == "body-too-large"


@pytest.mark.parametrize("length", ["-5", "1e9", "x", "٩٩٩٩٩٩٩", " "])
def test_a_length_that_is_none_is_not_believed(length):
    headers = [("Content-Type", "application/json"), ("Content-Length", length.encode())]
    assert client().build_request("POST", "/api/ask").headers
    assert client().post("/api/ask", content=pieces(2000), headers=headers).status_code == 413


def test_an_endless_body_is_not_kept_and_who_reads_it_may_fail():
    kept = []

    async def greedy(request: Request):
        async for piece in request.stream():
            kept.append(piece)

    refused = client(endpoint=greedy).post("/api/ask", content=pieces(10**6), headers=JSON)
    assert refused.status_code == 413 and sum(map(len, kept)) <= 1000


def test_an_answer_that_has_begun_is_not_followed_by_a_second():
    sent = []

    async def early(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            pass
        raise ClientDisconnect

    async def endless():
        return {"type": "http.request", "body": b"x" * 600, "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": [], "query_string": b""}
    asyncio.run(BodyLimit(early, Told(), 0.001, 0)(scope, endless, send))
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_a_bug_is_not_taken_for_a_body():
    async def broken(request: Request):
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        client(endpoint=broken).post("/api/ask", content=b"{}", headers=JSON)
