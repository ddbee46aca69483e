"""A LanceDB: tables in a folder or an object store that several machines reach, and the state that readers of it see.

A table is written in versions, and readers stay with the versions that a state names: what a run writes is seen at once and
whole when it has stored its state, or never. Nothing here needs a server of its own.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.failures import StoreUnreachable
from index.generation import Generation
from index.types import KhabarError

if TYPE_CHECKING:
    from lancedb.db import DBConnection
    from lancedb.table import Table

_FOLDER_PREFIX = "lance:"
# A reader looks for a newer state no more often than this: over a network each look takes some milliseconds.
FRESH_SECONDS = 1.0
# An object store that does not answer is told within seconds, not after the three minutes that are the library's own.
_PATIENCE = {"timeout": "20s", "connect_timeout": "3s", "client_max_retries": "2", "client_retry_timeout": "10"}
_HTTP = {"allow_http": "true"}
# Readers may still be at work in earlier states: how many are kept, and for how long.
_STATES = 5
_KEPT = timedelta(hours=1)
# Not 0, of which LanceDB warns: readers that are at work in one that goes look for the last one, and begin again.
_AT_ONCE = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class State:
    """What is in use of a kind of tables: the catalog revision they have seen, its mark, and their versions.

    `made_with` says what wrote them, `sizes` how many rows the tables have, `more` what else belongs to them, and `written`
    when they were, in seconds of the clock.
    """

    revision: int
    made_with: str
    mark: str
    versions: Mapping[str, int]
    sizes: Mapping[str, int]
    more: Mapping[str, Any] = field(default_factory=dict)
    written: float = field(default_factory=time.time)

    @property
    def generation(self) -> Generation:
        """What a store beside the catalog calls its state."""
        return Generation(str(self.versions), self.revision, self.made_with, self.mark)


class Database:
    """A connection that is made at first use; every failure is a KhabarError that names the address."""

    def __init__(self, address: str) -> None:
        """Remember the address: lance:FOLDER, or one of an object store (s3://bucket/path)."""
        self.address = address
        self._connecting = threading.Lock()
        self._connected: DBConnection | None = None
        self._seen: dict[str, tuple[float, Sequence[State]]] = {}

    def states(self, kind: str, *, now: bool = False) -> Sequence[State]:
        """Return what can be read of a kind, the last first; it may be a second old, unless it must be of `now`.

        Where the store does not answer, a reader goes on with what it knows; what it has not in memory, it is told then.
        """
        looked, known = self._seen.get(kind, (float("-inf"), ()))
        if not now and time.monotonic() - looked < FRESH_SECONDS:
            return known
        try:
            with self.answering():
                found = self._stored(kind)
        except KhabarError:
            if now or not known:
                raise
            found = known
        if found == known:
            found = known  # so that a reader knows the state that it has open
        self._seen[kind] = time.monotonic(), found
        return found

    def last(self, kind: str) -> State | None:
        """Return the last state of a kind, as it is now; None where there is none."""
        return next(iter(self.states(kind, now=True)), None)

    def _stored(self, kind: str) -> Sequence[State]:
        name = _state_table(kind)
        if not self._has(name):
            return []
        rows = self._connection().open_table(name).to_arrow()["state"].to_pylist()
        return [State(**json.loads(row)) for row in rows]

    def switch_to(self, kind: str, state: State, *, keep_last: bool) -> None:
        """Let readers see a new state from now on, and let go of what was before.

        Machines whose copy of the catalog is older may be at work in the last ones, which stay a while; without `keep_last`
        they go, too, for they hold what was deleted.
        """
        recent = [each for each in self.states(kind, now=True) if time.time() - each.written < _KEPT.total_seconds()]
        before = recent[:_STATES] if keep_last else []
        self._set_states(kind, [state, *before])
        with self.answering(writing=True):
            for name in state.versions:
                # Twice as long as states are: a table may have been written long before the state that names it.
                self._connection().open_table(name).optimize(cleanup_older_than=2 * _KEPT if keep_last else _AT_ONCE)
            versions = {name: self._connection().open_table(name).version for name in state.versions}
        if versions != state.versions:  # it found something to put in order after all
            self._set_states(kind, [replace(state, versions=versions), *before])

    def settle(self, table: Table) -> None:
        """Have all rows of a table in its indexes, and nothing left to be put in order."""
        version = None
        while table.version != version:
            version = table.version
            table.optimize()
            table.checkout_latest()

    def _set_states(self, kind: str, states: Sequence[State]) -> None:
        rows = [{"state": json.dumps(asdict(state))} for state in states]
        with self.answering(writing=True):
            name = _state_table(kind)
            if self._has(name):
                table = self._connection().open_table(name)
                table.add(rows, mode="overwrite")
                table.optimize(cleanup_older_than=timedelta(minutes=1))
            else:
                self._connection().create_table(name, rows)
        self._seen[kind] = time.monotonic(), states

    def at(self, name: str, version: int) -> Table:
        """Return a table as it was in one version."""
        table = self._connection().open_table(name)
        table.checkout(version)
        return table

    def to_write(self, name: str, version: int) -> Table:
        """Return a table to be changed from one version on: what a run that was interrupted has written since is undone."""
        table = self._connection().open_table(name)
        if table.version != version:
            table.checkout(version)
            table.restore()
        return table

    def made(self, name: str, schema: Any) -> Table:
        """Return an empty table, in the place of another one of its name."""
        return self._connection().create_table(name, schema=schema, mode="overwrite")

    def _has(self, name: str) -> bool:
        connection, token = self._connection(), None
        while True:
            page = connection.list_tables(page_token=token)
            if name in page.tables:
                return True
            token = page.page_token
            if not token:
                return False

    def _connection(self) -> DBConnection:
        with self._connecting:
            if self._connected is None:
                self._connected = self._connect()
            return self._connected

    def _connect(self) -> DBConnection:
        os.environ.setdefault("LANCEDB_LOG", "error")  # that a table is new is no warning
        try:
            import lancedb
        except ImportError as error:
            raise KhabarError(
                f"the store '{self.address}' needs LanceDB, which is not installed",
                "run make lance, or pip install -e '.[lance]'",
            ) from error
        if self.address.startswith(_FOLDER_PREFIX):
            return lancedb.connect(os.path.expanduser(self.address.removeprefix(_FOLDER_PREFIX)))
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http:")
        return lancedb.connect(self.address, storage_options=_PATIENCE | (_HTTP if plain else {}))

    @contextmanager
    def answering(self, *, writing: bool = False) -> Iterator[None]:
        """Tell what a store raises (many kinds, over a network more) as a KhabarError."""
        try:
            yield
        except KhabarError:
            raise
        except Exception as error:
            raise self._failure(error, writing) from error

    def _failure(self, error: Exception, writing: bool) -> KhabarError:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        done = "written" if writing else "read"
        return (KhabarError if writing else StoreUnreachable)(
            f"the store '{self.address}' cannot be {done} ({reason})",
            "check that it is reached from here and may be used; the articles are safe in the catalog, "
            "and khabar index --rebuild writes a damaged store anew",
        )


def among(chunk_ids: Sequence[int]) -> str:
    """Return the condition, as LanceDB's SQL, that a row is of one of these chunks."""
    return f"chunk_id IN ({', '.join(map(str, chunk_ids))})"


@lru_cache(maxsize=8)
def database_at(address: str) -> Database:
    """Return the connection to an address, one for a process."""
    return Database(address)


def _state_table(kind: str) -> str:
    return f"{kind}-state"


def others_archive(address: str) -> KhabarError:
    """Return the error for a store that was written from another catalog, or from a later copy of this one."""
    return KhabarError(
        f"the store '{address}' holds another archive, or has seen what this catalog has not",
        "choose another one with --store, restore the newest backup, or let khabar index --rebuild write it anew from this "
        "catalog",
    )
