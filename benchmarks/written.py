"""What readers see of a model's drafts: of 110 stored drafts, sentence by sentence, or of those that a generator writes.

python -m benchmarks.written drafts [BEIR_DIR …] [--limit N] [--json OUT] [--write docs/answers.md]
python -m benchmarks.written smollm2|FILE.gguf|URL [BEIR_DIR …] [--languages en] [--limit N] [--json OUT] [--write PAGE]

`drafts` replays benchmarks/data/drafts through the product's own Answerer, over one archive of seeds/ and of the articles of
the public sets that the drafts name (antcorpus, farsnews, multihop; drafts about a set that is not given are left out). An
article is one passage, because a label holds for an article. Any other generator is asked the fixed questions over seeds/, and
the English ones of newsroom.jsonl over multihop, where that folder is given.

true      its source says it: should be shown
false     its source does not: must not be shown
whole     of a model's drafts, those of which every sentence is shown; in part: some are; not at all: none is
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track

from benchmarks.answers import evenly
from benchmarks.drafts import SEEDS, articles_by_name, index_articles, read_drafts, within_reach
from benchmarks.newsroom import QUESTIONS
from benchmarks.page import markdown_table, put_figures
from benchmarks.replay import Replay, Replayed, replay
from benchmarks.retrieval import QuerySet, index_corpora
from benchmarks.writer_data import articles_learned_from
from index.types import LANGUAGES, KhabarError, Language
from rag.answer import Answerer, AnswerOptions
from rag.archive import chosen_judge, chosen_reader, languages_of, open_archive
from rag.ask.question import QuestionError
from rag.evaluate.fixed_question import FixedQuestion, read_questions
from rag.settings import Settings, read_settings
from rag.text.glossary import load_glossary
from rag.types import Answer

DRAFTS = "drafts"
_FIXED = sorted((SEEDS.parent / "tests" / "questions").glob("*.jsonl"))
# Words of a chunk: as many as the longest article that a draft names has.
_WHOLE_ARTICLE = 500
# Shown false sentences that are listed.
_WORST = 20
# Drafts that the page shows in full, about articles of seeds/ in more than one language.
_EXAMPLES = ("ar-02", "en-01", "fa-10")


def replay_all(sets: Sequence[Path], limit: int | None, console: Console) -> list[Replayed]:
    """Return what became of every sentence of the drafts whose articles are at hand, or of `limit` of them.

    Raises KhabarError.
    """
    drafts = evenly(within_reach(read_drafts(), sets), limit)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = read_settings(data=Path(folder) / "data", llm="none", chunk_words=_WHOLE_ARTICLE)
        index_articles(drafts, sets, settings, Path(folder))
        archive = open_archive(settings)
        articles = articles_by_name(drafts, archive.catalog)
        generator = Replay(articles)
        answerer = Answerer(
            archive.retriever, generator, load_glossary(settings.glossary), archive.embedder.name, AnswerOptions(),
            reader=chosen_reader(settings), judge=chosen_judge(settings),
        )  # fmt: skip
        shown = track(drafts, "drafts", console=console, transient=True)
        rows = [row for draft in shown for row in replay(draft, generator, answerer, articles)]
        archive.catalog.close()
    return rows


def replayed_text(rows: Sequence[Replayed]) -> str:
    """Return the figures of replayed drafts, by language, as tables of Markdown, and the false sentences that were shown."""
    tables = ((_TRUE, _true_rows(rows)), (_FALSE, _false_rows(rows)), (_BY_KIND, _kind_rows(rows)))
    parts = [*(markdown_table(*one) for one in tables), _neutral_line(rows)]
    if worst := [row for row in rows if row.sentence.label == "false" and row.fate == "shown"]:
        parts.append("False sentences that were shown:\n\n" + "\n".join(map(_told, worst[:_WORST])))
    return "\n\n".join([*parts, *_examples(rows)])


_TRUE = (
    "true sentences in", "n", "no draft asked", "source not given", "left", "shown", "a quote instead", "dropped", "given up",
)  # fmt: skip
_FALSE = ("false sentences in", "n", "read with their source", "shown")
_BY_KIND = ("false by kind", "n", "read with their source", "shown")


def _true_rows(rows: Sequence[Replayed]) -> Iterator[tuple[str, ...]]:
    for language, group in _by_language(rows):
        fates = Counter(row.fate for row in group if row.sentence.label == "true")
        left = fates.total() - fates["not asked"] - fates["not given"]
        shares = (_share(fates[fate], left) for fate in ("shown", "replaced", "dropped", "unread"))
        yield language, *map(str, (fates.total(), fates["not asked"], fates["not given"], left)), *shares


def _false_rows(rows: Sequence[Replayed]) -> Iterator[tuple[str, ...]]:
    for language, group in _by_language(rows):
        yield language, *_false_counts(group)


def _kind_rows(rows: Sequence[Replayed]) -> Iterator[tuple[str, ...]]:
    for kind in sorted({row.sentence.kind for row in rows if row.sentence.kind}):
        yield kind, *_false_counts([row for row in rows if row.sentence.kind == kind])


def _false_counts(rows: Iterable[Replayed]) -> Iterator[str]:
    fates = Counter(row.fate for row in rows if row.sentence.label == "false")
    read = fates["shown"] + fates["replaced"] + fates["dropped"]
    yield from map(str, (fates.total(), read, fates["shown"]))


def _neutral_line(rows: Sequence[Replayed]) -> str:
    fates = Counter(row.fate for row in rows if row.sentence.label == "neutral")
    return f"Of {fates.total()} sentences that claim nothing {fates['shown']} were shown."


def _examples(rows: Sequence[Replayed]) -> Iterator[str]:
    """Yield a draft in each language, sentence by sentence, with what became of it."""
    for draft in read_drafts():
        if draft.id in _EXAMPLES and (said := [row for row in rows if row.draft == draft.id]):
            sources = "; ".join(f"[{number}] {name}" for number, name in enumerate(draft.articles, start=1))
            yield f"**{draft.question}** {sources}"
            yield "\n".join(f"- ({row.sentence.label}, {row.fate}) {row.sentence.text.strip()}" for row in said)


def _by_language(rows: Sequence[Replayed]) -> Iterator[tuple[str, list[Replayed]]]:
    yield "all", list(rows)
    for language in LANGUAGES:
        yield language, [row for row in rows if row.language == language]


def _told(row: Replayed) -> str:
    because = f" ({row.sentence.because})" if row.sentence.because else ""
    return f"- {row.draft}, {row.sentence.kind}: {row.sentence.text.strip()}{because}"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a question: whether a draft was asked for, what became of its sentences, and the seconds it took."""

    set: str
    language: Language
    question: str
    asked: bool
    supported: int
    replaced: int
    dropped: int
    seconds: float
    answer: str

    @property
    def passed(self) -> str:
        """How much of the draft stands: whole, in part, or not at all."""
        others = self.replaced + self.dropped
        return "not at all" if not self.supported else "in part" if others else "whole"


def write_all(generator: str, sets: Sequence[Path], languages: frozenset[Language], limit: int | None) -> list[Written]:
    """Return what came of the fixed questions over seeds/, and of the newsroom's English ones over multihop if it is given."""
    waiting = Console(stderr=True)
    rows: list[Written] = []
    for name, questions, corpus in _asked_of(sets, languages):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
            settings = read_settings(data=Path(data), llm=generator)
            with waiting.status(f"indexing {name}"):
                index_corpora([QuerySet(name, corpus, ())], settings)
            rows += _write(name, evenly(questions, limit), settings, waiting)
    return rows


def _asked_of(sets: Sequence[Path], languages: frozenset[Language]) -> Iterator[tuple[str, list[FixedQuestion], Path]]:
    """Yield each archive's name, its questions that an article answers and that stand alone, and what it is made of."""
    fixed = [one for one in read_questions(_FIXED) if one.language in languages]
    yield "seeds", [one for one in fixed if _is_plain(one)], SEEDS
    for folder in sets:
        name = folder.resolve().name
        if name == "multihop" and "en" in languages:
            newsroom = [one for one in read_questions([QUESTIONS]) if one.language == "en" and one.kind != "across"]
            taught = articles_learned_from()
            fresh = [one for one in newsroom if taught.isdisjoint(path.partition("#")[2] for path in one.articles)]
            yield name, [one for one in fresh if _is_plain(one)], folder / "corpus.jsonl"


def _is_plain(question: FixedQuestion) -> bool:
    return not (question.abstain or question.history)


def _write(name: str, questions: Sequence[FixedQuestion], settings: Settings, console: Console) -> list[Written]:
    archive = open_archive(settings)
    archive.answerer.warm_up()
    rows = [_written(name, question, archive.answerer) for question in track(questions, name, console=console, transient=True)]
    archive.catalog.close()
    return rows


def _written(name: str, question: FixedQuestion, answerer: Answerer) -> Written:
    """Ask a question; the seconds are those of the draft alone, from the quotes on."""
    answers: list[Answer] = []
    started = time.perf_counter()
    with suppress(QuestionError):
        quoted = answerer.quote(question.question)
        started = time.perf_counter()
        answers = list(answerer.write(quoted.draftable)) if quoted.draftable else []
    seconds = round(time.perf_counter() - started, 2)
    count = answers[-1].drafted if answers else None
    sentences = (count.supported, count.replaced, count.dropped) if count else (0, 0, 0)
    text = answers[-1].answer if answers else ""
    return Written(name, question.language, question.question, bool(answers), *sentences, seconds, text)


def written_text(rows: Sequence[Written]) -> str:
    """Return the figures of a generator's drafts, by set and language, as a table of Markdown."""
    return markdown_table(_DRAFTED, _drafted_rows(rows))


_DRAFTED = (
    "questions of", "in", "n", "drafts", "whole", "in part", "not at all", "sentences", "shown", "a quote instead", "dropped",
    "seconds a draft",
)  # fmt: skip


def _drafted_rows(rows: Sequence[Written]) -> Iterator[tuple[str, ...]]:
    for name, language in dict.fromkeys((row.set, row.language) for row in rows):
        group = [row for row in rows if (row.set, row.language) == (name, language)]
        drafts = [row for row in group if row.asked]
        passed = Counter(row.passed for row in drafts)
        sentences = [sum(getattr(row, field) for row in drafts) for field in ("supported", "replaced", "dropped")]
        yield (
            name, language, str(len(group)), str(len(drafts)),
            *(_share(passed[how], len(drafts)) for how in ("whole", "in part", "not at all")),
            str(sum(sentences)), *(_share(part, sum(sentences)) for part in sentences),
            f"{sum(row.seconds for row in drafts) / len(drafts):.1f}" if drafts else "–",
        )  # fmt: skip


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


@click.command()
@click.argument("generator")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--languages", default=",".join(LANGUAGES), show_default=True, help="ask in these only")
@click.option("--limit", type=click.IntRange(min=1), help="so many drafts, or questions of an archive, evenly chosen")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write what came of each")
@click.option("--write", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="the page that the figures go into")
def main(
    generator: str, folders: Sequence[Path], languages: str, limit: int | None, json_file: Path | None, write: Path | None
) -> None:
    """Measure what is shown of stored drafts, or of those that a generator writes."""
    rows: list[Any]
    try:
        if generator == DRAFTS:
            rows = replay_all(folders, limit, Console(stderr=True))
            text, place = replayed_text(rows), "replayed"
        else:
            rows = write_all(generator, folders, languages_of(languages, "languages"), limit)
            text, place = written_text(rows), "written"
        if write:
            put_figures(write, text, place)
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    click.echo(text)
    if json_file:
        json_file.write_text(json.dumps(list(map(_json, rows)), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _json(row: Replayed | Written) -> dict[str, Any]:
    if isinstance(row, Written):
        return asdict(row)
    return {"draft": row.draft, "fate": row.fate, **row.sentence.model_dump()}


if __name__ == "__main__":
    main()
