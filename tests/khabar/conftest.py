"""An archive of seeds/ for the client: in this process, and at a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.progress import Silent
from khabar import Khabar
from rag.api.application import create_api
from rag.archive import open_archive
from rag.desk import open_desk
from rag.entities.extraction import GlossaryNames
from rag.settings import read_settings
from rag.text.glossary import load_glossary
from tests.serving import serving
from tests.variables import without_variables

SEEDS = Path(__file__).parents[2] / "seeds"
PLAIN = {"embedder": "none", "reader": "none", "llm": "none"}


@pytest.fixture(autouse=True)
def no_variables() -> Iterator[None]:
    with without_variables():
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    build_index(folder, [SEEDS], NoEmbedder(), BuildOptions(), Silent(), names=GlossaryNames(load_glossary()))
    return folder


@pytest.fixture(scope="session")
def address(data: Path) -> Iterator[str]:
    with without_variables():
        settings = read_settings(data=data, **PLAIN)
    archive = open_archive(settings)
    desk = open_desk(archive, settings)
    with serving(create_api(desk)) as found:
        yield found
    desk.close()
    archive.catalog.close()


@pytest.fixture(scope="session")
def embedded(data: Path) -> Iterator[Khabar]:
    with without_variables():
        opened = Khabar(data=data, **PLAIN)
    with opened as archive:
        yield archive


@pytest.fixture(scope="session")
def at_server(address: str) -> Iterator[Khabar]:
    with Khabar(address, timeout=60) as archive:
        yield archive


@pytest.fixture(params=["embedded", "at_server"])
def archive(request: pytest.FixtureRequest) -> Khabar:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Khabar)
    return found
