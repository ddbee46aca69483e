"""The embeddings that a catalog keeps: a vector for each title and text, by embedder, found again by the text's hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np

from index.catalog_file import CatalogFile
from index.cleaning.headline import under_title
from index.embed import Vectors
from index.queries import PAST, PRESENT, in_languages, in_parts, marks, passing
from index.types import Filter, Language

_HAS_VECTOR = "JOIN embeddings e ON e.text_hash = c.text_hash AND e.embedder = ?"
_OF_TEXT = "SELECT 1 FROM embeddings e WHERE e.text_hash = c.text_hash AND e.embedder = ?"


def text_hash(title: str, text: str) -> bytes:
    """Return the 16 bytes by which a chunk's vector is found again."""
    return blake2b(f"{title}\0{text}".encode(), digest_size=16).digest()


class StoredEmbeddings:
    """The vectors in a catalog's file; safe to use from several threads."""

    def __init__(self, file: CatalogFile) -> None:
        """Take the file of the catalog."""
        self._file = file

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._file.connection

    def unembedded(self, embedder: str, languages: Iterable[Language]) -> list[int]:
        """Return the chunks in these languages that have no vector of this embedder yet, of the newest articles first.

        Of chunks with the same title and text one is returned.
        """
        within, wanted = in_languages(languages)
        rows = self._connection.execute(
            f"SELECT min(c.chunk_id), max(a.published) AS day FROM {PRESENT} WHERE {within} AND NOT EXISTS ({_OF_TEXT}) "
            "GROUP BY c.text_hash ORDER BY day DESC, 1",
            [*wanted, embedder],
        )
        return [row[0] for row in rows]

    def texts_to_embed(self, chunk_ids: Sequence[int]) -> list[tuple[bytes, str]]:
        """Return (hash, title and text) of these chunks, of those still there; no title where the text begins with it."""
        rows = self._connection.execute(
            f"SELECT c.text_hash, a.title, c.text FROM {PRESENT} WHERE c.chunk_id IN {marks(chunk_ids)}", list(chunk_ids)
        )
        return [(hashed, under_title(title, text)) for hashed, title, text in rows]

    def add(self, embedder: str, hashes: Sequence[bytes], vectors: Vectors) -> None:
        """Store vectors, one row for each hash."""
        pairs = zip(hashes, vectors, strict=True)
        rows = [(hashed, embedder, vector.astype(np.float32).tobytes()) for hashed, vector in pairs]
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

    def embedded(self, embedder: str, languages: Iterable[Language]) -> dict[int, Language]:
        """Return the chunks in these languages that have a vector of this embedder, each with its language."""
        within, wanted = in_languages(languages)
        rows = self._connection.execute(
            f"SELECT c.chunk_id, a.language FROM {PRESENT} {_HAS_VECTOR} WHERE {within}", [embedder, *wanted]
        )
        return {row[0]: row[1] for row in rows}

    def count(self, embedder: str, languages: Iterable[Language]) -> int:
        """Return how many chunks in these languages have a vector of this embedder."""
        within, wanted = in_languages(languages)
        row = self._connection.execute(
            f"SELECT count(*) FROM {PRESENT} WHERE {within} AND EXISTS ({_OF_TEXT})", [*wanted, embedder]
        ).fetchone()
        return int(row[0])

    def vectors(self, embedder: str, chunk_ids: Sequence[int]) -> tuple[list[int], Vectors]:
        """Return those of these chunks, present or past, that have a vector, and their vectors: shape (chunks, dimension)."""
        rows: list[tuple[int, bytes]] = []
        for part in in_parts(chunk_ids):
            wanted = f"c.chunk_id IN {marks(part)}"
            rows += self._connection.execute(
                f"SELECT c.chunk_id, e.vector FROM chunks c {_HAS_VECTOR} WHERE {wanted} "
                f"UNION ALL SELECT c.chunk_id, e.vector FROM past_chunks c {_HAS_VECTOR} WHERE {wanted}",
                [embedder, *part, embedder, *part],
            ).fetchall()
        return _stacked(rows)

    def vectors_of_texts(self, embedder: str, hashes: Sequence[bytes]) -> Vectors:
        """Return the vectors of those of these texts that have one: shape (texts, dimension)."""
        rows = self._connection.execute(
            f"SELECT vector FROM embeddings WHERE embedder = ? AND text_hash IN {marks(hashes)}", [embedder, *hashes]
        ).fetchall()
        return _stacked([(number, vector) for number, (vector,) in enumerate(rows)])[1]

    def vectors_within(self, embedder: str, within: Filter) -> tuple[list[int], Vectors]:
        """Return the ids of the chunks whose articles pass a filter, and their vectors: shape (chunks, dimension)."""
        condition, values = passing(self._connection, within)
        rows = self._connection.execute(
            f"SELECT c.chunk_id, e.vector FROM {PRESENT} {_HAS_VECTOR} WHERE {condition} "
            f"UNION ALL SELECT c.chunk_id, e.vector FROM {PAST} {_HAS_VECTOR} WHERE {condition}",
            [embedder, *values, embedder, *values],
        ).fetchall()
        return _stacked(rows)

    def drop_unused(self, kept: Sequence[bytes] = ()) -> None:
        """Forget the vectors of texts that no chunk has any more, but for those that are `kept`."""
        with self._connection as connection:
            drop_unused_embeddings(connection, kept)

    def drop_of_others(self, embedder: str) -> None:
        """Forget the vectors of every other embedder."""
        with self._connection as connection:
            connection.execute("DELETE FROM embeddings WHERE embedder != ?", (embedder,))


def drop_unused_embeddings(connection: sqlite3.Connection, kept: Sequence[bytes]) -> None:
    """Delete the vectors of texts that no chunk has any more, but for those that are `kept`, in the caller's transaction."""
    connection.execute(
        "DELETE FROM embeddings WHERE text_hash NOT IN "
        f"(SELECT text_hash FROM chunks UNION ALL SELECT text_hash FROM past_chunks) AND text_hash NOT IN {marks(kept)}",
        list(kept),
    )


def _stacked(found: Sequence[tuple[int, bytes]]) -> tuple[list[int], Vectors]:
    # What was removed and came back is there twice, the same.
    rows = list(dict(found).items())
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
    return [row[0] for row in rows], vectors.reshape(len(rows), -1) if rows else vectors.reshape(0, 0)
