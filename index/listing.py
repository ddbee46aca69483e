"""The articles of an archive as a list: filtered, sorted, with what they lack and what came up in reading them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.catalog import Catalog
from index.copies.store import CopyGroup, CopyStore
from index.text import fold, squash
from index.types import ArticleRef, Entry, Filter, Problem

# What an article may lack, by the name that a user gives it.
MISSING: Mapping[str, Callable[[Entry], object]] = {
    "date": lambda entry: entry.published,
    "outlet": lambda entry: entry.outlet,
    "author": lambda entry: entry.facts.author,
    "section": lambda entry: entry.facts.section,
    "tags": lambda entry: entry.facts.tags,
    "link": lambda entry: entry.url,
    "origin": lambda entry: entry.facts.origin,
}
SORTS: Mapping[str, Callable[[Entry], str]] = {
    "published": lambda entry: entry.day or "",
    "outlet": lambda entry: fold(entry.outlet or ""),
    "title": lambda entry: fold(entry.title),
    "language": lambda entry: entry.language,
    "author": lambda entry: fold(entry.facts.author or ""),
    "section": lambda entry: fold(entry.facts.section or ""),
    "path": lambda entry: entry.path,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: an article, or a file of which nothing could be read, and the problems met in reading it.

    `copies` are the paths of the articles with the same text, word for word or nearly.
    """

    path: str
    entry: Entry | None
    problems: tuple[Problem, ...] = ()
    copies: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the line as a JSON object, dates in ISO form; what is not known is null."""
        problems = [{"reason": problem.reason, "skipped": problem.skipped} for problem in self.problems]
        if self.entry is None:
            return {"path": self.path, "article_id": None, "problems": problems}
        facts = self.entry.facts
        return self.entry.to_json() | {
            "precision": _precision(self.entry.day), "stated": facts.stated, "dated_by": facts.dated_by,
            "author": facts.author, "section": facts.section, "tags": list(facts.tags), "origin": facts.origin,
            "copies": list(self.copies), "problems": problems,
        }  # fmt: skip


def listing(
    catalog: Catalog,
    within: Filter,
    *,
    sort: str = "published",
    without: Collection[str] = (),
    problems: bool = False,
    once: bool = False,
) -> list[Listed]:
    """Return the articles that pass a filter and lack each thing of `without`, sorted; the newest first by `published`.

    With `once`, of the copies of one text the first that passes alone. With `problems`, only those that
    were read with a problem, and the files of which nothing was read.
    """
    met: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in catalog.problems():
        met[problem.path].append(problem)
    entries = [entry for entry in catalog.entries() if passes(entry, within) and _lacks(entry, without)]
    groups = CopyStore(catalog).by_article()
    if once:
        entries = _each_once(entries, groups)
    found = [
        Listed(entry.path, entry, tuple(met.pop(entry.path, ())), _copies(entry, groups)) for entry in _sorted(entries, sort)
    ]
    if not problems:
        return found
    known = {entry.path for entry in catalog.entries()}
    unread = [Listed(path, None, tuple(told)) for path, told in sorted(met.items()) if path not in known]
    # Of a file that nothing was read from neither outlet nor day is known.
    return [item for item in found if item.problems] + (unread if within.passes_all and not without else [])


def _copies(entry: Entry, groups: Mapping[str, CopyGroup]) -> tuple[str, ...]:
    group = groups.get(entry.article_id)
    return tuple(each.path for each in group.others(entry.article_id)) if group else ()


def _each_once(entries: Sequence[Entry], groups: Mapping[str, CopyGroup]) -> list[Entry]:
    """Return the entries without those of which an earlier copy is among them."""
    here = {entry.article_id for entry in entries}
    firsts: set[str] = set()
    for group in {id(groups[each]): groups[each] for each in here if each in groups}.values():
        firsts.add(next(each.article_id for each in group.entries if each.article_id in here))
    return [entry for entry in entries if entry.article_id not in groups or entry.article_id in firsts]


def _sorted(entries: Sequence[Entry], sort: str) -> list[Entry]:
    """Return the entries in order; those without what they are sorted by come last."""
    key = SORTS[sort]
    known = [entry for entry in entries if key(entry)]
    return [*sorted(known, key=key, reverse=sort == "published"), *(entry for entry in entries if not key(entry))]


def passes(entry: ArticleRef, within: Filter) -> bool:
    """Tell whether an article is of the outlets, languages and days of a filter."""
    if entry.language not in within.languages:
        return False
    if within.outlets and squash(entry.outlet or "") not in {squash(outlet) for outlet in within.outlets}:
        return False
    if within.since and (entry.published is None or entry.published < within.since):
        return False
    return not within.until or (entry.published is not None and entry.published <= within.until)


def _lacks(entry: Entry, without: Collection[str]) -> bool:
    return not any(MISSING[name](entry) for name in without)


def _precision(day: str | None) -> str | None:
    return {10: "day", 7: "month", 4: "year"}.get(len(day)) if day else None
