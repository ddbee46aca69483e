"""Question -> passages: what is found by words and by meaning in each language, joined by one score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from index.catalog import Catalog
from index.embed import Embedder, Vectors
from index.failures import StoreUnreachable
from index.stores import LexicalStore, VectorStore
from index.types import EVERYTHING, LANGUAGES, Article, Chunk, Filter, Language
from index.vectors import cosine
from rag.ask.question import Question
from rag.retrieve import tuning
from rag.retrieve.expansion import LEXICAL_PARTS, expand
from rag.retrieve.nearest import NearestChunks
from rag.retrieve.reranker import NoReranker, Reranker
from rag.types import Passage

Found = TypeVar("Found")

# The parts of a query; a benchmark leaves one out to see what it adds.
PARTS = LEXICAL_PARTS | {"dense"}

# (score, chunk id)
Ranked = tuple[float, int]
# (share of the question's words, nearness) that a score is made of; None where the chunk has no vector, or none was asked for.
Trace = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first; `away` says why words could not be searched, where meaning alone found them."""

    passages: list[Passage]
    away: StoreUnreachable | None = None


class Retriever:
    """Finds the passages nearest to a question, in the question's language and the others."""

    def __init__(
        self,
        catalog: Catalog,
        lexical: LexicalStore,
        vectors: VectorStore,
        embedder: Embedder,
        reranker: Reranker | None = None,
        recency: float = 0.0,
        parts: frozenset[str] = PARTS,
    ) -> None:
        """Keep the stores that a query goes to, what orders their finds, and the parts of a query that are used.

        `recency` (0 to 1) is the share of its score that an old passage loses where a question asks for the latest.
        """
        self.catalog = catalog
        self.lexical = lexical
        self._vectors = vectors
        self._nearest = NearestChunks(catalog, vectors, embedder.name)
        self._embedder = embedder
        self._reranker = reranker or NoReranker()
        self._recency = recency
        self._parts = parts

    def warm_up(self) -> None:
        """Load the embedder and the reranker, and open the vectors. Raises KhabarError."""
        if self._embedder.languages:
            vector = self._embedder.embed_query("warm")
            for language in self._embedder.languages if self._vectors.can_be_opened else ():
                self._vectors.search(vector, language, 1)
        if self._reranker.languages:
            self._reranker.scores("warm", ["warm"])

    def retrieve(
        self, question: Question, top_k: int, within: Filter = EVERYTHING, *, meaning: bool = True
    ) -> list[Passage]:
        """Return up to `top_k` passages, the nearest to a question in any language, best first, of one state of the index.

        Without `meaning` they are found by words alone.
        """
        return self.find(question, top_k, within, meaning=meaning).passages

    def find(self, question: Question, top_k: int, within: Filter = EVERYTHING, *, meaning: bool = True) -> Retrieved:
        """Return passages as `retrieve` does; where the store of the words is away, those that meaning finds in the catalog.

        Raises StoreUnreachable where there is no meaning to find them by.
        """
        return self.of_one_state(lambda: self._search(question, top_k, within, meaning))

    def article(self, article_id: str) -> Article | None:
        """Return an article as the search sees it: while it is being replaced, the version that can be found."""
        return self.of_one_state(lambda: self.catalog.article(article_id, self.lexical.revision))

    def of_one_state(self, find: Callable[[], Found]) -> Found:
        """Return what `find` finds in one state of the index; it looks again if another was swapped in meanwhile.

        What was found in the one before may be gone from this one: what only a past revision saw is forgotten at once.
        """
        for _ in range(tuning.TRIES):
            seen = self.lexical.state
            found = find()
            if self.lexical.state == seen:
                break
        return found

    def _search(self, question: Question, top_k: int, within: Filter, meaning: bool) -> Retrieved:
        """Return passages as `find` does, of whatever state the index is in."""
        vector = self._embed(question) if meaning else None
        scores: dict[int, float] = {}
        traces: dict[int, Trace] = {}
        away: StoreUnreachable | None = None
        for language in (language for language in LANGUAGES if language in within.languages):
            try:
                scores |= self._search_language(question, vector, language, top_k, within, traces)
            except StoreUnreachable as error:
                if vector is None:
                    raise
                away = error
                near = self._nearness(vector, language, {}, within)
                scores |= near
                traces |= {chunk_id: (0.0, nearness) for chunk_id, nearness in near.items()}
        if self._recency and question.asks_latest:
            scores = self._newer_first(scores)
        ranked = sorted(((score, chunk_id) for chunk_id, score in scores.items()), key=_best_first)
        return Retrieved(self._reranked(question, self._passages(ranked, top_k, traces)), away)

    def _embed(self, question: Question) -> Vectors | None:
        """Return the question's vector; None where the embedder does not serve its language."""
        if "dense" not in self._parts or question.language not in self._embedder.languages:
            return None
        return self._embedder.embed_query(" ".join([question.text, *(" ".join(term.words) for term in question.context)]))

    def _search_language(
        self,
        question: Question,
        vector: Vectors | None,
        language: Language,
        top_k: int,
        within: Filter,
        traces: dict[int, Trace],
    ) -> dict[int, float]:
        """Return the scores of the chunks found within one language, at least the best `top_k`; those of several compare.

        What each score is made of is noted in `traces`.
        """
        query = expand(question, language, self.lexical, self._parts)
        found = self.lexical.search(query.weights, language, max(tuning.BY_WORDS, top_k), within)
        by_words = {chunk_id: score / query.reach for chunk_id, score in found}
        nearness = self._nearness(vector, language, by_words, within) if vector is not None else None
        own = tuning.OWN_LANGUAGE if language == question.language else 0.0
        fused = fuse(by_words, nearness)
        known = nearness or {}
        traces |= {chunk_id: (by_words.get(chunk_id, 0.0), known.get(chunk_id)) for chunk_id in fused}
        return {chunk_id: own + score for chunk_id, score in fused.items()}

    def _nearness(self, vector: Vectors, language: Language, by_words: Mapping[int, float], within: Filter) -> dict[int, float]:
        """Return how near the nearest chunks of a language are, and those found by words, where they have a vector.

        Nearness is the cosine less that of the language's average chunk, in spreads of the model's cosines: a model finds any
        text in the question's own language nearer than in another, and one model's range is not another's. Where there is no
        average yet, nothing is known.
        """
        background = self._vectors.background(vector, language) if language in self._embedder.languages else None
        if background is None:
            return {}
        near = dict(self._nearest.find(vector, language, within, tuning.BY_MEANING))
        others = [chunk_id for chunk_id in by_words if chunk_id not in near]
        chunk_ids, vectors = self.catalog.embeddings.vectors(self._embedder.name, others)
        if chunk_ids:
            near |= zip(chunk_ids, map(cosine, vectors @ vector), strict=True)
        return {chunk_id: background.nearness(cosine) for chunk_id, cosine in near.items()}

    def _newer_first(self, scores: Mapping[int, float]) -> dict[int, float]:
        """Return the scores, those of passages older than the newest of any language lessened by their age."""
        days = self.catalog.days(list(scores))
        newest = max(days.values(), default=None)
        if newest is None:
            return dict(scores)
        kept = {chunk_id: 0.5 ** ((newest - day).days / tuning.HALF_LIFE_DAYS) for chunk_id, day in days.items()}
        # A score below 0 must fall as well.
        return {
            chunk_id: score - abs(score) * self._recency * (1 - kept.get(chunk_id, 0.0)) for chunk_id, score in scores.items()
        }

    def _passages(self, ranked: Sequence[Ranked], top_k: int, traces: Mapping[int, Trace]) -> list[Passage]:
        """Return the best `top_k` that are there; one that is farther from the question than the average chunk scores 0.

        They are as of the revision that the words have seen: an article that is being replaced is the old one, or the new one.
        The vectors may be of an earlier or later one, and what they alone know takes no other's place.
        """
        seen = self.lexical.revision
        whole: list[tuple[float, Chunk, Article]] = []
        for start in range(0, len(ranked), top_k):
            found = self.catalog.chunks([chunk_id for _, chunk_id in ranked[start : start + top_k]], seen)
            whole += [(score, *found[chunk_id]) for score, chunk_id in ranked[start : start + top_k] if chunk_id in found]
            if len(whole) >= top_k:
                break
        return [
            Passage(chunk, article, rank, round(max(score, 0.0), 4), *traces[chunk.chunk_id])
            for rank, (score, chunk, article) in enumerate(whole[:top_k], 1)
        ]

    def _reranked(self, question: Question, passages: list[Passage]) -> list[Passage]:
        """Return the passages in the reranker's order; those in languages that it does not serve keep their places."""
        served = self._reranker.languages
        places = [place for place, passage in enumerate(passages) if passage.chunk.language in served][: tuning.RERANKED]
        if not places or question.language not in served:
            return passages
        texts = [f"{passages[place].chunk.title}\n{passages[place].chunk.text}" for place in places]
        scores = self._reranker.scores(question.asked, texts)
        by_score = sorted(zip(scores, places, strict=True), key=lambda pair: (-pair[0], pair[1]))
        ordered = list(passages)
        for place, (score, source) in zip(places, by_score, strict=True):
            ordered[place] = replace(passages[source], rank=place + 1, score=round(score, 4))
        return ordered


def fuse(by_words: Mapping[int, float], nearness: Mapping[int, float] | None) -> dict[int, float]:
    """Return the scores of chunks by the share of the question's words that they hold and by their nearness to it.

    A linear combination: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval (ACM TOIS 2023), found it
    better than reciprocal ranks, and so did we (docs/retrieval.md). A chunk without a vector counts as near as the others that
    were found by words, so that a language that is not embedded yet stands beside those that are. `nearness` is None where the
    question has no vector: then words alone count, and whole, so that a good find scores about the same either way.
    """
    if nearness is None:
        return dict(by_words)
    known = [nearness[chunk_id] for chunk_id in by_words if chunk_id in nearness]
    unknown = sum(known) / len(known) if known else tuning.UNKNOWN_NEARNESS
    return {
        chunk_id: tuning.WORDS * by_words.get(chunk_id, 0.0) + tuning.MEANING * nearness.get(chunk_id, unknown)
        for chunk_id in {**by_words, **nearness}
    }


def _best_first(pair: Ranked) -> tuple[float, int]:
    return -pair[0], pair[1]
