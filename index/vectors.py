"""The Chroma collection: dense vectors by chunk id, and nothing else."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import Catalog, not_writable
from index.embed import Embedder, Vectors
from index.generation import Generation, damaged, new_generation_folder, read_generation, switch_to

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

FOLDER = "vectors"
_COLLECTION = "chunks"
_BATCH = 2_000


class VectorIndex:
    """A reader of the collection in use; it follows a newer one that another process has swapped in.

    A generation is never written again once it is in use, so any number of processes may read it.
    """

    def __init__(self, data: Path, embedder: Embedder) -> None:
        """Remember where the collection is; Chroma is imported and opened at the first query."""
        self._folder = data / FOLDER
        self._embedder = embedder
        self._generation: Generation | None = None
        self._collection: Collection | None = None
        self._opening = threading.Lock()  # two clients of one folder must not be opened at once

    def search(self, vector: Vectors, top_k: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine similarity), best first; [] where no chunk has a vector of this embedder."""
        with self._opening:
            collection = self._open()
        if collection is None or collection.count() == 0:
            return []
        top_k = min(top_k, collection.count())
        try:
            found = collection.query(query_embeddings=[vector], n_results=top_k, include=["distances"])
        except Exception as error:  # Chroma raises many kinds for broken files
            raise damaged(self._folder, error) from error
        distances = (found["distances"] or [[]])[0]
        pairs = zip(found["ids"][0], distances, strict=True)
        scored = [(int(chunk_id), 1.0 - float(distance)) for chunk_id, distance in pairs]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def _open(self) -> Collection | None:
        generation = read_generation(self._folder)
        if generation is None or generation.made_with != self._embedder.name:
            return None
        if self._collection is None or generation != self._generation:
            home = self._folder / generation.name
            try:
                self._collection = _client(home).get_collection(_COLLECTION, embedding_function=None)
            except Exception as error:  # Chroma raises many kinds for broken files
                raise damaged(home, error) from error
            self._generation = generation
        return self._collection


def update_vectors(catalog: Catalog, data: Path, embedder: Embedder, rebuild: bool, advance: Callable[[int], None]) -> None:
    """Bring the collection up to the catalog's revision, in a new generation beside the one in use.

    The new one starts as a copy, so that what is written never meets a reader, and a killed run leaves nothing broken. A
    copy that cannot be written, or does not hold as many vectors as the catalog afterwards, gives way to one made anew.
    """
    folder = data / FOLDER
    current = read_generation(folder)
    if current is not None and (rebuild or current.made_with != embedder.name):
        current = None
    seen = current.revision if current else 0
    target = catalog.revision
    if current and seen == target:
        return
    added = list(catalog.vectors_since(embedder.name, embedder.languages, seen))
    removed = catalog.removed_since(seen) if current else []
    if current and not added and not removed:
        switch_to(folder, Generation(current.name, target, embedder.name))
        return
    home = new_generation_folder(folder, copy_of=current)
    if current and not _copy_written(home, added, removed, catalog.count_vectors(embedder.name, embedder.languages), advance):
        home = new_generation_folder(folder)
        added = list(catalog.vectors_since(embedder.name, embedder.languages, 0))
        current = None
    if current is None:
        try:
            _write(home, added, [], advance)
        except Exception as error:  # Chroma raises many kinds, for a full disk too
            raise not_writable(data, error) from error
    switch_to(folder, Generation(home.name, target, embedder.name))


def _copy_written(
    home: Path, added: list[tuple[int, Vectors]], removed: list[int], expected: int, advance: Callable[[int], None]
) -> bool:
    try:
        return _write(home, added, removed, advance) == expected
    except Exception:  # Chroma raises many kinds for broken files; what follows is built from the catalog
        return False


def _write(home: Path, added: list[tuple[int, Vectors]], removed: list[int], advance: Callable[[int], None]) -> int:
    """Write into the collection, new or not, and return how many vectors it holds then."""
    client = _client(home)
    collection = client.get_or_create_collection(
        _COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    for start in range(0, len(removed), _BATCH):
        collection.delete(ids=[str(chunk_id) for chunk_id in removed[start : start + _BATCH]])
    for start in range(0, len(added), _BATCH):
        batch = added[start : start + _BATCH]
        collection.upsert(ids=[str(chunk_id) for chunk_id, _ in batch], embeddings=np.stack([vector for _, vector in batch]))
        advance(len(batch))
    held = int(collection.count())
    del collection
    client.close()
    gc.collect()
    return held


def _client(home: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(home), settings=Settings(anonymized_telemetry=False))
