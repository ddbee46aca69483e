"""Folders of small articles, and an index over them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog import FILE_NAME, Catalog
from index.e5.encoder import E5Encoder
from index.e5.weights import find_weights
from tests.index.killed import Forks
from tests.index.made import build, write_articles


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with one article in each language."""
    return write_articles(tmp_path / "news")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where an index may be built; nothing is there yet."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def first_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an article in each language and the index over it, for all tests; none changes it."""
    place = tmp_path_factory.mktemp("built")
    assert build(place / "data", write_articles(place / "news")).added == 3
    return place


@pytest.fixture
def built(first_built: Path, news: Path, data: Path) -> Path:
    """The index over `news`: a copy of the one that was made for all tests, with the place of its articles put right."""
    shutil.copytree(first_built / "data", data)
    with closing(sqlite3.connect(data / FILE_NAME)) as connection, connection:
        for table, column in (("sources", "location"), ("articles", "location"), ("meta", "value")):
            connection.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (f"{first_built}/", f"{news.parent}/"))
    return data


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """A new catalog that can be written."""
    opened = Catalog(tmp_path / "catalog" / FILE_NAME, writable=True)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def encoder_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the embedded encoder keeps what it derives: never the folder of whoever runs the tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def encoder(encoder_cache: Path) -> E5Encoder:
    """The embedded encoder, loaded once for all tests."""
    return E5Encoder(find_weights(), encoder_cache)


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """A process that indexes in forks, which are killed at a moment."""
    started = Forks()
    yield started
    started.close()
