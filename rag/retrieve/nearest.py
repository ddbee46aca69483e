"""A question's vector -> the chunks of a language that are nearest to it by meaning, under any filter."""

from __future__ import annotations

import heapq
from dataclasses import replace

from index.catalog import Catalog
from index.embed import Vectors
from index.failures import StoreUnreachable
from index.stores import VectorStore
from index.types import Filter, Language
from index.vectors import cosine
from rag.retrieve import tuning

# (chunk id, cosine)
Near = tuple[int, float]


class NearestChunks:
    """Finds the nearest chunks of a language that pass a filter."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, embedder: str) -> None:
        """Keep the stores, and the name of the embedder whose vectors are compared."""
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder

    def find(self, vector: Vectors, language: Language, within: Filter, count: int) -> list[Near]:
        """Return up to `count` chunks, the nearest first."""
        own = replace(within, languages=frozenset({language}))
        try:
            return self._found(vector, language, own, count)
        except StoreUnreachable:
            if self._catalog.count_within(own) > tuning.HELD_UP_TO:
                raise
            return self.compared(vector, own, count)

    def _found(self, vector: Vectors, language: Language, own: Filter, count: int) -> list[Near]:
        if own.passes_all and self._vectors.is_open:
            return self._vectors.search(vector, language, count)
        passing = self._catalog.count_within(own)
        if passing <= tuning.COMPARED_UP_TO or not self._vectors.can_be_opened:
            return self.compared(vector, own, count)
        if own.passes_all:
            return self._vectors.search(vector, language, count)
        return self.sifted(vector, language, own, count, passing)

    def compared(self, vector: Vectors, own: Filter, count: int) -> list[Near]:
        """Return the nearest of all chunks that pass, each of which is compared."""
        chunk_ids, vectors = self._catalog.embeddings.vectors_within(self._embedder, own)
        scored = zip(chunk_ids, map(cosine, vectors @ vector), strict=True) if chunk_ids else ()
        return heapq.nsmallest(count, scored, key=lambda pair: (-pair[1], pair[0]))

    def sifted(self, vector: Vectors, language: Language, own: Filter, count: int, passing: int) -> list[Near]:
        """Return those of Chroma's neighbours that pass, looking at enough of them; if too few pass, all are compared."""
        whole = self._catalog.count_within(Filter(languages=own.languages))
        wanted = round(tuning.MARGIN * count * whole / max(passing, 1))
        if wanted <= tuning.MOST_NEIGHBOURS:
            near = self._vectors.search(vector, language, wanted)
            passed = self._catalog.passing(own, [chunk_id for chunk_id, _ in near])
            found = [pair for pair in near if pair[0] in passed][:count]
            if len(found) == min(count, passing):
                return found
        return self.compared(vector, own, count)
