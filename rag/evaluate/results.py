"""How each fixed question went when it was last asked, kept in the file of conversations."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rag.conversation.feedback import Connect
from rag.evaluate.run import Row

_SCHEMA = """
CREATE TABLE IF NOT EXISTS checked (id TEXT PRIMARY KEY, correct INTEGER NOT NULL, checked REAL NOT NULL) STRICT
"""


class Results:
    """Which fixed questions were answered rightly, by id."""

    def __init__(self, connect: Connect, now: Callable[[], float] = time.time) -> None:
        """Keep what lends the file's connection for a transaction. Raises KhabarError where it cannot be written."""
        self._connect = connect
        self._now = now
        with connect() as connection:
            connection.execute(_SCHEMA)

    def put(self, rows: Sequence[Row]) -> None:
        """Keep how questions went, in place of what was kept of them. Raises KhabarError."""
        values = [(row.id, int(row.correct), self._now()) for row in rows]
        with self._connect() as connection:
            connection.executemany("INSERT OR REPLACE INTO checked (id, correct, checked) VALUES (?, ?, ?)", values)

    def all(self) -> dict[str, bool]:
        """Return whether each question was answered rightly when it was last asked. Raises KhabarError."""
        with self._connect() as connection:
            return {name: bool(correct) for name, correct in connection.execute("SELECT id, correct FROM checked")}
