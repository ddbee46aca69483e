"""Which reader a file gets: by its name, and by what its first bytes say where they say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import PurePath
from typing import BinaryIO, cast

from index.formats.failing import refusing
from index.formats.options import Found, Reader, ReadOptions
from index.types import Problem

# Each reader is loaded when the first file of its kind comes.
_MODULES = {
    ".txt": "plain", ".md": "plain", ".html": "plain", ".htm": "plain", ".jsonl": "plain", ".json": "objects",
    ".pdf": "pdf", ".docx": "docx", ".odt": "odt", ".rtf": "rtf", ".epub": "epub", ".eml": "mail", ".mbox": "mail",
    ".mhtml": "mail", ".mht": "mail", ".csv": "table", ".tsv": "table", ".xlsx": "sheet", ".rss": "feed", ".atom": "feed",
    ".xml": "feed", ".warc": "warc", ".zip": "archive", ".tar": "archive", ".tgz": "archive", ".gz": "archive",
}  # fmt: skip
SUFFIXES = frozenset(_MODULES)
# Of these not the file but each article in it is bounded, so that they may be of any size.
STREAMED = frozenset({".jsonl", ".json", ".csv", ".tsv", ".mbox", ".warc", ".zip", ".tar", ".tgz", ".gz", ".xlsx"})
_ZIPPED = frozenset({".docx", ".odt", ".epub", ".xlsx", ".zip"})
_HEAD = 4_096
_REMEDIES = {
    ".doc": "save it as .docx", ".ppt": "save it as .pdf", ".pptx": "save it as .pdf", ".xls": "save it as .xlsx",
    ".jpg": "read it with Tesseract and save the text", ".png": "read it with Tesseract and save the text",
    ".rar": "pack it as .zip", ".7z": "pack it as .zip", ".xz": "pack it as .zip", ".bz2": "pack it as .zip",
    ".pages": "save it as .docx", ".djvu": "save it as .pdf", ".mobi": "save it as .epub", ".azw3": "save it as .epub",
    ".yaml": "save it as .jsonl", ".db": "export it as .csv", ".sqlite": "export it as .csv",
}  # fmt: skip


def suffix_of(name: str) -> str:
    """Return the end of a file's name that tells its kind, in small letters."""
    return PurePath(name).suffix.lower()


def remedy_for(suffix: str) -> str:
    """Return what can be done about files of a kind that is not read."""
    if not suffix:
        return "give it the suffix of its kind, such as .txt"
    return _REMEDIES.get(suffix, "save as .txt, .html or .pdf what is an article")


def read_file(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[Found]:
    """Yield the documents of one file of any kind that is read, and a Problem for each part that cannot be read."""
    named = suffix_of(path)
    if named not in _MODULES:
        yield Problem(path, f"'{named}' files are not read; {remedy_for(named)}", kind="not read")
        return
    found = _by_content(file, named)
    if found.startswith("!"):
        yield Problem(path, found[1:], kind="wrong kind")
        return
    if found == ".gz" and suffix_of(path.lower().removesuffix(".gz")) == ".warc":
        found = named = ".warc"
    if found != named:
        reason = f"it was read as {found}, which it is by its content, although its name ends in {named}; rename it"
        yield Problem(path, reason, skipped=False, kind="wrong kind")
    yield from refusing(reader_of(found)(file, path, options))


def reader_of(suffix: str) -> Reader:
    """Return the reader of a kind of file."""
    module = import_module(f"index.formats.{_MODULES[suffix]}")
    return cast(Reader, module.reader(suffix))


def _by_content(file: BinaryIO, named: str) -> str:
    """Return the kind that a file's first bytes show, the named one where they show none, or "!" and what is wrong."""
    head = file.read(_HEAD)
    file.seek(0)
    zipped, begins = head.startswith(b"PK\x03\x04"), head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "!an old or encrypted Office file by its content; save it as .docx or .xlsx without a password"
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    if head.startswith(b"\x1f\x8b"):
        return named if named in (".gz", ".tgz") else ".gz"
    if zipped:
        return named if named in _ZIPPED else _zip_kind(head)
    if not head.strip() or named == ".txt" and begins.startswith((b"<!doctype html", b"<html")):
        return ".html" if head.strip() else named
    if named in _ZIPPED | {".pdf", ".gz", ".tgz", ".rtf"} and not (named == ".zip" and head.startswith(b"PK")):
        kind = "a page" if begins.startswith((b"<!doctype", b"<html")) else "something else"
        return f"!no {named} file but {kind} by its content (it begins with {head[:4]!r}); get it anew or rename it"
    return named


def _zip_kind(head: bytes) -> str:
    for mark, kind in ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"application/epub", ".epub"), (b"opendocument.text", ".odt")):
        if mark in head:
            return kind
    return ".zip"
