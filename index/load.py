"""Plain files in: .txt, .md, .html and .jsonl become raw documents, with the metadata that the file itself gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from index.cleaning.removed import Removed
from index.encoding import guess
from index.html_text import NoArticle, page_text
from index.kept_bytes import with_bytes_kept
from index.markdown_text import markdown_text
from index.types import Problem

SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})
_HEADER = re.compile(r"\A\s*---[ \t]*\n(?P<lines>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNCLOSED_HEADER = re.compile(r"\A\s*---[ \t]*\n(?P<key>[A-Za-z_]+)[ \t]*:")
_HEADER_LINE = re.compile(r"^(?P<key>[A-Za-z_]+)[ \t]*:[ \t]*(?P<value>.*)$")
_KEYS = {
    "title": "title", "headline": "title", "outlet": "outlet", "source": "outlet", "publisher": "outlet", "site": "outlet",
    "published": "published", "date": "published", "published_at": "published", "language": "language", "lang": "language",
    "url": "url", "link": "url", "author": "author", "authors": "author", "byline": "author", "by": "author",
    "creator": "author",
    "section": "section", "category": "section", "rubric": "section", "tags": "tags", "keywords": "tags", "agency": "origin",
    "origin": "origin", "wire": "origin", "credit": "origin", "dated_by": "dated_by", "retrieved": "fetched",
    "fetched": "fetched", "crawled": "fetched", "accessed": "fetched", "pubdate": "published", "datepublished": "published",
    "publication_date": "published", "outlet_name": "outlet", "site_name": "outlet", "publishedat": "published",
    "canonical": "url", "permalink": "url", "inlanguage": "language", "page_language": "page_language",
}  # fmt: skip
_TEXT_KEYS = ("text", "body", "content", "article")
_ID_KEYS = ("id", "_id", "article_id")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The text of one article as its file gives it, before cleaning; `metadata` uses the names of _KEYS.

    `removed` is what was left out of it already, for it stood outside the article.
    """

    path: str
    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[Removed, ...] = ()


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
        yield Problem(path, f"{kind} not read; convert it to one of {', '.join(sorted(SUFFIXES))}", kind="not read")
        return
    if suffix == ".jsonl":
        yield from read_jsonl(BytesIO(content), path, max_bytes)
        return
    if len(content) > max_bytes:
        yield Problem(path, too_large(len(content), max_bytes), kind="too large")
        return
    text = decode(content, path, declared=page_charset(content) if suffix in {".html", ".htm"} else None)
    if isinstance(text, Problem):
        yield text
        return
    yield from _notes(text, path)
    if not text.strip():
        yield Problem(path, "the file is empty (0 words); put the article's text in it or remove it", kind="empty")
    elif suffix in {".html", ".htm"}:
        yield read_page(text, path)
    else:
        metadata, body, reservation = _split_header(text)
        if reservation:
            yield Problem(path, reservation, skipped=False, kind="header")
        body, removed = markdown_text(body) if suffix == ".md" else (body, ())
        yield RawDocument(path, body, metadata, removed)


def too_large(size: int, max_bytes: int) -> str:
    """Return the reason why a file or line of `size` bytes is not read."""
    megabyte = 1_000_000
    return f"{size / megabyte:.1f} MB is over the limit of {max_bytes / megabyte:g} MB; split it or raise KHABAR_MAX_MB"


class Decoded(str):
    """A text that knows the charset in which it was found to be readable, where that is not the usual one."""

    charset: str | None = None

    @classmethod
    def found(cls, text: str, charset: str) -> Decoded:
        """Return a text that was read in a charset that was guessed."""
        decoded = cls(text)
        decoded.charset = charset
        return decoded


def decode(content: bytes, path: str, declared: str | None = None) -> str | Problem:
    """Return the text (a Decoded one where its charset was guessed), or why it is none.

    UTF-8 (or UTF-16 with its mark) is tried before the declared charset, and that before a guess.
    """
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text: str | None = None
    where = unknown = ""
    for charset in (marked, declared):
        try:
            text = content.decode(charset) if charset and text is None else text
        except LookupError:
            unknown = f"it declares the unknown charset '{charset}'; save it as UTF-8"
        except UnicodeDecodeError as error:
            where = f" (byte 0x{content[error.start]:02x} at offset {error.start})"
        except UnicodeError:
            where = ""
    if text is None or "\0" in text:
        guessed = guess(content)
        if guessed:
            return Decoded.found(readable(guessed.text), guessed.charset)
    if unknown and text is None:
        return Problem(path, unknown, kind="encoding")
    if "\0" in (text or "") or (text is None and b"\0" in content):
        reason = f"a binary file (a zero byte at offset {content.find(0)}); save it as UTF-8 text or remove it"
        return Problem(path, reason, kind="binary")
    if text is None:
        name = declared or ("UTF-16" if marked == "utf-16" else "UTF-8")
        reason = f"not {name} text{where}; save it as UTF-8, e.g. iconv -f windows-1256 -t utf-8"
        return Problem(path, reason, kind="encoding")
    return readable(with_bytes_kept(text))


def _notes(text: str, path: str) -> Iterator[Problem]:
    """Yield a note where the charset of a text was guessed."""
    if isinstance(text, Decoded) and text.charset:
        reason = f"it was read as {text.charset}, which it does not say it is; if letters are wrong, save it as UTF-8"
        yield Problem(path, reason, skipped=False, kind="encoding")


def page_charset(content: bytes) -> str | None:
    """Return the charset that an HTML page declares."""
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
        return known_metadata(fields), body, None
    reason = f"the header line '{others[0][:60]}' is not understood and was read as text; write it as key: value"
    return known_metadata(fields), body, reason


def known_metadata(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is known of an article under the header's keys, whatever name of theirs it was given under."""
    known: dict[str, str] = {}
    for key, value in values.items():
        name = _KEYS.get(key.lower())
        stated = _unquoted(" ".join(readable(_as_text(value)).split())) if name else ""
        # A source beside an outlet is the agency that the outlet had the text from.
        if name == "outlet" and key.lower() == "source" and known.get("outlet", stated) != stated:
            name = "origin"
        if name and stated:
            known.setdefault(name, stated)
    return known


def _as_text(value: Any) -> str:
    """Return a value of a header or JSON object as text: the names of an object, a list with commas; else nothing."""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_as_text, value)))
    if isinstance(value, dict):
        return _as_text(value.get("name"))
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _unquoted(value: str) -> str:
    """Return a header's value without the pair of quotation marks around it; those inside it are its own."""
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1]
    return value[1:-1] if quoted else value


def read_page(text: str, path: str) -> RawDocument | Problem:
    """Return the article that an HTML page holds, or why it has none."""
    page = page_text(text)
    if isinstance(page, NoArticle):
        return Problem(path, page.reason, kind=page.kind)
    return RawDocument(path, page.text, known_metadata(page.fields), page.removed)


def read_jsonl(
    file: BinaryIO, path: str, max_bytes: int, columns: Mapping[str, str] | None = None
) -> Iterator[RawDocument | Problem]:
    """Yield the documents of a .jsonl, one a line; a line of more than `max_bytes` is passed over without being held."""
    rows = Rows(path, columns)
    charsets: set[str] = set()
    blank = True
    for number, line in enumerate(lines_of(file, max_bytes), 1):
        where = f"{path}:{number}"
        blank = blank and not isinstance(line, int) and not line.strip()
        if isinstance(line, int):
            yield Problem(where, too_large(line, max_bytes), kind="too large")
        elif line.strip():
            text = decode(line, where)
            if isinstance(text, Decoded) and text.charset and text.charset not in charsets:
                charsets.add(text.charset)
                yield from _notes(text, where)
            row = text if isinstance(text, Problem) else _json_object(text, where)
            yield row if isinstance(row, Problem) else rows.document(row, number)
    if blank:
        yield Problem(path, "the file is empty (0 lines); put one JSON object a line in it or remove it", kind="empty")


def lines_of(file: BinaryIO, max_bytes: int) -> Iterator[bytes | int]:
    """Yield the lines of a file without their ends; of a line that is longer than `max_bytes` only its length."""
    while line := file.readline(max_bytes + 2):
        if len(line.rstrip(b"\r\n")) <= max_bytes:
            yield line.rstrip(b"\r\n")
            continue
        length, last = len(line), line
        while last and not last.endswith(b"\n"):
            last = file.readline(1 << 20)
            length += len(last)
        yield length


class Rows:
    """Makes documents of the rows of one file: objects whose keys are known, or mapped to known ones by `columns`."""

    def __init__(self, path: str, columns: Mapping[str, str] | None = None) -> None:
        """Read rows of the file that is shown as `path`; `columns` gives a known key the name that the file has for it."""
        self._path = path
        self._columns = dict(columns or {})
        self._taken: set[str] = set()

    def document(self, row: Mapping[str, Any], number: int) -> RawDocument | Problem:
        """Return the document of the row of a number, or why it gives none."""
        where = f"{self._path}:{number}"
        named = {str(key).strip().casefold(): value for key, value in row.items()}
        mapped = {key: named.get(column.strip().casefold()) for key, column in self._columns.items()}
        values = {**row, **{key: value for key, value in mapped.items() if value is not None}}
        text = next((values[key] for key in _TEXT_KEYS if isinstance(values.get(key), str) and values[key].strip()), None)
        if text is None:
            reason = f"the line has no text under any of the keys {', '.join(_TEXT_KEYS)}; add one, or tell with --columns"
            return Problem(where, f"{reason} text=KEY which it is", kind="no text")
        given = next((str(values[key]) for key in _ID_KEYS if values.get(key) not in (None, "")), str(number))
        name = " ".join(readable(given).split())
        if name in self._taken:
            return Problem(where, f"the id '{name}' stands on an earlier line too; give each line its own", kind="same name")
        self._taken.add(name)
        nested = values["metadata"] if isinstance(values.get("metadata"), dict) else {}
        return RawDocument(f"{self._path}#{name}", text, known_metadata(nested) | known_metadata(values))


def _json_object(text: str, where: str) -> dict[str, Any] | Problem:
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"not JSON ({error.msg} at column {error.colno}); write one object a line"
        return Problem(where, reason, kind="broken")
    except (ValueError, RecursionError) as error:
        return Problem(where, f"not JSON that can be read ({error}); write one object a line", kind="broken")
    if not isinstance(row, dict):
        return Problem(where, f"a JSON {type(row).__name__}, not an object; write one object a line", kind="broken")
    return row
