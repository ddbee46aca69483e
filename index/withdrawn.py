"""Articles that a user took out of the archive, listed so that they can be put back.

Their files are left alone: whatever else is in them stays in the archive, and the indexer passes over what was taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.catalog import UNFINISHED, Catalog
from index.queries import in_parts, marks
from index.types import Language


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An article that is not in the archive any more: the file it came from, and the day on which it was taken out."""

    article_id: str
    location: str
    path: str
    title: str
    language: Language
    day: date


def withdrawn(catalog: Catalog) -> list[Withdrawn]:
    """Return what was taken out, the last of it first."""
    columns = "article_id, location, path, title, language, day"
    rows = catalog.connection.execute(f"SELECT {columns} FROM withdrawn ORDER BY day DESC, rowid DESC")
    return [Withdrawn(row[0], row[1], row[2], row[3], row[4], date.fromisoformat(row[5])) for row in rows]


def withdraw(catalog: Catalog, article_ids: Sequence[str], day: date) -> int:
    """Take articles out of a catalog that is open for writing; return how many of them were there."""
    there = list(catalog.entries_of(article_ids))
    if there:
        with catalog.connection as connection:
            for part in in_parts(there):
                connection.execute(
                    "INSERT OR REPLACE INTO withdrawn SELECT article_id, location, path, title, language, ? FROM articles "
                    f"WHERE article_id IN {marks(part)}",
                    [day.isoformat(), *part],
                )
            catalog.drop_articles(there)  # in the same transaction
    return len(there)


def give_back(catalog: Catalog, article_ids: Sequence[str]) -> list[Path]:
    """Let the next run read articles again that were taken out; return the files that they are in."""
    files: set[str] = set()
    with catalog.connection as connection:
        for part in in_parts(article_ids):
            wanted = f"article_id IN {marks(part)}"
            files |= {row[0] for row in connection.execute(f"SELECT location FROM withdrawn WHERE {wanted}", part)}
            connection.execute(f"DELETE FROM withdrawn WHERE {wanted}", part)
        for location in files:
            connection.execute("UPDATE sources SET fingerprint = ? WHERE location = ?", (UNFINISHED, location))
    return [Path(location) for location in sorted(files)]


def forget_withdrawn(catalog: Catalog, folders: Sequence[str]) -> None:
    """Forget what was taken out of these files and folders, for the user wants nothing of them any more."""
    rows = catalog.connection.execute("SELECT article_id, location FROM withdrawn").fetchall()
    gone = [own for own, at in rows if any(Path(at).is_relative_to(folder) for folder in folders)]
    with catalog.connection as connection:
        for part in in_parts(gone):
            connection.execute(f"DELETE FROM withdrawn WHERE article_id IN {marks(part)}", part)
