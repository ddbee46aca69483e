from __future__ import annotations

import pytest

from tests.rag.api.told import problem


@pytest.fixture(scope="module")
def named(tmp_path_factory, asker_of):
    """A client of the API over seeds/ with the names in them."""
    from index.build import BuildOptions, build_index
    from index.embed import NoEmbedder
    from index.progress import Silent
    from rag.archive import chosen_names, open_archive
    from rag.settings import Settings
    from tests.rag.conftest import SEEDS

    settings = Settings(data=tmp_path_factory.mktemp("named"), llm="none", embedder="none", reader="none")
    build_index(settings.data, [SEEDS], NoEmbedder(), BuildOptions(), Silent(), names=chosen_names(settings))
    archive = open_archive(settings)
    yield asker_of(archive)
    archive.catalog.close()


def listed(client, **query):
    return client.request("GET", "/api/v1/entities", params=query).json()


def test_they_are_listed_those_in_most_articles_first(named):
    found = listed(named, limit=200)
    assert found["complete"] and found["total"] >= len(found["entities"]) > 20
    counts = [each["articles"] for each in found["entities"]]
    assert counts == sorted(counts, reverse=True)
    assert {each["kind"] for each in found["entities"]} == {"person", "place", "organisation"}
    people = listed(named, kind="person", limit=3, offset=1)
    assert [each["id"] for each in people["entities"]] == [each["id"] for each in listed(named, kind="person")["entities"][1:4]]


@pytest.mark.parametrize("name", ["بوتين", "پوتین", "Putin", "پوتين", "PUTIN"])
def test_one_is_found_by_any_of_its_names(named, name):
    (first, *_) = listed(named, find=name, kind="person")["entities"]
    whole = named.request("GET", f"/api/v1/entities/{name}").json()
    assert whole["id"] == first["id"] and {"ar", "fa", "en"} == set(whole["names"])
    by_id = named.request("GET", f"/api/v1/entities/{first['id']}").json()
    assert by_id == whole and len(whole["listed"]) == whole["articles"] and whole["together"]
    days = [each["published"] or "" for each in whole["listed"]]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    "name", ["nobody at all", "person:", "person:x", "%00", "..%2f", "😀", "'; DROP TABLE", "{{7*7}}", "x" * 3000]
)
def test_an_unknown_one(named, name):
    problem(named.request("GET", f"/api/v1/entities/{name}"), 404)


def test_a_slip_comes_with_the_nearest(named):
    assert "'" in named.request("GET", "/api/v1/entities/بوتينن").json()["remedy"]


@pytest.mark.parametrize("query", ["kind=animal", "find=", "find=%20", "limit=0", "x=1"])
def test_a_wrong_list(named, query):
    problem(named.request("GET", f"/api/v1/entities?{query}"), 422, "invalid")
