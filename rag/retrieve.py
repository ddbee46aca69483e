"""Retriever: BM25 and dense ranks for a question, fused within each language and merged across them."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.catalog import Catalog
from index.embed import Embedder, Vectors
from index.lexical import LexicalIndex
from index.types import EVERYTHING, LANGUAGES, Filter, Language
from index.vectors import VectorIndex
from rag.expand import LEXICAL_PARTS, expand
from rag.question import Question
from rag.rerank import NoReranker, Reranker
from rag.types import Passage

# What a benchmark can leave out, to see what it adds.
PARTS = LEXICAL_PARTS | {"dense"}
_CANDIDATES = 50
_DENSE_SHARE = 0.3
# The score to which similarities are brought where no chunk meets a word.
_WORDLESS = 0.2
_RERANKED = 20
_HALF_LIFE_DAYS = 30
# Between an equal find in the question's own language and one in another, a reader takes the former.
_OTHER_LANGUAGE = 0.9
_FIRST = 10
_PROMISED = 2

# (score, chunk id)
Ranked = tuple[float, int]


class Retriever:
    """Finds the passages nearest to a question, in the question's language and the others."""

    def __init__(
        self,
        catalog: Catalog,
        lexical: LexicalIndex,
        vectors: VectorIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
        recency: float = 0.0,
        parts: frozenset[str] = PARTS,
    ) -> None:
        """Keep the stores that a query goes to, what orders their finds, and the parts of a query that are used.

        `recency` (0 to 1) is the share of its score that an old passage loses where a question asks for the latest.
        """
        self._catalog = catalog
        self.lexical = lexical
        self._vectors = vectors
        self._embedder = embedder
        self._reranker = reranker or NoReranker()
        self._recency = recency
        self._parts = parts

    def warm_up(self) -> None:
        """Load the embedder and the reranker, and open the vectors. Raises KhabarError."""
        if self._embedder.languages:
            vector = self._embedder.embed_query("warm")
            for language in self._embedder.languages:
                self._vectors.search(vector, language, 1)
        if self._reranker.languages:
            self._reranker.scores("warm", ["warm"])

    def retrieve(self, question: Question, top_k: int, within: Filter = EVERYTHING) -> list[Passage]:
        """Return up to `top_k` passages in the question's language and half as many of each other, best first."""
        vector = self._vector(question)
        lists: dict[Language, list[Ranked]] = {}
        for language in (language for language in LANGUAGES if language in within.languages):
            wanted = top_k if language == question.language else -(-top_k // 2)
            lists[language] = self._found(question, vector, language, wanted, within)
        return self._reranked(question, self._passages(merge(lists, question.language)))

    def _vector(self, question: Question) -> Vectors | None:
        """Return the question's vector; None where the embedder does not serve its language."""
        if "dense" not in self._parts or question.language not in self._embedder.languages:
            return None
        return self._embedder.embed_query(" ".join([question.text, *(" ".join(term.words) for term in question.context)]))

    def _found(
        self, question: Question, vector: Vectors | None, language: Language, top_k: int, within: Filter
    ) -> list[Ranked]:
        """Return up to `top_k` (score, chunk id) within one language, best first.

        A score is about the share of what the query could reach; function words and repetitions may lift it above 1.
        """
        depth = max(_CANDIDATES, top_k)
        query = expand(question, language, self.lexical, self._parts)
        found = self.lexical.search(query.weights, language, depth, within)
        measure = query.reach if language == question.language else query.reach / _OTHER_LANGUAGE
        by_words = {chunk_id: score / measure for chunk_id, score in found}
        by_meaning = dict(self._dense(vector, language, depth, within)) if vector is not None else {}
        scores = fuse(by_words, by_meaning) if by_meaning else by_words
        if self._recency and question.asks_latest:
            scores = self._newer_first(scores)
        return sorted(((score, chunk_id) for chunk_id, score in scores.items()), key=_best_first)[:top_k]

    def _dense(self, vector: Vectors, language: Language, depth: int, within: Filter) -> list[tuple[int, float]]:
        """Return the nearest chunks by vector, where the embedder serves their language."""
        if language not in self._embedder.languages:
            return []
        if within.passes_all:
            return self._vectors.search(vector, language, depth)
        # Chroma looks for neighbours first and filters them then, so that few or none may be left: here each is compared.
        own = replace(within, languages=frozenset({language}))
        chunk_ids, vectors = self._catalog.vectors_within(self._embedder.name, own)
        scored = zip(chunk_ids, map(float, vectors @ vector), strict=True) if chunk_ids else ()
        return heapq.nsmallest(depth, scored, key=lambda pair: (-pair[1], pair[0]))

    def _newer_first(self, scores: Mapping[int, float]) -> dict[int, float]:
        """Return the scores, those of passages older than the newest lessened by their age."""
        days = self._catalog.days(list(scores))
        newest = max(days.values(), default=None)
        if newest is None:
            return dict(scores)
        kept = {chunk_id: 0.5 ** ((newest - day).days / _HALF_LIFE_DAYS) for chunk_id, day in days.items()}
        return {
            chunk_id: score * (1 - self._recency * (1 - kept.get(chunk_id, 0.0))) for chunk_id, score in scores.items()
        }

    def _reranked(self, question: Question, passages: list[Passage]) -> list[Passage]:
        """Return the passages in the reranker's order; those in languages that it does not serve keep their places."""
        served = self._reranker.languages
        places = [place for place, passage in enumerate(passages) if passage.chunk.language in served][:_RERANKED]
        if not places or question.language not in served:
            return passages
        texts = [f"{passages[place].chunk.title}\n{passages[place].chunk.text}" for place in places]
        scores = self._reranker.scores(question.asked, texts)
        by_score = sorted(zip(scores, places, strict=True), key=lambda pair: (-pair[0], pair[1]))
        ordered = list(passages)
        for place, (score, source) in zip(places, by_score, strict=True):
            ordered[place] = replace(passages[source], rank=place + 1, score=round(score, 4))
        return ordered

    def _passages(self, ranked: Sequence[Ranked]) -> list[Passage]:
        # As of the revision that the words have seen: an article that is being replaced is the old one, or the new one.
        found = self._catalog.chunks([chunk_id for _, chunk_id in ranked], self.lexical.revision)
        whole = [(score, *found[chunk_id]) for score, chunk_id in ranked if chunk_id in found]
        return [Passage(chunk, article, rank, round(score, 4)) for rank, (score, chunk, article) in enumerate(whole, 1)]


def merge(lists: Mapping[Language, Sequence[Ranked]], own: Language) -> list[Ranked]:
    """Return the lists of several languages as one, by score; the best of every other language are not buried.

    Scores tell languages apart only roughly, so the best two of each stand among the first ten whatever their scores.
    """
    merged = sorted((pair for found in lists.values() for pair in found), key=_best_first)
    promised = [pair for language, found in lists.items() if language != own for pair in found[:_PROMISED]]
    first = merged[:_FIRST]
    late = sorted((pair for pair in promised if pair not in first), key=_best_first)
    for _ in late:
        giving_way = next((pair for pair in reversed(first) if pair not in promised), None)
        if giving_way:
            first.remove(giving_way)
    first += late
    return first + [pair for pair in merged if pair not in first]


def fuse(by_words: Mapping[int, float], by_meaning: Mapping[int, float]) -> dict[int, float]:
    """Return the scores of both together: a convex combination, the similarities brought to 0..1 by their extremes.

    Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval (ACM TOIS 2023), found it better than
    reciprocal ranks, and so did we (docs/retrieval.md). The result keeps the scale of `by_words`, or that of a poor match
    where no word is met.
    """
    most = max(by_words.values(), default=_WORDLESS)
    low, high = min(by_meaning.values()), max(by_meaning.values())
    spread = max(high - low, 1e-9)
    return {
        chunk_id: (1 - _DENSE_SHARE) * by_words.get(chunk_id, 0.0)
        + _DENSE_SHARE * most * (by_meaning.get(chunk_id, low) - low) / spread
        for chunk_id in {**by_words, **by_meaning}
    }


def _best_first(pair: Ranked) -> tuple[float, int]:
    return -pair[0], pair[1]
