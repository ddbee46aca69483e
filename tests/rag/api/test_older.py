"""The paths of the API before it had a version go on working."""

from __future__ import annotations

import pytest

from tests.rag.api.told import ASKED, problem


@pytest.mark.parametrize("language", ASKED)
def test_asking(client, language):
    body = {"question": ASKED[language], "history": [], "filter": {"languages": [language]}}
    old, new = (client.request("POST", path, json=body).json() for path in ("/api/ask", "/api/v1/ask"))
    assert {**old, "timings": None} == {**new, "timings": None} and old["citations"]


@pytest.mark.parametrize(("old", "new"), [("outlets", "outlets"), ("status", "stats"), ("report", "report")])
def test_reading(client, old, new):
    assert client.request("GET", f"/api/{old}").json() == client.request("GET", f"/api/v1/{new}").json()


def test_an_article(client):
    article_id = client.ask({"question": ASKED["fa"]}).json()["citations"][0]["article_id"]
    old, new = (client.request("GET", f"{path}/articles/{article_id}").json() for path in ("/api", "/api/v1"))
    assert old == new and old["text"]


def test_their_errors_are_of_the_new_form(client):
    problem(client.request("POST", "/api/ask", json={}), 422, "invalid")
    problem(client.request("GET", "/api/articles/none"), 404, "no-article")


def test_the_description_leaves_them_out(client):
    paths = client.request("GET", "/openapi.json").json()["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)
