"""One server over an index of seeds/ and one browser for all tests of the page."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from rag.api.application import create_api
from rag.archive import Archive, open_archive
from rag.desk import Desk, open_desk
from rag.settings import Settings
from tests.ui.page.served import NAME, NothingOffered, Quiet, StagedAnswerer, Visit, opened, serving, watched
from tests.ui.page.windows import Window, Windows
from ui.page.app import mount_page

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("page"), llm="none", embedder="none", reader="none")


@pytest.fixture(scope="session")
def archive(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    more = tmp_path_factory.mktemp("more")
    # A ninth outlet, which makes so many that the page offers to find one by typing.
    (more / NAME).write_text("---\ntitle: Mill\noutlet: صحيفة الطاحونة\n---\nA mill was mended.", encoding="utf-8")
    build_index(settings.data, [Path(__file__).parents[3] / "seeds", more], NoEmbedder(), BuildOptions(), Quiet())
    found = open_archive(settings)
    yield found
    found.catalog.close()


@pytest.fixture(scope="session")
def answerer(archive: Archive) -> StagedAnswerer:
    return StagedAnswerer(archive.answerer)


@pytest.fixture(scope="session")
def desk(archive: Archive, answerer: StagedAnswerer, settings: Settings) -> Iterator[Desk]:
    made = open_desk(replace(archive, answerer=answerer), settings)  # type: ignore[arg-type]
    yield replace(made, offers=NothingOffered())  # type: ignore[arg-type]
    made.close()


@pytest.fixture(scope="session")
def application(desk: Desk) -> FastAPI:
    async def mounted() -> FastAPI:
        return mount_page(create_api(desk), desk)

    # Where no event loop runs, Gradio makes some that nobody closes.
    with ThreadPoolExecutor() as threads:
        return threads.submit(lambda: asyncio.run(mounted())).result()


@pytest.fixture(scope="session")
def address(application: FastAPI) -> Iterator[str]:
    with serving(application) as found:
        yield found


def chromium(playwright: Any) -> str | None:
    """The Chromium of this machine, or else the one that playwright has brought."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = chromium(playwright)
        if found is None:
            reason = "no Chromium was found: apt-get install chromium"
            if os.environ.get("KHABAR_REQUIRE_BROWSER") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Windows]:
    made = Windows(browser)
    yield made
    made.close()


@pytest.fixture
def visits(windows: Windows, address: str) -> Iterator[Any]:
    """A function that opens the page; at the end nobody may have complained, and nothing been fetched from elsewhere.

    `within` is the context of another visit: another tab of the same browser. `alone` is for a test after which a window is
    no longer as it was: its clock, its media, scripts of the test's own.
    """
    made: list[Visit] = []
    lent: list[Window] = []

    def visit(path: str = "", within: Any = None, alone: bool = False, **options: Any) -> Visit:
        if within is None:
            lent.append(windows.lend({"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options}, alone))
        page = lent[-1].page if within is None else within.new_page()
        complaints = watched(page, address)
        opened(page, address + path)
        made.append(Visit(page, complaints))
        return made[-1]

    yield visit
    complaints = [complaint for one in made for complaint in one.complaints]
    for context in {one.page.context for one in made} - {window.context for window in lent}:
        context.close()
    for window in lent:
        windows.take_back(window, address)
    assert not complaints
