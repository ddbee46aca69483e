"""The readers of .eml, .mbox and .mhtml: a mail's text or page, and what is attached to it; a saved page with its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from io import BytesIO
from typing import BinaryIO, cast

from index.files import shown_name
from index.formats.failing import guarded
from index.formats.kinds import SUFFIXES, read_file, suffix_of
from index.formats.options import Beginning, Found, Reader, ReadOptions, whole
from index.formats.sent import day_sent
from index.load import Decoded, RawDocument, decode, known_metadata, page_charset, read_page, too_large
from index.types import Problem

_SUBJECT_PREFIX = re.compile(r"^(?:\s*(?:re|fwd?|رد|پاسخ)\s*:)+\s*", re.IGNORECASE)


def reader(suffix: str) -> Reader:
    """Return the reader of a kind of mail."""
    return {".eml": _read_mail, ".mbox": _read_box}.get(suffix, _read_page)


def _read_mail(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[Found]:
    yield from _mail(whole(file, path, options), path, options)


def _read_box(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[Found]:
    number = 0
    for number, content in enumerate(_mails(file, options.max_bytes), 1):
        where = f"{path}#{number}"
        if isinstance(content, int):
            yield Problem(where, too_large(content, options.max_bytes), kind="too large")
        else:
            yield from guarded(_mail(content, where, options), where)
    if not number:
        yield Problem(path, "it holds no mail (none begins with 'From '); export it anew", kind="empty")


def _read_page(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    message = _parsed(whole(file, path, options))
    for part in message.walk():
        if part.get_content_type() == "text/html":
            found = _page(part, path)
            link = message.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
            yield from _with(found, {"url": str(link)} if str(link).startswith("http") else {}, path)
            return
    yield Problem(path, "no page found in it; save the page as .html", kind="no text")


def _mails(file: BinaryIO, max_bytes: int) -> Iterator[bytes | int]:
    """Yield the mails of an mbox; of one that is longer than `max_bytes` only its length."""
    lines: list[bytes] = []
    length, blank, begun = 0, True, False
    while line := file.readline(1 << 20):
        if blank and line.startswith(b"From "):
            if begun:
                yield b"".join(lines) if length <= max_bytes else length
            lines, length, begun = [], 0, True
        elif begun:
            length += len(line)
            if length <= max_bytes:
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
        blank = not line.strip()
    if begun:
        yield b"".join(lines) if length <= max_bytes else length


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


def _mail(content: bytes, path: str, options: ReadOptions) -> Iterator[Found]:
    message = _parsed(content)
    attached = list(_attached(message))
    readable = [(name, part) for name, part in attached if suffix_of(name) in SUFFIXES]
    try:
        body = message.get_body(("plain", "html"))
    except (KeyError, AttributeError, TypeError, ValueError):
        body = None
    if body is not None:
        part = cast(EmailMessage, body)
        found = _page(part, path) if part.get_content_type() == "text/html" else _plain(part, path)
        yield from _with(found, _about(message), path)
    elif not readable:
        yield Problem(path, "the mail has no text; save what is attached to it by itself", kind="no text")
    for number, (name, part) in enumerate(readable, 1):
        same = sum(name == other for other, _ in readable[: number - 1])
        where = f"{path}/{shown_name(name)}" if not same else f"{path}/{number}-{shown_name(name)}"
        yield from _read_attached(part, where, _about(message), options)
    left = [shown_name(name) for name, _ in attached if suffix_of(name) not in SUFFIXES]
    if left:
        shown = ", ".join(" ".join(name.split()) for name in left[:3])
        yield Problem(path, f"what is attached ({shown}) is not read; save it beside the mail", skipped=False, kind="attached")


def _attached(message: EmailMessage) -> Iterator[tuple[str, EmailMessage]]:
    """Yield what is attached to a mail, under its name; a mail that is attached may have none."""
    for part in message.iter_attachments():
        name = part.get_filename() or ("mail.eml" if part.get_content_type() == "message/rfc822" else "")
        if name:
            yield str(name).rpartition("/")[2], part


def _read_attached(part: EmailMessage, path: str, about: dict[str, str], options: ReadOptions) -> Iterator[Found]:
    """Yield the documents of a file that is attached to a mail; what it does not say of outlet and day, the mail says."""
    if path in options.avoided:
        return
    if options.depth < 1:
        yield Problem(path, "a file inside mails and archives, too deep; save it by itself", kind="nested")
        return
    yield Beginning(path)
    held = part.get_payload(0) if part.get_content_type() == "message/rfc822" else None
    content = held.as_bytes() if isinstance(held, EmailMessage) else _content(part)
    known: dict[str, str] = {key: value for key, value in about.items() if key in ("outlet", "published")}
    for found in guarded(read_file(BytesIO(content), path, replace(options, depth=options.depth - 1)), path):
        yield replace(found, metadata={**known, **found.metadata}) if isinstance(found, RawDocument) else found


def _with(found: RawDocument | Problem, about: dict[str, str], path: str) -> Iterator[RawDocument | Problem]:
    if isinstance(found, Problem):
        yield found
        return
    if isinstance(found.text, Decoded) and found.text.charset:
        reason = f"it was read as {found.text.charset}, which it does not say it is; if letters are wrong, save it as UTF-8"
        yield Problem(path, reason, skipped=False, kind="encoding")
    yield RawDocument(path, found.text, {**found.metadata, **about})


def _about(message: EmailMessage) -> dict[str, str]:
    name, address = parseaddr(_header(message, "From"))
    title, day = _SUBJECT_PREFIX.sub("", _header(message, "Subject")), day_sent(_header(message, "Date"))
    return known_metadata({"title": title, "outlet": name or address, "published": day})


def _header(message: EmailMessage, name: str) -> str:
    """Return a header's text; bytes that are not encoded as they should be are read in the charset that fits them."""
    try:
        # What Python's own reader makes of a day is another one where the year is none.
        raw = (value for key, value in message.raw_items() if key.lower() == "date")
        value = str(next(raw, "") if name == "Date" else message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError, OverflowError):
        return ""
    if re.search("[\udc80-\udcff]", value):
        read = decode(value.encode("utf-8", "surrogateescape"), "")
        value = "" if isinstance(read, Problem) else str(read)
    return " ".join(value.split())


def _content(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _plain(part: EmailMessage, path: str) -> RawDocument | Problem:
    text = decode(_content(part), path, declared=_declared(part))
    if isinstance(text, Problem):
        return text
    quoted = [line for line in text.split("\n") if not line.startswith(">")]
    kept = "\n".join(quoted).strip()
    if not kept:
        return Problem(path, "the mail is empty (0 words); remove it", kind="empty")
    return RawDocument(path, Decoded.found(kept, text.charset) if isinstance(text, Decoded) and text.charset else kept)


def _page(part: EmailMessage, path: str) -> RawDocument | Problem:
    content = _content(part)
    text = decode(content, path, declared=_declared(part) or page_charset(content))
    return text if isinstance(text, Problem) else read_page(text, path)


def _declared(part: EmailMessage) -> str | None:
    charset = part.get_content_charset()
    return None if charset in (None, "us-ascii", "unknown-8bit", "8bit") else charset
