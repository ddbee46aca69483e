"""Retriever: BM25 and dense ranks for a question, fused within each language and merged across them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from index.catalog import Catalog
from index.embed import Embedder
from index.lexical import LexicalIndex
from index.text import grams, is_latin, skeletons, words
from index.types import LANGUAGES, Language
from index.vectors import VectorIndex
from rag.question import Question, Term
from rag.types import Passage

# Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009), with its usual constant.
_RRF = 60
_TITLE_WEIGHT = 0.4
_SYNONYM_WEIGHT = 0.4
_TRANSLATION_WEIGHT = 0.8
_SKELETON_WEIGHT = 1.5
_FUNCTION_WORD_WEIGHT = 0.3
_CANDIDATES = 50

Weights = dict[tuple[str, str], float]


class Retriever:
    """Finds the passages nearest to a question, in the question's language and the others."""

    def __init__(self, catalog: Catalog, lexical: LexicalIndex, vectors: VectorIndex, embedder: Embedder) -> None:
        """Keep the stores that a query goes to."""
        self._catalog = catalog
        self.lexical = lexical
        self._vectors = vectors
        self._embedder = embedder

    def warm_up(self) -> None:
        """Load the embedder and open the vectors. Raises KhabarError."""
        if self._embedder.languages:
            self._vectors.search(self._embedder.embed_query("warm"), 1)

    def retrieve(self, question: Question, top_k: int) -> list[Passage]:
        """Return up to `top_k` passages in the question's language and half as many of the others, best first."""
        ranked: list[tuple[float, int]] = []
        for language in LANGUAGES:
            own = language == question.language
            found = self._within(question, language)[: top_k if own else max(1, top_k // 2)]
            ranked.extend(found)
        ranked.sort(key=lambda pair: (-pair[0], pair[1]))
        return self._passages(ranked)

    def _within(self, question: Question, language: Language) -> list[tuple[float, int]]:
        """Return (score, chunk id) within one language, best first; a score is the share of what the query could reach."""
        weights = query_weights(question, language)
        by_words = self.lexical.search(weights, [language], _CANDIDATES)
        reach = self._reach(weights)
        scores = {chunk_id: min(1.0, score / reach) for chunk_id, score in by_words}
        by_meaning = self._dense(question, language)
        if not by_meaning:
            return [(scores[chunk_id], chunk_id) for chunk_id, _ in by_words]
        fused = fuse([[chunk_id for chunk_id, _ in by_words], [chunk_id for chunk_id, _ in by_meaning]])
        # The fused order with falling scores: a passage found by meaning alone stands no higher than its neighbours.
        result: list[tuple[float, int]] = []
        ceiling = max(scores.values(), default=0.5)
        for chunk_id in fused[:_CANDIDATES]:
            ceiling = min(ceiling, max(scores.get(chunk_id, 0.0), ceiling * 0.95))
            result.append((ceiling, chunk_id))
        return result

    def _dense(self, question: Question, language: Language) -> list[tuple[int, float]]:
        """Return the nearest chunks by vector, where the embedder serves both languages.

        Chroma holds only chunks in the embedder's languages; an embedder of one language so ranks that language alone.
        """
        served = self._embedder.languages
        if language not in served or question.language not in served:
            return []
        text = " ".join([question.text, *(" ".join(term.words) for term in question.context)])
        found = self._vectors.search(self._embedder.embed_query(text), _CANDIDATES if len(served) == 1 else 2 * _CANDIDATES)
        if len(served) == 1:
            return found
        languages = {chunk_id: chunk.language for chunk_id, chunk in self._catalog.chunks([i for i, _ in found]).items()}
        return [(chunk_id, score) for chunk_id, score in found if languages.get(chunk_id) == language]

    def _reach(self, weights: Weights) -> float:
        """Return about the BM25 score of a chunk that held every query term twice."""
        size = self.lexical.size
        reach = 0.0
        for (field, term), weight in weights.items():
            if field == "body":
                reach += weight * inverse_frequency(size, self.lexical.document_frequency(field, term)) * 1.5
        return reach or 1.0

    def _passages(self, ranked: Sequence[tuple[float, int]]) -> list[Passage]:
        chunks = self._catalog.chunks([chunk_id for _, chunk_id in ranked])
        passages: list[Passage] = []
        for score, chunk_id in ranked:
            chunk = chunks.get(chunk_id)
            article = self._catalog.article(chunk.article_id) if chunk else None
            if chunk and article:
                passages.append(Passage(chunk, article, len(passages) + 1, round(score, 4)))
        return passages


def inverse_frequency(size: int, frequency: int) -> float:
    """Return the BM25 inverse document frequency of a term that `frequency` of `size` chunks hold."""
    return math.log(1.0 + (size - frequency + 0.5) / (frequency + 0.5))


def fuse(rankings: Iterable[Sequence[int]]) -> list[int]:
    """Return the union of several rankings by reciprocal rank, best first; ties go to the lower id."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, chunk_id in enumerate(ranking, 1):
            scores[chunk_id] = scores.get(chunk_id, 0.0) + 1.0 / (_RRF + rank)
    return sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))


def query_weights(question: Question, language: Language) -> Weights:
    """Return the weighted (field, index term) pairs by which a question searches the chunks of one language."""
    weights: Weights = {}
    same_script = (question.language == "en") == (language == "en")
    if same_script:
        for word in words(question.text):
            _add(weights, grams(word), _FUNCTION_WORD_WEIGHT)
    for term in question.all_terms:
        _add_term(weights, term, language, question.language, same_script)
    return weights


def _add_term(weights: Weights, term: Term, language: Language, asked_in: Language, same_script: bool) -> None:
    for word in term.words:
        if same_script or word.isdecimal() or is_latin(word) == (language == "en"):
            _add(weights, grams(word), term.emphasis)
        if is_latin(word) != (language == "en"):
            field = "skeleton_arabic" if is_latin(word) else "skeleton_latin"
            for skeleton in skeletons(word):
                _raise(weights, (field, skeleton), _SKELETON_WEIGHT * term.emphasis)
    expansion = _SYNONYM_WEIGHT if language == asked_in else _TRANSLATION_WEIGHT
    for variant in term.variants(language):
        if variant != term.words:
            for word in variant:
                _add(weights, grams(word), expansion * term.emphasis / len(variant) ** 0.5)


def _add(weights: Weights, found: Iterable[str], weight: float) -> None:
    for gram in found:
        _raise(weights, ("body", gram), weight)
        _raise(weights, ("title", gram), weight * _TITLE_WEIGHT)


def _raise(weights: Weights, key: tuple[str, str], weight: float) -> None:
    weights[key] = max(weights.get(key, 0.0), weight)
