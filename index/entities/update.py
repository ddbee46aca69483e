"""Reads the names of the articles that are new or changed; older names go when their article does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from index.catalog import Catalog
from index.entities.types import Mention, NameReader
from index.progress import Progress
from index.queries import in_parts
from index.text import squash
from index.types import Article

# Articles whose names are written in one transaction.
_BATCH = 200


def update_entities(catalog: Catalog, reader: NameReader, progress: Progress) -> int:
    """Read the names of each article that this reader has not read yet, and return how many there were.

    An interrupted run is taken up again: an article's names are all in or all out.
    """
    waiting = unread(catalog, reader.made_with)
    if not waiting:
        return 0
    progress.stage("names", len(waiting))
    for batch in in_parts(waiting, _BATCH):
        articles = [article for article_id in batch if (article := catalog.article(article_id))]
        with catalog.connection as connection:
            for article in articles:
                _write(connection, article, reader.mentions(article), reader.made_with)
        progress.advance(len(articles))
    with catalog.connection as connection:
        connection.execute("DELETE FROM entity_names WHERE name_id NOT IN (SELECT name_id FROM entity_mentions)")
    return len(waiting)


def unread(catalog: Catalog, made_with: str, most: int = -1) -> list[str]:
    """Return the ids of the articles, `most` of them, whose names were not read by a reader, in the order of their paths."""
    rows = catalog.connection.execute(
        "SELECT a.article_id FROM articles a WHERE NOT EXISTS "
        "(SELECT 1 FROM entity_reads r WHERE r.article_id = a.article_id AND r.made_with = ?) ORDER BY a.path LIMIT ?",
        (made_with, most),
    )
    return [row[0] for row in rows]


def _write(connection: sqlite3.Connection, article: Article, mentions: Sequence[Mention], made_with: str) -> None:
    connection.execute("DELETE FROM entity_mentions WHERE article_id = ?", (article.article_id,))
    for mention in mentions:
        name = (mention.kind, mention.key, mention.name, article.language)
        connection.execute(
            "INSERT OR IGNORE INTO entity_names (kind, key, name, language, letters, sounds) VALUES (?, ?, ?, ?, ?, ?)",
            (*name, squash(mention.name), " ".join(mention.sounds)),
        )
        connection.execute(
            "INSERT INTO entity_mentions SELECT ?, name_id, ?, ? FROM entity_names "
            "WHERE kind = ? AND key = ? AND name = ? AND language = ?",
            (article.article_id, mention.count, mention.start, *name),
        )
    connection.execute("INSERT OR REPLACE INTO entity_reads VALUES (?, ?)", (article.article_id, made_with))
