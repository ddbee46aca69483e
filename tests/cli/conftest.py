"""One archive of seeds/ for all tests of the command."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.command import SEEDS, done
from tests.letters import LetterEmbedder
from tests.variables import without_variables


@pytest.fixture(autouse=True)
def no_variables() -> Iterator[None]:
    with without_variables():
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of seeds/; tests read it and never change it."""
    folder = tmp_path_factory.mktemp("cli") / "بيانات"
    done("index", SEEDS, "--data", folder)
    return folder


@pytest.fixture
def own(data: Path, tmp_path: Path) -> Path:
    """A copy of the archive that a test may damage or change."""
    shutil.copytree(data, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Callable[..., LetterEmbedder]:
    """A function that makes the command embed with a LetterEmbedder of its arguments."""

    def choose(*arguments: object) -> LetterEmbedder:
        embedder = LetterEmbedder(*arguments)
        monkeypatch.setattr("rag.archive.load_embedder", lambda *_, **__: embedder)
        return embedder

    return choose


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Ninety articles: more than are embedded before progress is told and a stop is heard."""
    folder = tmp_path / "أخبار"
    folder.mkdir()
    for number in range(30):
        day = f"2025-10-{number % 28 + 1:02}"
        for language, text in (
            ("ar", f"عُقِدت القمّة رقم {number} في بودابست"),
            ("fa", f"نشست شمارهٔ {number} برگزار می‌شود"),
            ("en", f"Summit {number} was held"),
        ):
            head = f"---\ntitle: {text}\nlanguage: {language}\noutlet: جريدة الرواق\npublished: {day}\n---\n"
            (folder / f"{language}{number}.txt").write_text(f"{head}{text}.\n", "utf-8")
    return folder
