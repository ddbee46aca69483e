"""The Chroma collections, one a language: dense vectors by chunk id, and nothing else."""

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
from index.types import LANGUAGES, Language

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

FOLDER = "vectors"
# Says how vectors are laid out, beside the embedder that made them: an index laid out otherwise is built anew.
_LAYOUT = "by-language"
_BATCH = 2_000

_Added = tuple[Language, int, Vectors]


class VectorIndex:
    """A reader of the collections in use; it follows newer ones that another process has swapped in.

    A language has a collection of its own, so that the nearest chunks of a rare language are found among its own.
    A generation is never written again once it is in use, so any number of processes may read it.
    """

    def __init__(self, data: Path, embedder: Embedder) -> None:
        """Remember where the collection is; Chroma is imported and opened at the first query."""
        self._folder = data / FOLDER
        self._embedder = embedder
        self._generation: Generation | None = None
        self._collections: dict[Language, Collection] = {}
        self._opening = threading.Lock()  # two clients of one folder must not be opened at once

    def search(self, vector: Vectors, language: Language, top_k: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine similarity) in a language, best first; [] where no chunk has a vector of this embedder."""
        with self._opening:
            collection = self._open().get(language)
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

    def _open(self) -> dict[Language, Collection]:
        generation = read_generation(self._folder)
        if generation is None or generation.made_with != made_with(self._embedder):
            return {}
        if generation != self._generation:
            home = self._folder / generation.name
            try:
                client = _client(home)
                # Not made where they lack: a reader of what was deleted must hear of it.
                self._collections = {
                    language: client.get_collection(_name(language), embedding_function=None) for language in LANGUAGES
                }
            except Exception as error:  # Chroma raises many kinds for broken files
                raise damaged(home, error) from error
            self._generation = generation
        return self._collections


def made_with(embedder: Embedder) -> str:
    """Return what a generation of this embedder's vectors is made with."""
    return f"{embedder.name} {_LAYOUT}"


def update_vectors(catalog: Catalog, data: Path, embedder: Embedder, rebuild: bool, advance: Callable[[int], None]) -> None:
    """Bring the collection up to the catalog's revision, in a new generation beside the one in use.

    The new one starts as a copy, so that what is written never meets a reader, and a killed run leaves nothing broken. A
    copy that cannot be written, or does not hold as many vectors as the catalog afterwards, gives way to one made anew.
    """
    folder = data / FOLDER
    current = read_generation(folder)
    if current is not None and (rebuild or current.made_with != made_with(embedder)):
        current = None
    seen = current.revision if current else 0
    target = catalog.revision
    if current and seen == target:
        return
    added = list(catalog.vectors_since(embedder.name, embedder.languages, seen))
    removed = catalog.removed_since(seen) if current else []
    if current and not added and not removed:
        switch_to(folder, Generation(current.name, target, made_with(embedder)))
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
    switch_to(folder, Generation(home.name, target, made_with(embedder)))


def _copy_written(
    home: Path, added: list[_Added], removed: list[int], expected: int, advance: Callable[[int], None]
) -> bool:
    try:
        return _write(home, added, removed, advance) == expected
    except Exception:  # Chroma raises many kinds for broken files; what follows is built from the catalog
        return False


def _write(home: Path, added: list[_Added], removed: list[int], advance: Callable[[int], None]) -> int:
    """Write into the collections, new or not, and return how many vectors they hold then."""
    client = _client(home)
    collections = _collections(client)
    for collection in collections.values():
        for start in range(0, len(removed), _BATCH):
            collection.delete(ids=[str(chunk_id) for chunk_id in removed[start : start + _BATCH]])
    for language, collection in collections.items():
        own = [(chunk_id, vector) for written_in, chunk_id, vector in added if written_in == language]
        for start in range(0, len(own), _BATCH):
            batch = own[start : start + _BATCH]
            vectors = np.stack([vector for _, vector in batch])
            collection.upsert(ids=[str(chunk_id) for chunk_id, _ in batch], embeddings=vectors)
            advance(len(batch))
    held = sum(int(collection.count()) for collection in collections.values())
    del collection
    collections.clear()
    client.close()
    gc.collect()
    return held


def _collections(client: ClientAPI) -> dict[Language, Collection]:
    """Return each language's collection, made where there is none yet."""
    return {
        language: client.get_or_create_collection(
            _name(language), configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        for language in LANGUAGES
    }


def _name(language: Language) -> str:
    return f"chunks-{language}"


def _client(home: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(home), settings=Settings(anonymized_telemetry=False))
