"""What can go wrong with a data folder, with its remedy: no index, no permission to write, a full disk, a broken catalog."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.types import KhabarError

# SQLite alone needs this much to begin with.
_LEAST_ROOM = 65_536
_FULL = {errno.ENOSPC, errno.EDQUOT}
# How SQLite, Tantivy and Chroma say it, who give no number.
_SAID_FULL = ("disk is full", "No space left", "quota exceeded")
# Raised as well where a file may not grow any more while it is written, and where a disk fails.
_MAY_NOT_GROW = ("File too large", "I/O error", "IO error")
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
# Of the file or its disk; whatever else SQLite has to say is about what is in it.
_OUTSIDE = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_NOMEM", "SQLITE_FULL")


class StoreUnreachable(KhabarError):
    """A store that cannot be read now, though the archive is in it: what the catalog has can still be asked."""


def never_built(data: Path) -> KhabarError:
    """Return the error for a data folder without an index."""
    return KhabarError(f"there is no index in '{data}'", "build one: khabar index FOLDER, or name another folder with --data")


def not_writable(data: Path, error: Exception) -> KhabarError:
    """Return the error for a data folder that cannot be written."""
    problem = f"the data folder '{data}' cannot be written"
    remedy = "make room on it and run khabar index; nothing is lost"
    if _is_full(error) or _has_no_room(data):
        return KhabarError(f"{problem}: its disk is full ({error})", remedy)
    if any(said in str(error) for said in _MAY_NOT_GROW):
        return KhabarError(f"{problem}: its disk is full, lets no file grow, or fails ({error})", remedy)
    return KhabarError(f"{problem} ({error})", "make it writable or choose another with --data")


def no_catalog(file: Path, reason: str) -> KhabarError:
    """Return the error for a file that is no catalog, or is a damaged one."""
    return KhabarError(
        f"'{file}' is not a catalog of this Khabar ({reason})",
        "move it away and index again, restore a backup of it (khabar restore FILE), or choose another --data",
    )


def catalog_failure(file: Path, error: sqlite3.Error, *, writing: bool = False) -> KhabarError:
    """Return the error for what SQLite tells of a catalog: only what is wrong with its content calls it broken."""
    name = str(getattr(error, "sqlite_errorname", None) or "")
    if name.startswith(_BROKEN):
        return no_catalog(file, str(error))
    if name.startswith(_BUSY):
        return KhabarError(f"'{file}' is held by another program ({error})", "wait until it has ended, and try again")
    if writing or _is_full(error) or _has_no_room(file.parent):
        return not_writable(file.parent, error)
    if name.startswith(_OUTSIDE):
        return KhabarError(
            f"'{file}' cannot be read ({error}), which takes a little room on its disk and the right to write there",
            "make room, or make the folder writable; the catalog itself is not said to be damaged",
        )
    return no_catalog(file, str(error))


def _is_full(error: Exception) -> bool:
    return getattr(error, "errno", None) in _FULL or any(said in str(error) for said in _SAID_FULL)


def _has_no_room(data: Path) -> bool:
    """Tell whether the disk has no room left: not all who fail on it say so."""
    try:
        return shutil.disk_usage(data).free < _LEAST_ROOM
    except OSError:
        return False


class ReadConnection(sqlite3.Connection):
    """A reader's connection: what fails in it is a KhabarError about the catalog's file, except that it cannot write."""

    file = Path()

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """Run a statement, whose rows are read by a cursor that tells the same."""
        with told(self.file):
            return self.cursor(_ReadCursor).execute(*given)


class _ReadCursor(sqlite3.Cursor):
    @property
    def _file(self) -> Path:
        return self.connection.file if isinstance(self.connection, ReadConnection) else Path()

    def __next__(self) -> Any:
        with told(self._file):
            return super().__next__()

    def fetchone(self) -> Any:
        with told(self._file):
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with told(self._file):
            return super().fetchall()


@contextmanager
def told(file: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn what SQLite raises about a catalog into a KhabarError; that a reader must not write is the caller's defect."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        if not writing and getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY":
            raise
        raise catalog_failure(file, error, writing=writing) from error
