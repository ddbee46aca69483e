from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from index.types import EVERYTHING, KhabarError
from rag.api import events
from rag.api.application import create_api
from rag.api.ask import answer_json
from rag.api.events import answer_stream
from rag.desk import open_desk
from rag.settings import Settings
from rag.types import Answer, Citation, DraftCount
from tests.rag.api.told import ASKED, problem

SAYS = "«قُتل ١٢ تمساحاً.» [1]"
CITED = Citation("a1", "seeds/ar/a1.txt", "قمة الخروبة", None, None, "ar", None, "قُتل ١٢ تمساحاً.", 0, 16, 1, "قُتل ١٢ تمساحاً.")
QUOTED = Answer("كم؟", "ar", SAYS, "quotes", False, (CITED,))
WRITTEN = replace(QUOTED, answer="قُتل ١٢ تمساحاً [1]", mode="written")
LONGER = replace(WRITTEN, answer="قُتل ١٢ تمساحاً [1] في الخروبة [1]")


def read(text):
    """Return the (name, data) of each event, and the comments; ids count from 1."""
    found, comments = [], []
    for block in text.removesuffix("\n\n").split("\n\n"):
        if block.startswith(":"):
            comments.append(block)
            continue
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        assert list(lines) == ["id", "event", "data"] and lines["id"] == str(len(found) + 1)
        found.append((lines["event"], json.loads(lines["data"])))
    return found, comments


def told_of(answers, patience=1.0, keep_alive=15.0, monkeypatch=None):
    """Return the events and comments of these answers; an exception among them is raised, a number slept."""

    async def growing():
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, float):
                await asyncio.sleep(answer)
            else:
                yield answer

    async def sent():
        response = await answer_stream(growing(), answer_json)
        return "".join([piece async for piece in response.body_iterator])

    if monkeypatch:
        monkeypatch.setattr(events, "PATIENCE_SECONDS", patience)
        monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", keep_alive)
    return read(asyncio.run(sent()))


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("last_event", [None, "7", "garbage \u00e9 ' OR 1=1", "-1"])
def test_a_streamed_answer_is_the_whole_one_in_pieces(client, language, last_event):
    headers = {} if last_event is None else {"Last-Event-ID": last_event.encode()}
    body = {"question": ASKED[language]}
    response = client.request("POST", "/api/v1/ask", json={**body, "stream": True}, headers=headers)
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/event-stream")
    found, _ = read(response.text)
    whole = client.ask(body).json()
    assert [name for name, _ in found][:2] == ["stage", "stage"] and found[-1][0] == "done"
    assert {**found[-1][1]["answer"], "timings": None} == {**whole, "timings": None}
    assert "".join(data["text"] for name, data in found if name == "token") == whole["answer"]
    assert [data for name, data in found if name == "citation"] == whole["citations"]
    assert [data["text"] for name, data in found if name == "quote"] == [each["quote"] for each in whole["citations"]]


def test_the_text_begins_anew_where_a_model_writes():
    found, _ = told_of([QUOTED, WRITTEN, LONGER])
    assert [(name, data.get("stage") or data.get("text")) for name, data in found if name in ("stage", "token")] == [
        ("stage", "searching"), ("stage", "quoting"), ("token", SAYS), ("stage", "writing"), ("token", WRITTEN.answer),
        ("token", " في الخروبة [1]"),
    ]  # fmt: skip
    assert found[-1][1]["answer"]["answer"] == LONGER.answer


def test_each_checked_sentence_is_told_whole_with_the_answer_so_far():
    begun = replace(QUOTED, drafted=DraftCount(), models={"generator": "qwen"})
    found, _ = told_of([begun, WRITTEN, LONGER])
    names = [name for name, _ in found]
    assert [data for name, data in found if name == "drafting"] == [{"model": "qwen"}]
    assert [data for name, data in found if name == "sentence"] == [
        {"text": WRITTEN.answer, "citations": [1], "answer": WRITTEN.answer},
        {"text": "في الخروبة [1]", "citations": [1], "answer": LONGER.answer},
    ]
    assert names.index("drafting") < names.index("sentence") and names[-1] == "done"


def test_of_quotes_alone_no_sentence_is_told_and_no_model():
    found, _ = told_of([QUOTED])
    assert not {"drafting", "sentence"} & {name for name, _ in found}


def test_a_draft_that_fails_gives_way_to_the_quotes():
    found, _ = told_of([QUOTED, WRITTEN, replace(QUOTED, notices=("the model failed",))])
    stages = [data["stage"] for name, data in found if name == "stage"]
    assert stages == ["searching", "quoting", "writing", "quoting"] and found[-1][1]["answer"]["answer"] == SAYS


def test_what_fails_at_once_has_a_status(client, archive, asker_of):
    problem(client.ask({"question": "س" * 10_000, "stream": True}), 413, "question-too-long")
    problem(client.ask({"question": "؟", "stream": True}), 422, "question-without-words")

    class Failing:
        def quote(self, question, history=(), within=EVERYTHING):
            raise RuntimeError("secret /etc/path")

    response = asker_of(replace(archive, answerer=Failing())).ask({"question": "متى؟", "stream": True})
    assert "secret" not in problem(response, 500, "bug")


@pytest.mark.parametrize(
    ("error", "code"), [(KhabarError("'/srv/a/b' has gone", "come again"), "unavailable"), (RuntimeError("secret"), "bug")]
)
def test_what_fails_later_is_the_last_event(error, code):
    found, _ = told_of([QUOTED, error])
    assert found[-1][0] == "error" and found[-1][1]["code"] == code
    assert "secret" not in str(found) and "/srv" not in str(found)


def test_comments_keep_a_silent_stream_open(monkeypatch):
    found, comments = told_of([0.3, QUOTED, 0.3], 0.01, 0.05, monkeypatch)
    assert len(comments) > 2 and found[-1][0] == "done"


class Ended:
    """An answering whose stream never ends by itself, and notes when it is ended."""

    def __init__(self) -> None:
        self.ended = False

    async def stream(self, asked, asker):
        try:
            yield QUOTED
            await asyncio.sleep(3600)
            yield QUOTED
        finally:
            self.ended = True

    async def answer(self, asked, asker):
        try:
            await asyncio.sleep(3600)
        finally:
            self.ended = True

    async def run(self, work, asker):
        return work()

    def close(self):
        """Do nothing."""


@pytest.mark.parametrize("stream", [True, False])
def test_what_a_client_waits_for_ends_when_it_goes(archive, data, stream):
    """A client that sends its question, reads what comes first and hangs up."""
    desk = replace(open_desk(archive, Settings(data=data, llm="none", embedder="none", reader="none")), answering=Ended())
    body = json.dumps({"question": "متى؟", "stream": stream}).encode()
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/ask", "raw_path": b"/api/v1/ask", "query_string": b"",
        "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"}, "client": ("127.0.0.1", 1), "server": ("khabar", 80),
    }  # fmt: skip

    async def call():
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        sent = asyncio.Event()

        async def receive():
            if messages:
                return messages.pop()
            if stream:
                await sent.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.body":
                sent.set()

        await asyncio.wait_for(create_api(desk)(scope, receive, send), 5)

    try:
        asyncio.run(call())
    finally:
        desk.close()
    assert desk.answering.ended
