"""The saved searches of a catalog."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from index.catalog import Catalog
from index.text import squash
from index.types import KhabarError


@dataclass(frozen=True, slots=True)
class Watched:
    """A saved search: its number, its words, the day it was saved, and the catalog's revision up to which it was told."""

    watch_id: int
    text: str
    added: date
    revision: int


class WatchStore:
    """Keeps saved searches and the articles that a reader knows to be on them."""

    def __init__(self, catalog: Catalog) -> None:
        """Keep the catalog; to change anything it must be writable."""
        self._catalog = catalog

    def all(self) -> list[Watched]:
        """Return the saved searches in the order in which they were saved."""
        rows = self._catalog.connection.execute("SELECT watch_id, text, added, revision FROM watched ORDER BY watch_id")
        return [Watched(row[0], row[1], date.fromisoformat(row[2]), row[3]) for row in rows]

    def add(self, text: str, day: date, known: Collection[str], revision: int) -> Watched:
        """Save a search; the articles `known` are on it already. Raises KhabarError where it was saved before."""
        try:
            with self._catalog.connection as connection:
                watch_id = connection.execute(
                    "INSERT INTO watched (text, letters, added, revision) VALUES (?, ?, ?, ?)",
                    (text, squash(text), day.isoformat(), revision),
                ).lastrowid
                connection.executemany(
                    "INSERT INTO watched_known VALUES (?, ?)", [(watch_id, article_id) for article_id in known]
                )
        except sqlite3.IntegrityError as error:
            raise KhabarError(f"'{text}' is on the watchlist already", "see khabar watchlist list") from error
        return Watched(watch_id or 0, text, day, revision)

    def remove(self, name: str) -> Watched:
        """Forget the search of a number or of these words, and return it. Raises KhabarError where there is none."""
        for watched in self.all():
            if name.strip() == str(watched.watch_id) or squash(name) == squash(watched.text):
                with self._catalog.connection as connection:
                    connection.execute("DELETE FROM watched WHERE watch_id = ?", (watched.watch_id,))
                return watched
        raise KhabarError(f"nothing on the watchlist has the number or the words '{name}'", "see khabar watchlist list")

    def known(self, watched: Watched) -> set[str]:
        """Return the ids of the articles that were on a search before, or were told."""
        rows = self._catalog.connection.execute("SELECT article_id FROM watched_known WHERE watch_id = ?", (watched.watch_id,))
        return {row[0] for row in rows}

    def told(self, watched: Watched, article_ids: Collection[str], revision: int) -> None:
        """Note that a reader was told of these articles, and of everything up to a revision."""
        with self._catalog.connection as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO watched_known VALUES (?, ?)", [(watched.watch_id, each) for each in article_ids]
            )
            connection.execute("UPDATE watched SET revision = ? WHERE watch_id = ?", (revision, watched.watch_id))

    def articles_since(self, revision: int) -> list[str]:
        """Return the ids of the articles that were added or changed after a revision, in the order of their paths."""
        rows = self._catalog.connection.execute(
            "SELECT DISTINCT a.path, a.article_id FROM chunks c JOIN articles a USING (article_id) "
            "WHERE c.revision > ? ORDER BY 1",
            (revision,),
        )
        return [row[1] for row in rows]
