"""How good answers are: the questions of BEIR folders, each asked of the whole corpus of its folder as one archive.

python -m benchmarks.answers BEIR_DIR ... [--limit N] [--off N] [--generator] [--embedder NAME] [--json OUT]

A folder holds corpus.jsonl and queries.jsonl, whose metadata has `lang`, `answers` (strings, one of which an answer should
hold) and `unanswerable`. Where several folders are given, questions of the others in the archive's languages are asked of it
too: none of them can be answered there. Strings are compared folded. An abstention holds no answer.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import roc_auc_score

from benchmarks.retrieval import index_corpora, read_query_set
from index.text import squash
from index.types import KhabarError
from rag.archive import Archive, open_archive
from rag.ask.question import QuestionError
from rag.settings import Settings, read_settings
from rag.types import Answer

Chosen = TypeVar("Chosen")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the strings of which an answer should hold one; none where the archive does not answer it."""

    text: str
    language: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a question: whether the answer held the string (in three places), its confidence, and its time."""

    asked: Asked
    in_first_quote: bool
    in_answer: bool
    in_phrase: bool
    verbatim: bool
    abstained: bool
    confidence: float
    milliseconds: float
    sentences: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one set's questions in one language: shares from 0 to 1 (None where no question counts), and ms.

    `auroc` tells answerable from unanswerable questions of the set by their confidence, `off_auroc` answerable ones from those
    of other sets; `off_refused` is the share of the latter that is refused. `supported`, `dropped` and `replaced` are shares of
    a draft's sentences.
    """

    set: str
    language: str
    questions: int
    answer_in_first_quote: float | None
    answer_in_answer: float | None
    answer_in_phrase: float | None
    verbatim: float | None
    false_abstention: float | None
    true_abstention: float | None
    auroc: float | None
    off_questions: int
    off_refused: float | None
    off_auroc: float | None
    p50_ms: float
    supported: float | None = None
    dropped: float | None = None
    replaced: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A row with the confidences behind it: of questions with the answer shown, not shown, unanswerable, and of other sets."""

    row: Row
    right: tuple[float, ...]
    wrong: tuple[float, ...]
    unanswerable: tuple[float, ...]
    off: tuple[float, ...]


def read_asked(folder: Path, limit: int | None = None) -> list[Asked]:
    """Return the questions of a folder that have an answer or are marked unanswerable, `limit` of them evenly chosen."""
    found: list[Asked] = []
    try:
        with (folder / "queries.jsonl").open(encoding="utf-8") as file:
            for line in filter(str.strip, file):
                row = json.loads(line)
                metadata = row["metadata"]
                answers = tuple(answer for answer in metadata.get("answers", ()) if squash(answer))
                unanswerable = bool(metadata.get("unanswerable"))
                if answers or unanswerable:
                    found.append(Asked(row["text"], metadata.get("lang", "?"), () if unanswerable else answers))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KhabarError(
            f"'{folder}' has no questions with answers ({type(error).__name__}: {error})",
            "it needs queries.jsonl with metadata.answers or metadata.unanswerable",
        ) from error
    return evenly(found, limit)


def evenly(found: Sequence[Chosen], limit: int | None) -> list[Chosen]:
    """Return `limit` of the questions, evenly chosen; all where they are fewer."""
    if limit is None or len(found) <= limit:
        return list(found)
    return [found[i * len(found) // limit] for i in range(limit)]


def holds(answers: Iterable[str], text: str) -> bool:
    """Tell whether a text holds one of the strings, compared by their folded letters and digits."""
    squashed = squash(text)
    return any(squash(answer) in squashed for answer in answers)


def hear(asked: Asked, archive: Archive) -> Heard:
    """Ask a question and return what came of it."""
    started = time.perf_counter()
    try:
        answer = archive.answerer.answer(asked.text)
    except QuestionError as error:
        answer = Answer(asked.text, "en", str(error), "quotes", True)
    milliseconds = 1000 * (time.perf_counter() - started)
    first = answer.citations[0] if answer.citations else None
    phrase = first.quote[first.phrase[0] - first.start : first.phrase[1] - first.start] if first and first.phrase else ""
    drafted = answer.drafted
    counted = (drafted.supported, drafted.dropped, drafted.replaced) if drafted else (0, 0, 0)
    return Heard(
        asked,
        in_first_quote=first is not None and holds(asked.answers, first.quote),
        in_answer=not answer.abstained and holds(asked.answers, answer.answer),
        in_phrase=bool(phrase) and holds(asked.answers, phrase),
        verbatim=all(_is_verbatim(answer, archive)),
        abstained=answer.abstained,
        confidence=answer.confidence,
        milliseconds=milliseconds,
        sentences=counted,
    )


def _is_verbatim(answer: Answer, archive: Archive) -> Iterable[bool]:
    for citation in answer.citations:
        article = archive.catalog.article(citation.article_id)
        yield article is not None and article.text[citation.start : citation.end] == citation.quote


def measure(folder: Path, others: Sequence[Path], settings: Settings, limit: int | None, off: int) -> list[Measured]:
    """Index a folder's corpus into the settings' data folder, ask it everything, and return the figures by language."""
    by_language: dict[str, list[Asked]] = defaultdict(list)
    for asked in read_asked(folder, limit):
        by_language[asked.language].append(asked)
    index_corpora([read_query_set(folder, 1)], settings)
    archive = open_archive(settings)
    archive.answerer.warm_up()
    measured = []
    for language, questions in by_language.items():
        foreign = [asked for other in others for asked in read_asked(other) if asked.language == language]
        heard = [hear(asked, archive) for asked in _tracked(questions, f"{folder.name} {language}")]
        elsewhere = [hear(asked, archive) for asked in _tracked(evenly(foreign, off), f"{folder.name}, questions of others")]
        measured.append(_measured(folder.resolve().name, language, heard, elsewhere))
    archive.catalog.close()
    return measured


def _tracked(questions: Sequence[Asked], name: str) -> Iterable[Asked]:
    return track(questions, name, console=Console(stderr=True), transient=True)


def _measured(name: str, language: str, heard: Sequence[Heard], elsewhere: Sequence[Heard]) -> Measured:
    answerable = [one for one in heard if one.asked.answers]
    unanswerable = [one for one in heard if not one.asked.answers]

    def shares(rows: Sequence[Heard], field: str) -> float | None:
        return _mean([getattr(row, field) for row in rows])

    sentences = [sum(column) for column in zip(*(one.sentences for one in heard), strict=True)]
    drafted = [round(count / sum(sentences), 4) if sum(sentences) else None for count in sentences]
    row = Row(
        set=name,
        language=language,
        questions=len(heard),
        answer_in_first_quote=shares(answerable, "in_first_quote"),
        answer_in_answer=shares(answerable, "in_answer"),
        answer_in_phrase=shares(answerable, "in_phrase"),
        verbatim=shares([one for one in heard if not one.abstained], "verbatim"),
        false_abstention=shares(answerable, "abstained"),
        true_abstention=shares(unanswerable, "abstained"),
        auroc=_auroc(answerable, unanswerable),
        off_questions=len(elsewhere),
        off_refused=shares(elsewhere, "abstained"),
        off_auroc=_auroc(answerable, elsewhere),
        p50_ms=round(float(np.percentile([one.milliseconds for one in heard], 50)), 2),
        supported=drafted[0],
        dropped=drafted[1],
        replaced=drafted[2],
    )
    return Measured(
        row,
        tuple(one.confidence for one in answerable if one.in_answer),
        tuple(one.confidence for one in answerable if not one.in_answer),
        tuple(one.confidence for one in unanswerable),
        tuple(one.confidence for one in elsewhere),
    )


def _mean(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _auroc(answerable: Sequence[Heard], others: Sequence[Heard]) -> float | None:
    if not answerable or not others:
        return None
    labels = [1] * len(answerable) + [0] * len(others)
    return round(float(roc_auc_score(labels, [one.confidence for one in (*answerable, *others)])), 4)


def table(rows: Iterable[Row]) -> Table:
    """Return the figures as a table for a terminal."""
    headings = (
        "set, in, questions, first quote, answer, phrase, verbatim, false abst., true abst., auroc, off, off refused, "
        "off auroc, p50 ms, supported, dropped, replaced"
    )
    shown = Table(*headings.split(", "))
    for row in rows:
        shown.add_row(*map(cell, asdict(row).values()))
    return shown


def cell(value: object) -> str:
    """Return a figure as a table shows it."""
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def measure_all(folders: Sequence[Path], limit: int | None, off: int, **settings: Any) -> list[Measured]:
    """Return the figures of every folder, each in an archive of its own."""
    measured: list[Measured] = []
    for folder in folders:
        # Tantivy's threads may still tidy up behind an error: what they leave is no reason to hide it.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
            others = [other for other in folders if other != folder]
            measured += measure(folder, others, read_settings(data=Path(data), **settings), limit, off)
    if not measured:
        raise KhabarError(
            "no question of these folders has an answer or is marked unanswerable",
            "give folders with metadata.answers in queries.jsonl",
        )
    return measured


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--limit", type=click.IntRange(min=1), help="ask so many questions of a set, evenly chosen")
@click.option("--off", default=300, show_default=True, type=click.IntRange(min=0), help="so many questions of other sets")
@click.option("--generator", is_flag=True, help="written mode, by the model that KHABAR_LLM names")
@click.option("--embedder", help="as KHABAR_EMBEDDER")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write the figures to this file")
def main(
    folders: Sequence[Path], limit: int | None, off: int, generator: bool, embedder: str | None, json_file: Path | None
) -> None:
    """Measure answers on BEIR folders."""
    try:
        measured = measure_all(folders, limit, off, llm=None if generator else "none", embedder=embedder)
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    Console(width=180).print(table(one.row for one in measured))
    if json_file:
        json_file.write_text(json.dumps([asdict(one.row) for one in measured], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
