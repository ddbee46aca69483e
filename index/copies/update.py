"""Takes the prints of the articles that are new or changed, and notes which are near copies of which."""

from __future__ import annotations

import sqlite3

from index.catalog import Catalog
from index.copies.prints import LEAST_ALIKE, VERSION, Print, alike, print_of
from index.progress import Progress
from index.queries import in_parts, marks
from index.types import Article

_BATCH = 200


def update_copies(catalog: Catalog, progress: Progress) -> int:
    """Take the print of each article that has none, and return how many there were. An interrupted run is taken up again."""
    rows = catalog.connection.execute(
        "SELECT a.article_id FROM articles a WHERE NOT EXISTS "
        "(SELECT 1 FROM copy_prints p WHERE p.article_id = a.article_id AND p.made_with = ?) ORDER BY a.path",
        (VERSION,),
    )
    waiting = [row[0] for row in rows]
    if not waiting:
        return 0
    progress.stage("copies", len(waiting))
    for batch in in_parts(waiting, _BATCH):
        with catalog.connection as connection:
            for article_id in batch:
                article = catalog.article(article_id)
                if article:
                    _write(catalog, connection, article, print_of(article.text))
        progress.advance(len(batch))
    return len(waiting)


def _write(catalog: Catalog, connection: sqlite3.Connection, article: Article, taken: Print) -> None:
    own = article.article_id
    for table in ("copy_prints", "copy_bands"):
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (own,))
    connection.execute("DELETE FROM near_copies WHERE one = ? OR other = ?", (own, own))
    for near in _near(connection, taken, own):
        other = catalog.article(near)
        share = alike(article.text, other.text) if other else 0.0
        if share >= LEAST_ALIKE:
            connection.execute("INSERT INTO near_copies VALUES (?, ?, ?)", (*sorted((own, near)), round(share, 3)))
    numbers = " ".join(sorted(taken.numbers))
    connection.execute(
        "INSERT INTO copy_prints VALUES (?, ?, ?, ?, ?)", (own, taken.letters, taken.signature, numbers, VERSION)
    )
    connection.executemany("INSERT INTO copy_bands VALUES (?, ?)", [(band, own) for band in taken.bands])


def _near(connection: sqlite3.Connection, taken: Print, own: str) -> list[str]:
    """Return the articles that share a band, those with the very same letters left out, for these need no comparing."""
    if not taken.bands:
        return []
    rows = connection.execute(
        f"SELECT DISTINCT b.article_id FROM copy_bands b JOIN copy_prints p ON p.article_id = b.article_id "
        f"WHERE b.band IN {marks(taken.bands)} AND p.letters != ? AND b.article_id != ?",
        [*taken.bands, taken.letters, own],
    )
    return sorted(row[0] for row in rows)
