"""An archive of its own for each test of what changes one, without models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.api.application import create_api
from rag.archive import Archive, open_archive
from rag.desk import Desk, open_desk
from rag.intake import work as work_module
from rag.intake.work import Work
from rag.settings import Settings
from tests.waiting import until
from ui.commands.serve import begin_archive
from ui.page.archive.routes import add_archive
from ui.page.errors import add_page_errors

ARABIC = "---\ntitle: قمة الرياض\noutlet: صحيفة المرفأ\npublished: 2025-03-04\n---\nاجتمع الوزراء في الرياض وناقشوا الأسعار."
PERSIAN = "---\ntitle: دیدار تهران\noutlet: روزنامهٔ بامداد\npublished: ۱۴۰۴/۷/۲۹\n---\nوزیران در تهران گفت‌وگو کردند."
ENGLISH = "---\ntitle: A mill is mended\noutlet: Northgate Wire\n---\nThe mill of Riverton was mended on Monday."


@dataclass
class Page:
    """The archive's endpoints as the page calls them, in one language."""

    client: TestClient
    archive: Archive
    settings: Settings
    desk: Desk

    @property
    def work(self) -> Work:
        return self.desk.work

    @property
    def uploads(self) -> Path:
        return self.settings.data / "uploads"

    def files(self) -> list[str]:
        return sorted(str(file.relative_to(self.uploads)) for file in self.uploads.rglob("*") if file.is_file())

    def paths(self) -> list[str]:
        return [entry.path for entry in self.archive.catalog.entries()]

    def id_of(self, name: str) -> str:
        return next(entry.article_id for entry in self.archive.catalog.entries() if entry.path.endswith(name))

    def get(self, path: str, **query: Any) -> str:
        reply = self.client.get(f"/page/archive/{path}", params=query)
        assert reply.status_code == 200
        return reply.text

    def send(self, name: str, content: str | bytes, language: str = "en") -> Any:
        given = content.encode() if isinstance(content, str) else content
        headers = {"X-Khabar-Language": language}
        return self.client.put("/page/archive/upload", params={"name": name}, content=given, headers=headers)

    def post(self, path: str, language: str = "en") -> Any:
        return self.client.post(f"/page/archive/{path}", headers={"X-Khabar-Language": language})

    def done(self, after: int = 0, language: str = "en") -> list[dict[str, Any]]:
        """Wait until nothing is left to do, and return what became of it."""
        until(lambda: self.work.state.stage == "idle")
        headers = {"X-Khabar-Language": language}
        found: list[dict[str, Any]] = self.client.get(f"/page/archive/work?after={after}", headers=headers).json()["outcomes"]
        return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_module, "_QUIET_SECONDS", 0.05)
    monkeypatch.setattr(work_module, "_LOOK_SECONDS", 0.05)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """A function that opens the archive in the test's folder, begun where there is none; a second call is a second server."""
    made: list[Page] = []

    def open_page(**settings: Any) -> Page:
        chosen = Settings(data=tmp_path / "data", llm="none", embedder="none", reader="none", **settings)
        begin_archive(chosen)
        archive = open_archive(chosen)
        desk = open_desk(archive, chosen)
        application = create_api(desk)
        add_page_errors(application)
        add_archive(application, desk)
        desk.resume()
        made.append(Page(_client(application), archive, chosen, desk))
        return made[-1]

    yield open_page
    for page in made:
        page.desk.close()
        page.archive.catalog.close()


def _client(application: FastAPI) -> TestClient:
    return TestClient(application, headers={"X-Khabar": "page", "X-Khabar-Language": "en"})


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    return opened()
