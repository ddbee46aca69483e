"""How well the reader reads by itself: the right passage in front of it, on questions that were kept from its training.

python -m benchmarks.reading READING_DIR --sets DIR [--limit N] [--adapter FILE] [--json OUT] [--write docs/answers.md]

READING_DIR holds folders in the layout of BEIR whose questions name the paragraph that they are asked of; paragraphs whose id
ends in 0 to 3 were kept. DIR holds the news sets, of whose articles Khabar's own questions (benchmarks/data/reading, part
"check") are asked. A question is read beside all chunks of its article. Exact match and F1 are those of SQuAD (Rajpurkar et
al., EMNLP 2016), over words folded as Khabar folds them, against the best of the answers; `inside` tells that a whole answer
stands in the span. AUROC tells answerable questions from those that their article leaves open.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.logistic import auroc
from benchmarks.page import put_figures
from benchmarks.reader_data import Asked, Text, read_news, read_own, read_public
from index.chunk import chunk_spans
from index.text import squash, words
from index.types import Article, Chunk, KhabarError
from rag.settings import read_settings
from rag.types import Passage
from rag.weigh.logistic import probability
from rag.weigh.reader import E5Reader, Reader

_BINS = 5
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader made of one question: the span (none: empty), how well it agrees, and how likely it takes an answer."""

    source: str
    language: str
    answerable: bool
    text: str
    exact: float
    f1: float
    inside: float
    answers: float


@dataclass(frozen=True, slots=True)
class Row:
    """The figures (0 to 1; None where nothing counts) of one set in one language of question."""

    source: str
    language: str
    questions: int
    unanswerable: int
    exact: float | None
    f1: float | None
    inside: float | None
    auroc: float | None


def read_all(
    reader: Reader, asked: Iterable[Asked], texts: dict[str, Text], words_each: int, overlap: int
) -> Iterator[Outcome]:
    """Yield what the reader makes of each question, asked of all chunks of its article."""
    for one in asked:
        passages = passages_of(one.article, texts[one.article], words_each, overlap)
        readings = reader.read(one.text, passages)
        spans = [(span.odds, span) for reading in readings for span in reading.spans.values()]
        best = max(spans, key=lambda pair: pair[0])[1] if spans else None
        text = passages[0].article.text[best.start : best.end] if best else ""
        answers = max((reading.answers for reading in readings), default=-np.inf)
        yield outcome(one, text, probability(answers))


def outcome(asked: Asked, text: str, answers: float) -> Outcome:
    """Return how well a span agrees with the best of a question's answers."""
    found, golds = squash(text), [squash(gold) for gold in asked.answers]
    exact, inside = float(found in golds), float(any(gold in found for gold in golds))
    f1 = max((f1_of(text, gold) for gold in asked.answers), default=0.0)
    return Outcome(asked.source, asked.language, bool(golds), text, exact, f1, inside, answers)


def f1_of(text: str, gold: str) -> float:
    """Return the harmonic mean of precision and recall over the words of two texts."""
    mine, theirs = Counter(words(text)), Counter(words(gold))
    common = sum((mine & theirs).values())
    return 2 * common / (mine.total() + theirs.total()) if common else 0.0


def passages_of(name: str, text: Text, words_each: int, overlap: int) -> list[Passage]:
    """Return the chunks of a text as passages."""
    article = Article(name, name, text.title, None, None, text.language, None, text.text)
    chunks = [
        Chunk(at, name, text.language, text.title, span.start, span.end, text.text[span.start : span.end])
        for at, span in enumerate(chunk_spans(article, words_each, overlap), 1)
    ]
    return [Passage(chunk, article, chunk.chunk_id, 1.0) for chunk in chunks]


def rows_of(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return the figures of each set and language."""
    grouped: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        grouped[one.source, one.language].append(one)
    return [_row(*key, found) for key, found in sorted(grouped.items())]


def _row(source: str, language: str, found: Sequence[Outcome]) -> Row:
    answered = [one for one in found if one.answerable]
    left_open = [one.answers for one in found if not one.answerable]
    exact, f1, inside = (_mean([getattr(one, name) for one in answered]) for name in ("exact", "f1", "inside"))
    area = round(auroc([one.answers for one in answered], left_open), 3) if answered and left_open else None
    return Row(source, language, len(found), len(left_open), exact, f1, inside, area)


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 3) if values else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of one language that the reader thinks as likely to be answered: the mean of that, and the share that is."""

    language: str
    questions: int
    expected: float
    answered: float


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Return the reliability curve of each language in bins of one width, empty ones left out."""
    found: list[Bin] = []
    for language in sorted({one.language for one in outcomes}):
        for number in range(_BINS):
            here = [one for one in outcomes if one.language == language and min(int(one.answers * _BINS), _BINS - 1) == number]
            if here:
                expected, answered = (round(float(np.mean(each)), 3) for each in zip(*map(_likelihoods, here), strict=True))
                found.append(Bin(language, len(here), expected, answered))
    return found


def _likelihoods(one: Outcome) -> tuple[float, float]:
    return one.answers, float(one.answerable)


def tables(outcomes: Sequence[Outcome]) -> str:
    """Return the figures and the reliability curve as Markdown."""
    columns = ("set", "in", "questions", "unanswerable", "exact", "F1", "answer inside", "AUROC")
    lines = [f"| {' | '.join(columns)} |", f"| --- | --- |{' ---: |' * 6}"]
    for row in rows_of(outcomes):
        shown = (f"{value:.3f}" if value is not None else "–" for value in (row.exact, row.f1, row.inside, row.auroc))
        lines.append(f"| {row.source} | {row.language} | {row.questions} | {row.unanswerable} | {' | '.join(shown)} |")
    lines += ["", "| in | questions | thought likely to be answered | are answered |", "| --- | ---: | ---: | ---: |"]
    for one in reliability(outcomes):
        lines.append(f"| {one.language} | {one.questions} | {one.expected:.2f} | {one.answered:.2f} |")
    return "\n".join(lines) + "\n"


def kept(reading: Path, sets: Path, limit: int | None) -> tuple[list[Asked], dict[str, Text]]:
    """Return the questions kept from training, at most `limit` of each set, evenly chosen, and the texts they are asked of."""
    found, texts = [one for one in read_own() if one.checked], read_news(sets)
    for folder in sorted(path for path in reading.iterdir() if path.is_dir()):
        more, paragraphs = read_public(folder)
        found += [one for one in more if one.checked]
        texts |= paragraphs
    by_set: defaultdict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in found:
        by_set[one.source, one.language].append(one)
    return [one for group in by_set.values() for one in group[:: max(1, -(-len(group) // (limit or len(group))))]], texts


@click.command()
@click.argument("reading", type=_FOLDER)
@click.option("--sets", type=_FOLDER, required=True, help="folder of the news sets")
@click.option("--limit", type=int, help="so many questions of each set and language at most")
@click.option("--adapter", type=_FILE, help="another reader than the embedded one")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write what came of each question")
@click.option("--write", type=_FILE, help="the page that the figures go into")
def main(
    reading: Path, sets: Path, limit: int | None, adapter: Path | None, json_file: Path | None, write: Path | None
) -> None:
    """Measure the reader by itself."""
    settings = read_settings(llm="none")
    asked, texts = kept(reading, sets, limit)
    shown = track(asked, "questions", console=Console(stderr=True))
    try:
        reader = E5Reader(adapter=adapter, cache=settings.cache)
        outcomes = list(read_all(reader, shown, texts, settings.chunk_words, settings.overlap_words))
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    click.echo(tables(outcomes))
    if json_file:
        rows = [asdict(one) for one in outcomes]
        json_file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if write:
        put_figures(write, tables(outcomes), "reading")


if __name__ == "__main__":
    main()
