from __future__ import annotations

import pytest

from rag.retrieve.retriever import Retriever
from tests.rag.api.told import problem


def search(client, question, **more):
    response = client.request("POST", "/api/v1/search", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("question", "how", "text"),
    [
        ("بوتين وترامب في بودابست", "word", "بودابست"),
        ("پوتین و ترامپ در بوداپست", "word", "بوداپست"),
        ("Putin and Trump in Budapest", "glossary", "بودابست"),
        ("هواپیمای پوتین", "glossary", "Putin"),
        ("وزیران خارجه", "glossary", "Foreign Minister"),
    ],
)
def test_a_passage_tells_which_words_of_the_question_stand_in_it(client, question, how, text):
    found = search(client, question, top_k=30)["passages"]
    met = [(match["how"], match["text"]) for passage in found for match in passage["matched"]]
    assert any(how == each and text in written for each, written in met), met
    for passage in found:
        article = client.request("GET", f"/api/v1/articles/{passage['article_id']}").json()
        assert article["text"][passage["start"] : passage["end"]] == passage["text"]
        for match in passage["matched"]:
            assert article["text"][match["start"] : match["end"]] == match["text"]
            assert passage["start"] <= match["start"] < match["end"] <= passage["end"]


def test_passages_come_best_first_and_as_many_as_wanted(client):
    found = search(client, "قمة بوتين وترامب", top_k=4)["passages"]
    assert [passage["rank"] for passage in found] == [1, 2, 3, 4]
    assert [passage["score"] for passage in found] == sorted((passage["score"] for passage in found), reverse=True)
    assert all(passage["by_words"] > 0 for passage in found[:1])


def test_harakat_and_half_spaces_are_met_whole(client):
    found = search(client, "قُمّةُ بُودَابِسْت", top_k=3)["passages"]
    assert any(match["text"] == "بودابست" for passage in found for match in passage["matched"])
    plain = search(client, "رئیس جمهور", top_k=30)["passages"]
    assert any("\u200c" in match["text"] for passage in plain for match in passage["matched"])


def test_without_why_nothing_is_explained(client):
    assert all(passage["matched"] is None for passage in search(client, "Trump Putin", why=False)["passages"])


def test_a_filter_holds(client):
    found = search(client, "Trump Putin", filter={"languages": ["fa"], "since": "2025-10-01"}, top_k=20)["passages"]
    assert found and all(passage["language"] == "fa" and passage["published"] >= "2025-10-01" for passage in found)


def test_meaning_is_left_out_where_it_is_not_wanted(client, monkeypatch):
    asked = []
    monkeypatch.setattr(Retriever, "_embed", lambda self, question: asked.append(question.text))
    search(client, "Trump, Putin: peace?", meaning=False)
    assert asked == []
    assert search(client, "Trump, Putin: peace?")["meaning"] is False, "there is no embedder here"
    assert asked == ["Trump, Putin: peace?"]


def test_nearness_is_told_where_meaning_is_searched(embedded_client):
    found = search(embedded_client, "متى يجتمع الوزيران في بودابست؟", top_k=5)
    assert found["meaning"] and all(isinstance(passage["nearness"], float) for passage in found["passages"])
    alone = search(embedded_client, "متى يجتمع الوزيران في بودابست؟", top_k=5, meaning=False)
    assert not alone["meaning"] and all(passage["nearness"] is None for passage in alone["passages"])


@pytest.mark.parametrize("more", [{"top_k": 0}, {"top_k": 101}, {"top_k": "3"}, {"top_k": 2.5}, {"meaning": "no"}, {"k": 1}])
def test_a_wrong_search(client, more):
    problem(client.request("POST", "/api/v1/search", json={"question": "Trump", **more}), 422, "invalid")
