"""The articles of an archive a page at a time: searched by title, outlet and path, filtered, sorted, counted by day and outlet.

Whatever the archive's size, only the articles of the page asked for are loaded (index/listing.py loads them all).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from index.catalog import Catalog
from index.embed import Embedder
from index.entities.types import EntityKind
from index.lines import fill_lines, stand_in
from index.listing import Listed
from index.queries import in_languages, in_parts, marks
from index.text import spaced, squash
from index.types import EVERYTHING, Filter

Sort = Literal["date", "title", "outlet", "language", "path", "problems"]
_PROBLEMS = "(SELECT count(*) FROM problems p WHERE p.path = l.path)"
# What is sorted by, and which of it an article may lack: those that do come last in both directions.
_SORTED: dict[Sort, str] = {
    "date": "l.day", "title": "l.title", "outlet": "l.sorted", "language": "l.language", "path": "l.path",
    "problems": _PROBLEMS,
}  # fmt: skip
_LACKED = frozenset({"date", "outlet"})
SORTS = tuple(_SORTED)
_UNREAD = "FROM problems p WHERE p.path NOT IN (SELECT l.path FROM article_lines l)"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles of an archive are listed.

    Each of the words stands in the title, the outlet or the path; `keys` are those of an entity of a kind that they name.
    With `undated` those without a day, with `problems` those that were read with a problem, and files that were not read.
    """

    words: str = ""
    within: Filter = EVERYTHING
    kind: EntityKind | None = None
    keys: tuple[str, ...] = ()
    undated: bool = False
    problems: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether some articles may not be among the chosen."""
        return self != Choice()


class Shelf:
    """Reads an archive's list from its catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Keep the catalog. A reader of one that an earlier Khabar made has to make the lines of its articles first."""
        self._catalog = catalog
        connection = catalog.connection
        if stand_in(connection):
            with connection:
                fill_lines(connection)

    def count(self, choice: Choice) -> tuple[int, int]:
        """Return how many articles are chosen, and how many files of which nothing was read."""
        condition, values = self._condition(choice)
        articles = self._one(f"SELECT count(*) FROM article_lines l WHERE {condition}", values)
        if not _tells_unread(choice):
            return articles, 0
        told, words = _words_in(choice.words, "p.path")
        # Paths are searched as they are written: few files are not read.
        return articles, self._one(f"SELECT count(DISTINCT p.path) {_UNREAD} AND {told}", words)

    def page(self, choice: Choice, sort: Sort, descending: bool, start: int, most: int) -> list[Listed]:
        """Return the chosen articles from number `start` on in this order, at most so many; then the files not read."""
        condition, values = self._condition(choice)
        by, way = _SORTED[sort], "DESC" if descending else "ASC"
        # Upwards an empty text would come first.
        last = f"({by} = ''), " if sort in _LACKED and (sort == "outlet" or not descending) else ""
        rows = self._catalog.connection.execute(
            f"SELECT l.article_id FROM article_lines l WHERE {condition} "
            f"ORDER BY {last}{by} {way}, l.path {way} LIMIT ? OFFSET ?",
            [*values, most, start],
        ).fetchall()
        found = self._listed([row[0] for row in rows])
        if len(found) < most and _tells_unread(choice):
            articles, _ = self.count(choice)
            found += self._unread(choice, max(start - articles, 0), most - len(found))
        return found

    def days(self, choice: Choice) -> list[tuple[str, str, int]]:
        """Return (day, outlet, articles) of the chosen; a day may be a month, a year or empty, and an outlet empty."""
        condition, values = self._condition(choice)
        rows = self._catalog.connection.execute(
            f"SELECT l.day, l.outlet, count(*) FROM article_lines l WHERE {condition} GROUP BY l.day, l.outlet", values
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def outlets(self) -> list[tuple[str, int]]:
        """Return each outlet as its articles spell it, with their number, the most frequent first."""
        rows = self._catalog.connection.execute(
            "SELECT l.outlet, count(*) AS articles FROM article_lines l WHERE l.outlet != '' GROUP BY l.outlet "
            "ORDER BY articles DESC, l.outlet"
        )
        return [(row[0], row[1]) for row in rows]

    def waiting(self, article_ids: Sequence[str], embedder: Embedder) -> set[str]:
        """Return those of these articles of which something is still to be embedded."""
        within, languages = in_languages(embedder.languages)
        found: set[str] = set()
        for part in in_parts(article_ids):
            rows = self._catalog.connection.execute(
                "SELECT DISTINCT c.article_id FROM chunks c JOIN articles a USING (article_id) "
                f"WHERE c.article_id IN {marks(part)} AND {within} AND NOT EXISTS "
                "(SELECT 1 FROM embeddings e WHERE e.text_hash = c.text_hash AND e.embedder = ?)",
                [*part, *languages, embedder.name],
            )
            found |= {row[0] for row in rows}
        return found

    def _one(self, query: str, values: Sequence[str]) -> int:
        return int(self._catalog.connection.execute(query, values).fetchone()[0])

    def _listed(self, article_ids: Sequence[str]) -> list[Listed]:
        entries = self._catalog.entries_of(article_ids)
        there = [entries[article_id] for article_id in article_ids if article_id in entries]
        problems = self._catalog.problems_of([entry.path for entry in there])
        return [Listed(e.path, e, tuple(each for each in problems if each.path == e.path)) for e in there]

    def _unread(self, choice: Choice, start: int, most: int) -> list[Listed]:
        told, words = _words_in(choice.words, "p.path")
        rows = self._catalog.connection.execute(
            f"SELECT DISTINCT p.path {_UNREAD} AND {told} ORDER BY p.path LIMIT ? OFFSET ?", [*words, most, start]
        )
        paths = [row[0] for row in rows]
        problems = self._catalog.problems_of(paths)
        return [Listed(path, None, tuple(each for each in problems if each.path == path)) for path in paths]

    def _condition(self, choice: Choice) -> tuple[str, list[str]]:
        """Return the condition that a line is chosen, and the values of its marks."""
        condition, values = _words_in(choice.words, "l.letters")
        within, its_values = self._within(choice.within)
        condition, values = f"{condition} AND {within}", [*values, *its_values]
        if choice.kind:
            condition += (
                " AND l.article_id IN (SELECT m.article_id FROM entity_mentions m JOIN entity_names n USING (name_id) "
                f"WHERE n.kind = ? AND n.key IN {marks(choice.keys)})"
            )
            values += [choice.kind, *choice.keys]
        if choice.undated:
            condition += " AND length(l.day) < 10"
        if choice.problems:
            condition += " AND l.path IN (SELECT p.path FROM problems p)"
        return condition, values

    def _within(self, within: Filter) -> tuple[str, list[str]]:
        wanted: list[str] = sorted(within.languages) if len(within.languages) < len(EVERYTHING.languages) else []
        condition, values = f"l.language IN {marks(wanted)}" if wanted else "1", list(wanted)
        for day, comparison in ((within.since, ">="), (within.until, "<=")):
            if day:
                condition += f" AND length(l.day) = 10 AND l.day {comparison} ?"
                values.append(day.isoformat())
        if within.outlets:
            known = self._spellings(within.outlets)
            condition += f" AND l.outlet IN {marks(known)}"
            values += known
        return condition, values

    def _spellings(self, outlets: Collection[str]) -> list[str]:
        """Return the outlets as lines write them that are these, compared by their letters and digits alone."""
        wanted = {squash(outlet) for outlet in outlets}
        rows = self._catalog.connection.execute("SELECT DISTINCT l.outlet FROM article_lines l")
        return [outlet for (outlet,) in rows if squash(outlet) in wanted]


def _tells_unread(choice: Choice) -> bool:
    """Tell whether files that were not read are listed: neither outlet nor day nor language is known of them."""
    return choice.problems and choice.within == EVERYTHING and not choice.kind and not choice.undated


def _words_in(words: str, column: str) -> tuple[str, list[str]]:
    pieces = spaced(words).split() if column.endswith("letters") else words.split()
    return " AND ".join(["1", *[f"instr({column}, ?) > 0"] * len(pieces)]), pieces
