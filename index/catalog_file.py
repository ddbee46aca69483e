"""The file of a catalog: made, checked and opened, with a connection for each thread to the file that lies there now."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from weakref import WeakSet

from index.failures import ReadConnection, catalog_failure, never_built, no_catalog, not_writable, told
from index.private import private_file, private_folder
from index.schema import FORMAT, READ, lacking, new_catalog
from index.types import KhabarError


class _Held:
    """A thread's connection, closed when the thread ends: a server has thousands of threads in a day."""

    def __init__(self, connection: sqlite3.Connection, opened: tuple[int, int] | None, stands_in: bool) -> None:
        """Keep which file is `opened`, by device and number, and whether tables of the connection's own stand in for others."""
        self.connection, self.opened, self.stands_in = connection, opened, stands_in

    def __del__(self) -> None:
        self.connection.close()


class CatalogFile:
    """A catalog's file, open to read or to write; safe to use from several threads."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        """Open the file; with `writable` it is created where there is none.

        Raises KhabarError where it does not exist, is no catalog, is of a later Khabar, or the folder cannot be written.
        """
        self.path = path
        self._writable = writable
        self._local = threading.local()
        self._opened: WeakSet[_Held] = WeakSet()
        if writable:
            self._create()
        elif not path.is_file():
            raise never_built(path.parent)
        self._check_format()
        if writable and (scripts := lacking(self.connection)):
            self._run(" ".join(scripts))

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        held: _Held | None = getattr(self._local, "held", None)
        # Tables that stand in for others would hide the real ones, which a writer may have made since.
        if held is None or self._is_replaced(held) or (held.stands_in and not lacking(held.connection)):
            held = self._local.held = self._hold()
            self._opened.add(held)
        return held.connection

    def close(self) -> None:
        """Close every thread's connection."""
        for held in list(self._opened):
            held.connection.close()
        self._opened = WeakSet()
        self._local = threading.local()

    def _hold(self) -> _Held:
        status = self.path.stat() if self.path.exists() else None
        connection = self._connect()
        missing = [] if self._writable else lacking(connection)
        for script in missing:
            # A catalog of an earlier Khabar has no past; tables of this connection's own stand in for it, empty.
            connection.executescript(script.replace("NOT EXISTS ", "NOT EXISTS temp."))
        return _Held(connection, (status.st_dev, status.st_ino) if status else None, bool(missing))

    def _create(self) -> None:
        try:
            private_folder(self.path.parent)
            if not self.path.exists():
                private_file(self.path)
        except OSError as error:
            raise not_writable(self.path.parent, error) from error
        # Never written, or killed before its one creating transaction. Nothing is written into another program's file.
        self._run(new_catalog(), only_if_empty=True)

    def _run(self, script: str, only_if_empty: bool = False) -> None:
        try:
            connection = self.connection
            if not (only_if_empty and connection.execute("SELECT 1 FROM sqlite_master").fetchone()):
                connection.executescript(f"BEGIN IMMEDIATE; {script} COMMIT;")
        except OSError as error:
            self.close()
            raise not_writable(self.path.parent, error) from error
        except sqlite3.DatabaseError as error:
            self.close()
            raise catalog_failure(self.path, error, writing=True) from error

    def _check_format(self) -> None:
        try:
            with told(self.path):
                row = self.connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        except KhabarError:
            self.close()
            raise
        found = None if row is None else str(row[0])
        if found in READ:
            return
        self.close()
        if found and found.isdecimal() and int(found) > int(FORMAT):
            raise KhabarError(
                f"'{self.path}' was made by a later Khabar: its format is {found}, this one reads up to {FORMAT}",
                "update Khabar, or choose another --data",
            )
        raise no_catalog(self.path, f"its format is {found}, this Khabar reads {FORMAT}")

    def _is_replaced(self, held: _Held) -> bool:
        """Tell whether another file lies in the place of the one that a reader's connection has open."""
        if self._writable:
            return False
        try:
            status = self.path.stat()
        except OSError:  # moved away: what is open can be read on
            return False
        return (status.st_dev, status.st_ino) != held.opened

    def _connect(self) -> sqlite3.Connection:
        if self._writable:
            connection = sqlite3.connect(self.path, timeout=30, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            return connection
        # A folder that cannot be written has no place for the files that readers of a WAL database share.
        log = self.path.with_name(f"{self.path.name}-wal")
        shared = os.access(self.path.parent, os.W_OK) or (log.exists() and log.stat().st_size > 0)
        try:
            return self._opened_as("mode=ro" if shared else "immutable=1")
        except KhabarError as failure:
            # Nor has a full disk; who reads alone needs no such place.
            try:
                return self._opened_as("mode=rw", "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA query_only = ON")
            except KhabarError:
                raise failure from failure.__cause__

    def _opened_as(self, mode: str, *before: str) -> sqlite3.Connection:
        """Return a reader's connection that has read something. Raises KhabarError."""
        uri = f"{self.path.resolve().as_uri()}?{mode}"
        with told(self.path):
            connection = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False, factory=ReadConnection)
        connection.file = self.path
        try:
            for statement in (*before, "SELECT 1 FROM sqlite_master"):
                connection.execute(statement).fetchone()
        except KhabarError:
            connection.close()
            raise
        return connection
