"""How fast a large archive is indexed and searched: the chunks of a corpus, repeated with changes until there are enough.

python -m benchmarks.speed BEIR_DIR [--chunks 100000] [--json OUT]

Times swing with the machine, so the same texts go into a plain Tantivy index of unfolded words in the same run: a ratio is
Khabar's time over that one's.
"""

from __future__ import annotations

import json
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

import click
import numpy as np
import tantivy
from rich.console import Console
from rich.table import Table

from benchmarks.retrieval import read_query_set
from index.build import build_index
from index.catalog import FILE_NAME, Catalog
from index.lexical import FOLDER, LexicalIndex, update_lexical
from index.types import LANGUAGES, Chunk, Language
from rag.archive import build_options, chosen_embedder
from rag.ask.question import Question, read_question
from rag.retrieve.expansion import expand
from rag.settings import read_settings
from rag.text.glossary import load_glossary

# So many words of a copy are others of the corpus, so that copies differ as two reports of the same matter do.
_CHANGED = 0.15
_TOP_K = 50
_WARM_UP = 100
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Figures:
    """Speeds in chunks a second, times in milliseconds, sizes in megabytes; ratios to plain words."""

    chunks: int
    read_and_stored_per_second: int
    analysed_and_indexed_per_second: int
    indexing_ratio: float
    own_language_p50_ms: float
    own_language_p95_ms: float
    all_languages_p50_ms: float
    all_languages_p95_ms: float
    query_p95_ratio: float
    index_mb: float
    memory_mb: int


class _Stopwatch:
    """Progress that keeps when each stage began."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}

    def stage(self, name: str, total: int) -> None:
        """Note the time."""
        self.began[name] = time.perf_counter()

    def advance(self, steps: int) -> None:
        """Say nothing."""


class _RepeatedCatalog:
    """Gives the indexer the chunks of a catalog, and copies with changed words, until there are enough."""

    revision = 1

    def __init__(self, chunks: Sequence[Chunk], count: int) -> None:
        self._chunks = chunks
        self._count = count
        self.seconds = 0.0  # spent on making copies, which is none of the indexer's time

    def mark_of(self, revision: int) -> str:
        """Return what tells this catalog from others."""
        return f"repeated-{revision}"

    def chunks_since(self, revision: int) -> Iterator[Chunk]:
        """Yield the chunks, the same ones every time."""
        chance = random.Random(1)
        vocabulary = [word for chunk in self._chunks for word in _WORD.findall(chunk.text)]
        for number in range(self._count):
            started = time.perf_counter()
            chunk = self._chunks[number % len(self._chunks)]
            text = chunk.text if number < len(self._chunks) else _changed(chunk.text, vocabulary, chance)
            copy = replace(chunk, chunk_id=number + 1, text=text)
            self.seconds += time.perf_counter() - started
            yield copy


def _changed(text: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    words = re.split(r"(\w+)", text)
    for _ in range(int(_CHANGED * len(words) / 2)):
        words[2 * chance.randrange(len(words) // 2) + 1] = chance.choice(vocabulary)
    return "".join(words)


def measure(corpus: Path, queries: Sequence[str], count: int, scratch: Path) -> Figures:
    """Index `count` chunks made of a corpus and ask the queries, timing both."""
    settings = read_settings(data=scratch / "corpus", embedder="none", llm="none")
    watch = _Stopwatch()
    report = build_index(settings.data, [corpus], chosen_embedder(settings), build_options(settings), watch)
    stored = watch.began["analyse"] - watch.began["read"]
    catalog = Catalog(settings.data / FILE_NAME)
    repeated = _RepeatedCatalog(list(catalog.chunks_since(0)), count)
    started = time.perf_counter()
    update_lexical(cast(Catalog, repeated), scratch / "large", True, lambda _: None)
    indexed = time.perf_counter() - started - repeated.seconds
    own, everywhere = _query_times(LexicalIndex(scratch / "large"), queries)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain_indexed, plain = _plain(repeated, queries, scratch)
    return Figures(
        chunks=count,
        read_and_stored_per_second=round(report.chunks / stored),
        analysed_and_indexed_per_second=round(count / indexed),
        indexing_ratio=round(indexed / plain_indexed, 2),
        own_language_p50_ms=_percentile(own, 50),
        own_language_p95_ms=_percentile(own, 95),
        all_languages_p50_ms=_percentile(everywhere, 50),
        all_languages_p95_ms=_percentile(everywhere, 95),
        query_p95_ratio=round(_percentile(own, 95) / _percentile(plain, 95), 2),
        index_mb=_megabytes(scratch / "large" / FOLDER),
        memory_mb=round(memory),
    )


def _query_times(lexical: LexicalIndex, queries: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each query, asked once: expansion and BM25 in its own language, and in all three."""
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


def _plain(repeated: _RepeatedCatalog, queries: Sequence[str], scratch: Path) -> tuple[float, list[float]]:
    """Return the seconds that an index of plain words takes, and the milliseconds of its queries."""
    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace", index_option="freq").build()
    folder = scratch / "plain"
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    made = repeated.seconds
    started = time.perf_counter()
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    for chunk in repeated.chunks_since(0):
        writer.add_document(tantivy.Document(text=" ".join(_WORD.findall(f"{chunk.title} {chunk.text}"))))
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - started - (repeated.seconds - made)
    index.reload()
    searcher = index.searcher()
    times = []
    for text in queries:
        began = time.perf_counter()
        terms = [tantivy.Query.term_query(schema, "text", word) for word in _WORD.findall(text)]
        searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]), _TOP_K)
        times.append(1000 * (time.perf_counter() - began))
    return seconds, times[_WARM_UP:]


def _percentile(times: Sequence[float], share: float) -> float:
    return round(float(np.percentile(times, share)), 2)


def _megabytes(folder: Path) -> float:
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--chunks", default=100_000, type=click.IntRange(min=1_000), help="chunks of the archive, about")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write the figures to this file")
def main(folder: Path, chunks: int, json_file: Path | None) -> None:
    """Time an archive made of a BEIR folder's corpus."""
    queries = [query.text for query in read_query_set(folder, None).queries]
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(folder / "corpus.jsonl", queries, chunks, Path(scratch))
    shown = Table("figure", "value")
    for name, value in asdict(figures).items():
        shown.add_row(name.replace("_", " "), f"{value:,}")
    Console(width=80).print(shown)
    if json_file:
        json_file.write_text(json.dumps(asdict(figures), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
