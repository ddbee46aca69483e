"""The stores in a LanceDB; vectors that lay beside the catalog go once they are there."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from index import vectors as local_vectors
from index.catalog import Catalog
from index.embed import Embedder
from index.generation import is_of
from index.lance import lexical, vectors
from index.lance.database import database_at
from index.progress import Tell


class LanceStores:
    """Words and vectors in the LanceDB at an address, which several machines may reach."""

    def __init__(self, address: str) -> None:
        """Remember the address; nothing is connected yet."""
        self._database = database_at(address)

    def open_lexical(self, catalog: Catalog) -> lexical.LanceLexical:
        """Return a reader of the words."""
        return lexical.LanceLexical(self._database, catalog)

    def open_vectors(self, catalog: Catalog, embedder: Embedder) -> vectors.LanceVectors:
        """Return a reader of the vectors."""
        return vectors.LanceVectors(self._database, catalog, embedder)

    def update_lexical(self, catalog: Catalog, rebuild: bool, advance: Callable[[int], None], tell: Tell) -> None:
        """Bring the words to the catalog's revision."""
        lexical.update(self._database, catalog, rebuild, advance, tell)

    def update_vectors(self, catalog: Catalog, embedder: Embedder, rebuild: bool, tell: Tell) -> None:
        """Bring the vectors to what the catalog has."""
        vectors.update(self._database, catalog, embedder, rebuild, tell)
        shutil.rmtree(catalog.file.parent / local_vectors.FOLDER, ignore_errors=True)

    def seen_revision(self, catalog: Catalog) -> int:
        """Return the revision that readers of the words see."""
        state = self._database.last(lexical.KIND)
        return state.revision if state and state.made_with == lexical.VERSION and is_of(state.generation, catalog) else 0

    def vectors_held(self, catalog: Catalog, embedder: Embedder) -> int:
        """Return how many vectors are in use."""
        return vectors.held(self._database, embedder)

    def vectors_in_use(self, catalog: Catalog, embedder: Embedder) -> bool:
        """Tell whether there are vectors of an embedder and this catalog."""
        return vectors.in_use(self._database, catalog, embedder) is not None
