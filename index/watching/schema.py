"""The tables of saved searches beside the catalog's own. They are the reader's, and derived from nothing."""

from __future__ import annotations

# The table that tells whether a catalog has them.
TABLE = "watched"
# Neither refers to articles: what was told stays told when an article is replaced.
SCHEMA = """
CREATE TABLE IF NOT EXISTS watched (
    watch_id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, letters TEXT NOT NULL UNIQUE, added TEXT NOT NULL,
    revision INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS watched_known (
    watch_id INTEGER NOT NULL REFERENCES watched ON DELETE CASCADE, article_id TEXT NOT NULL,
    PRIMARY KEY (watch_id, article_id)
) WITHOUT ROWID;
"""
