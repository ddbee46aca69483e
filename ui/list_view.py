"""The list of an archive's articles as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from index.listing import Listed
from index.types import ArticleRef, Entry
from ui.direction import closed

_ISOLATE, _END = "\u2068", "\u2069"
_NONE = "–"


def list_text(found: Sequence[Listed]) -> str:
    """Return a line for each article (day, language, outlet, title, path), under it what else is known and what was met."""
    count = sum(item.entry is not None for item in found)
    lines = [line for item in found for line in _lines(item)]
    return "\n".join([*lines, f"{count} article{'' if count == 1 else 's'}"])


def _lines(item: Listed) -> list[str]:
    told = [f"    {'skipped' if problem.skipped else 'note'}: {apart(problem.reason)}" for problem in item.problems]
    if item.entry is None:
        return [f"{_NONE}  {apart(item.path)}", *told]
    entry = item.entry
    more = _more(entry)
    if item.copies:
        copies = f"copies: {', '.join(map(apart, item.copies))}"
        more = f"{more}; {copies}" if more else copies
    return [entry_line(entry), *([f"    {more}"] if more else []), *told]


def entry_line(entry: ArticleRef) -> str:
    """Return the line of an article: day, language, outlet, title, path."""
    return f"{entry.day or _NONE:<10}  {entry.language}  {apart(entry.outlet)}  {apart(entry.title)}  ({apart(entry.path)})"


def _more(entry: Entry) -> str:
    facts = entry.facts
    named = {"author": facts.author, "section": facts.section, "origin": facts.origin, "tags": ", ".join(facts.tags)}
    return "; ".join(f"{name}: {apart(value)}" for name, value in named.items() if value)


def apart(text: str | None) -> str:
    """Return a piece of text in isolates, so that its direction moves nothing beside it."""
    return f"{_ISOLATE}{closed(text)}{_END}" if text else _NONE
