"""The reader of .odt: paragraphs, headings, lists and tables in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from index.formats.failing import Refused
from index.formats.options import Reader, ReadOptions
from index.formats.zipped import local, opened, parsed, part
from index.load import RawDocument, known_metadata
from index.types import Problem

_PASSED_OVER = {"tracked-changes", "annotation", "note-citation"}


def reader(_: str) -> Reader:
    """Return the reader of .odt."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    packed = opened(file, path, options)
    root = parsed(part(packed, "content.xml", path, options), path)
    text = "\n".join(line for body in root.iter("{*}body") for line in _blocks(body))
    if not text.strip():
        yield Problem(path, "it holds no text; save the article's text as .txt", kind="no text")
        return
    yield RawDocument(path, text, _metadata(packed, path, options))


def _metadata(packed: Any, path: str, options: ReadOptions) -> dict[str, str]:
    try:
        root = parsed(part(packed, "meta.xml", path, options), path)
    except Refused:
        return {}
    return known_metadata({local(element): element.text or "" for element in root.iter("{*}title", "{*}language")})


def _blocks(container: Any) -> Iterator[str]:
    for child in container:
        name = local(child)
        if name in ("p", "h"):
            yield "".join(_pieces(child))
        elif name == "table-row":
            yield " | ".join(" ".join(_blocks(cell)) for cell in child if local(cell) == "table-cell")
        elif name and name not in _PASSED_OVER:
            yield from _blocks(child)


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local(child)
        if name == "s" or name == "tab":
            yield " "
        elif name == "line-break":
            yield "\n"
        elif name and name not in _PASSED_OVER:
            yield from _pieces(child)
        yield child.tail or ""
