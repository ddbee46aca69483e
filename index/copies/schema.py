"""The tables of copies beside the catalog's own: derived from its articles, and gone with each of them."""

from __future__ import annotations

# The table that tells whether a catalog has them.
TABLE = "copy_prints"
SCHEMA = """
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
