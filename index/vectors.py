"""The Chroma collections, one for each language: dense vectors by chunk id, and nothing else."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from index.catalog import Catalog
from index.embed import Embedder, Vectors
from index.failures import not_writable
from index.generation import Generation, damaged, is_of, new_generation_folder, read_generation, switch_to, usable
from index.ordinary import ORDINARY, ordinary_hashes
from index.progress import Tell, silent
from index.queries import in_parts
from index.seal import damage_of
from index.types import LANGUAGES, Language

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

FOLDER = "vectors"
# Says how vectors are laid out, beside the embedder that made them: an index laid out otherwise is built anew.
_LAYOUT = "by-language-3"
_BATCH = 2_000
_SAMPLE = 20_000
# Of an embedder to which all texts are alike.
_LEAST_SPREAD = 0.005
# Chroma keeps the numbers of a deleted vector where no search finds them. Up to this many vectors, which takes seconds, all are
# written anew, so that what was deleted is gone.
_ANEW_UP_TO = 20_000
# The ids of the chunks that a generation holds, beside its collections: Chroma lists them in seconds, this file in no time.
_HELD = "held.npy"
# The average vector of each language and the spread of cosines, likewise.
_MEANS = "means.npz"


@dataclass(frozen=True, slots=True)
class Background:
    """What a question's cosine is with the average chunk of a language, and how far cosines of this embedder spread."""

    cosine: float
    spread: float

    def nearness(self, cosine: float) -> float:
        """Return how much nearer than the average chunk something is, in spreads, so that languages and models compare."""
        return (cosine - self.cosine) / self.spread


class VectorIndex:
    """A reader of the collections in use; it follows newer ones that another process has swapped in.

    A language has a collection of its own, so that the nearest chunks of a rare language are found among its own.
    A generation is never written again once it is in use, so any number of processes may read it.
    """

    def __init__(self, data: Path, embedder: Embedder, catalog: Catalog | None = None) -> None:
        """Remember where the collection is; Chroma is imported and opened at the first query.

        Vectors of another catalog than this one, such as before a restored one is embedded, are none.
        """
        self._folder = data / FOLDER
        self._embedder = embedder
        self._catalog = catalog
        self._generation: Generation | None = None
        self._collections: dict[Language, Collection] | None = None
        self._clients: list[ClientAPI] = []
        self._sizes: dict[Language, int] = {}
        self._means: Averages | None = None
        self._opening = threading.Lock()  # two clients of one folder must not be opened at once

    def search(self, vector: Vectors, language: Language, top_k: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine similarity) in a language, best first; [] where no chunk has a vector of this embedder."""
        with self._opening:
            collection, size = self._open().get(language), self._sizes.get(language, 0)
            generation = self._generation
        if collection is None or size == 0:
            return []
        try:
            found = collection.query(query_embeddings=[vector], n_results=min(top_k, size), include=["distances"])
        except Exception as error:  # Chroma raises many kinds for broken files
            if read_generation(self._folder) != generation:  # it was replaced meanwhile, and deleted
                return self.search(vector, language, top_k)
            raise damaged(self._folder, error) from error
        distances = (found["distances"] or [[]])[0]
        pairs = zip(found["ids"][0], distances, strict=True)
        scored = [(int(chunk_id), cosine(1.0 - distance)) for chunk_id, distance in pairs]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def background(self, vector: Vectors, language: Language) -> Background | None:
        """Return what a question's cosines in a language are to be measured by; None where none has a vector in use."""
        with self._opening:
            means = self._means if self._followed() else None
        if means is None or language not in means.of:
            return None
        return Background(float(means.of[language] @ vector), means.spread)

    @property
    def can_be_opened(self) -> bool:
        """Whether Chroma can open what is in use: it writes there even to read, so that in a read-only folder it cannot."""
        generation = read_generation(self._folder)
        return generation is None or os.access(self._folder / generation.name, os.W_OK)

    @property
    def is_open(self) -> bool:
        """Whether Chroma is there already: to import and open it takes longer than to compare some thousand vectors."""
        return self._collections is not None

    def _followed(self) -> Generation | None:
        """Return the generation in use, if this embedder made it; with another one the averages are read anew."""
        generation = read_generation(self._folder)
        if generation is None or generation.made_with != made_with(self._embedder):
            return None
        if self._catalog and not is_of(generation, self._catalog):
            return None
        if generation != self._generation:
            home = self._folder / generation.name
            try:
                _check(home, generation, only=_MEANS)
                self._means = Averages.read(home)
            except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
                if read_generation(self._folder) != generation:  # it was replaced meanwhile, and deleted
                    return self._followed()
                raise damaged(home, error) from error
            self._generation, self._collections = generation, None
        return generation

    def _open(self) -> dict[Language, Collection]:
        generation = self._followed()
        if generation is None:
            return {}
        if self._collections is None:
            home = self._folder / generation.name
            try:
                _check(home, generation)
                client = _client(home)
                # Not made where they are missing: a reader of what was deleted must hear of it.
                self._collections = {
                    language: client.get_collection(_name(language), embedding_function=None) for language in LANGUAGES
                }
                # Counted once, for a generation is not written again and Chroma takes as long to count as to search.
                self._sizes = {language: collection.count() for language, collection in self._collections.items()}
            except Exception as error:  # Chroma raises many kinds for broken files
                if read_generation(self._folder) != generation:
                    return self._open()
                raise damaged(home, error) from error
            self._clients.append(client)
            # A query may still be at work in the one before; those before that hold memory and open files for nothing.
            for past in self._clients[:-2]:
                past.close()
            del self._clients[:-2]
        return self._collections


def cosine(computed: float) -> float:
    """Return a cosine without its last digits, which depend on what is computed beside it: equal texts are equally near."""
    return round(float(computed), 5)


def made_with(embedder: Embedder) -> str:
    """Return what a generation of this embedder's vectors is made with."""
    return f"{embedder.name} {_LAYOUT}"


def _check(home: Path, generation: Generation, only: str | None = None) -> None:
    """Raise OSError where a file is not as it was written: Chroma itself tells of some damage, answers wrongly, or crashes."""
    damage = damage_of(home, only=only, thorough=False) if generation.mark else None
    if damage:
        raise OSError(damage)


def are_in_use(catalog: Catalog, embedder: Embedder) -> bool:
    """Tell whether there are vectors of this embedder in use that were derived from this catalog."""
    generation = read_generation(catalog.file.parent / FOLDER)
    return generation is not None and generation.made_with == made_with(embedder) and is_of(generation, catalog)


def held_by(data: Path, embedder: Embedder) -> int:
    """Return how many chunks the vectors in use hold; 0 where none of this embedder are in use."""
    folder = data / FOLDER
    current = read_generation(folder)
    return len(_held(folder / current.name)) if current and current.made_with == made_with(embedder) else 0


def update_vectors(
    catalog: Catalog, data: Path, embedder: Embedder, rebuild: bool, advance: Callable[[int], None], tell: Tell = silent
) -> None:
    """Bring the collections to what the catalog has of this embedder, in a new generation beside the one in use.

    The new one starts as a copy, so that what is written never meets a reader, and a killed run leaves nothing broken. One
    that is of another catalog or damaged, and a copy that cannot be written, or does not hold what it should afterwards, give
    way to one made anew, and `tell` hears why.
    """
    folder = data / FOLDER
    current = None if rebuild else usable(folder, catalog, made_with(embedder), "The index of meaning", tell)
    target = catalog.revision
    mark = catalog.mark_of(target)  # now: should a backup be restored meanwhile, what is written here is of the one before
    wanted = catalog.embeddings.embedded(embedder.name, embedder.languages)
    held = _held(folder / current.name) if current else set()
    if current and held == wanted.keys():
        return
    removed = held - wanted.keys()
    if removed and len(wanted) <= _ANEW_UP_TO:
        current = None
    home = new_generation_folder(folder, copy_of=current)
    added = {chunk_id: wanted[chunk_id] for chunk_id in wanted.keys() - held} if current else wanted
    if current:
        written = -1
        with suppress(Exception):  # Chroma raises many kinds for broken files; what follows is built from the catalog
            written = _write(home, catalog, embedder, added, removed, advance)
        if written != len(wanted):
            tell("The index of meaning cannot be brought up to date; it is built anew.")
            home = new_generation_folder(folder)
            current, added = None, wanted
    if current is None:
        try:
            _write(home, catalog, embedder, added, set(), advance)
        except Exception as error:  # Chroma raises many kinds, for a full disk too
            raise not_writable(data, error) from error
    averages(catalog, embedder, wanted).write(home)
    np.save(home / _HELD, np.fromiter(wanted, dtype=np.int64, count=len(wanted)))
    new = Generation(home.name, target, made_with(embedder), mark)
    switch_to(folder, new, keep_last=current is not None and not removed)


def _held(home: Path) -> set[int]:
    """Return the chunks that a generation holds vectors of; none where its list is missing, so that it is made anew."""
    try:
        return set(np.load(home / _HELD).tolist())
    except (OSError, ValueError):
        return set()


@dataclass(frozen=True, slots=True)
class Averages:
    """The average vector of each language that has chunks, and the spread of the embedder's cosines."""

    of: Mapping[Language, Vectors]
    spread: float

    def write(self, home: Path) -> None:
        """Write them beside a generation's collections."""
        arrays: dict[str, Any] = {"spread": np.float32(self.spread)} | {str(name): mean for name, mean in self.of.items()}
        np.savez(home / _MEANS, **arrays)

    @classmethod
    def read(cls, home: Path) -> Averages:
        """Read them. Raises OSError, KeyError or ValueError where they are missing or damaged."""
        with np.load(home / _MEANS) as stored:
            of = {language: stored[language] for language in LANGUAGES if language in stored}
            return cls(of, float(stored["spread"]))


def averages(catalog: Catalog, embedder: Embedder, chunks: Mapping[int, Language]) -> Averages:
    """Return the average of each language's vectors, over a sample where they are many, and of ordinary sentences.

    Without those a language's only article would be its average, however well it answers. They also tell how far cosines
    spread: with some models hardly at all, with others over the whole range.
    """
    ordinary = {language: _ordinary(catalog, embedder, language) for language in sorted(embedder.languages)}
    means: dict[Language, Vectors] = {}
    for language, steadying in ordinary.items():
        own = sorted(chunk_id for chunk_id, written_in in chunks.items() if written_in == language)
        _, vectors = catalog.embeddings.vectors(embedder.name, own[:: max(1, len(own) // _SAMPLE)])
        if len(vectors):
            means[language] = np.vstack([vectors, steadying]).mean(axis=0)
    return Averages(means, max(float(np.mean([_spread(vectors) for vectors in ordinary.values()])), _LEAST_SPREAD))


def _spread(vectors: Vectors) -> float:
    """Return the standard deviation of the cosines between texts of different subjects."""
    return float((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].std())


def _ordinary(catalog: Catalog, embedder: Embedder, language: Language) -> Vectors:
    """Return the vectors of a language's ordinary sentences, which are embedded once for an archive."""
    hashes = ordinary_hashes(language)
    known = catalog.embeddings.vectors_of_texts(embedder.name, hashes)
    if len(known) < len(hashes):
        known = embedder.embed_passages(ORDINARY[language])
        catalog.embeddings.add(embedder.name, hashes, known)
    return known


def _write(
    home: Path,
    catalog: Catalog,
    embedder: Embedder,
    added: Mapping[int, Language],
    removed: AbstractSet[int],
    advance: Callable[[int], None],
) -> int:
    """Write into the collections, new or not, and return how many vectors they hold then."""
    client = _client(home)
    collections = _collections(client)
    gone = sorted(removed)
    for collection in collections.values():
        for part in in_parts(gone, _BATCH):
            collection.delete(ids=[str(chunk_id) for chunk_id in part])
    for language, collection in collections.items():
        own = sorted(chunk_id for chunk_id, written_in in added.items() if written_in == language)
        for part in in_parts(own, _BATCH):
            chunk_ids, vectors = catalog.embeddings.vectors(embedder.name, part)
            if chunk_ids:
                collection.upsert(ids=[str(chunk_id) for chunk_id in chunk_ids], embeddings=vectors)
            advance(len(chunk_ids))
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

    return chromadb.PersistentClient(path=str(home), settings=Settings(_env_file=None, anonymized_telemetry=False))
