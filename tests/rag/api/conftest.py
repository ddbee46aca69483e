"""The API over seeds/, asked in this process."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.lexical import LexicalIndex
from index.progress import Silent
from index.vectors import VectorIndex
from rag.answer import Answerer, AnswerOptions
from rag.api.application import create_api
from rag.archive import Archive, chosen_names, open_archive
from rag.desk import open_desk
from rag.generate.generator import NoGenerator
from rag.intake import work
from rag.retrieve.coverage import Coverage
from rag.retrieve.retriever import Retriever
from rag.settings import Settings
from rag.text.glossary import load_glossary
from tests.letters import LetterEmbedder
from tests.rag.api.made import ARABIC, ENGLISH, PERSIAN, Client
from tests.rag.conftest import SEEDS


class Asker:
    """A client of the API in this process; httpx speaks ASGI only in async, so each request has its own loop."""

    def __init__(self, api) -> None:
        self.api = api

    def request(self, method, path, **arguments):
        async def send():
            transport = httpx.ASGITransport(self.api, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://khabar") as client:
                return await client.request(method, path, **arguments)

        return asyncio.run(send())

    def ask(self, body):
        return self.request("POST", "/api/v1/ask", json=body)


@pytest.fixture(scope="module")
def asker_of():
    """A function that returns a client of the API over an archive."""
    desks = []

    def asker(archive):
        desks.append(open_desk(archive, Settings(data=archive.catalog.file.parent, llm="none", embedder="none", reader="none")))
        return Asker(create_api(desks[-1]))

    yield asker
    for desk in desks:
        desk.close()


@pytest.fixture(scope="module")
def client(archive, asker_of):
    return asker_of(archive)


@pytest.fixture(scope="module")
def embedded_client(tmp_path_factory, asker_of):
    """A client of the API over seeds/, embedded by the letters."""
    data, embedder = tmp_path_factory.mktemp("embedded"), LetterEmbedder()
    build_index(data, [SEEDS], embedder, BuildOptions(), Silent())
    catalog = Catalog(data / FILE_NAME)
    lexical = LexicalIndex(data)
    retriever = Retriever(catalog, lexical, VectorIndex(data, embedder), embedder)
    coverage = Coverage(catalog, embedder)
    answerer = Answerer(retriever, NoGenerator(), load_glossary(), embedder.name, AnswerOptions(), coverage=coverage)
    yield asker_of(Archive(catalog, lexical, embedder, retriever, answerer, coverage))
    catalog.close()


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A function that opens an archive of three articles, in three languages, which the test may change."""
    monkeypatch.setattr(work, "_QUIET_SECONDS", 0.02)
    monkeypatch.setattr(work, "_RETRY_SECONDS", 0.05)
    news, opened = tmp_path / "news", []
    news.mkdir()
    for name, text in (("خبر.txt", ARABIC), ("دیدار.txt", PERSIAN), ("vienna.txt", ENGLISH)):
        (news / name).write_text(text, encoding="utf-8")

    def made(**settings):
        chosen = Settings(data=tmp_path / "data", llm="none", embedder="none", reader="none", **settings)
        if not opened:
            build_index(
                chosen.data, [news], NoEmbedder(), BuildOptions(), Silent(), names=chosen_names(chosen),
            )  # fmt: skip
        desk = open_desk(open_archive(chosen), chosen)
        opened.append(desk)
        return Client(Asker(create_api(desk)), desk, news)

    yield made
    for desk in opened:
        desk.close()
        desk.archive.catalog.close()


@pytest.fixture
def small(own):
    return own()
