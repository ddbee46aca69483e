"""A reader that fails, reported as a Problem: of a file with several articles only the part that it failed on is lost."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from typing import TypeVar

from index.types import Problem

Found = TypeVar("Found")
# What keeps a file from being read whole is none of its own: a later run may read more of it.
PASSING = frozenset({"disk", "memory"})


class Refused(Exception):
    """A file, or a part of one, that is not read, for the reason that its Problem tells."""

    def __init__(self, problem: Problem) -> None:
        """Keep the Problem."""
        super().__init__(problem.reason)
        self.problem = problem


def refusing(found: Iterator[Found]) -> Iterator[Found | Problem]:
    """Yield what a reader yields, and the Problem where it refuses the rest."""
    try:
        yield from found
    except Refused as refused:
        yield refused.problem


def guarded(found: Iterator[Found], path: str) -> Iterator[Found | Problem]:
    """Yield what the reader of a part yields, and the Problem of the part where it fails; a full disk ends the file."""
    try:
        yield from refusing(found)
    except Exception as error:  # a library that fails on a damaged file raises whatever it likes
        if is_full_disk(error):
            raise
        yield failed(path, error)


def failed(path: str, error: Exception) -> Problem:
    """Return the Problem of a file or part whose reader raised an error, of whatever kind."""
    if is_full_disk(error):
        reason = f"the disk of {tempfile.gettempdir()} has no room left to unpack it; free some, and run khabar index again"
        return Problem(path, reason, kind="disk")
    if isinstance(error, MemoryError):
        return memory_problem(path)
    if isinstance(error, RecursionError):
        return Problem(path, "it is nested too deep to be read; save its text as .txt", kind="nested")
    if isinstance(error, OSError) and error.filename:
        reason = f"cannot be read ({error.strerror}); check that it is there and its permissions"
        return Problem(path, reason, kind="unreadable")
    words = " ".join(str(error).split())[:120]
    reason = f"damaged: its reader failed ({type(error).__name__}: {words}); save it anew or as .txt"
    return Problem(path, reason, kind="broken")


def memory_problem(path: str) -> Problem:
    """Return the Problem of a file whose reading takes more memory than allowed."""
    reason = "reading it takes more memory than KHABAR_READ_MEMORY_MB allows; split it or raise that setting"
    return Problem(path, reason, kind="memory")


def is_full_disk(error: Exception) -> bool:
    """Tell whether it was the disk that had no room, and nothing was wrong with the file that was read."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
