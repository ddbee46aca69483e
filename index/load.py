"""Files in: .txt, .md, .html and .jsonl become raw documents, with the metadata that the file itself gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.cleaning.removed import Removed
from index.html_text import page_text
from index.markdown_text import markdown_text
from index.types import Problem

SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})
_HEADER = re.compile(r"\A\s*---[ \t]*\n(?P<lines>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNCLOSED_HEADER = re.compile(r"\A\s*---[ \t]*\n(?P<key>[A-Za-z_]+)[ \t]*:")
_HEADER_LINE = re.compile(r"^(?P<key>[A-Za-z_]+)[ \t]*:[ \t]*(?P<value>.*)$")
_KEYS = {
    "title": "title", "headline": "title", "outlet": "outlet", "source": "outlet", "publisher": "outlet", "site": "outlet",
    "published": "published", "date": "published", "published_at": "published", "language": "language", "lang": "language",
    "url": "url", "link": "url",
}  # fmt: skip
_TEXT_KEYS = ("text", "body", "content", "article")
_ID_KEYS = ("id", "_id", "article_id")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The text of one article as its file gives it, before cleaning; `metadata` uses the header's five keys.

    `removed` is what was left out of it already, for it stood outside the article.
    """

    path: str
    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[Removed, ...] = ()


def find_files(path: Path) -> Iterator[Path]:
    """Yield the readable kinds of file under `path` (or `path` itself) in a fixed order, hidden ones left out.

    A folder that links lead back to is walked once; a link that leads nowhere is yielded, for its reader to report.
    """
    if path.is_file():
        yield path
        return
    walked: set[tuple[int, int]] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current is path or current.is_dir():
            identity = (current.stat().st_dev, current.stat().st_ino)
            if identity not in walked:
                walked.add(identity)
                waiting += sorted((child for child in current.iterdir() if not child.name.startswith(".")), reverse=True)
        elif current.suffix.lower() in SUFFIXES and (current.is_file() or (current.is_symlink() and not current.exists())):
            yield current


def readable(text: str) -> str:
    """Return `text` as it can be stored and shown: one kind of line break, no control character, no lone surrogate."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", whole))


def read_documents(content: bytes, path: str, max_bytes: int) -> Iterator[RawDocument | Problem]:
    """Yield the documents of one file, and a Problem for each part that cannot be read.

    `max_bytes` bounds one article: the whole file, or one line of a .jsonl.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        kind = f"'{suffix}' files are" if suffix else "a file without a suffix is"
        yield Problem(path, f"{kind} not read; convert it to one of {', '.join(sorted(SUFFIXES))}")
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
        metadata, body, reservation = _split_header(text)
        if reservation:
            yield Problem(path, reservation, skipped=False)
        yield RawDocument(path, markdown_text(body) if suffix == ".md" else body, metadata)


def too_large(size: int, max_bytes: int) -> str:
    """Return the reason why a file or line of `size` bytes is not read."""
    megabyte = 1_000_000
    return f"{size / megabyte:.1f} MB is over the limit of {max_bytes / megabyte:g} MB; split it or raise KHABAR_MAX_MB"


def _decode(content: bytes, path: str, declared: str | None = None) -> str | Problem:
    """Return the text, or why it is none: UTF-8 (or UTF-16 with its mark) is tried before the declared charset."""
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text: str | None = None
    where = ""
    for charset in (marked, declared):
        try:
            text = content.decode(charset) if charset and text is None else text
        except LookupError:
            return Problem(path, f"it declares the unknown charset '{charset}'; save it as UTF-8")
        except UnicodeDecodeError as error:
            where = f" (byte 0x{content[error.start]:02x} at offset {error.start})"
        except UnicodeError:
            where = ""
    if "\0" in (text or "") or (text is None and b"\0" in content):
        return Problem(path, f"a binary file (a zero byte at offset {content.find(0)}); save it as UTF-8 text or remove it")
    if text is None:
        name = declared or ("UTF-16" if marked == "utf-16" else "UTF-8")
        return Problem(path, f"not {name} text{where}; save it as UTF-8, e.g. iconv -f windows-1256 -t utf-8")
    return readable(text)


def _html_charset(content: bytes) -> str | None:
    match = re.search(rb"""<meta[^>]+charset=["']?([A-Za-z0-9_-]+)""", content[:4096], re.IGNORECASE)
    return match.group(1).decode("ascii") if match else None


def _split_header(text: str) -> tuple[dict[str, str], str, str | None]:
    """Return the header's metadata, the text under it, and what was not understood of it.

    A line that is none of a header stays in the text; indented lines, list items and comments are YAML of other programs.
    """
    match = _HEADER.match(text)
    lines = [line for line in match["lines"].split("\n") if line.strip()] if match else []
    if not match or not lines or not _HEADER_LINE.match(lines[0]):
        opened = _UNCLOSED_HEADER.match(text)
        if not match and opened and opened["key"].lower() in _KEYS:
            return {}, text, "its header has no closing line '---' and was read as text; add that line"
        return {}, text, None
    fields: dict[str, str] = {}
    others: list[str] = []
    for line in lines:
        found = _HEADER_LINE.match(line)
        if found:
            fields.setdefault(found["key"], found["value"])
        elif not re.match(r"[\s#-]", line):
            others.append(line)
    body = "\n".join([*others, text[match.end() :]])
    if not others:
        return _metadata(fields), body, None
    reason = f"the header line '{others[0][:60]}' is not understood and was read as text; write it as key: value"
    return _metadata(fields), body, reason


def _metadata(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the known keys of a header or JSON object under their one name, empty values left out."""
    known: dict[str, str] = {}
    for key, value in values.items():
        name = _KEYS.get(key.lower())
        if name and isinstance(value, str | int) and str(value).strip():
            known.setdefault(name, _unquoted(" ".join(readable(str(value)).split())))
    return known


def _unquoted(value: str) -> str:
    """Return a header's value without the pair of quotation marks around it; those inside it are its own."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1]
    return value[1:-1] if quoted else value


def _read_html(text: str, path: str) -> RawDocument | Problem:
    page = page_text(text)
    return Problem(path, page) if isinstance(page, str) else RawDocument(path, page.text, _metadata(page.fields))


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
        given = next((str(row[key]) for key in _ID_KEYS if row.get(key) not in (None, "")), str(number))
        name = " ".join(readable(given).split())
        if name in taken:
            yield Problem(where, f"the id '{name}' stands on an earlier line too; give each line its own")
            continue
        taken.add(name)
        nested = row["metadata"] if isinstance(row.get("metadata"), dict) else {}
        yield RawDocument(f"{path}#{name}", text, _metadata(nested) | _metadata(row))
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
    except json.JSONDecodeError as error:
        return Problem(where, f"not JSON ({error.msg} at column {error.colno}); write one object a line")
    except (ValueError, RecursionError) as error:
        return Problem(where, f"not JSON that can be read ({error}); write one object a line")
    if not isinstance(row, dict):
        return Problem(where, f"a JSON {type(row).__name__}, not an object; write one object a line")
    return row
