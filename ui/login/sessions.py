"""Who is logged in: SQLite in the data folder, so that a restart logs nobody out; what a browser keeps is stored hashed."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.private import private_file, private_folder
from index.types import KhabarError
from ui.login.users import User

FILE_NAME = "sessions.sqlite"
# Seconds that a session lasts after it was last used, and how exactly its use is noted.
LASTING = 30 * 24 * 3600.0
_NOTED = 3600.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, name TEXT NOT NULL, mark TEXT NOT NULL, used REAL NOT NULL) STRICT;
"""


class Sessions:
    """The sessions of a data folder; safe to use from several threads."""

    def __init__(self, data: Path, now: Callable[[], float] = time.time) -> None:
        """Open them, made where there are none; those that were not used for a month go. Raises KhabarError."""
        self._now = now
        self._lock = threading.Lock()
        self._file = file = data / FILE_NAME
        try:
            private_folder(data)
            private_file(file)
            self._connection = sqlite3.connect(file, timeout=30, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.executescript(_SCHEMA)
            self._connection.execute("DELETE FROM session WHERE used < ?", (now() - LASTING,))
        except (OSError, sqlite3.DatabaseError) as error:
            raise _unusable(file, error) from error

    def begin(self, user: User) -> str:
        """Begin a session of a user and return the token that the browser keeps. Raises KhabarError."""
        token = secrets.token_urlsafe(32)
        self._do("INSERT INTO session VALUES (?, ?, ?, ?)", (_hashed(token), user.name, user.mark, self._now()))
        return token

    def holder(self, token: str) -> tuple[str, str] | None:
        """Return the name whose session a token is, and the mark of the password that it began with. Raises KhabarError."""
        row = self._do("SELECT name, mark, used FROM session WHERE token = ?", (_hashed(token),))
        if row is None or row[2] < self._now() - LASTING:
            return None
        if row[2] < self._now() - _NOTED:
            with suppress(KhabarError):  # a full disk logs nobody out
                self._do("UPDATE session SET used = ? WHERE token = ?", (self._now(), _hashed(token)))
        return row[0], row[1]

    def end(self, token: str) -> None:
        """End a session. Raises KhabarError."""
        self._do("DELETE FROM session WHERE token = ?", (_hashed(token),))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _do(self, statement: str, values: tuple[object, ...]) -> Any:
        """Carry a statement out; return the first row that it finds, or None. Raises KhabarError."""
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchone()
        except sqlite3.DatabaseError as error:
            raise _unusable(self._file, error) from error


def _unusable(file: Path, error: Exception) -> KhabarError:
    return KhabarError(
        f"'{file}', which keeps who is logged in, cannot be used ({error})",
        "make its folder writable and its disk free, or move the file away if it is damaged",
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
