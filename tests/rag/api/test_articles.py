from __future__ import annotations

from typing import get_args

import pytest

from index.types import Language
from tests.rag.api.told import ASKED, problem


@pytest.mark.parametrize("language", get_args(Language))
def test_the_article_behind_a_citation(client, language):
    for item in client.ask({"question": ASKED[language]}).json()["citations"]:
        response = client.request("GET", f"/api/v1/articles/{item['article_id']}")
        assert response.status_code == 200
        article = response.json()
        assert set(article) == {"article_id", "path", "title", "outlet", "published", "language", "url", "text"}
        assert article["text"][item["start"] : item["end"]] == item["quote"]
        assert item["passage"] in article["text"]
        assert {key: item[key] for key in set(article) - {"text"}} == {key: article[key] for key in set(article) - {"text"}}


@pytest.mark.parametrize(
    "article_id", ["nope", "0", "..%2f..%2fetc%2fpasswd", "مقالة", "😀", "%00", "%ff", "x" * 3000, "'; DROP TABLE articles"]
)
def test_an_unknown_article(client, article_id):
    told = problem(client.request("GET", f"/api/v1/articles/{article_id}"), 404)
    assert len(told) < 300
