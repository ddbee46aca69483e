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
from multiprocessing.connection import Connection

from index.chunk import Span, chunk_spans
from index.clean import clean
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
    """A file is read; `changed` tells that it was written meanwhile."""

    changed: bool = False


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
    try:
        with open(task.name, "rb") as file:
            for document in read_file(file, task.path, task.options):
                yield from _cleaned(document, task)
            state = state_of(os.fstat(file.fileno()))
    except OSError as error:
        yield _not_opened(task.path, error) if error.filename else failed(task.path, error)
        state = task.state
    except MemoryError:
        yield memory_problem(task.path, task.memory_bytes)
        state = task.state
    except RecursionError:
        yield Problem(task.path, "it is nested too deep to be read; save its text as .txt", kind="nested")
        state = task.state
    except Exception as error:  # a library that fails on a damaged file raises whatever it likes
        yield failed(task.path, error)
        state = task.state
    yield Done(state != task.state)


def failed(path: str, error: Exception) -> Problem:
    """Return the Problem of a file whose reader failed in a way that nobody foresaw."""
    words = " ".join(str(error).split())[:120]
    reason = f"damaged: its reader failed ({type(error).__name__}: {words}); save it anew or as .txt"
    return Problem(path, reason, kind="broken")


def _not_opened(path: str, error: OSError) -> Problem:
    reason = f"cannot be read ({error.strerror}); check that it is there and its permissions"
    return Problem(path, reason, kind="unreadable")


def memory_problem(path: str, memory_bytes: int) -> Problem:
    """Return the Problem of a file whose reading takes more memory than allowed."""
    reason = f"reading it takes more than {memory_bytes / 1_000_000:g} MB of memory; split it or raise KHABAR_READ_MEMORY_MB"
    return Problem(path, reason, kind="memory")


def state_of(status: os.stat_result) -> tuple[int, int]:
    """Return what tells whether a file was written: its size in bytes and its time of change in nanoseconds."""
    return status.st_size, status.st_mtime_ns


def _cleaned(document: RawDocument | Problem | Beginning, task: Task) -> Iterator[Outcome]:
    for found in clean(document) if isinstance(document, RawDocument) else [document]:
        if isinstance(found, Problem | Beginning):
            yield found
        else:
            yield found, chunk_spans(found, task.chunk_words, task.overlap_words)


def _bound_memory(extra: int, set_to: list[int] = []) -> None:  # noqa: B006
    """Let the process take so many bytes more than it had at its first file; no bound where the system tells no sizes."""
    if set_to == [extra]:
        return
    set_to[:] = [extra]
    with suppress(OSError, ValueError):
        with open("/proc/self/statm") as statm:
            pages = int(statm.read().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra, resource.RLIM_INFINITY))


def _start_clock(seconds: float) -> None:
    """End this process after so many seconds of processor time, 0 for never: also in the midst of a library's own code."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
