"""One index over seeds/ for all tests of a session, and answerers over it with scripted generators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.build import BuildOptions, build_index
from index.e5.encoder import E5Encoder
from index.e5.weights import find_weights
from index.embed import NoEmbedder
from index.progress import Silent
from rag.answer import Answerer, AnswerOptions
from rag.archive import Archive, open_archive
from rag.generate.generator import Generator
from rag.retrieve.retriever import Retriever
from rag.settings import read_settings
from rag.text.glossary import Glossary, load_glossary
from tests.rag.scripted import ScriptedGenerator
from tests.variables import without_variables

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(autouse=True)
def no_variables() -> Iterator[None]:
    with without_variables():
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index over seeds/ without an embedder; tests read it and never change it."""
    data = tmp_path_factory.mktemp("seeds")
    report = build_index(data, [SEEDS], NoEmbedder(), BuildOptions(), Silent())
    assert report.articles >= 18 and not report.problems
    return data


@pytest.fixture(scope="session")
def archive(data: Path) -> Iterator[Archive]:
    opened = open_archive(read_settings(data=data, embedder="none", reader="none", llm="none"))
    yield opened
    opened.catalog.close()


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> E5Encoder:
    """The embedded encoder, loaded once for all tests; it keeps nothing in the folder of whoever runs them."""
    return E5Encoder(find_weights(), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    return load_glossary()


@pytest.fixture(scope="session")
def retriever(archive: Archive) -> Retriever:
    return archive.retriever


@pytest.fixture
def answerer_with(retriever: Retriever, glossary: Glossary) -> Callable[..., Answerer]:
    """Return a function that makes an answerer over seeds/ with a generator (or the pieces that one writes)."""

    def make(generator: Generator | list[Any], **options: Any) -> Answerer:
        written = ScriptedGenerator(generator) if isinstance(generator, list) else generator
        return Answerer(retriever, written, glossary, "none", AnswerOptions(**options))

    return make
