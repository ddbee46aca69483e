"""The bytes of a stream -> its events, as servers write them: more kinds of line ends and fields than the protocol needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.generate import tuning
from rag.generate.fault import ADDRESS_REMEDY, ServerFault

DONE = "[DONE]"
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its kind ("" where none is named), its data as sent, and what that is as JSON (None where it is none)."""

    kind: str
    data: str
    content: Any = None


def read_events(blocks: Iterable[bytes]) -> Iterator[Event]:
    """Yield the events of a stream, each as soon as its data are whole. Raises ServerFault for one without end.

    Data over several lines are joined. Comments, which keep a silent connection open, and fields that nobody needs are passed
    over. A line of bare JSON and the field `error`, which some servers write in place of `data`, count as data.
    """
    kind, lines = "", list[str]()
    for line in _lines(blocks):
        if not line:
            yield from _event(kind, lines)
            kind, lines = "", []
            continue
        name, value = ("data", line) if line.startswith("{") else _field(line)
        if name == "event":
            kind = value
        elif name in ("data", "error"):
            kind = "error" if name == "error" else kind
            lines.append(value)
            if len(lines) > tuning.LINES_OF_AN_EVENT or sum(map(len, lines)) > tuning.LONGEST_EVENT:
                raise ServerFault("sends an event without end", ADDRESS_REMEDY)
            # Some servers send no empty line behind an event; what is whole need not wait for one.
            for event in _event(kind, lines):
                if event.content is not None or event.data == DONE:
                    yield event
                    kind, lines = "", []
    yield from _event(kind, lines)


def read_json(text: str | bytes) -> Any:
    """Return a text as JSON, None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def positive(value: Any) -> int | None:
    """Return a value of JSON as a count, None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _event(kind: str, lines: list[str]) -> Iterator[Event]:
    """Yield the event of some lines of data; none where they are empty."""
    data = "\n".join(lines).strip()
    if data:
        yield Event(kind, data, read_json(data) if data.endswith(("}", "]", '"')) and data != DONE else None)


def _field(line: str) -> tuple[str, str]:
    """Return a line's field and its value; a comment's field is ""."""
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a stream: a letter cut in two by the network is whole again before it is read."""
    rest, first, after_return = b"", True, False
    for block in blocks:
        if after_return and block:
            block, after_return = block.removeprefix(b"\n"), False
        rest += block
        if first and len(rest) >= len(_MARK):
            rest, first = rest.removeprefix(_MARK), False
        after_return = rest.endswith(b"\r")
        *lines, rest = rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        if len(rest) > tuning.LONGEST_EVENT:
            raise ServerFault("sends a line without end", ADDRESS_REMEDY)
        yield from (line.decode(errors="replace") for line in lines)
    if rest:
        yield rest.decode(errors="replace")
