"""The lines of a stream -> its events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from khabar.errors import NotReached, failure_of


def lines_of(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a body that comes in pieces; only line feeds end them, not what else Python takes for an end."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in lines)


def events_in(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the events of a stream. Raises Failure for one that tells of an error, or ends before the answer does."""
    name = ""
    for line in lines:
        field, _, value = line.partition(":")
        if field == "event":
            name = value.strip()
        elif field == "data":
            content = json.loads(value)
            if name == "error":
                raise failure_of(int(content.get("status", 500)), content)
            yield name, content
            if name == "done":
                return
    raise NotReached("the answer broke off", "ask again")
