"""Files in: .txt, .md, .html and .jsonl become raw documents, with the metadata that the file itself gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.types import Problem

SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})
_HEADER = re.compile(r"\A\s*---[ \t]*\n(?P<lines>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADER_LINE = re.compile(r"^(?P<key>[A-Za-z_]+)[ \t]*:[ \t]*(?P<value>.*)$")
_KEYS = {
    "title": "title", "headline": "title", "outlet": "outlet", "source": "outlet", "publisher": "outlet", "site": "outlet",
    "published": "published", "date": "published", "published_at": "published", "language": "language", "lang": "language",
    "url": "url", "link": "url",
}  # fmt: skip
_TEXT_KEYS = ("text", "body", "content", "article")
_ID_KEYS = ("id", "_id", "article_id")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The text of one article as its file gives it, before cleaning; `metadata` uses the header's five keys."""

    path: str
    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)


def find_files(path: Path) -> Iterator[Path]:
    """Yield the readable kinds of file under `path` (or `path` itself) in a fixed order, hidden ones left out."""
    if path.is_file():
        yield path
        return
    for child in sorted(path.iterdir()):
        if child.name.startswith("."):
            continue
        if child.is_dir():
            yield from find_files(child)
        elif child.suffix.lower() in SUFFIXES and child.is_file():
            yield child


def read_documents(content: bytes, path: str, max_bytes: int) -> Iterator[RawDocument | Problem]:
    """Yield the documents of one file, and a Problem for each part that cannot be read.

    `max_bytes` bounds one article: the whole file, or one line of a .jsonl.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        yield Problem(path, f"'{suffix}' files are not read; convert it to one of {', '.join(sorted(SUFFIXES))}")
        return
    if suffix == ".jsonl":
        yield from _read_jsonl(content, path, max_bytes)
        return
    if len(content) > max_bytes:
        yield Problem(path, too_large(len(content), max_bytes))
        return
    text = _decode(content, path, declared=_html_charset(content) if suffix in {".html", ".htm"} else None)
    if isinstance(text, Problem):
        yield text
    elif not text.strip():
        yield Problem(path, "the file is empty (0 words); put the article's text in it or remove it")
    elif suffix in {".html", ".htm"}:
        yield _read_html(text, path)
    else:
        metadata, body = _split_header(text)
        yield RawDocument(path, _markdown_text(body) if suffix == ".md" else body, metadata)


def too_large(size: int, max_bytes: int) -> str:
    """Return the reason why a file or line of `size` bytes is not read."""
    megabyte = 1_000_000
    return f"{size / megabyte:.1f} MB is over the limit of {max_bytes / megabyte:g} MB; split it or raise KHABAR_MAX_MB"


def _decode(content: bytes, path: str, declared: str | None = None) -> str | Problem:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        declared = "utf-16"
    if b"\0" in content and declared != "utf-16":
        return Problem(path, f"a binary file (a zero byte at offset {content.index(0)}); save it as UTF-8 text or remove it")
    try:
        return content.decode(declared or "utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        where = f"byte 0x{byte:02x} at offset {error.start}"
        return Problem(path, f"not {declared or 'UTF-8'} text ({where}); save it as UTF-8, e.g. iconv -f windows-1256 -t utf-8")
    except LookupError:
        return Problem(path, f"it declares the unknown charset '{declared}'; save it as UTF-8")


def _html_charset(content: bytes) -> str | None:
    match = re.search(rb"""<meta[^>]+charset=["']?([A-Za-z0-9_-]+)""", content[:4096], re.IGNORECASE)
    return match.group(1).decode("ascii") if match else None


def _split_header(text: str) -> tuple[dict[str, str], str]:
    match = _HEADER.match(text)
    if not match:
        return {}, text
    fields = [_HEADER_LINE.match(line.strip()) for line in match["lines"].split("\n") if line.strip()]
    if not fields or not all(fields):
        return {}, text
    return _metadata({found["key"]: found["value"] for found in fields if found}), text[match.end() :]


def _metadata(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the known keys of a header or JSON object under their one name, empty values left out."""
    known: dict[str, str] = {}
    for key, value in values.items():
        name = _KEYS.get(key.lower())
        if name and isinstance(value, str | int) and str(value).strip():
            known.setdefault(name, " ".join(str(value).split()).strip("\"'"))
    return known


def _markdown_text(text: str) -> str:
    from markdown_it import MarkdownIt

    blocks = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            blocks.append("".join(_inline_text(child.type, child.content) for child in token.children or []))
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip("\n"))
    return "\n\n".join(blocks)


def _inline_text(kind: str, content: str) -> str:
    return "\n" if kind in {"softbreak", "hardbreak"} else "" if kind in {"image", "html_inline"} else content


def _read_html(text: str, path: str) -> RawDocument | Problem:
    import trafilatura

    extracted = trafilatura.bare_extraction(text, favor_recall=True, include_comments=False, with_metadata=True)
    body = getattr(extracted, "text", None)
    if not body or not body.strip():
        return Problem(path, "no article text found in the page; save the article's text as .txt")
    found = {"title": extracted.title, "outlet": extracted.sitename, "published": extracted.date, "url": extracted.url}
    language = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z]{2})", text, re.IGNORECASE)
    if language:
        found["language"] = language.group(1)
    return RawDocument(path, body, _metadata({key: value for key, value in found.items() if value}))


def _read_jsonl(content: bytes, path: str, max_bytes: int) -> Iterator[RawDocument | Problem]:
    taken: set[str] = set()
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        row = _json_object(line, where, max_bytes)
        if isinstance(row, Problem):
            yield row
            continue
        text = next((row[key] for key in _TEXT_KEYS if isinstance(row.get(key), str) and row[key].strip()), None)
        if text is None:
            yield Problem(where, f"the line has no text under any of the keys {', '.join(_TEXT_KEYS)}; add one")
            continue
        name = next((str(row[key]) for key in _ID_KEYS if row.get(key) not in (None, "")), str(number))
        if name in taken:
            yield Problem(where, f"the id '{name}' stands on an earlier line too; give each line its own")
            continue
        taken.add(name)
        nested = row["metadata"] if isinstance(row.get("metadata"), dict) else {}
        yield RawDocument(f"{path}#{name}", text, _metadata({**nested, **row}))
    if not content.strip():
        yield Problem(path, "the file is empty (0 lines); put one JSON object a line in it or remove it")


def _json_object(line: bytes, where: str, max_bytes: int) -> dict[str, Any] | Problem:
    if len(line) > max_bytes:
        return Problem(where, too_large(len(line), max_bytes))
    text = _decode(line, where)
    if isinstance(text, Problem):
        return text
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Problem(where, f"not JSON ({error}); write one object a line")
    return row if isinstance(row, dict) else Problem(where, f"a JSON {type(row).__name__}, not an object; write one object a line")
