"""What SQLite says of a catalog is told as what it is: a full disk is no broken catalog."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from index import failures
from index.catalog import FILE_NAME, Catalog
from index.failures import catalog_failure, not_writable
from tests.index.made import build, write_articles


def raised(name: str, text: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("SQLITE_FULL", "database or disk is full", "cannot be written: its disk is full"),
        ("SQLITE_CORRUPT", "database disk image is malformed", "is not a catalog of this Khabar"),
        ("SQLITE_NOTADB", "file is not a database", "is not a catalog of this Khabar"),
        ("SQLITE_BUSY", "database is locked", "is held by another program"),
    ],
)
def test_each_failure_has_its_own_remedy(tmp_path, name, text, expected, writing):
    told = str(catalog_failure(tmp_path / FILE_NAME, raised(name, text), writing=writing))
    assert expected in told and text in told and ("move it away" in told) == ("not a catalog" in told)


def test_a_disk_error_is_no_broken_catalog_and_where_there_is_no_room_that_is_told(tmp_path, monkeypatch):
    error = raised("SQLITE_IOERR", "disk I/O error")
    told = str(catalog_failure(tmp_path / FILE_NAME, error))
    assert "cannot be read (disk I/O error)" in told and "move it away" not in told
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(12_000_000, 12_000_000, 0))
    for failure in (catalog_failure(tmp_path / FILE_NAME, error), not_writable(tmp_path, OSError(5, "Input/output error"))):
        assert "its disk is full" in str(failure) and "make room on it" in str(failure) and "nothing is lost" in str(failure)


@pytest.mark.parametrize("said", ["No space left on device (os error 28)", "database or disk is full", "Disk quota exceeded"])
def test_a_full_disk_is_known_by_whoever_tells_of_it(tmp_path, said):
    assert "its disk is full" in str(not_writable(tmp_path, ValueError(said)))


def test_a_catalog_is_read_where_there_is_no_room_for_what_its_readers_share(tmp_path, monkeypatch):
    """So it is on a full disk after a kill: the log cannot be mapped, but whoever reads alone needs no map."""
    data = tmp_path / "data"
    build(data, write_articles(tmp_path / "news"))
    writer = Catalog(data / FILE_NAME, writable=True)
    writer.set_meta("قمة", "دیدار")
    killed = shutil.copytree(data, tmp_path / "killed")
    writer.close()
    assert (killed / f"{FILE_NAME}-wal").stat().st_size
    execute = failures.ReadConnection.execute

    def without_room(self: sqlite3.Connection, statement: str, *given: object) -> sqlite3.Cursor:
        if not self.alone and "EXCLUSIVE" not in statement:
            with failures.told(self.file):
                raise raised("SQLITE_IOERR", "disk I/O error")
        self.alone = True
        return execute(self, statement, *given)

    monkeypatch.setattr(failures.ReadConnection, "alone", False, raising=False)
    monkeypatch.setattr(failures.ReadConnection, "execute", without_room)
    reader = Catalog(Path(killed) / FILE_NAME)
    assert reader.meta("قمة") == "دیدار" and reader.counts()["articles"] == 3
    reader.close()
