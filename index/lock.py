"""One process at a time: a lock file held for as long as a block runs, and released with the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.failures import not_writable
from index.private import private_folder
from index.types import KhabarError


class WrittenElsewhere(KhabarError):
    """Another process is indexing into the same data folder."""


@contextmanager
def sole(file: Path, busy: KhabarError) -> Iterator[None]:
    """Hold the lock of `file` within the block. Raises `busy` where another process does, KhabarError for its folder."""
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise busy from error
    except OSError as error:
        raise not_writable(file.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def sole_writer(data: Path) -> AbstractContextManager[None]:
    """Let one process at a time write a data folder, which is made where it is missing. Raises KhabarError."""
    try:
        private_folder(data)
    except OSError as error:
        raise not_writable(data, error) from error
    return sole(
        data / "index.lock",
        WrittenElsewhere(f"another khabar is indexing into '{data}'", "wait until it has ended, or choose another --data"),
    )
