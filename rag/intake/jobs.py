"""The file of jobs: every change of the archive that was asked for, what it is at, and what became of it.

A change is noted on the disk before whoever asked for it hears that it is taken up, so that none is lost with the process.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import time
from typing import Any, Literal

from index.failures import not_writable
from index.private import private_file
from index.queries import marks
from index.types import KhabarError, Problem

FILE_NAME = "jobs.sqlite"
# What has ended is remembered for so many jobs.
_REMEMBERED = 10_000

# add: a file that came in. put: an article by its sender's id. withdraw: an article is taken out, its file stays.
JobKind = Literal["add", "put", "delete", "withdraw", "restore", "index"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
Stage = Literal["idle", "waiting", "elsewhere", "read", "entities", "copies", "analyse", "failed"]
Result = Literal["added", "refused", "removed", "withdrawn", "restored", "lost", "indexed", "unchanged"]
PENDING: tuple[JobState, ...] = ("waiting", "running")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
    owner TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL, started REAL, ended REAL,
    file TEXT, article TEXT, digest TEXT, process INTEGER NOT NULL,
    result TEXT, articles INTEGER NOT NULL DEFAULT 0, problems TEXT NOT NULL DEFAULT '[]', fault TEXT,
    born TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS job_of ON job (owner, number);
CREATE INDEX IF NOT EXISTS job_in ON job (state);
"""
_COLUMNS = (
    "id, kind, name, owner, state, created, started, ended, file, article, digest, process, result, articles, problems, fault, "
    "born"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A change of the archive: what is to be done with which file or article, for whom, and what became of it.

    Times are in seconds since 1970. `stage`, `done` and `of` tell how far a run is that is at it now; `fault` is what made it
    fail as a whole. `digest` tells the content of its file. `process` is to make it; when it was `born` is kept because its
    number may later be another's.
    """

    job_id: str
    kind: JobKind
    name: str
    owner: str = ""
    state: JobState = "waiting"
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    file: Path | None = None
    article_id: str | None = None
    digest: str | None = None
    process: int = 0
    result: Result | None = None
    articles: int = 0
    problems: tuple[Problem, ...] = ()
    fault: str | None = None
    born: str = ""
    stage: Stage | None = None
    done: int = 0
    of: int = 0

    @property
    def is_pending(self) -> bool:
        """Whether something is still to become of it."""
        return self.state in PENDING


class JobStore:
    """Jobs in a file that its owner alone can read, made with the first; safe to use from several threads and processes."""

    def __init__(self, file: Path, now: Callable[[], float] = time) -> None:
        """Keep where the file lies; it is opened when it is needed."""
        self._file = file
        self._now = now
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def add(self, job: Job) -> Job:
        """Note a job for good, and return it with its time and its process. Raises KhabarError where it cannot be noted."""
        job = replace(job, created=self._now(), process=os.getpid(), born=_born(os.getpid()))
        row = (
            job.job_id, job.kind, job.name, job.owner, job.state, job.created, job.started, job.ended,
            None if job.file is None else str(job.file), job.article_id, job.digest, job.process, job.result, job.articles,
            _problems_json(job.problems), job.fault, job.born,
        )  # fmt: skip
        with self._writing() as connection:
            connection.execute(f"INSERT INTO job ({_COLUMNS}) VALUES {marks(row)}", row)
            connection.execute(
                "DELETE FROM job WHERE ended IS NOT NULL AND number <= (SELECT max(number) FROM job) - ?", (_REMEMBERED,)
            )
        return job

    def begin(self, job_ids: Sequence[str]) -> None:
        """Note that jobs are at work now."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE job SET state = 'running', started = coalesce(started, ?) WHERE id = ?",
                [(self._now(), job_id) for job_id in job_ids],
            )

    def end(
        self,
        job_id: str,
        state: JobState,
        result: Result | None = None,
        articles: int = 0,
        problems: Sequence[Problem] = (),
        fault: str | None = None,
    ) -> None:
        """Note what became of a job."""
        values = (state, self._now(), result, articles, _problems_json(problems), fault, job_id)
        with self._writing() as connection:
            connection.execute(
                "UPDATE job SET state = ?, ended = ?, result = ?, articles = ?, problems = ?, fault = ? WHERE id = ?", values
            )

    def take_over(self) -> list[Job]:
        """Return the jobs of processes that are no more, in their order, now this one's; those of others are left to them."""
        left = [job for job in self.pending() if not _lives(job)]
        if not left:
            return []
        born = _born(os.getpid())
        with self._writing() as connection:
            connection.executemany(
                "UPDATE job SET process = ?, born = ?, state = 'waiting' WHERE id = ?",
                [(os.getpid(), born, job.job_id) for job in left],
            )
        return [replace(job, state="waiting", process=os.getpid(), born=born) for job in left]

    def get(self, job_id: str) -> Job | None:
        """Return a job, None where there is none."""
        return next(iter(self._jobs("id = ?", [job_id])), None)

    def pending(self, file: Path | None = None, article_id: str | None = None, digest: str | None = None) -> list[Job]:
        """Return the jobs of which something is still to become, in their order; those of a file, an article, or a content."""
        condition, values = f"state IN {marks(PENDING)}", list[str](PENDING)
        for column, wanted in (("file", str(file) if file else None), ("article", article_id), ("digest", digest)):
            if wanted is not None:
                condition += f" AND {column} = ?"
                values.append(wanted)
        return self._jobs(condition, values)[::-1]

    def listed(
        self, owner: str | None, states: Sequence[str], kinds: Sequence[str], limit: int, offset: int
    ) -> tuple[list[Job], int]:
        """Return some jobs, the last first, and how many there are of these; of all owners where none is given."""
        condition, values = "1", list[str]()
        for column, wanted in (("owner", [] if owner is None else [owner]), ("state", states), ("kind", kinds)):
            if wanted:
                condition += f" AND {column} IN {marks(wanted)}"
                values += wanted
        with self._reading() as connection:
            if connection is None:
                return [], 0
            count = connection.execute(f"SELECT count(*) FROM job WHERE {condition}", values).fetchone()[0]
        return self._jobs(condition, values, limit, offset), int(count)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def _jobs(self, condition: str, values: Sequence[str], limit: int = -1, offset: int = 0) -> list[Job]:
        with self._reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM job WHERE {condition} ORDER BY number DESC LIMIT ? OFFSET ?", [*values, limit, offset]
            ).fetchall()
        return [_job(row) for row in rows]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                connection = self._opened()
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            except (OSError, sqlite3.DatabaseError) as error:
                raise not_writable(self._file.parent, error) from error

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """Lend the connection, None where no job was ever noted."""
        with self._lock:
            if self._connection is None and not self._file.exists():
                yield None
                return
            try:
                yield self._opened()
            except (OSError, sqlite3.DatabaseError) as error:
                raise KhabarError(
                    f"'{self._file}', which keeps the jobs, cannot be read ({error})", "move it away if it is damaged"
                ) from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            # Made with these rights, not given them afterwards: nobody may open it in between.
            private_file(self._file)
            connection = sqlite3.connect(self._file, timeout=30, check_same_thread=False, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
            _complete(connection)
            self._connection = connection
        return self._connection


def _job(row: Sequence[Any]) -> Job:
    (job_id, kind, name, owner, state, created, started, ended, file, article, digest, process, result, articles, problems,
     fault, born) = row  # fmt: skip
    return Job(
        job_id, kind, name, owner, state, created, started, ended, Path(file) if file else None, article, digest, process,
        result, articles, tuple(Problem(**each) for each in json.loads(problems)), fault, born,
    )  # fmt: skip


def _problems_json(problems: Sequence[Problem]) -> str:
    fields = ("path", "reason", "skipped", "kind")
    return json.dumps([{name: asdict(each)[name] for name in fields} for each in problems], ensure_ascii=False)


def _complete(connection: sqlite3.Connection) -> None:
    """Add the column that the file of an earlier Khabar lacks."""
    connection.execute("BEGIN IMMEDIATE")
    if "born" not in {row[1] for row in connection.execute("PRAGMA table_info(job)")}:
        connection.execute("ALTER TABLE job ADD COLUMN born TEXT NOT NULL DEFAULT ''")
    connection.execute("COMMIT")


def _lives(job: Job) -> bool:
    """Tell whether another process is there to make a job; this one has none of an earlier one of its number."""
    if job.process == os.getpid():
        return False
    try:
        os.kill(job.process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it is another user's
    born = _born(job.process)
    return not (born and job.born) or born == job.born


def _born(process: int) -> str:
    """Return when a process began, as its machine counts it since it started; empty where a system does not tell."""
    try:
        started = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # Behind its name, which may hold anything.
        return f"{started} {Path(f'/proc/{process}/stat').read_text().rpartition(')')[2].split()[19]}"
    except (OSError, IndexError):
        return ""
