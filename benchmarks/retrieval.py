"""How well the right article is found: BEIR folders through the product's own indexer and Retriever.

python -m benchmarks.retrieval BEIR_DIR ... [--mixed] [--limit N] [--only PART ...] [--without PART ...] [--vectors DATA]
[--json OUT]

A folder holds corpus.jsonl, queries.jsonl and qrels.tsv. With --mixed all corpora go into one index, which every query is
asked of; a folder may then lack the corpus, and hold queries about the articles of the others.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import ir_measures
import numpy as np
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG
from rich.console import Console
from rich.progress import track
from rich.table import Table

from index.build import build_index
from index.catalog import FILE_NAME
from index.progress import Silent
from index.report import BuildReport
from index.types import KhabarError
from rag.archive import Archive, build_options, chosen_embedder, open_archive
from rag.ask.question import QuestionError, read_question
from rag.retrieve.retriever import PARTS
from rag.settings import Settings, read_settings
from rag.text.glossary import Glossary, load_glossary

# Passages asked for, so that ten articles are among them.
_TOP_K = 40
_MEASURES = (Success @ 1, Success @ 5, Success @ 10, nDCG @ 10, RR @ 10)


@dataclass(frozen=True, slots=True)
class Query:
    """A query with its relevant articles and the language that its set says it is in."""

    query_id: str
    text: str
    language: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuerySet:
    """A folder's queries that have a relevant article; `corpus` is None where it asks about other folders' articles."""

    name: str
    corpus: Path | None
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one set's queries in one language: shares from 0 to 1, times in milliseconds."""

    set: str
    query_language: str
    queries: int
    hit_at_1: float
    hit_at_5: float
    hit_at_10: float
    ndcg_at_10: float
    mrr_at_10: float
    articles_per_second: float
    p50_ms: float
    p95_ms: float


def read_query_set(folder: Path, limit: int | None) -> QuerySet:
    """Return a folder's queries, `limit` of them evenly chosen. Raises KhabarError for a folder that is none of BEIR."""
    relevant: dict[str, set[str]] = defaultdict(set)
    rows: list[dict[str, Any]] = []
    try:
        with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    relevant[row["query-id"]].add(row["corpus-id"])
        with (folder / "queries.jsonl").open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
        queries = [
            Query(str(row["_id"]), row["text"], _language(row), frozenset(relevant[str(row["_id"])]))
            for row in rows
            if str(row["_id"]) in relevant
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KhabarError(
            f"'{folder}' is no BEIR folder ({type(error).__name__}: {error})", "it needs queries.jsonl and qrels.tsv"
        ) from error
    corpus = folder / "corpus.jsonl"
    return QuerySet(folder.resolve().name, corpus if corpus.is_file() else None, tuple(_sampled(queries, limit)))


def _language(row: Mapping[str, Any]) -> str:
    metadata = row.get("metadata")
    return str(metadata.get("lang", "?")) if isinstance(metadata, dict) else "?"


def _sampled(queries: Sequence[Query], limit: int | None) -> Iterable[Query]:
    if limit is None or len(queries) <= limit:
        return queries
    return (queries[i * len(queries) // limit] for i in range(limit))


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing made and took: articles, chunks that were embedded, and the seconds to words and from there to meaning."""

    articles: int
    embedded: int
    seconds_to_words: float
    seconds_to_meaning: float

    @property
    def articles_per_second(self) -> float:
        """Articles a second, all in."""
        return self.articles / (self.seconds_to_words + self.seconds_to_meaning)


class _Counting(Silent):
    """Hears how many chunks are embedded."""

    def __init__(self) -> None:
        self.embedded = 0

    def stage(self, name: str, total: int) -> None:
        if name == "embed":
            self.embedded += total


def index_corpora(sets: Sequence[QuerySet], settings: Settings, vectors: Path | None = None) -> Indexed:
    """Index every corpus of the sets into the settings' data folder; return what that took.

    `vectors` is a data folder in which the same texts were embedded before: theirs are taken over.
    """
    corpora = list(dict.fromkeys(found.corpus for found in sets if found.corpus))
    if not corpora:
        raise KhabarError(f"no corpus.jsonl in '{', '.join(found.name for found in sets)}'", "give its corpus and --mixed")
    embedder, counting = chosen_embedder(settings), _Counting()
    started, words = time.perf_counter(), 0.0

    def words_ready(_: BuildReport) -> None:
        nonlocal words
        words = time.perf_counter() - started
        if vectors:
            take_vectors(settings.data, vectors, embedder.name)

    report = build_index(settings.data, corpora, embedder, build_options(settings), counting, words_ready=words_ready)
    return Indexed(report.articles, counting.embedded, words, time.perf_counter() - started - words)


def take_vectors(data: Path, other: Path, embedder: str) -> None:
    """Copy into a catalog the vectors that another one has of an embedder; those of other texts wait unused."""
    with sqlite3.connect(data / FILE_NAME, timeout=30) as connection:
        connection.execute("ATTACH ? AS other", (str(other / FILE_NAME),))
        connection.execute(
            "INSERT OR IGNORE INTO embeddings SELECT e.* FROM other.embeddings e "
            "WHERE e.embedder = ? AND e.text_hash IN (SELECT text_hash FROM main.chunks)",
            (embedder,),
        )
    connection.close()


def measure(
    sets: Sequence[QuerySet], settings: Settings, parts: frozenset[str], articles_per_second: float
) -> Iterator[Row]:
    """Yield the figures of each set and language, asked of the index in the settings' data folder."""
    archive = open_archive(settings, parts)
    archive.retriever.warm_up()
    glossary = load_glossary(settings.glossary)
    for found in sets:
        by_language: dict[str, list[Query]] = defaultdict(list)
        for query in found.queries:
            by_language[query.language].append(query)
        for language, queries in by_language.items():
            yield _row(found, language, queries, archive, glossary, articles_per_second)


def _row(
    asked: QuerySet,
    language: str,
    queries: Sequence[Query],
    archive: Archive,
    glossary: Glossary,
    articles_per_second: float,
) -> Row:
    article_id = _ids(asked, archive)
    run: list[ScoredDoc] = []
    times: list[float] = []
    for query in track(queries, f"{asked.name} {language}", console=Console(stderr=True), transient=True):
        started = time.perf_counter()
        ranked = ranked_articles(query.text, archive, glossary)
        times.append(1000 * (time.perf_counter() - started))
        run += [ScoredDoc(query.query_id, article_id(path), -float(rank)) for rank, path in enumerate(ranked)]
    qrels = [Qrel(query.query_id, article, 1) for query in queries for article in query.relevant]
    found = ir_measures.calc_aggregate(_MEASURES, qrels, run) if run else dict.fromkeys(_MEASURES, 0.0)
    hit_at_1, hit_at_5, hit_at_10, ndcg, mrr = (round(float(found[measured]), 4) for measured in _MEASURES)
    p50, p95 = (round(float(np.percentile(times, share)), 2) for share in (50, 95))
    count = len(queries)
    return Row(asked.name, language, count, hit_at_1, hit_at_5, hit_at_10, ndcg, mrr, round(articles_per_second, 1), p50, p95)


def _ids(asked: QuerySet, archive: Archive) -> Callable[[str], str]:
    """Return what gives an article's id in the set by its path; an article of another set's corpus keeps its path."""
    prefixes = [
        f"{source.path}#"
        for location, source in archive.catalog.sources().items()
        if asked.corpus is None or location == os.path.abspath(asked.corpus)
    ]

    def article_id(path: str) -> str:
        return next((path.removeprefix(prefix) for prefix in prefixes if path.startswith(prefix)), path)

    return article_id


def ranked_articles(text: str, archive: Archive, glossary: Glossary) -> list[str]:
    """Return the paths of the articles whose passages the Retriever finds, each at its best passage, at most ten."""
    try:
        question = read_question(text, (), glossary, max_characters=1_000_000)
    except QuestionError:
        return []
    passages = archive.retriever.retrieve(question, _TOP_K)
    return list(dict.fromkeys(passage.article.path for passage in passages))[:10]


def table(rows: Iterable[Row]) -> Table:
    """Return the figures as a table for a terminal."""
    headings = "set, queries in, queries, hit@1, hit@5, hit@10, ndcg@10, mrr@10, articles/s, p50 ms, p95 ms"
    shown = Table(*headings.split(", "))
    for row in rows:
        values = list(asdict(row).values())
        shown.add_row(*values[:2], str(values[2]), *(f"{value:.3f}" for value in values[3:8]), *map(str, values[8:]))
    return shown


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--mixed", is_flag=True, help="put all corpora into one index and ask every set of the whole")
@click.option("--limit", type=click.IntRange(min=1), help="ask so many queries of a set, evenly chosen")
@click.option("--only", multiple=True, type=click.Choice(["bm25", *sorted(PARTS)]), help="use these parts alone (repeatable)")
@click.option("--without", multiple=True, type=click.Choice(sorted(PARTS)), help="leave these parts out (repeatable)")
@click.option("--embedder", help="as KHABAR_EMBEDDER")
@click.option("--reranker", help="as KHABAR_RERANKER")
@click.option("--vectors", type=click.Path(path_type=Path, exists=True), help="take vectors from this data folder")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write the figures to this file")
def main(
    folders: Sequence[Path],
    mixed: bool,
    limit: int | None,
    only: Sequence[str],
    without: Sequence[str],
    embedder: str | None,
    reranker: str | None,
    vectors: Path | None,
    json_file: Path | None,
) -> None:
    """Measure retrieval on BEIR folders."""
    named = {part for name in only for part in (PARTS - {"dense"} if name == "bm25" else {name})}
    parts = frozenset((named or PARTS) - set(without))
    try:
        sets = [read_query_set(folder, limit) for folder in folders]
        rows: list[Row] = []
        for together in [sets] if mixed else [[found] for found in sets]:
            with tempfile.TemporaryDirectory() as data:
                chosen = embedder if "dense" in parts else "none"
                settings = read_settings(data=Path(data), llm="none", embedder=chosen, reranker=reranker)
                rows += measure(together, settings, parts, index_corpora(together, settings, vectors).articles_per_second)
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    Console(width=140).print(table(rows))
    if json_file:
        json_file.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
