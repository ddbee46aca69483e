"""The tables of names beside the catalog's own: derived from its articles, and gone with each of them."""

from __future__ import annotations

# The table that tells whether a catalog has them.
TABLE = "entity_reads"
SCHEMA = """
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
