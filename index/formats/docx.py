"""The reader of .docx: paragraphs and tables in order, with what was inserted under review, without what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from index.formats.options import Reader, ReadOptions
from index.formats.zipped import damaged, local, opened
from index.load import RawDocument, known_metadata
from index.types import Problem


def reader(_: str) -> Reader:
    """Return the reader of .docx."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    opened(file, path, options)
    from docx import Document

    file.seek(0)
    try:
        document = Document(file)
    except Exception as error:  # a missing part raises KeyError, another kind ValueError, bad XML lxml's own
        yield damaged(path, error)
        return
    text = "\n".join(_blocks(document.element.body))
    if not text.strip():
        yield Problem(path, "it holds no text; save the article's text as .txt", kind="no text")
        return
    yield RawDocument(path, text, known_metadata({"title": document.core_properties.title or ""}))


def _blocks(container: Any) -> Iterator[str]:
    """Yield the text of each paragraph, and each row of a table as one line."""
    for child in container:
        name = local(child)
        if name == "p":
            yield _text(child)
        elif name == "tbl":
            for row in (part for part in child if local(part) == "tr"):
                yield " | ".join(" ".join(_blocks(cell)).strip() for cell in row if local(cell) == "tc")
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _blocks(child)


def _text(paragraph: Any) -> str:
    pieces: list[str] = []
    for part in paragraph.iter():
        name = local(part)
        if name == "t":
            pieces.append(part.text or "")
        elif name in ("tab", "br", "cr"):
            pieces.append("\n" if name != "tab" else " ")
        elif name == "noBreakHyphen":
            pieces.append("-")
    return "".join(pieces)
