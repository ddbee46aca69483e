"""How fast the nearest vectors under a filter are found: every passing vector compared, or Chroma's neighbours sifted.

python -m benchmarks.filters [--chunks N]

Makes an archive of N chunks (100,000) with vectors of 384 dimensions around some hundred subjects, no text to speak of, and
asks it under filters that let 0.1% to 90% of the chunks pass. `sifted` asks Chroma for so many neighbours that the wanted
number should pass, and compares every vector where they did not; `found` is the share of the truly nearest that it returns.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from index.catalog import FILE_NAME, Catalog, SourceFile
from index.chunk import Span
from index.embed import Vectors
from index.progress import Silent
from index.types import Article, Filter, Language
from index.vectors import VectorIndex, update_vectors
from rag.retrieve.nearest import Near, NearestChunks

_DIMENSION = 384
_SUBJECTS = 300
_FIRST = date(2000, 1, 1)
_PER_SOURCE = 1_000
_SHARES = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9)


class _RandomEmbedder:
    """Makes the vectors of random texts around subjects."""

    name = "random"
    languages: frozenset[Language] = frozenset({"en"})

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)
        self._subjects = self._random.normal(size=(_SUBJECTS, _DIMENSION))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text, near one of the subjects."""
        subjects = self._subjects[self._random.integers(0, _SUBJECTS, len(texts))]
        vectors = subjects + 1.5 * self._random.normal(size=(len(texts), _DIMENSION))
        unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def embed_query(self, text: str) -> Vectors:
        """Return a vector near one of the subjects."""
        vector: Vectors = self.embed_passages([text])[0]
        return vector


def build(data: Path, chunks: int, embedder: _RandomEmbedder) -> Catalog:
    """Return a catalog of so many one-chunk articles, one a thousandth of the time after the other, embedded."""
    catalog = Catalog(data / FILE_NAME, writable=True)
    for first in range(0, chunks, _PER_SOURCE):
        articles = [_article(number, chunks) for number in range(first, min(first + _PER_SOURCE, chunks))]
        catalog.replace_source(SourceFile(f"s{first}", f"s/{first}", "1"), articles)
    waiting = catalog.embeddings.unembedded(embedder.name, embedder.languages)
    for start in range(0, len(waiting), 400):
        texts = catalog.embeddings.texts_to_embed(waiting[start : start + 400])
        catalog.embeddings.add(
            embedder.name, [text_hash for text_hash, _ in texts], embedder.embed_passages([text for _, text in texts])
        )
    update_vectors(catalog, data, embedder, False, Silent().advance)
    return catalog


def _article(number: int, of: int) -> tuple[Article, list[Span]]:
    text, day = f"text {number}", _FIRST + timedelta(days=number * 1000 // of)
    return Article(f"a{number}", f"a/{number}", "", None, day, "en", None, text), [Span(0, len(text))]


def asked(ask: Callable[[Vectors], list[Near]], questions: Sequence[Vectors]) -> tuple[float, list[set[int]]]:
    """Return the median time of a question in milliseconds, and what each found."""
    times: list[float] = []
    found: list[set[int]] = []
    for question in questions:
        started = time.perf_counter()
        near = ask(question)
        times.append(1000 * (time.perf_counter() - started))
        found.append({chunk_id for chunk_id, _ in near})
    return float(np.median(times)), found


def row(nearest: NearestChunks, within: Filter, passing: int, top: int, questions: Sequence[Vectors]) -> list[str]:
    """Return the figures of one filter."""
    compared, true = asked(lambda question: nearest.compared(question, within, top), questions)
    sifted, got = asked(lambda question: nearest.sifted(question, "en", within, top, passing), questions)
    ruled, _ = asked(lambda question: nearest.find(question, "en", within, top), questions)
    held = float(np.mean([len(one & other) / len(one) for one, other in zip(true, got, strict=True)]))
    return [f"{compared:.1f}", f"{sifted:.1f}", f"{compared / sifted:.2f}", f"{held:.3f}", f"{ruled:.1f}"]


@click.command()
@click.option("--chunks", default=100_000)
@click.option("--top", default=60, help="so many nearest")
def main(chunks: int, top: int) -> None:
    """Measure both ways at each share."""
    embedder = _RandomEmbedder()
    shown = Table("passing", "chunks", "compared ms", "sifted ms", "ratio", "found", "by rule ms")
    with tempfile.TemporaryDirectory() as folder:
        catalog = build(Path(folder), chunks, embedder)
        index = VectorIndex(Path(folder), embedder)
        nearest = NearestChunks(catalog, index, embedder.name)
        questions = [embedder.embed_query("") for _ in range(15)]
        index.search(questions[0], "en", top)
        for share in _SHARES:
            within = Filter(languages=frozenset({"en"}), since=_FIRST + timedelta(days=round(1000 * (1 - share))))
            passing = catalog.count_within(within)
            shown.add_row(f"{share:.1%}", f"{passing:,}", *row(nearest, within, passing, top, questions))
        catalog.close()
    Console(width=120).print(shown)


if __name__ == "__main__":
    main()
