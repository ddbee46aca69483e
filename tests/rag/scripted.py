"""Stand-ins for the models, and passages and evidence made by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.chunk import split_sentences
from index.embed import Embedder, NoEmbedder, Vectors
from index.entities.types import NameReader
from index.lexical import LexicalIndex
from index.progress import Silent
from index.text import fold, words
from index.types import LANGUAGES, Article, Chunk, Language
from index.vectors import VectorIndex
from rag.archive import Archive, open_archive
from rag.generate.generator import Form, GenerationError, Messages
from rag.retrieve.reranker import Reranker
from rag.retrieve.retriever import Retriever
from rag.settings import read_settings
from rag.types import Evidence, Passage
from rag.weigh.reader import AnswerSpan, Reading


class ScriptedGenerator:
    """Writes what it is told to: pieces of text, exceptions to raise in their midst, or a function of the messages."""

    name = "scripted"
    form: Form = "passages"

    def __init__(self, pieces: Iterable[str | Exception], languages: Iterable[Language] = ("ar", "fa", "en")) -> None:
        self.pieces = pieces
        self.languages: frozenset[Language] = frozenset(languages)
        self.asked: list[tuple[Messages, int]] = []
        self.taken = 0

    def count_tokens(self, text: str) -> int:
        return len(words(text))

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        self.asked.append((messages, max_tokens))
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            self.taken += 1
            yield piece


class CopyingGenerator(ScriptedGenerator):
    """Writes a draft made of the passages in its prompt: `compose` gets them in their order and returns the draft."""

    def __init__(self, compose, languages: Iterable[Language] = ("ar", "fa", "en")) -> None:  # noqa: ANN001
        super().__init__((), languages)
        self._compose = compose

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        self.asked.append((messages, max_tokens))
        draft = self._compose(passages_in(messages))
        for start in range(0, len(draft), 7):
            yield draft[start : start + 7]


def passages_in(messages: Messages) -> list[str]:
    """Return the passages of a prompt as the generator sees them, in their order."""
    return list(excerpts_in(messages).values())


def excerpts_in(messages: Messages) -> dict[str, str]:
    """Return the passages of a prompt by their tags, which stand behind each sentence and are taken away here."""
    blocks = re.findall(r"^<<<\n(.*?)\n>>>$", messages[-1]["content"], re.MULTILINE | re.DOTALL)
    tags = [set(re.findall(r" \[(\w+)\]", block)) for block in blocks]
    assert all(len(found) == 1 for found in tags) and len(set.union(set(), *tags)) == len(blocks)
    return {found.pop(): re.sub(r" \[\w+\]", "", block) for found, block in zip(tags, blocks, strict=True)}


class ScriptedEmbedder:
    """Puts a text on the axis of the first key that stands in it, and any other text on an axis of its own."""

    name = "scripted"

    def __init__(self, axes: Mapping[str, int], languages: Iterable[Language]) -> None:
        self.axes = axes
        self.languages: frozenset[Language] = frozenset(languages)
        self.queries: list[str] = []
        self.passages: list[str] = []

    def _vector(self, text: str) -> Vectors:
        vector = np.full(8, 0.01, dtype=np.float32)
        vector[next((axis for key, axis in self.axes.items() if key in text), 7)] = 1.0
        return vector / np.float32(np.linalg.norm(vector))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        self.queries.append(text)
        return self._vector(text)


class LetterEmbedder:
    """Makes 24 numbers of the letters of a text: alike for texts that are alike, and hardly ever the same."""

    name = "letters"

    def __init__(self, languages: Iterable[Language] = LANGUAGES) -> None:
        self.languages: frozenset[Language] = frozenset(languages)

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(24, 0.1, dtype=np.float32)
        for place, letter in enumerate(fold(text), 1):
            vector[ord(letter) % 24] += 1 + 1 / (place + 3)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])


class ScriptedReader:
    """Finds an answer wherever one of its phrases stands, and is as sure of it as it is told."""

    name = "scripted"
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def __init__(self, *phrases: str, odds: float = 9.0) -> None:
        self.phrases = phrases
        self.odds = odds
        self.asked: list[tuple[str, int]] = []

    def load(self) -> None:
        """Load nothing."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.asked.append((question, len(passages)))
        return [self._reading(passage) for passage in passages]

    def _reading(self, passage: Passage) -> Reading:
        chunk, spans = passage.chunk, {}
        for sentence in split_sentences(chunk.text, chunk.language):
            start, text = chunk.start + sentence.start, chunk.text[sentence.start : sentence.end]
            at = next(((text.index(phrase), len(phrase)) for phrase in self.phrases if phrase in text), None)
            first, length = at or (0, 1)
            spans[start] = AnswerSpan(start + first, start + first + length, self.odds if at else -self.odds)
        best = max((span.odds for span in spans.values()), default=-self.odds)
        return Reading(passage, best, spans)


class ScriptedReranker:
    """Scores a text by the first key that stands in it, and any other text 0; keeps what it was asked."""

    name = "scripted"

    def __init__(self, scores: Mapping[str, float], languages: Iterable[Language] = LANGUAGES) -> None:
        self.known = scores
        self.languages: frozenset[Language] = frozenset(languages)
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, list(texts)))
        return [next((score for key, score in self.known.items() if key in text), 0.0) for text in texts]


@dataclass(frozen=True)
class Stores:
    """The open stores of an archive that a test has made."""

    catalog: Catalog
    lexical: LexicalIndex
    vectors: VectorIndex
    embedder: Embedder

    def retriever(self, reranker: Reranker | None = None, **options: Any) -> Retriever:
        return Retriever(self.catalog, self.lexical, self.vectors, self.embedder, reranker, **options)


def stores_of(
    folder: Path, articles: Sequence[Mapping[str, Any]], embedder: Embedder | None = None, names: NameReader | None = None
) -> Stores:
    """Index articles given as the rows of a .jsonl, in place of what was there before, and open what came of it."""
    news, data, embedder = folder / "news", folder / "data", embedder or NoEmbedder()
    news.mkdir(parents=True, exist_ok=True)
    (news / "a.jsonl").unlink(missing_ok=True)
    if articles:
        rows = (json.dumps(dict(article), default=str, ensure_ascii=False) for article in articles)
        (news / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    report = build_index(data, [news], embedder, BuildOptions(), Silent(), names=names)
    assert report.articles == len(articles), report
    return Stores(Catalog(data / FILE_NAME), LexicalIndex(data), VectorIndex(data, embedder), embedder)


def archive_of(
    folder: Path, articles: Sequence[Mapping[str, Any]], names: NameReader | None = None, **settings: Any
) -> Archive:
    """Index articles without an embedder, and open them as the product does: with settings, else what KHABAR_* says."""
    data = folder / "data"
    stores_of(folder, articles, names=names).catalog.close()
    return open_archive(read_settings(**{"data": data, "embedder": "none", "reader": "none", "llm": "none"} | settings))


def names_of(passages: Iterable[Passage]) -> list[str]:
    """Return the ids that the passages' articles have in their .jsonl."""
    return [found.article.path.split("#", 1)[1] for found in passages]


BROKEN = GenerationError("the language model scripted failed (out of memory)", "ask again")


def passage(
    text: str,
    language: Language = "en",
    *,
    rank: int = 1,
    score: float = 1.0,
    title: str = "",
    before: str = "",
    after: str = "",
    outlet: str | None = "Northgate Wire",
    published: date | None = date(2025, 8, 16),
    article_id: str | None = None,
) -> Passage:
    """Return a passage whose chunk is `text`, standing between `before` and `after` in its article."""
    article_id = article_id or f"article-{rank}"
    article = Article(
        article_id, f"seeds/{language}/{article_id}.txt", title, outlet, published, language, None, before + text + after
    )
    chunk = Chunk(rank, article_id, language, title, len(before), len(before) + len(text), text)
    return Passage(chunk, article, rank, score)


def evidence(found: Passage, number: int = 0, score: float = 1.0) -> Evidence:
    """Return the sentence `number` of a passage as evidence."""
    span = split_sentences(found.chunk.text, found.chunk.language)[number]
    return Evidence(found, found.chunk.start + span.start, found.chunk.start + span.end, score)
