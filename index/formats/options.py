"""What bounds the reading of a file, and what the user says about its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from index.formats.failing import Refused
from index.load import RawDocument, too_large
from index.types import Problem

# What a column of a table can be said to be.
COLUMN_KEYS = ("text", "title", "outlet", "published", "language", "url", "id")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Bytes of one article at most, bytes that one archive may unpack to, archives inside archives, and column names.

    `avoided` are parts of a packed file that ended the process which read them: they are passed over.
    """

    max_bytes: int = 20_000_000
    unpacked_bytes: int = 2_000_000_000
    depth: int = 3
    columns: Mapping[str, str] = field(default_factory=dict)
    avoided: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Beginning:
    """A reader begins with a part of a packed file, so that it is known where it was if it ends the process."""

    path: str


Found = RawDocument | Problem | Beginning


class Reader(Protocol):
    """Reads one format: an open file, which can be sought in, and the path that it is shown under."""

    def __call__(self, file: BinaryIO, path: str, options: ReadOptions) -> Iterator[Found]:
        """Yield the documents of the file, and a Problem for each part that cannot be read."""


def whole(file: BinaryIO, path: str, options: ReadOptions) -> bytes:
    """Return all bytes of a file that holds one article. Raises Refused where it is empty or too large."""
    content = file.read(options.max_bytes + 1)
    if len(content) > options.max_bytes:
        size = file.seek(0, 2)
        raise Refused(Problem(path, too_large(size, options.max_bytes), kind="too large"))
    if not content.strip():
        raise Refused(Problem(path, "the file is empty (0 words); put the article's text in it or remove it", kind="empty"))
    return content


def columns_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of text=Body,title=Headline. Raises ValueError for what is no such pair."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    for key, _, name in pairs:
        if key.strip().lower() not in COLUMN_KEYS or not name.strip():
            known = ", ".join(COLUMN_KEYS)
            raise ValueError(f"'{key.strip()}' is no known key with a column's name behind it; known are {known}")
    return tuple((key.strip().lower(), name.strip()) for key, _, name in pairs)
