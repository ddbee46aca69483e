"""The seal of a generation: every file's size and checksum, written when it is whole, by which damage is found later."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

FILE_NAME = "seal.json"
# Up to this many bytes a reader compares checksums before it answers, in some hundredths of a second; above, sizes.
READ_UP_TO = 64_000_000
_PIECE = 1 << 20

# Chroma notes in its database that it was opened, so that its rows are compared. Files of a graph that has no list of what is
# in it (a small collection, whose vectors lie in the database), and lengths that nobody reads, it lays out anew: their sizes.
_DATABASE = "chroma.sqlite3"
_NOTED = "acquire_write"
_GRAPH = ".bin"
_LIST = "index_metadata.pickle"
_LENGTHS = "length.bin"

# (bytes, CRC-32)
Sealed = tuple[int, int]


def seal(home: Path, before: Path | None = None) -> None:
    """Write the seal of a folder that is whole; files that it shares with a sealed one `before` are not read again."""
    known = _read(before) if before else {}
    sealed: dict[str, Sealed] = {}
    for name in sorted(_files(home)):
        shared = before is not None and name in known and _is_same(home / name, before / name)
        sealed[name] = known[name] if shared else (_size(home / name), _checksum(home / name))
    text = json.dumps(sealed)
    (home / FILE_NAME).write_text(json.dumps({"files": sealed, "crc": zlib.crc32(text.encode())}), encoding="utf-8")


def damage_of(home: Path, *, only: str | None = None, thorough: bool = True) -> str | None:
    """Return which file of a sealed folder, or whether `only` that one, is not as it was written, and how; None where all are.

    Sizes are compared, which takes no time, and checksums: always if `thorough`, else up to READ_UP_TO bytes in all.
    """
    sealed = _read(home)
    if only and only in sealed:
        sealed = {only: sealed[only]}
    if not sealed:
        return f"{FILE_NAME} is missing or damaged"
    for name, (size, _) in sealed.items():
        try:
            found = _size(home / name)
        except OSError:
            return f"{name} is missing"
        if found != size:
            return f"{name} has {found:,} of {size:,} bytes"
    if not thorough and sum(size for size, _ in sealed.values()) > READ_UP_TO:
        return None
    for name, (_, checksum) in sealed.items():
        try:
            if _checksum(home / name) != checksum:
                return f"{name} is not as it was written"
        except (OSError, sqlite3.Error) as error:
            return f"{name} cannot be read ({error})"
    return None


def _read(home: Path) -> dict[str, Sealed]:
    """Return the seal of a folder; nothing where it is missing or damaged itself."""
    try:
        found = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
        sealed = {str(name): (int(size), int(checksum)) for name, (size, checksum) in found["files"].items()}
        return sealed if zlib.crc32(json.dumps(sealed).encode()) == found["crc"] else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _files(home: Path) -> Iterator[str]:
    """Yield the files below a folder by their names in it; locks, which readers make too, are not among them."""
    for place, _, names in os.walk(home):
        for name in names:
            relative = os.path.relpath(os.path.join(place, name), home)
            if not name.endswith(".lock") and relative != FILE_NAME:
                yield relative


def _is_same(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samefile(one, other)
    return False


def _size(file: Path) -> int:
    """Return the bytes of a file; of Chroma's database only whether there are any, for it grows when it is opened."""
    found = os.path.getsize(file)
    return min(found, 1) if file.name == _DATABASE else found


def _checksum(file: Path) -> int:
    if file.name == _DATABASE:
        return _checksum_of_rows(file)
    checksum = 0
    laid_out_anew = file.suffix == _GRAPH and (file.name == _LENGTHS or not file.with_name(_LIST).exists())
    if not laid_out_anew:
        with file.open("rb") as content:
            while piece := content.read(_PIECE):
                checksum = zlib.crc32(piece, checksum)
    return checksum


def _checksum_of_rows(file: Path) -> int:
    checksum = 0
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != ? ORDER BY 1", (_NOTED,))
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                checksum = zlib.crc32(repr(row).encode(), checksum)
    return checksum
