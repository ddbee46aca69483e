"""The reader of .epub: each chapter in the order of the book is one document, named book.epub#1 and so on."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote
from zipfile import ZipFile

from index.formats.failing import Refused, guarded
from index.formats.options import Reader, ReadOptions
from index.formats.zipped import local, opened, parsed, part
from index.load import RawDocument, known_metadata
from index.types import Problem

_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "div", "td", "th", "dt", "dd", "figcaption", "pre"}
_HEADINGS = ("h1", "h2", "h3")
_PASSED_OVER = {"script", "style", "head", "nav"}


def reader(_: str) -> Reader:
    """Return the reader of .epub."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    packed = opened(file, path, options)
    container = parsed(part(packed, "META-INF/container.xml", path, options), path)
    package = next((element.get("full-path") for element in container.iter("{*}rootfile")), None)
    if not package:
        raise Refused(Problem(path, "damaged: it names no book inside; save it anew", kind="broken"))
    book = parsed(part(packed, package, path, options), path)
    about = _about(book)
    read = 0
    for number, name in enumerate(_chapters(book, posixpath.dirname(package)), 1):
        where = f"{path}#{number}"
        for found in guarded(_chapter(packed, name, where, options, about), where):
            read += isinstance(found, RawDocument)
            yield found
    if not read:
        yield Problem(path, "it holds no text; save the article's text as .txt", kind="no text")


def _chapter(
    packed: ZipFile, name: str, path: str, options: ReadOptions, about: dict[str, str]
) -> Iterator[RawDocument | Problem]:
    root = parsed(part(packed, name, path, options), path)
    lines = [line for line in _lines(root) if line.strip()]
    if lines:
        yield RawDocument(path, "\n".join(lines), about | _title(root))


def _about(book: Any) -> dict[str, str]:
    found = {local(element): element.text or "" for element in book.iter("{*}publisher", "{*}date", "{*}language")}
    return known_metadata(found)


def _title(root: Any) -> dict[str, str]:
    for name in _HEADINGS:
        for element in root.iter("{*}" + name):
            return known_metadata({"title": " ".join("".join(element.itertext()).split())})
    return {}


def _chapters(book: Any, folder: str) -> Iterator[str]:
    names = {element.get("id"): element.get("href") or "" for element in book.iter("{*}item")}
    for reference in book.iter("{*}itemref"):
        name = names.get(reference.get("idref"))
        if name:
            yield posixpath.normpath(posixpath.join(folder, unquote(name.partition("#")[0])))


def _lines(root: Any) -> list[str]:
    lines = [""]

    def walk(element: Any) -> None:
        name = local(element)
        if not name or name in _PASSED_OVER:
            return
        if name in _BLOCKS or name == "br":
            lines.append("")
        lines[-1] += " ".join((element.text or "").split("\n"))
        for child in element:
            walk(child)
            lines[-1] += " ".join((child.tail or "").split("\n"))
        if name in _BLOCKS:
            lines.append("")

    walk(root)
    return [" ".join(line.split(" ")) for line in lines]
