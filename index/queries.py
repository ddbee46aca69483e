"""What the statements on a catalog share: chunks with their articles, ids in parts, and filters as conditions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from index.text import squash
from index.types import Filter, Language

Value = TypeVar("Value")
# Values of one statement: old SQLite allows 999, and some statements name each value twice.
_MOST_VALUES = 400
# Chunks with their articles as they are, and as they were: a chunk was there from revision `added` on, and before `removed`.
PRESENT = "chunks c JOIN articles a USING (article_id)"
PAST = "past_chunks c JOIN past_articles a USING (version)"


def in_parts(values: Sequence[Value], size: int = _MOST_VALUES) -> Iterator[Sequence[Value]]:
    """Yield the values, `size` at a time."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def marks(values: Sequence[object]) -> str:
    """Return the marks of a list of values, in brackets."""
    return f"({','.join('?' * len(values))})"


def in_languages(languages: Iterable[Language]) -> tuple[str, list[str]]:
    """Return the condition that an article is in one of these languages, and the values of its marks."""
    wanted: list[str] = sorted(languages)
    return f"a.language IN {marks(wanted)}", wanted


def passing(connection: sqlite3.Connection, within: Filter) -> tuple[str, list[str]]:
    """Return the condition that an article passes a filter, and the values of its marks."""
    condition, values = in_languages(within.languages)
    for day, comparison in ((within.since, ">="), (within.until, "<=")):
        if day:
            condition += f" AND a.published {comparison} ?"
            values.append(day.isoformat())
    if within.outlets:
        wanted = {squash(outlet) for outlet in within.outlets}
        rows = connection.execute("SELECT outlet FROM articles UNION SELECT outlet FROM past_articles")
        known = [outlet for (outlet,) in rows if outlet and squash(outlet) in wanted]
        condition += f" AND a.outlet IN {marks(known)}"
        values += known
    return condition, values
