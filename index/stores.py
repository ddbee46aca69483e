"""Where words and vectors lie: beside the catalog, or in a database that several machines share; one way to each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from index import lexical, vectors
from index.catalog import Catalog
from index.embed import Embedder, Vectors
from index.generation import Generation
from index.lexical import LexicalIndex, Weights
from index.progress import Tell
from index.types import EVERYTHING, Filter, KhabarError, Language
from index.vectors import Background, VectorIndex

LOCAL = "local"
# How the addresses of LanceDB begin.
PREFIXES = ("lance:", "s3://", "gs://", "az://")
# The facts of a catalog that say where its words and vectors lie, and whether another machine writes them there.
_META = "store"
_SERVED = "store-served"


class LexicalStore(Protocol):
    """Words: BM25 over the index terms of chunks, language by language. Every method raises KhabarError."""

    @property
    def state(self) -> Generation:
        """What is in use: what is found before and after it changes is of two states of the archive."""

    @property
    def revision(self) -> int:
        """The revision of the catalog that was last seen; what a reader is shown is of that revision."""

    @property
    def sizes(self) -> Mapping[Language, int]:
        """The number of chunks in each language."""

    def document_frequency(self, field: str, term: str, language: Language) -> int:
        """Return how many chunks of a language hold an index term."""

    def search(self, weights: Weights, language: Language, top_k: int, within: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """Return (chunk id, BM25 score), best first, for weighted index terms within a language and a filter."""

    def holding(self, groups: Collection[Collection[str]], language: Language, within: Filter = EVERYTHING) -> list[int]:
        """Return the ids of all chunks of a language and a filter that hold every gram of at least one of the groups."""


class VectorStore(Protocol):
    """Meaning: the chunks nearest to a vector, language by language. Every method raises KhabarError."""

    @property
    def is_open(self) -> bool:
        """Whether a search would begin at once."""

    @property
    def can_be_opened(self) -> bool:
        """Whether what is in use can be searched here."""

    def search(self, vector: Vectors, language: Language, top_k: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine similarity) in a language, best first; [] where no chunk has a vector of this embedder."""

    def background(self, vector: Vectors, language: Language) -> Background | None:
        """Return what a question's cosines in a language are to be measured by; None where none has a vector in use."""


class Stores(Protocol):
    """A place for both: opens them for a reader, and brings them to what a catalog holds."""

    def open_lexical(self, catalog: Catalog) -> LexicalStore:
        """Return a reader of the words. Raises KhabarError where there are none of this catalog."""

    def open_vectors(self, catalog: Catalog, embedder: Embedder) -> VectorStore:
        """Return a reader of the vectors of an embedder, without looking yet whether there are any."""

    def update_lexical(self, catalog: Catalog, rebuild: bool, advance: Callable[[int], None], tell: Tell) -> None:
        """Bring the words to the catalog's revision; `advance` hears of each chunk. Raises KhabarError or OSError."""

    def update_vectors(self, catalog: Catalog, embedder: Embedder, rebuild: bool, tell: Tell) -> None:
        """Bring the vectors to what the catalog has of an embedder. Raises KhabarError or OSError."""

    def seen_revision(self, catalog: Catalog) -> int:
        """Return the revision that readers of the words see; 0 where there are none of this version and catalog."""

    def vectors_held(self, catalog: Catalog, embedder: Embedder) -> int:
        """Return how many vectors of an embedder are in use."""

    def vectors_in_use(self, catalog: Catalog, embedder: Embedder) -> bool:
        """Tell whether vectors of an embedder are in use that were derived from this catalog."""


class LocalStores:
    """Tantivy and Chroma, in folders beside the catalog."""

    def open_lexical(self, catalog: Catalog) -> LexicalStore:
        """Return a reader of the words."""
        return LexicalIndex(catalog.file.parent, catalog)

    def open_vectors(self, catalog: Catalog, embedder: Embedder) -> VectorStore:
        """Return a reader of the vectors."""
        return VectorIndex(catalog.file.parent, embedder, catalog)

    def update_lexical(self, catalog: Catalog, rebuild: bool, advance: Callable[[int], None], tell: Tell) -> None:
        """Bring the words to the catalog's revision."""
        lexical.update_lexical(catalog, catalog.file.parent, rebuild, advance, tell)

    def update_vectors(self, catalog: Catalog, embedder: Embedder, rebuild: bool, tell: Tell) -> None:
        """Bring the vectors to what the catalog has."""
        vectors.update_vectors(catalog, catalog.file.parent, embedder, rebuild, lambda _: None, tell)

    def seen_revision(self, catalog: Catalog) -> int:
        """Return the revision that readers of the words see."""
        return lexical.seen_revision(catalog, catalog.file.parent)

    def vectors_held(self, catalog: Catalog, embedder: Embedder) -> int:
        """Return how many vectors are in use."""
        return vectors.held_by(catalog.file.parent, embedder)

    def vectors_in_use(self, catalog: Catalog, embedder: Embedder) -> bool:
        """Tell whether there are vectors of an embedder and this catalog."""
        return vectors.are_in_use(catalog, embedder)


def stores_at(address: str) -> Stores:
    """Return the stores at an address: `local`, or a LanceDB: lance:/folder or s3://bucket/path. Raises KhabarError."""
    if address == LOCAL:
        return LocalStores()
    if address.startswith(PREFIXES):
        from index.lance.stores import LanceStores

        return LanceStores(address)
    raise KhabarError(
        f"'{address}' is no store that Khabar knows",
        "it is local, or a LanceDB: lance:/folder/that/machines/share or s3://bucket/path",
    )


def store_of(catalog: Catalog) -> str:
    """Return the address of the stores that an archive was last put in."""
    return catalog.meta(_META) or LOCAL


def stores_of(catalog: Catalog) -> Stores:
    """Return the stores that an archive was last put in. Raises KhabarError."""
    return stores_at(store_of(catalog))


def put_in(catalog: Catalog, address: str) -> None:
    """Note that an archive's words are at an address, and its vectors are to be; words beside the catalog go then.

    Raises KhabarError where it is no address.
    """
    stores_at(address)
    catalog.set_meta(_META, address)
    catalog.set_meta(_SERVED, "")
    if address != LOCAL:
        shutil.rmtree(catalog.file.parent / lexical.FOLDER, ignore_errors=True)


def serve_only(catalog: Catalog) -> None:
    """Note that this catalog is a copy by which a second machine serves: another one writes the store that it is in."""
    catalog.set_meta(_SERVED, "1")


def is_served_only(catalog: Catalog) -> bool:
    """Tell whether another machine writes the store that an archive is in."""
    return bool(catalog.meta(_SERVED))
