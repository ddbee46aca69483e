from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from index.types import EVERYTHING, KhabarError
from rag.answering.types import Overloaded
from tests.rag.api.told import ASKED, problem


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api", "/api/v2/ask", "/api/ask/", "/api/v1/articles/", "/api/v1/ask/x"])
def test_an_unknown_path(client, path):
    problem(client.request("GET", path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/api/v1/ask", "POST"),
        ("DELETE", "/api/v1/ask", "POST"),
        ("POST", "/api/v1/stats", "GET"),
        ("PUT", "/api/ask", "POST"),
        ("OPTIONS", "/api/v1/outlets", "GET"),
    ],
)
def test_a_wrong_method(client, method, path, allow):
    response = client.request(method, path)
    problem(response, 405, "wrong-method")
    assert response.headers["allow"] == allow


@pytest.mark.parametrize(
    ("body", "words_told"),
    [
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": True}, "question"),
        ({"question": ["متى؟"]}, "question"),
        ({"question": {"text": "متى؟"}}, "question"),
        ({"question": "متى؟", "history": "متى؟"}, "history"),
        ({"question": "متى؟", "history": [7]}, "history"),
        ({"question": "متى؟", "history": None}, "history"),
        ({"question": "متى؟", "history": ["x"] * 51}, "history"),
        ({"question": "متى؟", "top_k": 3}, "top_k"),
        ({"سؤال": "متى؟"}, "question"),
        ([], ""),
        ("متى؟", ""),
        (None, ""),
        ({"question": ""}, "question is ''"),
        ({"question": "  \n "}, "question"),
        ({"question": "😀😀"}, "no words"),
        ({"question": "؟"}, "no words"),
        ({"question": "\u202e"}, "no words"),
        ({"question": "\x00\x01"}, "empty"),
    ],
)
def test_a_bad_body(client, body, words_told):
    assert words_told in problem(client.ask(body), 422)


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (b"", "application/json", (422, "invalid")),
        (b"{", "application/json", (400, "not-json")),
        (b"\xff\xfe\x00", "application/json", (400, "not-json")),
        (b'{"question": "\xff"}', "application/json", (400, "not-json")),
        (b'{"question": "\\ud800 \xd9\x85\xd8\xaa\xd9\x89"', "application/json", (400, "not-json")),
        (b'{"question": "\\ud800 Trump Putin"}', "application/json", (422, "invalid")),
        (b"question=x", "application/x-www-form-urlencoded", (415, "wrong-content-type")),
        (b'{"question": "x"}', "text/plain; charset=utf-8", (415, "wrong-content-type")),
        (b'{"question": "x"}', "", (415, "wrong-content-type")),
        (b"[" * 100_000, "application/json", (400, "not-json")),
        (b'{"question": NaN}', "application/json", (422, "invalid")),
    ],
)
def test_a_body_that_is_no_json(client, content, kind, told):
    problem(client.request("POST", "/api/v1/ask", content=content, headers={"content-type": kind}), *told)


@pytest.mark.parametrize("text", ["س" * 10_000, "ما هذا؟ " * 1250, "😀" * 10_000])
def test_a_question_of_10_000_characters(client, text):
    assert "characters" in problem(client.ask({"question": text}), 413)


def test_a_long_history_is_no_error(client):
    assert client.ask({"question": ASKED["ar"], "history": ["س" * 10_000, "", "😀"]}).status_code == 200


class Failing:
    """An answerer whose index or model has gone."""

    models = {"embedder": "none", "reader": "none", "generator": "none"}

    def __init__(self, error) -> None:
        self.error = error

    def quote(self, question, history=(), within=EVERYTHING):
        raise self.error


def test_an_expected_failure_is_503_with_problem_and_remedy(archive, asker_of):
    failing = Failing(KhabarError("the index files in 'بيانات' are damaged", "run khabar index --rebuild"))
    response = asker_of(replace(archive, answerer=failing)).ask({"question": "متى؟"})
    assert problem(response, 503, "unavailable") == "the index files in 'بيانات' are damaged"
    assert response.json()["remedy"] == "run khabar index --rebuild" and int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("problem_told", "told"),
    [
        ("'/srv/secret folder/archive/catalog.sqlite' cannot be written", "'catalog.sqlite' cannot be written"),
        ("the data folder '.khabar/أرشيف/' is full", "the data folder 'أرشيف' is full"),
        ("cannot open /srv/archive/بایگانی.lance: denied", "cannot open بایگانی.lance: denied"),
        ("the model at http://10.0.0.5:11434/v1/chat says no", "the model at a server says no"),
        ("1/2 of it is read; see 2025/10/21", "1/2 of it is read; see 2025/10/21"),
    ],
)
def test_no_place_on_the_machine_is_told(archive, asker_of, problem_told, told):
    failing = Failing(KhabarError(problem_told, "look at '/etc/khabar/keys.toml'"))
    response = asker_of(replace(archive, answerer=failing)).ask({"question": "متى؟"})
    assert problem(response, 503, "unavailable") == told
    assert response.json()["remedy"] == "look at 'keys.toml'"


def test_a_full_line_says_when_to_ask_again(archive, asker_of):
    response = asker_of(replace(archive, answerer=Failing(Overloaded(7)))).ask({"question": "متى؟"})
    problem(response, 503, "overloaded")
    assert response.headers["retry-after"] == "7"


def test_an_unexpected_failure_is_json_without_its_inside(archive, asker_of):
    failing = Failing(RuntimeError("secret /etc/path"))
    response = asker_of(replace(archive, answerer=failing)).ask({"question": "متى؟"})
    assert "secret" not in problem(response, 500)


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v1/ask"), ("POST", "/api/v1/files?name=خبر.txt")])
def test_a_body_that_breaks_off_is_no_fault(small, caplog, method, path):
    sent = []

    async def call():
        async def receive():
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        address, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "path": address, "raw_path": address.encode(), "query_string": query.encode(),
            "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http", "root_path": "",
            "asgi": {"version": "3.0", "spec_version": "2.3"}, "client": ("127.0.0.1", 1), "server": ("khabar", 80),
        }  # fmt: skip
        await small.asker.api(scope, receive, send)

    asyncio.run(call())
    assert sent[0]["status"] == 499 and not caplog.records
