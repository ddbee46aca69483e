"""What is told of a request: its id, a line of the log, a count; nothing that was asked, and no key."""

import asyncio
import json
import logging

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import StreamingResponse

from rag.server.caller import CALLER, Caller
from rag.server.log import set_up_log, teller
from rag.server.problem import problem_response
from rag.server.request_id import request_id_of
from rag.server.request_log import RequestLog, RouteNote
from tests.serving import serving

ASKED = "ماذا قال الوزیر عن گفت‌وگو؟"


class Heard:
    def __init__(self):
        self.requests = []

    def request(self, *told):
        self.requests.append(told[:-1])


class Known:
    """A guard that lets everybody in, and copies the scope as some do."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app({**scope, CALLER: Caller("key:4f1c")}, receive, send)


def served_application():
    application = FastAPI()
    application.add_middleware(RouteNote)

    @application.get("/api/v1/articles/{name}")
    def article(name: str):
        if name == "absent":
            return problem_response(404, "no-article", "there is none", "name another")
        if name == "broken":
            raise RuntimeError("broken")
        logging.getLogger("rag.anything").warning("about an article")
        return {"name": name}

    @application.get("/page/stream")
    def stream():
        async def pieces():
            for _ in range(3):
                await asyncio.sleep(0.01)
                yield b"x"

        return StreamingResponse(pieces())

    router = APIRouter(prefix="/v1")

    @router.get("/models/{name}")
    def model(name: str):
        return name

    application.include_router(router)
    return Known(application)


def served(queries=False, root=""):
    heard = Heard()
    return TestClient(RequestLog(served_application(), heard, root, queries), raise_server_exceptions=False), heard


@pytest.fixture
def kept_log():
    """Put the log back as pytest has it."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    yield
    root.handlers[:], root.level = before
    logging.captureWarnings(False)
    logging.getLogger("khabar").setLevel(logging.NOTSET)


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_counted_by_the_form_of_its_address():
    client, heard = served()
    client.get("/api/v1/articles/خبر-۱")
    client.get("/api/v1/articles/absent")
    client.get("/api/v1/articles/broken")
    client.get("/page/stream")
    client.get("/api/v1/nothing")
    client.get("/v1/models/نموذج")
    client.request("PROPFIND", "/مقالة")
    assert heard.requests == [
        ("api", "/api/v1/articles/{name}", "GET", 200), ("api", "/api/v1/articles/{name}", "GET", 404),
        ("api", "/api/v1/articles/{name}", "GET", 500), ("page", "/page/stream", "GET", 200),
        ("api", "", "GET", 404), ("openai", "/v1/models/{name}", "GET", 200), ("page", "", "other", 404),
    ]  # fmt: skip


def test_a_request_under_a_root_path_is_of_the_same_door():
    client, heard = served(root="/khabar")
    client.get("/khabar/api/anything")
    client.get("/khabar/healthz")
    assert [door for door, *_ in heard.requests] == ["api", "health"]


@pytest.mark.parametrize("given_id", ["abc-123", "4f1c.9_B", "a" * 64])
def test_an_id_that_is_brought_is_kept_and_sent_back(given_id):
    client, _ = served()
    assert client.get("/page/stream", headers={"X-Request-Id": given_id}).headers["x-request-id"] == given_id


@pytest.mark.parametrize("given_id", [b"", b"a" * 65, b"-rf", b"a b", b"{}", b"a;b", "خبر".encode(), b"a\xff"])
def test_an_id_that_could_do_harm_is_replaced(given_id):
    client, _ = served()
    made = client.get("/page/stream", headers=[(b"x-request-id", given_id)]).headers["x-request-id"]
    assert len(made) == 32 and made.isalnum() and made.isascii()


@given(st.text(max_size=80))
def test_every_id_is_harmless(given_id):
    assert set(request_id_of(given_id)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_a_problem_names_its_request():
    client, _ = served()
    response = client.get("/api/v1/articles/absent", headers={"x-request-id": "mine"})
    assert response.json()["request_id"] == response.headers["x-request-id"] == "mine"
    assert "request_id" not in json.loads(problem_response(404, "none", "none", "none").body)


def test_lines_of_json(capsys, kept_log):
    set_up_log("json")
    client, _ = served()
    client.get(f"/api/v1/articles/one?q={ASKED}", headers={"authorization": "Bearer khabar_secret", "x-request-id": "r1"})
    about, told = lines(capsys)
    assert about["event"] == "about an article" and about["request_id"] == "r1" and about["level"] == "WARNING"
    assert told.pop("ms") >= 0 and told.pop("time")
    assert told == {
        "level": "INFO", "logger": "khabar.requests", "event": "request", "request_id": "r1", "caller": "key:4f1c",
        "door": "api", "method": "GET", "route": "/api/v1/articles/{name}", "status": 200,
    }  # fmt: skip


def test_what_was_asked_is_told_only_if_that_is_wanted(capsys, kept_log):
    set_up_log("json")
    served(queries=True)[0].get("/page/stream?q=خبر")
    assert lines(capsys)[0]["query"] == "q=%D8%AE%D8%A8%D8%B1"


def test_lines_of_text(capsys, kept_log):
    set_up_log("text")
    client, _ = served()
    client.get(f"/api/v1/articles/one?q={ASKED}", headers={"x-request-id": "r1"})
    client.get("/page/none?q=secret")
    about, told, none = capsys.readouterr().err.splitlines()
    assert about.endswith("Z warning rag.anything: about an article")
    assert " GET /api/v1/articles/{name} 200 " in told and told.endswith(" ms key:4f1c r1")
    assert " GET page 404 " in none and "secret" not in none


def test_quiet_but_for_warnings(capsys, kept_log):
    set_up_log("none")
    served()[0].get("/api/v1/articles/one")
    assert capsys.readouterr().err.count("\n") == 1
    served()[0].get("/page/stream")
    assert capsys.readouterr().err == ""


def test_a_bug_is_told_with_its_request(capsys, kept_log):
    set_up_log("json")
    served()[0].get("/api/v1/articles/broken", headers={"x-request-id": "r2"})
    told = lines(capsys)[-1]
    assert (told["level"], told["request_id"], told["status"]) == ("WARNING", "r2", 500)


def test_its_traceback_names_its_request_too(capsys, kept_log, monkeypatch):
    monkeypatch.setattr(logging.getLogger("uvicorn"), "handlers", [])  # what other tests' servers set up
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    set_up_log("json")
    with serving(RequestLog(served_application(), Heard()), log_config=None) as address:
        assert httpx.get(f"{address}/api/v1/articles/broken", headers={"x-request-id": "r3"}).status_code == 500
    crash = next(line for line in lines(capsys) if "exc_info" in line)
    assert crash["request_id"] == "r3" and "RuntimeError: broken" in crash["exc_info"]


def test_who_goes_away_is_counted():
    async def never(scope, receive, send):
        raise asyncio.CancelledError

    async def ask():
        with pytest.raises(asyncio.CancelledError):
            scope = {"type": "http", "path": "/api/ask", "method": "POST", "headers": [], "query_string": b""}
            await RequestLog(never, heard)(scope, None, None)

    heard = Heard()
    asyncio.run(ask())
    assert heard.requests == [("api", "", "POST", 499)]


def test_what_a_server_tells_goes_into_a_log_of_json(capsys, kept_log):
    set_up_log("json")
    told = []
    teller("json", told.append)("khabar: القرص ممتلئ")
    assert lines(capsys)[0]["event"] == "khabar: القرص ممتلئ" and not told
    teller("text", told.append)("khabar: full")
    assert told == ["khabar: full"]
