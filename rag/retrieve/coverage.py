"""How much of an archive can be searched by meaning so far. It is counted rarely, because no answer should wait for a count."""

from __future__ import annotations

import time

from index.catalog import Catalog
from index.embed import Embedder
from index.embedding import Embedded, searchable_share
from index.stores import stores_of
from rag.retrieve import tuning


class Coverage:
    """Counts the embedded chunks of an archive; again after a while where some were missing, or once it has changed."""

    def __init__(self, catalog: Catalog, embedder: Embedder) -> None:
        """Remember what is counted; nothing is counted yet."""
        self._catalog = catalog
        self._embedder = embedder
        self._counted: Embedded | None = None
        self._revision = 0
        self._until = 0.0

    def now(self) -> Embedded:
        """Return how many of the chunks have a vector of the chosen embedder, as of some seconds ago at most."""
        revision = self._catalog.revision
        counted = self._counted
        whole = counted is not None and counted.complete and revision == self._revision
        unchanged = whole and (not self._embedder.languages or self._are_in_use())
        if counted is None or not (unchanged or time.monotonic() < self._until):
            counted = searchable_share(self._catalog, self._embedder)
            self._counted, self._revision, self._until = counted, revision, time.monotonic() + tuning.COUNT_HOLDS
        return counted

    def _are_in_use(self) -> bool:
        return stores_of(self._catalog).vectors_in_use(self._catalog, self._embedder)
