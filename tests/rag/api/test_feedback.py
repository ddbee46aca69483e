from __future__ import annotations

import pytest

from rag.api.application import create_api
from rag.server.caller import Caller
from tests.rag.api.conftest import Asker
from tests.rag.api.guard import Guard
from tests.rag.api.told import problem

QUESTION = "أين اجتمع الوزراء؟"


def test_the_answer_to_a_turn_is_judged_and_judged_anew(small):
    one = small.post("/conversations", {}).json()["id"]
    turn = small.post(f"/conversations/{one}/turns", {"question": QUESTION}).json()["id"]
    body = {"verdict": "wrong", "note": "بل في جدة", "conversation": one, "turn": turn}
    assert small.post("/feedback", body).status_code == 201
    assert small.post("/feedback", {**body, "verdict": "right", "note": ""}).json()["verdict"] == "right"
    (kept,) = small.get("/feedback")["judgements"]
    assert (kept["verdict"], kept["note"], kept["question"], kept["turn"]) == ("right", "", QUESTION, turn)


def test_an_answer_is_judged_as_it_came(small):
    answer = small.post("/ask", {"question": "وزیران خارجه کجا گفت‌وگو کردند؟", "filter": {"languages": ["fa"]}}).json()
    body = {"verdict": "wrong_source", "answer": answer, "filter": {"languages": ["fa"]}, "history": ["پیش از این؟"]}
    assert small.post("/feedback", body).status_code == 201 == small.post("/feedback", body).status_code
    found = small.get("/feedback", params={"verdict": "wrong_source"})
    assert found["total"] == 1 and small.get("/feedback", params={"verdict": "right"})["total"] == 0
    kept = found["judgements"][0]
    assert kept["answer"] == answer and kept["filter"] == {"languages": ["fa"]} and kept["history"] == ["پیش از این؟"]


def test_what_is_no_answer_of_this_archive_is_refused(small):
    answer = small.post("/ask", {"question": QUESTION}).json()
    forged = {**answer, "citations": [{**answer["citations"][0], "quote": "اجتمع الوزراء في جدة."}]}
    problem(small.post("/feedback", {"verdict": "right", "answer": forged}), 422, "answer-not-ours")
    reversed_days = {**answer, "within": {"since": "2025-10-02", "until": "2025-10-01"}}
    problem(small.post("/feedback", {"verdict": "right", "answer": reversed_days}), 422, "invalid")
    endless = '{"verdict": "right", "answer": {"question": "x", "language": "en", "answer": "x", "mode": "quotes", ' \
              '"abstained": false, "confidence": 1e999}}'  # fmt: skip
    response = small.request("POST", "/feedback", content=endless, headers={"content-type": "application/json"})
    problem(response, 422)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"verdict": "right"}, {"verdict": "maybe", "conversation": "x", "turn": "y"}, {"verdict": "right", "turn": "y"},
        {"verdict": "right", "conversation": "x"}, {"verdict": "right", "conversation": "x", "turn": "y", "note": "x" * 2001},
        {"verdict": "right", "answer": {"question": "x"}}, {"verdict": "right", "answer": "x"},
    ],
)  # fmt: skip
def test_a_wrong_judgement(client, body):
    problem(client.request("POST", "/api/v1/feedback", json=body), 422, "invalid")


def test_a_turn_that_is_not_there(client):
    problem(client.request("POST", "/api/v1/feedback", json={"verdict": "right", "conversation": "x", "turn": "y"}), 404)


def test_reading_it_needs_the_scope_admin(small):
    writer = Guard(create_api(small.desk), Caller("key:w", frozenset({"read", "write"})))
    problem(Asker(writer).request("GET", "/api/v1/feedback"), 403, "not-allowed")
