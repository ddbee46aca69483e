"""Dates that a document alone leaves open, decided by its outlet's others and by the days that the archive spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from index.dating.deciding import Clues, Usage, decide, usage_of
from index.text import squash
from index.types import Entry, Problem


def settled_dates(entries: Sequence[Entry], today: date | None = None) -> tuple[dict[str, date], frozenset[Problem]]:
    """Return the days of undated articles whose stated date the others of their outlet decide, and the problems that so end.

    The days are by the ids of articles.
    """
    alone = Clues(today=today or date.today())
    open_ones = [entry for entry in entries if entry.facts.stated and not entry.day]
    usages = _usages(entries) if open_ones else {}
    days: dict[str, date] = {}
    problems: set[Problem] = set()
    for entry in open_ones:
        clues = replace(alone, language=entry.language)
        before = decide(entry.facts.stated or "", clues)
        told = decide(entry.facts.stated or "", replace(clues, usage=_usage_of(entry, usages)))
        if told.day and before.reason:
            days[entry.article_id] = told.day
            problems.add(Problem(entry.path, before.reason, skipped=False))
    return days, frozenset(problems)


_EVERY = ""


def _usages(entries: Sequence[Entry]) -> dict[str, Usage]:
    stated: defaultdict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for entry in entries:
        if entry.facts.stated:
            for key in {_outlet(entry), _EVERY}:
                stated[key].append((entry.facts.stated, entry.published))
    return {key: usage_of(dates) for key, dates in stated.items()}


def _usage_of(entry: Entry, usages: dict[str, Usage]) -> Usage:
    """Return the usage of an article's outlet; only the archive's span where the outlet has no dated article."""
    own = usages[_outlet(entry)] if _outlet(entry) else Usage()
    whole = usages[_EVERY]
    return own if own.first else replace(own, first=whole.first, last=whole.last)


def _outlet(entry: Entry) -> str:
    """Return what tells an outlet: its folded name, else the host of the link."""
    return squash(entry.outlet or "") or urlsplit(entry.url or "").netloc.removeprefix("www.")
