"""An index of seeds/ for all, a copy of it to damage, and an embedder for tests."""

import os
import shutil

import pytest

from tests.cli.command import SEEDS, khabar
from tests.letters import LetterEmbedder


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in [name for name in os.environ if name.startswith("KHABAR_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "بيانات"
    result = khabar("index", SEEDS, "--data", folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def own(data, tmp_path):
    """A copy of the index that a test may damage or change."""
    shutil.copytree(data, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def letters(monkeypatch):
    """A function that makes the command embed with a LetterEmbedder of its arguments."""

    def choose(*arguments):
        embedder = LetterEmbedder(*arguments)
        monkeypatch.setattr("rag.archive.load_embedder", lambda *_, **__: embedder)
        return embedder

    return choose


@pytest.fixture
def news(tmp_path):
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
