"""The indexer's side of the reading process: starts it, gives it files, and outlives whatever a file does to it."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from index.chunk import Span
from index.formats.failing import memory_problem
from index.formats.options import Beginning
from index.formats.worker import Done, Outcome, Task
from index.types import Article, Problem

# Files given to the process before it has read the first of them.
_AHEAD = 4
# A process that sleeps takes no processor time: it is ended after this many times the seconds allowed.
_PATIENCE = 10
# Articles of one file that are handed on at a time: a .jsonl of any size takes no more memory than that.
_PART = 500
# How often a packed file that ends the process in one part is read again without that part.
_AVOIDED = 20
_START = "import sys; sys.path[:] = sys.argv[2:]; from index.formats.worker import serve; serve(int(sys.argv[1]))"


@dataclass(slots=True)
class Reading:
    """What became of one file, or of a part of it, `more` of which is to come.

    Not `complete` where its reading was broken off, or the file changed meanwhile.
    """

    task: Task
    articles: list[tuple[Article, list[Span]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    more: bool = False


class ReadingProcess:
    """One long-lived process that reads files; it is started when the first file comes, and anew where one ended it."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._at = ""
        self._avoided: dict[str, Problem] = {}

    def read(self, tasks: Iterable[Task]) -> Iterator[Reading]:
        """Yield what becomes of each file, in their order, a file of many articles in parts; a few are asked for ahead.

        Raises nothing that a file causes.
        """
        waiting: deque[Task] = deque()
        try:
            for task in tasks:
                waiting.append(task)
                self._give(task, waiting)
                while len(waiting) > _AHEAD:
                    yield self._next(waiting)
            while waiting:
                yield self._next(waiting)
        finally:
            if waiting:  # left in the midst: what it still sends belongs to nobody
                self.close()

    def close(self) -> None:
        """End the process."""
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None

    @property
    def pid(self) -> int | None:
        """The number of the process, where one is running."""
        return self._process.pid if self._process else None

    def _give(self, task: Task, waiting: Iterable[Task]) -> None:
        if self._process is None:
            self._start()
            for earlier in waiting:
                self._send(earlier)
        else:
            self._send(task)

    def _send(self, task: Task) -> None:
        assert self._connection
        with suppress(OSError):  # it has ended, which is found out where its answer is awaited
            self._connection.send(task)

    def _start(self) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-c", _START, str(theirs.fileno()), *sys.path]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self._connection = ours

    def _restart(self, waiting: Iterable[Task]) -> None:
        self.close()
        self._start()
        for task in waiting:
            self._send(task)

    def _next(self, waiting: deque[Task]) -> Reading:
        """Receive what becomes of the first waiting file; where it ends the process, the others go on in a new one."""
        avoided = self._avoided
        while True:
            reading = self._receive(waiting[0])
            if reading.more:
                return reading
            if reading.complete or self._process:
                break
            ended, part = reading.problems[-1], self._at
            if part and part not in avoided and len(avoided) < _AVOIDED:
                self._at = ""
                avoided[part] = replace(ended, path=part)
                waiting[0] = _avoiding(waiting[0], part)
                self._restart(waiting)
            else:
                break
        waiting.popleft()
        self._at = ""
        if self._process is None and waiting:
            self._restart(waiting)
        reading.problems.extend(avoided.values())
        self._avoided = {}
        return reading

    def _receive(self, task: Task) -> Reading:
        reading = Reading(task)
        while len(reading.articles) < _PART:
            outcome = self._outcome(task)
            if isinstance(outcome, str):
                reading.problems.append(self._ended(task, outcome))
                reading.complete = False
                self.close()
                return reading
            if isinstance(outcome, Done):
                self._at = ""
                if outcome.changed:
                    reason = "it was written while it was read; run khabar index again"
                    reading.problems.append(Problem(task.path, reason, skipped=False, kind="changing"))
                reading.complete = outcome.whole and not outcome.changed
                return reading
            if isinstance(outcome, Beginning):
                self._at = outcome.path
            elif isinstance(outcome, Problem):
                reading.problems.append(outcome)
            else:
                reading.articles.append(outcome)
        reading.more = True
        return reading

    def _outcome(self, task: Task) -> Outcome | str:
        """Return the next thing that the process tells, or why it tells nothing more."""
        assert self._connection
        try:
            if not self._connection.poll(task.seconds * _PATIENCE):
                return "time"
            outcome: Outcome = self._connection.recv()
            return outcome
        except (EOFError, OSError):
            return "ended"

    def _ended(self, task: Task, why: str) -> Problem:
        assert self._process
        if why == "ended":
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        code = self._process.returncode
        if why == "time" or code == -signal.SIGPROF:
            reason = f"reading it takes more than {task.seconds:g} seconds; split it or raise KHABAR_READ_SECONDS"
            return Problem(task.path, reason, kind="time")
        if code == -signal.SIGABRT:  # how native code tells that it gets no more memory
            return memory_problem(task.path)
        name = signal.Signals(-code).name if code and code < 0 else f"status {code}"
        return Problem(task.path, f"its reader crashed ({name}); save it anew or as .txt, or try it again", kind="crash")


def _avoiding(task: Task, part: str) -> Task:
    options = replace(task.options, avoided=task.options.avoided | {part})
    return replace(task, options=options)


_KEPT: dict[int, ReadingProcess] = {}


def reading_process() -> ReadingProcess:
    """Return the reading process of this process, which stays for its next run; a fork gets one of its own."""
    return _KEPT.setdefault(os.getpid(), ReadingProcess())


@atexit.register
def _close() -> None:
    for owner, process in _KEPT.items():
        if owner == os.getpid():
            process.close()
