"""The readers of .txt, .md, .html and .jsonl: index/load.py reads them, bounded as every format is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from index.formats.options import Reader, ReadOptions, whole
from index.load import RawDocument, read_documents, read_jsonl
from index.types import Problem


def reader(suffix: str) -> Reader:
    """Return the reader of a plain kind of file."""
    if suffix == ".jsonl":
        return _read_lines

    def read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
        content = whole(file, path, options)
        # The kind may be another than the name says: a page that is called .txt.
        named = path if PurePath(path).suffix.lower() == suffix else f"{path}{suffix}"
        for found in read_documents(content, named, options.max_bytes):
            yield _renamed(found, named, path)

    return read


def _renamed(found: RawDocument | Problem, named: str, path: str) -> RawDocument | Problem:
    if named == path:
        return found
    shown = path + found.path.removeprefix(named)
    if isinstance(found, Problem):
        return Problem(shown, found.reason, found.skipped, found.kind)
    return RawDocument(shown, found.text, found.metadata)


def _read_lines(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    yield from read_jsonl(file, path, options.max_bytes, options.columns)
