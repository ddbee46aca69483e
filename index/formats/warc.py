"""The reader of .warc and .warc.gz: each page that a server returned is a document, with its address as link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from index.formats.failing import guarded
from index.formats.options import Reader, ReadOptions
from index.load import RawDocument, decode, page_charset, read_page, too_large
from index.types import Problem


def reader(_: str) -> Reader:
    """Return the reader of .warc."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    pages = 0
    try:
        for number, record in enumerate(ArchiveIterator(file), 1):
            if _is_page(record):
                pages += 1
                where = f"{path}#{number}"
                yield from guarded(_page(record, where, options), where)
    except (ArchiveLoadFailed, ValueError, EOFError, OSError) as error:
        yield Problem(path, f"damaged behind page {pages} ({str(error)[:80]}); fetch it anew", kind="broken")
        return
    if not pages:
        yield Problem(path, "it holds no page; fetch it anew", kind="no text")


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or not record.http_headers:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "").lower()
    return "html" in kind and record.http_headers.get_statuscode() == "200"


def _page(record: Any, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    content = record.content_stream().read(options.max_bytes + 1)
    if len(content) > options.max_bytes:
        yield Problem(path, too_large(len(content), options.max_bytes), kind="too large")
        return
    kind = record.http_headers.get_header("Content-Type") or ""
    declared = kind.partition("charset=")[2].strip("\"' ;") or page_charset(content)
    text = decode(content, path, declared=declared or None)
    found = text if isinstance(text, Problem) else read_page(text, path)
    if isinstance(found, RawDocument):
        found = replace(found, metadata={**found.metadata, "url": record.rec_headers.get_header("WARC-Target-URI") or ""})
    yield found
