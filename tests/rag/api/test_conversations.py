from __future__ import annotations

import pytest

from rag.api.application import create_api
from rag.server.caller import Caller
from tests.rag.api.conftest import Asker
from tests.rag.api.guard import Guard
from tests.rag.api.test_stream import read
from tests.rag.api.told import problem

FIRST = {"ar": "أين اجتمع الوزراء؟", "fa": "وزیران خارجه کجا گفت‌وگو کردند؟", "en": "Where did the ministers meet on Wednesday?"}


def begun(client, **body):
    response = client.post("/conversations", body)
    assert response.status_code == 201, response.text
    return f"/conversations/{response.json()['id']}"


@pytest.mark.parametrize("language", FIRST)
def test_a_conversation_from_its_beginning_to_its_end(small, language):
    one = begun(small)
    assert small.get(one) | {"asked": []} == small.get(one) and small.get("/conversations")["total"] == 1
    asked = small.post(f"{one}/turns", {"question": FIRST[language]})
    assert asked.status_code == 200, asked.text
    turn = asked.json()
    assert (turn["number"], turn["state"], turn["fault"]) == (1, "over", None) and turn["answer"]["citations"]
    assert small.get(asked.headers["location"].removeprefix("/api/v1")) == turn
    whole = small.get(one)
    assert whole["asked"] == [turn] and whole["title"] == FIRST[language] and whole["turns"] == 1
    assert small.request("PATCH", one, json={"title": "  قمة \u200c جديدة ", "pinned": True}).json()["pinned"]
    assert small.get("/conversations", params={"find": "قمة"})["total"] == 1
    assert small.request("DELETE", one).status_code == 204
    problem(small.request("GET", one), 404, "no-conversation")
    assert small.get("/conversations")["total"] == 0


def test_a_question_leans_on_those_before_it(small):
    one = begun(small)
    small.post(f"{one}/turns", {"question": FIRST["ar"]})
    leaning = small.post(f"{one}/turns", {"question": "وماذا ناقشوا؟"}).json()
    assert leaning["number"] == 2 and leaning["answer"]["citations"][0]["path"] == "news/خبر.txt"


def test_a_streamed_turn(small):
    one = begun(small, title="نشست")
    response = small.post(f"{one}/turns", {"question": FIRST["fa"], "stream": True})
    found, _ = read(response.text)
    assert found[-1][0] == "done" and found[-1][1]["turn"]["answer"] == found[-1][1]["answer"]
    assert response.headers["location"].endswith(found[-1][1]["turn"]["id"])
    assert "".join(data["text"] for name, data in found if name == "token") == found[-1][1]["answer"]["answer"]
    assert small.get(one)["title"] == "نشست"


def test_the_same_id_is_asked_once(small):
    one = begun(small)
    body = {"question": FIRST["en"], "id": "turn-0000000000001"}
    assert small.post(f"{one}/turns", body).json() == small.post(f"{one}/turns", body).json()
    assert small.get(one)["turns"] == 1


@pytest.mark.parametrize(
    ("question", "told"),
    [("؟", (422, "question-without-words")), ("س" * 5_000, (413, "question-too-long")), ("", (422, "invalid"))],
)
def test_a_question_that_cannot_be_asked(small, question, told):
    one = begun(small)
    problem(small.post(f"{one}/turns", {"question": question}), *told)
    if question:
        problem(small.post(f"{one}/turns", {"question": question, "stream": True}), *told)


def test_a_wrong_filter_is_told_before_anything_is_kept(small):
    one = begun(small)
    problem(small.post(f"{one}/turns", {"question": "x", "filter": {"outlets": ["Nobody"]}}), 422, "filter-unknown-outlet")
    assert small.get(one)["turns"] == 0


def test_nobody_else_sees_or_changes_a_conversation(small):
    api = create_api(small.desk)

    def calling(name):
        return Asker(Guard(api, Caller(name, frozenset({"read"}))))

    sara, omid = calling("key:s"), calling("user:omid")
    own = f"/api/v1/conversations/{sara.request('POST', '/api/v1/conversations', json={}).json()['id']}"
    turn = sara.request("POST", f"{own}/turns", json={"question": FIRST["ar"]}).json()["id"]
    assert omid.request("GET", "/api/v1/conversations").json()["total"] == 0
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {"title": "x"}), ("DELETE", "", None), ("POST", "/turns", {"question": "متى؟"}),
        ("GET", f"/turns/{turn}", None), ("POST", f"/turns/{turn}/stop", None),
        ("POST", "/turns", {"question": "متى؟", "id": turn}),
    ):  # fmt: skip
        problem(omid.request(method, own + path, json=body), 404, "no-conversation")
    other = f"/api/v1/conversations/{omid.request('POST', '/api/v1/conversations', json={}).json()['id']}"
    taken = omid.request("POST", f"{other}/turns", json={"question": "متى؟", "id": f"{turn}"})
    problem(taken, 404 if taken.status_code == 404 else 422)
    assert sara.request("GET", own).json()["turns"] == 1


@pytest.mark.parametrize("name", ["nope", "%00", "..%2f..", "' OR 1=1 --", "😀", "x" * 3000])
def test_an_unknown_conversation(client, name):
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/turns/x")):
        problem(client.request(method, f"/api/v1/conversations/{name}{path}"), 404)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"title": "x" * 201}), ("POST", "", {"name": "x"}), ("POST", "", {"title": 7}),
        ("PATCH", "/x", {"title": ""}),
        ("PATCH", "/x", {"pinned": "yes"}), ("POST", "/x/turns", {}), ("POST", "/x/turns", {"question": "x", "id": "short"}),
    ],
)  # fmt: skip
def test_a_wrong_conversation(client, method, path, body):
    problem(client.request(method, f"/api/v1/conversations{path}", json=body), 422, "invalid")
