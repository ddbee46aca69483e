"""The reader of .rtf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from index.formats.options import Reader, ReadOptions, whole
from index.load import RawDocument, known_metadata
from index.types import Problem

_TITLE = re.compile(r"\{\\title ([^{}]+)\}")


def reader(_: str) -> Reader:
    """Return the reader of .rtf."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    from striprtf.striprtf import rtf_to_text

    content = whole(file, path, options)
    source = content.decode("latin-1")
    text = rtf_to_text(source, errors="replace")
    if not text.strip():
        yield Problem(path, "it holds no text; save the article's text as .txt", kind="no text")
        return
    title = _TITLE.search(source)
    shown = rtf_to_text("{\\rtf1\\ansi\\ansicpg1256 " + title.group(1) + "}", errors="replace") if title else ""
    yield RawDocument(path, text, known_metadata({"title": shown.strip()}))
