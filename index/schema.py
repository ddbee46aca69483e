"""The tables of a catalog, its format, and how one of an earlier Khabar is brought up to it."""

from __future__ import annotations

import secrets
import sqlite3

# Goes up with every change of what the tables hold. A catalog of an earlier format is read as it is, and brought up to this one
# by the next writer; one of a later format is refused.
FORMAT = "2"
READ = frozenset({"1", FORMAT})
_ARTICLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sources (
    location TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL
);
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, location TEXT NOT NULL REFERENCES sources, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    outlet TEXT, published TEXT, language TEXT NOT NULL, url TEXT, text TEXT NOT NULL
);
CREATE INDEX articles_by_location ON articles (location);
CREATE TABLE chunks (
    chunk_id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, text TEXT NOT NULL, text_hash BLOB NOT NULL, revision INTEGER NOT NULL
);
CREATE INDEX chunks_by_article ON chunks (article_id);
CREATE INDEX chunks_by_revision ON chunks (revision);
CREATE TABLE removed_chunks (chunk_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE TABLE embeddings (
    text_hash BLOB NOT NULL, embedder TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (text_hash, embedder)
) WITHOUT ROWID;
"""
# What was replaced or removed stays until no reader's index holds it any more.
_PAST = """
CREATE TABLE IF NOT EXISTS past_articles (
    version INTEGER PRIMARY KEY, added INTEGER NOT NULL, removed INTEGER NOT NULL, article_id TEXT NOT NULL, path TEXT NOT NULL,
    title TEXT NOT NULL, outlet TEXT, published TEXT, language TEXT NOT NULL, url TEXT, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS past_articles_by_id ON past_articles (article_id);
CREATE TABLE IF NOT EXISTS past_chunks (
    chunk_id INTEGER NOT NULL, version INTEGER NOT NULL REFERENCES past_articles, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, text TEXT NOT NULL, text_hash BLOB NOT NULL, PRIMARY KEY (chunk_id, version)
);
CREATE INDEX IF NOT EXISTS past_chunks_by_version ON past_chunks (version);
"""
# What is known of articles and files beside what is searched.
_FACTS = """
CREATE TABLE IF NOT EXISTS facts (article_id TEXT PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS problems (
    location TEXT NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL, skipped INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS problems_by_location ON problems (location);
"""
# Which catalog this is: a random mark for each run that changed it, from the run's first revision on, and one from its birth.
_HISTORY = "CREATE TABLE IF NOT EXISTS history (revision INTEGER PRIMARY KEY, mark TEXT NOT NULL);"
# Names in articles: derived from an article, and gone with it.
_ENTITIES = """
CREATE TABLE IF NOT EXISTS entity_names (
    name_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,
    letters TEXT NOT NULL, sounds TEXT NOT NULL, UNIQUE (kind, key, name, language)
);
CREATE INDEX IF NOT EXISTS entity_names_by_letters ON entity_names (letters);
CREATE TABLE IF NOT EXISTS entity_mentions (
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, name_id INTEGER NOT NULL REFERENCES entity_names,
    count INTEGER NOT NULL, start INTEGER NOT NULL, PRIMARY KEY (article_id, name_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entity_mentions_by_name ON entity_mentions (name_id);
CREATE TABLE IF NOT EXISTS entity_reads (
    article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, made_with TEXT NOT NULL
) WITHOUT ROWID;
"""
# Prints of articles, by which copies are told: likewise.
_COPIES = """
CREATE TABLE IF NOT EXISTS copy_prints (
    article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, letters BLOB NOT NULL, signature BLOB NOT NULL,
    numbers TEXT NOT NULL, made_with TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS copy_prints_by_letters ON copy_prints (letters);
CREATE TABLE IF NOT EXISTS copy_bands (
    band BLOB NOT NULL, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, PRIMARY KEY (band, article_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS copy_bands_by_article ON copy_bands (article_id);
CREATE TABLE IF NOT EXISTS near_copies (
    one TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, other TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    alike REAL NOT NULL, PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS near_copies_by_other ON near_copies (other);
"""
# Saved searches: the user's own, derived from nothing. Neither table refers to articles: what was told stays told when an
# article is replaced.
_WATCHED = """
CREATE TABLE IF NOT EXISTS watched (
    watch_id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, letters TEXT NOT NULL UNIQUE, added TEXT NOT NULL,
    revision INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS watched_known (
    watch_id INTEGER NOT NULL REFERENCES watched ON DELETE CASCADE, article_id TEXT NOT NULL,
    PRIMARY KEY (watch_id, article_id)
) WITHOUT ROWID;
"""
# Articles that a user took out of the archive: their files stay where they are and are read as before, without them.
_WITHDRAWN = """
CREATE TABLE IF NOT EXISTS withdrawn (
    article_id TEXT PRIMARY KEY, location TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,
    day TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS withdrawn_by_location ON withdrawn (location);
"""
# What an article is searched and sorted by in a list, without its text, so that a page of a long list is found quickly: derived
# from an article, and gone with it. `day` may be a month, a year or empty; title, sorted and letters are folded.
_LINES = """
CREATE TABLE IF NOT EXISTS article_lines (
    article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, path TEXT NOT NULL, title TEXT NOT NULL,
    outlet TEXT NOT NULL, sorted TEXT NOT NULL, day TEXT NOT NULL, language TEXT NOT NULL, letters TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS article_lines_by_day ON article_lines (day, path);
CREATE INDEX IF NOT EXISTS article_lines_by_title ON article_lines (title, path);
CREATE INDEX IF NOT EXISTS article_lines_by_outlet ON article_lines ((sorted = ''), sorted, path);
CREATE INDEX IF NOT EXISTS article_lines_of_days ON article_lines (day, outlet);
"""
# Of which kind a problem is (index/types.py), by its reason.
_KINDS = "CREATE TABLE IF NOT EXISTS problem_kinds (reason TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;"
# Tables that a catalog of an earlier Khabar lacks: one of each script tells whether it has them.
_LATER = {
    "past_chunks": _PAST, "facts": _FACTS, "history": _HISTORY, "entity_reads": _ENTITIES, "copy_prints": _COPIES,
    "watched": _WATCHED, "withdrawn": _WITHDRAWN, "article_lines": _LINES, "problem_kinds": _KINDS,
}
# Of format 1: a chunk that was removed twice could not be in the past twice.
PAST_ANEW = f"""
DROP INDEX IF EXISTS past_chunks_by_version;
ALTER TABLE past_chunks RENAME TO earlier_past_chunks;
{_PAST}
INSERT INTO past_chunks SELECT * FROM earlier_past_chunks;
DROP TABLE earlier_past_chunks;
"""


def new_catalog() -> str:
    """Return the script that makes the tables of an empty catalog."""
    born = f"INSERT INTO meta VALUES ('format', '{FORMAT}'); INSERT INTO history VALUES (0, '{new_mark()}');"
    return f"{_ARTICLES} {_PAST} {_FACTS} {_HISTORY} {born}"


def lacking(connection: sqlite3.Connection) -> list[str]:
    """Return the scripts of the tables that the catalog itself, not only this connection, lacks."""
    known = {row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    return [script for table, script in _LATER.items() if table not in known]


def new_mark() -> str:
    """Return a mark by which a run that changes a catalog is told from all others."""
    return secrets.token_hex(8)
