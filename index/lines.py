"""The line of each article in a list: what it is searched and sorted by, folded, in a table without the texts."""

from __future__ import annotations

import json
import sqlite3

from index.text import fold, spaced
from index.types import Article

_WRITE = "INSERT OR REPLACE INTO article_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def write_line(connection: sqlite3.Connection, article: Article) -> None:
    """Write the line of an article, within the caller's transaction."""
    day = article.published.isoformat() if article.published else article.facts.about
    outlet = article.outlet or ""
    connection.execute(_WRITE, _line(article.article_id, article.path, article.title, outlet, day or "", article.language))


def fill_lines(connection: sqlite3.Connection) -> None:
    """Write the lines of articles that have none: those of an earlier Khabar's catalog, within the caller's transaction.

    A reader's connection has a table of its own in the place of one that its catalog lacks; it is filled in the same way.
    """
    if _count(connection, "articles") == _count(connection, "article_lines"):
        return
    rows = connection.execute(
        "SELECT a.article_id, a.path, a.title, coalesce(a.outlet, ''), coalesce(a.published, ''), a.language, f.facts "
        "FROM articles a LEFT JOIN facts f ON f.article_id = a.article_id "
        "WHERE NOT EXISTS (SELECT 1 FROM article_lines l WHERE l.article_id = a.article_id)"
    ).fetchall()
    connection.executemany(_WRITE, [_line(row[0], row[1], row[2], row[3], row[4] or _about(row[6]), row[5]) for row in rows])
    # Of articles that went since a reader filled a table of its own.
    connection.execute("DELETE FROM article_lines WHERE article_id NOT IN (SELECT article_id FROM articles)")


def stand_in(connection: sqlite3.Connection) -> bool:
    """Tell whether a connection has lines of its own, because its catalog has none."""
    return connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'article_lines'").fetchone() is not None


def _line(article_id: str, path: str, title: str, outlet: str, day: str, language: str) -> tuple[str, ...]:
    letters = spaced(f"{title}\n{outlet}\n{path}")
    return article_id, path, fold(title), outlet, fold(outlet), day, language, letters


def _about(facts: str | None) -> str:
    return str((json.loads(facts) if facts else {}).get("about") or "")


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
