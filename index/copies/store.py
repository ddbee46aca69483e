"""Which articles of an archive are copies of each other: grouped, and all still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from index.catalog import Catalog
from index.types import Entry

CopyKind = Literal["exact", "near"]


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a group: whether its letters are those of the group's first, and how much of the text is."""

    entry: Entry
    kind: CopyKind
    alike: float

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return self.entry.to_json() | {"kind": self.kind, "alike": round(self.alike, 3)}


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Articles of one text: `first` is the oldest (of one day: by its path), `copies` the others in that order."""

    first: Entry
    copies: tuple[Copy, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All its articles, the first of them first."""
        return (self.first, *(copy.entry for copy in self.copies))

    def others(self, article_id: str) -> tuple[Entry, ...]:
        """Return its articles but for this one, the first of them first."""
        return tuple(each for each in self.entries if each.article_id != article_id)

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object, the first article among the others' kind."""
        return {"first": Copy(self.first, "exact", 1.0).to_json(), "copies": [copy.to_json() for copy in self.copies]}


class CopyStore:
    """Reads what `update_copies` wrote into a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Keep the catalog."""
        self._catalog = catalog

    def groups(self) -> list[CopyGroup]:
        """Return every group of copies, the largest first."""
        connection = self._catalog.connection
        near = [(row[0], row[1], row[2]) for row in connection.execute("SELECT one, other, alike FROM near_copies")]
        # The prints of a large archive are many, its copies few.
        rows = connection.execute(
            "SELECT article_id, letters FROM copy_prints WHERE letters IN "
            "(SELECT letters FROM copy_prints GROUP BY letters HAVING count(*) > 1) "
            "OR article_id IN (SELECT one FROM near_copies UNION SELECT other FROM near_copies) ORDER BY rowid"
        )
        letters = {row[0]: row[1] for row in rows}
        entries = self._catalog.entries_of(list(letters))
        shares: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for one, other, share in near:
            shares[one][other] = shares[other][one] = share
        by_letters: defaultdict[bytes, list[str]] = defaultdict(list)
        for article_id, own in letters.items():
            by_letters[own].append(article_id)
        same = [(ids[0], other) for ids in by_letters.values() for other in ids[1:]]
        found = [
            _group(members, letters, shares)
            for ids in joined([*same, *((one, other) for one, other, _ in near)])
            if len(members := [entries[each] for each in ids if each in entries and each in letters]) > 1
        ]
        return sorted(found, key=lambda group: (-len(group.copies), group.first.path))

    def of_article(self, article_id: str) -> CopyGroup | None:
        """Return the group that an article is in, looked for from the article on; None where it has no copy."""
        connection = self._catalog.connection
        letters: dict[str, bytes] = {}
        shares: defaultdict[str, dict[str, float]] = defaultdict(dict)
        waiting = [article_id]
        while waiting:
            own = waiting.pop()
            row = connection.execute("SELECT letters FROM copy_prints WHERE article_id = ?", (own,)).fetchone()
            if own in letters or row is None:
                continue
            letters[own] = row[0]
            same = connection.execute("SELECT article_id FROM copy_prints WHERE letters = ?", (row[0],))
            waiting += [other for (other,) in same]
            for one, other, share in connection.execute(
                "SELECT one, other, alike FROM near_copies WHERE one = ? UNION SELECT other, one, alike FROM near_copies "
                "WHERE other = ?",
                (own, own),
            ):
                shares[one][other] = shares[other][one] = share
                waiting.append(other)
        members = list(self._catalog.entries_of(list(letters)).values())
        return _group(members, letters, shares) if len(members) > 1 else None

    def numbers(self) -> Mapping[str, frozenset[str]]:
        """Return the numbers of each article by its id."""
        rows = self._catalog.connection.execute("SELECT article_id, numbers FROM copy_prints")
        return {row[0]: frozenset(row[1].split()) for row in rows}

    def by_article(self) -> Mapping[str, CopyGroup]:
        """Return the group of each article that is in one, by the article's id."""
        return {entry.article_id: group for group in self.groups() for entry in group.entries}


def joined(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the groups that pairs make, each thing in one group, all in order."""
    above: dict[str, str] = {}

    def top(each: str) -> str:
        while (higher := above.setdefault(each, each)) != each:
            above[each] = above[higher]
            each = higher
        return each

    for one, other in pairs:
        above[top(one)] = top(other)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for each in sorted(above):
        groups[top(each)].append(each)
    return sorted(groups.values())


def _group(entries: list[Entry], letters: Mapping[str, bytes], shares: Mapping[str, Mapping[str, float]]) -> CopyGroup:
    first, *others = sorted(entries, key=lambda entry: (entry.day or "9999", entry.path))

    def copy(entry: Entry) -> Copy:
        if letters[entry.article_id] == letters[first.article_id]:
            return Copy(entry, "exact", 1.0)
        # Of a copy of a copy, how much it shares with the nearest of the group.
        own = shares.get(entry.article_id, {})
        return Copy(entry, "near", own.get(first.article_id, max(own.values(), default=1.0)))

    return CopyGroup(first, tuple(map(copy, others)))
