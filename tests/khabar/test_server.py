"""What a server says by statuses and headers is heard."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from khabar import BadRequest, Busy, Conflict, Denied, Khabar, NotFound, NotReached, ServerFailed
from khabar.server import ServerDoor
from rag.server.problem import problem_response
from tests.serving import serving

COUNTS = {
    "sources": 1, "articles": 1, "chunks": 1, "languages": {"fa": 1}, "outlets": 1, "first": None, "last": None, "revision": 1,
    "embedded": {"chunks": 0, "of": 1, "embedder": "e5"}, "models": {},
}  # fmt: skip


class Scripted:
    """Answers with one response after the other, and keeps the requests."""

    def __init__(self, *responses):
        self.responses = list(responses)
        self.seen: list[Request] = []

    async def answer(self, request: Request) -> Response:
        await request.body()
        self.seen.append(request)
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        return await response() if callable(response) and not isinstance(response, Response) else response

    def served(self):
        methods = ["GET", "POST", "PUT", "DELETE"]
        return serving(Starlette(routes=[Route("/{path:path}", self.answer, methods=methods)]))


def refusal(status, **headers):
    return problem_response(status, "some-code", "چیزی نادرست است", "دوباره بپرسید", "ارزش", headers)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, BadRequest), (401, Denied), (403, Denied), (404, NotFound), (409, Conflict), (413, BadRequest), (415, BadRequest),
     (422, BadRequest), (429, Busy), (500, ServerFailed), (503, ServerFailed), (507, ServerFailed)],
)  # fmt: skip
def test_each_status_has_its_kind(status, kind):
    with Scripted(refusal(status)).served() as address, Khabar(address, tries=1) as archive:
        for ask in (archive.status, lambda: list(archive.stream("متى؟"))):
            with pytest.raises(kind) as failed:
                ask()
            assert type(failed.value) is kind
            assert (failed.value.problem, failed.value.remedy) == ("چیزی نادرست است", "دوباره بپرسید")
            assert (failed.value.status, failed.value.code, failed.value.value) == (status, "some-code", "ارزش")


def test_a_busy_server_is_asked_again_when_it_says():
    waits: list[float] = []
    script = Scripted(refusal(503, **{"Retry-After": "7"}), refusal(429, **{"Retry-After": "0"}), JSONResponse(COUNTS))
    with script.served() as address:
        door = ServerDoor(address, None, 10, 3, waits.append)
        assert door.ask("GET", "/stats")["articles"] == 1 and waits == [7.0, 0.0]
        door.close()


@pytest.mark.parametrize(("wait", "asked"), [("1", 3), ("31", 1), ("x", 3), ("-5", 3)])
def test_it_is_not_asked_without_end(wait, asked):
    waits: list[float] = []
    script = Scripted(refusal(503, **{"Retry-After": wait}))
    with script.served() as address:
        door = ServerDoor(address, None, 10, 3, waits.append)
        with pytest.raises(Busy) as failed:
            door.ask("GET", "/stats")
        door.close()
    assert len(script.seen) == asked and len(waits) == asked - 1 and failed.value.wait >= 0


def test_the_key_goes_along_and_nowhere_else():
    script = Scripted(RedirectResponse("http://127.0.0.1:9/elsewhere"))
    with script.served() as address, Khabar(address, key="kb_secret") as archive, pytest.raises(BadRequest) as failed:
        archive.status()
    assert script.seen[0].headers["authorization"] == "Bearer kb_secret" and len(script.seen) == 1
    assert "kb_secret" not in str(failed.value) and failed.value.status == 307


@pytest.mark.parametrize("response", [PlainTextResponse("<html>"), PlainTextResponse("nginx", 502), JSONResponse([1], 500)])
def test_what_is_no_khabar(response):
    with Scripted(response).served() as address, Khabar(address) as archive:
        with pytest.raises((ServerFailed, BadRequest)) as failed:
            archive.status()
        assert "the server answers with the status" in failed.value.problem


def test_a_server_that_is_silent():
    async def never():
        await asyncio.sleep(5)
        return JSONResponse(COUNTS)

    silent = pytest.raises(NotReached, match="silent for 0.3 seconds")
    with Scripted(never).served() as address, Khabar(address, timeout=0.3) as archive, silent:
        archive.status()


def stream_of(*pieces):
    async def begin():
        async def told():
            for piece in pieces:
                yield piece

        return StreamingResponse(told(), media_type="text/event-stream")

    return begin


def test_a_stream_that_ends_in_an_error():
    error = 'id: 2\nevent: error\ndata: {"status": 503, "code": "x", "detail": "کلمه‌ها نیست", "remedy": "بسازید"}\n\n'
    script = Scripted(stream_of('event: stage\ndata: {"stage": "searching"}\n\n', ": still", " at work\n\n", error))
    with script.served() as address, Khabar(address) as archive, pytest.raises(ServerFailed, match="کلمه‌ها نیست; بسازید"):
        list(archive.stream("متى؟"))


def test_a_text_may_hold_what_python_takes_for_the_end_of_a_line():
    text = "سطر\u2028ثان\x85و\u2029ثالث"
    done = f'event: token\ndata: {{"text": "{text}"}}\n\nevent: done\ndata: {{"answer": {{}}}}\n\n'.encode()
    script = Scripted(stream_of(done[:40], done[40:41], done[41:]))
    with script.served() as address, Khabar(address) as archive:
        assert [event.content for event in archive.stream("متى؟")] == [{"text": text}, {"answer": {}}]


def test_a_stream_that_breaks_off():
    with Scripted(stream_of('event: token\nda', 'ta: {"text": "ن"}\n\n')).served() as address, Khabar(address) as archive:
        events = archive.stream("متى؟")
        assert next(events).content == {"text": "ن"}
        with pytest.raises(NotReached, match="broke off"):
            next(events)
