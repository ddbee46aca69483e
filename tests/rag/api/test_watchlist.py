from __future__ import annotations

import pytest

from tests.rag.api.made import BRIDGE
from tests.rag.api.told import problem

WAIT = {"wait": 30}


@pytest.mark.parametrize(("watched", "once_more"), [("الجسر الجديد", "الجِسر  الجديد"), ("مدینه‌ی المنصوره", "مدينه ی المنصوره")])
def test_what_is_watched_is_told_once_it_comes(small, watched, once_more):
    added = small.post("/watchlist", {"text": watched})
    assert added.status_code == 201 and added.json()["articles"] == 0
    problem(small.post("/watchlist", {"text": once_more}), 409, "watched")
    assert [each["text"] for each in small.get("/watchlist")["watched"]] == [watched]
    assert small.get("/watchlist/news") == {"news": []}
    small.post("/articles", {**BRIDGE, "id": "x"}, params=WAIT)
    (news,) = small.get("/watchlist/news")["news"]
    assert news["text"] == watched and [each["path"] for each in news["articles"]] == ["uploads/sent/x.json#x"]
    assert small.post("/watchlist/news/told").json()["news"] == [news]
    assert small.get("/watchlist/news") == {"news": []}
    number = added.json()["id"]
    assert small.request("DELETE", f"/watchlist/{number}").json()["text"] == watched
    problem(small.request("DELETE", f"/watchlist/{number}"), 404, "not-watched")


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 501}, {"text": 7}, {"text": "x", "by": "me"}])
def test_a_wrong_watch(small, body):
    problem(small.post("/watchlist", body), 422, "invalid")


@pytest.mark.parametrize("text", ["و في من", "؟", "!"])
def test_what_names_nothing_is_told(small, text):
    response = small.post("/watchlist", {"text": text})
    problem(response, 422, "nothing-to-watch")


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("0", (422, "invalid")), ("9" * 50, (422, "invalid")), ("-1", (404, "no-address")), ("x", (404, "no-address")),
        ("1.5", (404, "no-address")), ("%00", (404, "no-address")), ("٣", (404, "no-address")), ("news", (405, "wrong-method")),
    ],
)  # fmt: skip
def test_a_wrong_number(client, number, told):
    problem(client.request("DELETE", f"/api/v1/watchlist/{number}"), *told)
