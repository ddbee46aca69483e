"""The process that reads files: it takes tasks, and sends back articles, notes and problems as they come.

Nothing that a file does to it reaches the indexer: it has a bound of memory, a clock of processor time that ends it, and no
more rights than the indexer. Started as `python -c "…; serve(DESCRIPTOR)"` by index/formats/process.py.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import Connection

from index.chunk import Span, chunk_spans
from index.clean import clean
from index.formats.failing import PASSING, failed, guarded
from index.formats.kinds import read_file
from index.formats.options import Beginning, ReadOptions
from index.load import RawDocument
from index.types import Article, Problem


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read: its name, its name in the catalog, the path it is shown under, its state as listed, how to read it."""

    name: str
    location: str
    path: str
    state: tuple[int, int]
    options: ReadOptions
    chunk_words: int
    overlap_words: int
    seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Done:
    """A file is read; `changed` tells that it was written meanwhile, not `whole` that a later run may read more of it."""

    changed: bool = False
    whole: bool = True


Outcome = tuple[Article, list[Span]] | Problem | Beginning | Done


def serve(descriptor: int) -> None:
    """Read files until the other end of the connection is closed."""
    connection = Connection(descriptor)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task: Task = connection.recv()
            _bound_memory(task.memory_bytes)
            for outcome in outcomes(task):
                connection.send(outcome)
                _start_clock(task.seconds)
            _start_clock(0)


def outcomes(task: Task) -> Iterator[Outcome]:
    """Yield what becomes of a file: its articles in chunks, problems, and at last Done; never raises what a parser raises."""
    _start_clock(task.seconds)
    state, whole = task.state, True
    try:
        with open(task.name, "rb") as file:
            for document in read_file(file, task.path, task.options):
                for outcome in _cleaned(document, task):
                    whole = whole and not (isinstance(outcome, Problem) and outcome.kind in PASSING)
                    yield outcome
            state = state_of(os.fstat(file.fileno()))
    except Exception as error:  # a library that fails on a damaged file raises whatever it likes
        problem = failed(task.path, error)
        whole = problem.kind not in PASSING
        yield problem
    yield Done(state != task.state, whole)


def state_of(status: os.stat_result) -> tuple[int, int]:
    """Return what tells whether a file was written: its size in bytes and its time of change in nanoseconds."""
    return status.st_size, status.st_mtime_ns


def _cleaned(document: RawDocument | Problem | Beginning, task: Task) -> Iterator[Outcome]:
    if not isinstance(document, RawDocument):
        yield document
        return
    for found in guarded(clean(document), document.path):
        yield found if isinstance(found, Problem) else (found, chunk_spans(found, task.chunk_words, task.overlap_words))


@lru_cache(maxsize=1)  # a bound that is set already is not set again, from a size that has grown meanwhile
def _bound_memory(extra: int) -> None:
    """Let the process take this many bytes more than it had at its first file; no bound where the system tells no sizes."""
    with suppress(OSError, ValueError):
        with open("/proc/self/statm") as statm:
            pages = int(statm.read().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra, resource.RLIM_INFINITY))


def _start_clock(seconds: float) -> None:
    """End this process after this many seconds of processor time, 0 for never, even inside a library's own code."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
