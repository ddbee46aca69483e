"""How fast a large archive is indexed and searched: a corpus, repeated with changes until it has enough chunks.

python -m benchmarks.speed BEIR_DIR [--chunks 100000] [--json OUT]

Times swing with the machine, so the same texts go into a plain Tantivy index of unfolded words in the same run: `ratio` is
Khabar's time over that one's.
"""

from __future__ import annotations

import json
import random
import re
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
import tantivy
from rich.console import Console
from rich.table import Table

from benchmarks.retrieval import read_query_set
from index.build import build_index
from index.catalog import FILE_NAME, Catalog
from index.lexical import FOLDER, LexicalIndex
from index.types import LANGUAGES, Language
from rag.expand import expand
from rag.glossary import load_glossary
from rag.open import build_options, chosen_embedder, open_archive
from rag.question import Question, read_question
from rag.settings import Settings, read_settings

_FILE_ARTICLES = 20_000
# So many words of a copy are others of the corpus, so that copies differ as two reports of the same matter do.
_CHANGED = 0.15
_TOP_K = 50
_WARM_UP = 100
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Figures:
    """Sizes in chunks and megabytes, times in seconds (indexing) and milliseconds (queries); ratios to plain words."""

    chunks: int
    read_and_store_s: float
    analyse_and_index_s: float
    chunks_per_second: float
    chunks_per_second_with_reading: float
    indexing_ratio: float
    own_language_p50_ms: float
    own_language_p95_ms: float
    all_languages_p50_ms: float
    all_languages_p95_ms: float
    query_p95_ratio: float
    lexical_mb: float
    catalog_mb: float
    memory_mb: float


class _Stopwatch:
    """Progress that keeps when each stage began."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}

    def stage(self, name: str, total: int) -> None:
        """Note the time."""
        self.began[name] = time.perf_counter()

    def advance(self, steps: int) -> None:
        """Say nothing."""


def write_articles(corpus: Path, folder: Path, chunks: int) -> None:
    """Write the corpus into files of articles, and copies of it with changed words, until there should be enough chunks."""
    with corpus.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    chance = random.Random(1)
    vocabulary = [word for row in rows for word in _WORD.findall(row["text"])]
    articles = chunks * len(rows) // _chunk_count(corpus)
    for first in range(0, articles, _FILE_ARTICLES):
        with (folder / f"{first:08d}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(first, min(first + _FILE_ARTICLES, articles)):
                row = rows[number % len(rows)]
                text = row["text"] if number < len(rows) else _changed(row["text"], vocabulary, chance)
                file.write(json.dumps({"id": str(number), "title": row["title"], "text": text, "lang": _language(row)}) + "\n")


def _chunk_count(corpus: Path) -> int:
    with tempfile.TemporaryDirectory() as data:
        settings = read_settings(data=Path(data), embedder="none")
        return build_index(settings.data, [corpus], chosen_embedder(settings), build_options(settings), _Stopwatch()).chunks


def _language(row: dict[str, dict[str, str]]) -> str | None:
    return row.get("metadata", {}).get("lang")


def _changed(text: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    return _WORD.sub(lambda found: chance.choice(vocabulary) if chance.random() < _CHANGED else found.group(), text)


def measure(folder: Path, settings: Settings, queries: Sequence[str]) -> Figures:
    """Index the articles in a folder and ask the queries, timing both."""
    watch = _Stopwatch()
    report = build_index(settings.data, [folder], chosen_embedder(settings), build_options(settings), watch)
    ended = time.perf_counter()
    stored = watch.began["analyse"] - watch.began["read"]
    indexed = ended - watch.began["analyse"]
    own, everywhere = _query_times(settings, queries)
    times = [*np.percentile(own, (50, 95)), *np.percentile(everywhere, (50, 95))]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain_indexed, plain_times = _plain(settings, queries)
    return Figures(
        chunks=report.chunks,
        read_and_store_s=round(stored, 1),
        analyse_and_index_s=round(indexed, 1),
        chunks_per_second=round(report.chunks / indexed),
        chunks_per_second_with_reading=round(report.chunks / (stored + indexed)),
        indexing_ratio=round(indexed / plain_indexed, 2),
        own_language_p50_ms=round(float(times[0]), 2),
        own_language_p95_ms=round(float(times[1]), 2),
        all_languages_p50_ms=round(float(times[2]), 2),
        all_languages_p95_ms=round(float(times[3]), 2),
        query_p95_ratio=round(float(times[1] / np.percentile(plain_times, 95)), 2),
        lexical_mb=_megabytes(settings.data / FOLDER),
        catalog_mb=_megabytes(settings.data, "catalog*"),
        memory_mb=round(memory),
    )


def _query_times(settings: Settings, queries: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each query, asked once: expansion and BM25 in its own language, and in all three."""
    lexical = open_archive(settings).retriever.lexical
    glossary = load_glossary()
    asked = [read_question(text, (), glossary, 100_000) for text in queries]
    own, everywhere = [], []
    for question in asked:
        times = {language: _seconds(lexical, question, language) for language in LANGUAGES}
        own.append(1000 * times[question.language])
        everywhere.append(1000 * sum(times.values()))
    return own[_WARM_UP:], everywhere[_WARM_UP:]


def _seconds(lexical: LexicalIndex, question: Question, language: Language) -> float:
    started = time.perf_counter()
    lexical.search(expand(question, language, lexical).weights, language, _TOP_K)
    return time.perf_counter() - started


def _plain(settings: Settings, queries: Sequence[str]) -> tuple[float, list[float]]:
    """Return the seconds that an index of plain words takes, and the milliseconds of its queries."""
    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace", index_option="freq").build()
    catalog = Catalog(settings.data / FILE_NAME)
    with tempfile.TemporaryDirectory() as folder:
        index = tantivy.Index(schema, path=folder)
        started = time.perf_counter()
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for chunk in catalog.chunks_since(0):
            writer.add_document(tantivy.Document(text=" ".join(_WORD.findall(f"{chunk.title} {chunk.text}"))))
        writer.commit()
        writer.wait_merging_threads()
        seconds = time.perf_counter() - started
        index.reload()
        searcher = index.searcher()
        times = []
        for text in queries:
            began = time.perf_counter()
            terms = [tantivy.Query.term_query(schema, "text", word) for word in _WORD.findall(text)]
            searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]), _TOP_K)
            times.append(1000 * (time.perf_counter() - began))
    return seconds, times[_WARM_UP:]


def _megabytes(folder: Path, pattern: str = "**/*") -> float:
    return round(sum(file.stat().st_size for file in folder.glob(pattern) if file.is_file()) / 1e6, 1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--chunks", default=100_000, type=click.IntRange(min=1_000), help="chunks of the archive, about")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write the figures to this file")
def main(folder: Path, chunks: int, json_file: Path | None) -> None:
    """Time an archive made of a BEIR folder's corpus."""
    queries = [query.text for query in read_query_set(folder, None).queries]
    with tempfile.TemporaryDirectory() as scratch:
        articles, data = Path(scratch) / "articles", Path(scratch) / "data"
        articles.mkdir()
        write_articles(folder / "corpus.jsonl", articles, chunks)
        figures = measure(articles, read_settings(data=data, embedder="none", llm="none"), queries)
    shown = Table("figure", "value")
    for name, value in asdict(figures).items():
        shown.add_row(name.replace("_", " "), f"{value:,}")
    Console(width=80).print(shown)
    if json_file:
        json_file.write_text(json.dumps(asdict(figures), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
