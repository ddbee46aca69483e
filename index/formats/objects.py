"""The reader of .json: one article as an object, or several in an array, bare or under a key of an object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.formats.options import Reader, ReadOptions, whole
from index.load import Decoded, RawDocument, Rows, decode, read_jsonl, too_large
from index.types import Problem

# A file of articles is held whole, so it is bounded too: by this many times the bytes of one article.
_ARTICLES = 10
_TEXT_KEYS = ("text", "body", "content", "article")


def reader(_: str) -> Reader:
    """Return the reader of .json."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    text = decode(whole(file, path, ReadOptions(options.max_bytes * _ARTICLES)), path)
    if isinstance(text, Problem):
        yield text
        return
    if isinstance(text, Decoded) and text.charset:
        reason = f"it was read as {text.charset}, which it does not say it is; if letters are wrong, save it as UTF-8"
        yield Problem(path, reason, skipped=False, kind="encoding")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("{") and "Extra data" in str(error):  # a .jsonl by another name
            file.seek(0)
            yield from read_jsonl(file, path, options.max_bytes, options.columns)
            return
        yield Problem(path, f"not JSON that can be read ({str(error)[:80]}); export it anew", kind="broken")
        return
    yield from _documents(value, path, options)


def _documents(value: Any, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    rows = _rows(value, options)
    if rows is None:
        yield Problem(path, f"a JSON {type(value).__name__} without articles; write an array of objects", kind="no text")
        return
    documents = Rows(path, options.columns)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            reason = f"a JSON {type(row).__name__}, not an object; write one object an article"
            yield Problem(f"{path}:{number}", reason, kind="broken")
            continue
        found = documents.document(row, number)
        if isinstance(found, RawDocument) and len(found.text) > options.max_bytes:
            yield Problem(f"{path}:{number}", too_large(len(found.text), options.max_bytes), kind="too large")
        else:
            yield found


def _rows(value: Any, options: ReadOptions) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    names = {*_TEXT_KEYS, options.columns.get("text", "text")}
    if any(isinstance(value.get(name), str) for name in names):
        return [value]
    lists = [part for part in value.values() if isinstance(part, list) and part and isinstance(part[0], dict)]
    return max(lists, key=len, default=None)
