"""What the tests of index/ make for themselves: articles in three languages, and stand-ins for the models."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.clean import clean
from index.embed import Embedder, Vectors
from index.lexical import LexicalIndex
from index.load import RawDocument, read_documents
from index.ordinary import ORDINARY
from index.progress import Tell, silent
from index.report import BuildReport
from index.text import analyse
from index.types import EVERYTHING, LANGUAGES, Article, Filter, Language, Problem
from index.vectors import VectorIndex

ARABIC = (
    "قمة بودابست مؤجلة\n"
    "تاريخ النشر: 21st, October 2025 GMT\n"
    "قال البيت الأبيض إنّ القمّة بين الرئيسين ترامب وبوتين في بودابست أُرجئت إلى موعد لم يُحدَّد.\n"
    "وأجرى روبيو اتصالا بنظيره لافروف استمر ٣٥ دقيقة.\n"
    "المصدر: وكالة النورس\n"
)
PERSIAN = (
    "---\ntitle: دیدار بوداپست: به تعویق افتاد\noutlet: خبرگزاری کبوتر\npublished: ۲۹ مهر ۱۴۰۴\n---\n"
    "کاخ سفید می‌گوید دیدار رئیس‌جمهور ترامپ با پوتین در بوداپست برگزار نمی‌شود.\n"
    "روبیو و لاوروف ۳۵ دقیقه گفت‌وگو کردند.\n"
)
ENGLISH = (
    "---\ntitle: Budapest meeting put off\noutlet: Northgate Wire\npublished: 2025-10-21\n---\n"
    "The White House said that the meeting of Trump and Putin in Budapest is put off.\n"
    "Rubio and Lavrov spoke for 35 minutes, an official said.\n"
)


class Quiet:
    """Hears of the stages of an indexing run; `heard` keeps them."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []
        self.steps = 0

    def stage(self, name: str, total: int) -> None:
        self.heard.append((name, total))

    def advance(self, steps: int) -> None:
        self.steps += steps


def is_ordinary(texts: Sequence[str]) -> bool:
    """Tell whether these are the sentences that steady a language's average, which are embedded beside every archive."""
    return any(tuple(texts) == sentences for sentences in ORDINARY.values())


class TinyEmbedder:
    """Makes 64 numbers of the grams in a text; counts the texts that it was given."""

    def __init__(self, languages: Iterable[Language] = LANGUAGES, name: str = "tiny") -> None:
        self.name = name
        self.languages: frozenset[Language] = frozenset(languages)
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(64, 1e-3, dtype=np.float32)
        for gram in analyse(text):
            vector[zlib.crc32(gram.encode()) % 64] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not is_ordinary(texts):
            self.embedded.extend(texts)
        return np.stack([self.embed_query(text) for text in texts])


def write_articles(folder: Path, texts: Mapping[str, str] | None = None) -> Path:
    """Write files by name; one in each language where none are given."""
    for name, text in (texts or {"ar.txt": ARABIC, "fa.txt": PERSIAN, "en.txt": ENGLISH}).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def build(
    data: Path,
    *paths: Path,
    embedder: Embedder | None = None,
    rebuild: bool = False,
    tell: Tell = silent,
    **options: int,
) -> BuildReport:
    return build_index(data, paths, embedder or TinyEmbedder(), BuildOptions(**options), Quiet(), rebuild=rebuild, tell=tell)


def embed_all(catalog: Catalog, embedder: str, languages: Iterable[Language]) -> dict[bytes, Vectors]:
    """Give every chunk that has none a vector of its own; return them by hash."""
    waiting = catalog.embeddings.texts_to_embed(catalog.embeddings.unembedded(embedder, languages))
    vectors = np.eye(len(waiting), 64, dtype=np.float32)
    hashes = [text_hash for text_hash, _ in waiting]
    catalog.embeddings.add(embedder, hashes, vectors)
    return dict(zip(hashes, vectors, strict=True))


def articles_of(text: str | bytes, name: str = "a.txt", max_bytes: int = 1_000_000) -> list[Article]:
    """Return the articles of a file, which must read without a problem."""
    found = outcomes(text, name, max_bytes)
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def problems_of(text: str | bytes, name: str = "a.txt", max_bytes: int = 1_000_000) -> list[Problem]:
    return [item for item in outcomes(text, name, max_bytes) if isinstance(item, Problem)]


def outcomes(text: str | bytes, name: str = "a.txt", max_bytes: int = 1_000_000) -> list[Article | Problem]:
    """Load and clean one file."""
    content = text.encode() if isinstance(text, str) else text
    found: list[Article | Problem] = []
    for document in read_documents(content, name, max_bytes):
        found.extend(clean(document) if isinstance(document, RawDocument) else [document])
    return found


def grams_of(question: str) -> dict[tuple[str, str], float]:
    """Return the grams of a question as the weights of a search."""
    return {("grams", gram): 1.0 for gram in analyse(question)}


def search(
    data: Path, question: str, languages: Iterable[Language] = LANGUAGES, top_k: int = 10, within: Filter = EVERYTHING
) -> list[str]:
    """Return the chunk texts that BM25 finds for a question by its grams, best first."""
    reader = LexicalIndex(data)
    found = [pair for language in languages for pair in reader.search(grams_of(question), language, top_k, within)]
    return _texts(data, [chunk_id for chunk_id, _ in sorted(found, key=lambda pair: (-pair[1], pair[0]))[:top_k]])


def nearest(data: Path, question: str, embedder: Embedder | None = None, top_k: int = 10) -> list[str]:
    """Return the chunk texts whose vectors are nearest to a question's, best first."""
    embedder = embedder or TinyEmbedder()
    reader, vector = VectorIndex(data, embedder), embedder.embed_query(question)
    found = [pair for language in LANGUAGES for pair in reader.search(vector, language, top_k)]
    return _texts(data, [chunk_id for chunk_id, _ in sorted(found, key=lambda pair: (-pair[1], pair[0]))[:top_k]])


def size(data: Path) -> int:
    """Return how many chunks the BM25 indexes hold together."""
    return sum(LexicalIndex(data).sizes.values())


def _texts(data: Path, chunk_ids: Sequence[int]) -> list[str]:
    catalog = Catalog(data / FILE_NAME)
    try:
        chunks = catalog.chunks(chunk_ids)
        return [chunks[chunk_id][0].text for chunk_id in chunk_ids if chunk_id in chunks]
    finally:
        catalog.close()


def rows(data: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    """Return the rows of a catalog's table in a fixed order."""
    catalog = Catalog(data / FILE_NAME)
    try:
        return sorted(catalog.connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
    finally:
        catalog.close()
