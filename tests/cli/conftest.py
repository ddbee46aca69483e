"""One archive of seeds/ for all tests of the command."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.command import SEEDS, done


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the KHABAR_* variables of whoever runs the tests out of the way."""
    for name in [name for name in os.environ if name.startswith("KHABAR_")]:
        monkeypatch.delenv(name)


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
