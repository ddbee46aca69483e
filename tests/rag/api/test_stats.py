from __future__ import annotations

from datetime import date

import pytest

from index.catalog import FILE_NAME, Catalog
from index.embedding import Embedded
from index.lexical import LexicalIndex
from index.report import BuildReport, kept
from index.types import LANGUAGES, Problem
from index.vectors import VectorIndex
from rag.answer import Answerer, AnswerOptions
from rag.archive import Archive
from rag.generate.generator import NoGenerator
from rag.retrieve.coverage import Coverage
from rag.retrieve.retriever import Retriever
from rag.text.glossary import load_glossary
from tests.letters import LetterEmbedder
from tests.rag.api.told import ASKED


def test_status(client, archive):
    content = client.request("GET", "/api/v1/stats").json()
    assert content["models"] == {"embedder": "none", "reader": "none", "generator": "none"}
    assert content["articles"] == archive.catalog.counts()["articles"] >= 18
    assert content["chunks"] >= content["articles"] >= content["sources"]
    articles = list(archive.catalog.articles())
    assert content["languages"] == {language: sum(one.language == language for one in articles) for language in LANGUAGES}
    days = sorted(article.published.isoformat() for article in articles if article.published)
    assert (content["first"], content["last"]) == (days[0], days[-1])
    assert content["embedded"] == {"chunks": 0, "of": 0, "embedder": "none"}


def test_the_report_of_the_last_indexing(client, archive, monkeypatch):
    films = {".mp4": [f"news/{number}.mp4" for number in range(1_200)]}
    problems = [Problem("news/خالی.txt", "it is empty; remove it", kind="empty")]
    told = BuildReport(added=7, problems=problems, unread=films, hidden=3)
    stored = [None, kept(told, date(2025, 10, 21))]
    monkeypatch.setattr(archive.catalog, "meta", lambda key: stored.pop(0))
    assert client.request("GET", "/api/v1/report").json() == {"report": None}
    report = client.request("GET", "/api/v1/report").json()["report"]
    assert (report["day"], report["hidden"], report["files"]["added"]) == ("2025-10-21", 3, 7)
    assert [(group["title"], group["files"]) for group in report["groups"]] == [("empty", 1), (".mp4: not read", 1_200)]


@pytest.fixture
def half_embedded(data):
    """The archive as an embedder sees it that has embedded a part of it so far."""
    catalog, embedder = Catalog(data / FILE_NAME), LetterEmbedder()
    retriever = Retriever(catalog, LexicalIndex(data), VectorIndex(data, embedder), embedder)
    coverage = Coverage(catalog, embedder)
    coverage.now = lambda: Embedded(25, 56)
    answerer = Answerer(retriever, NoGenerator(), load_glossary(), embedder.name, AnswerOptions(), coverage=coverage)
    yield Archive(catalog, retriever.lexical, embedder, retriever, answerer, coverage)
    catalog.close()


def test_an_archive_that_is_embedded_in_part(half_embedded, asker_of):
    asker = asker_of(half_embedded)
    assert asker.request("GET", "/api/v1/stats").json()["embedded"] == {"chunks": 25, "of": 56, "embedder": "letters"}
    for language, question, told in (
        ("ar", "ما مكونات طبق الكشري؟", "حتى الآن لا يشمل البحث بالمعنى سوى 44% من الأرشيف."),
        ("fa", "دستور پخت قورمه‌سبزی چیست؟", "جست‌وجوی معنایی تاکنون تنها ۴۴٪ از بایگانی را در بر می‌گیرد."),
        ("en", "How do I bake sourdough?", "So far only 44% of the archive can be searched by meaning."),
    ):
        abstention = asker.ask({"question": question}).json()
        assert abstention["abstained"] and abstention["notices"] == [told]
        answer = asker.ask({"question": ASKED[language]}).json()
        assert not answer["abstained"] and answer["notices"] == [], "an answer stands for itself"


# Filters
def test_the_outlets_that_a_filter_can_name(client, archive):
    content = client.request("GET", "/api/v1/outlets").json()
    assert list(content) == ["outlets"] and content["outlets"]
    articles = [article for article in archive.catalog.articles() if article.outlet]
    assert sum(row["articles"] for row in content["outlets"]) == len(articles)
    for row in content["outlets"]:
        assert list(row) == ["outlet", "articles", "first", "last"]
        own = [article for article in articles if article.outlet == row["outlet"]]
        days = sorted(article.published.isoformat() for article in own)
        assert (row["articles"], row["first"], row["last"]) == (len(own), days[0], days[-1])
        wanted = {"outlets": [row["outlet"]], "since": row["first"], "until": row["last"]}
        assert client.ask({"question": "Trump Putin", "filter": wanted}).status_code == 200
    assert [row["articles"] for row in content["outlets"]] == sorted(
        (row["articles"] for row in content["outlets"]), reverse=True
    )


# Errors
