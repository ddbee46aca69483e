"""What only its owner may read: a data folder and all that is written into it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

# The rights of all but the owner of a file.
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What Khabar puts into a data folder, with what SQLite keeps beside its files.
_OURS = re.compile(
    r"[a-z]+\.sqlite(-wal|-shm|-journal)?|examples\.(json|new)|keys(\.used)?|[a-z]+\.lock|lexical|vectors|uploads"
)


def private_folder(folder: Path) -> None:
    """Make a folder for its owner alone, where there is none. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(file: Path) -> None:
    """Make an empty file for its owner alone, where there is none. Raises OSError."""
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def write_private(file: Path, content: str) -> None:
    """Write a file for its owner alone, beside its place, and move it there: a reader finds the old content or the new.

    Raises OSError.
    """
    with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
        beside = Path(folder, file.name)
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(beside, file)


def file_state(file: Path) -> tuple[int, ...]:
    """Return what changes whenever a file, or who may read it, does: time, size, place and rights; () where there is none."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode


@contextmanager
def private_files() -> Iterator[None]:
    """Make all files that the process makes within the block for its owner alone, those of libraries too.

    SQLite, Tantivy and Chroma make theirs as the process says, and all threads of it at once.
    """
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def tighten(data: Path) -> int:
    """Take a data folder, and what Khabar has in it, from all but its owner; return how much of it others could use.

    What lies beside that in the folder stays as it is, and so do the folder then, what belongs to somebody else, and where a
    link leads.
    """
    try:
        names = os.listdir(data)
    except OSError:
        return 0
    ours = [name for name in names if _OURS.fullmatch(name)]
    paths = [os.fspath(data)] if len(ours) == len(names) else []
    for path in (os.path.join(data, name) for name in ours):
        if os.path.islink(path):  # os.walk follows the link that it begins with
            continue
        paths.append(path)
        paths += [os.path.join(place, name) for place, folders, files in os.walk(path) for name in [*folders, *files]]
    return sum(map(_tightened, paths))


def _tightened(path: str) -> bool:
    with suppress(OSError):
        mode = os.lstat(path).st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            os.chmod(path, stat.S_IMODE(mode) & ~OTHERS)
            return True
    return False
