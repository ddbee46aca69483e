"""How well a newsroom's archive answers: 210 questions of our own, asked of 12,000 articles in three languages.

python -m benchmarks.newsroom …/antcorpus …/farsnews …/multihop [--archive FOLDER] [--limit N] [--json OUT] [--write PAGE]

The three public sets, folders in the layout of BEIR, go into one index; outlet and day of each article are those that the set
gives it (antcorpus is one radio's site, farsnews one agency's), titles only where it gives one. benchmarks/data/newsroom.jsonl
holds the questions: 40 in each language about articles in it ("within"), 10 in each about articles in the others
("across"), and 20 in each that no article answers: 10 of things that it does not report ("none"), 10 for an unreported
fact about a person or event that it does ("near-miss"). Strings are compared as rag/evaluate does.

right            answered, and an accepted string stands in what is shown, quotes included (of a list: every item)
first quote      answered, and an accepted string stands in the first quote
mark             the marked phrase of the first quote holds it
short answer     the short answer holds it, in the article's words or in the question's language
cited            an article that answers is cited
both             right and cited: no string that was met by accident
bearing          of the quotes shown to these questions, those from an article that answers, or holding an accepted string:
                 a stand-in for what a reader would say bears on the question
wrongly refused  abstained, though an article answers
rightly refused  abstained where none does
AUROC            how often a question that an article answers is answered with more confidence than one of these
Hit@1, Hit@5     an article that answers is that of the first passage, of one of the first five; a follow-up is searched with
                 the earlier questions' terms
p50, p95         milliseconds from question to answer
"""

from __future__ import annotations

import json
import math
import resource
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.answers import evenly
from benchmarks.logistic import auroc
from benchmarks.page import markdown_table, put_figures
from benchmarks.retrieval import Indexed, QuerySet, index_corpora
from index.catalog import Catalog
from index.clean import article_id
from index.types import KhabarError
from rag.archive import Archive, open_archive
from rag.ask.question import QuestionError, read_question
from rag.evaluate.fixed_question import FixedQuestion, read_questions
from rag.evaluate.run import Row, ask_all
from rag.evaluate.verdict import is_at, stands_in
from rag.settings import Settings, read_settings
from rag.text.glossary import Glossary, load_glossary
from rag.types import Citation

QUESTIONS = Path(__file__).parent / "data" / "newsroom.jsonl"
_UNANSWERABLE = ("none", "near-miss")
_FIRST_FEW = 5
# A standard normal variable lies within so many deviations in 95 of 100 cases.
_DEVIATIONS = 1.96


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote that an answer showed: its article, its text, what was marked in it, and whether it bears on the question."""

    article: str
    quote: str
    mark: str
    bears: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question; `found` are the articles of the first five passages. See the module for the measures."""

    id: str
    language: str
    kind: str
    traits: tuple[str, ...]
    question: str
    history: tuple[str, ...]
    accepted: tuple[str, ...]
    articles: tuple[str, ...]
    abstained: bool
    confidence: float
    right: bool
    first_quote: bool
    mark: bool
    direct: bool
    cited: bool
    both: bool
    hit_at_1: bool
    hit_at_5: bool
    milliseconds: float
    shown: tuple[Shown, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval, in which the true share lies in 95 of 100 cases."""
        if not self.whole:
            return 0.0, 1.0
        share, square = self.part / self.whole, _DEVIATIONS**2 / self.whole
        middle = share + square / 2
        reach = _DEVIATIONS * math.sqrt(share * (1 - share) / self.whole + square / (4 * self.whole))
        return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))

    def __str__(self) -> str:
        """Return the share as a table shows it."""
        return f"{self.part / self.whole:.2f}" if self.whole else "–"

    @property
    def with_interval(self) -> str:
        """The share with its interval beside it."""
        low, high = self.interval
        return f"{self} ({low:.2f}–{high:.2f})" if self.whole else "–"


@dataclass(frozen=True, slots=True)
class Figures:
    """The shares over a group of questions that an article answers."""

    group: str
    questions: int
    right: Share
    first_quote: Share
    mark: Share
    direct: Share
    cited: Share
    both: Share
    bearing: Share
    wrongly_refused: Share
    hit_at_1: Share
    hit_at_5: Share


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many of a group of questions that no article answers were refused."""

    group: str
    questions: int
    rightly_refused: Share
    auroc: float


def index_archive(folders: Sequence[Path], settings: Settings) -> Indexed:
    """Bring the index in the settings' data folder up to date with the sets. Raises KhabarError for a folder that is none."""
    for folder in folders:
        if not (folder / "corpus.jsonl").is_file():
            raise KhabarError(f"'{folder}' is no BEIR folder", "name folders that hold corpus.jsonl")
    return index_corpora([QuerySet(folder.name, folder / "corpus.jsonl", ()) for folder in folders], settings)


def check_articles(questions: Iterable[FixedQuestion], catalog: Catalog) -> None:
    """Raise KhabarError for the first article that a question names and the archive lacks."""
    folders = {source.path.removesuffix("corpus.jsonl") for source in catalog.sources().values()}
    for question in questions:
        for article in question.articles:
            if not any(catalog.article(article_id(folder + article)) for folder in folders):
                raise KhabarError(
                    f"the archive lacks '{article}', which the question {question.id} is about",
                    "name the folders of all three sets: antcorpus, farsnews and multihop",
                )


def ask(
    questions: Sequence[FixedQuestion], archive: Archive, settings: Settings, heard: Callable[[Row], None]
) -> list[Outcome]:
    """Ask every question of the archive and return what came of each."""
    glossary = load_glossary(settings.glossary)
    rows = ask_all(questions, archive.answerer, archive.catalog, heard)
    return [
        outcome(question, row, passage_paths(question, archive, glossary, settings.top_k))
        for question, row in zip(questions, rows, strict=True)
    ]


def passage_paths(question: FixedQuestion, archive: Archive, glossary: Glossary, top_k: int) -> list[str]:
    """Return the paths of the articles of the passages that the Retriever finds, best first."""
    try:
        understood = read_question(question.question, question.history, glossary, max_characters=1_000_000)
    except QuestionError:
        return []
    return [passage.article.path for passage in archive.retriever.retrieve(understood, top_k)]


def outcome(question: FixedQuestion, row: Row, found: Sequence[str]) -> Outcome:
    """Return what came of a question, by how its fixed question was judged and where its article was found."""
    shown = tuple(_shown(question, citation) for citation in row.answer.citations)
    answered = not (row.abstained or question.abstain)
    right = answered and not {"any", "all"} & set(row.failed)
    hits = [is_at(path, question.articles) for path in found[:_FIRST_FEW]]
    return Outcome(
        id=question.id,
        language=question.language,
        kind=question.kind,
        traits=question.traits,
        question=question.question,
        history=question.history,
        accepted=(*question.any, *question.all),
        articles=question.articles,
        abstained=row.abstained,
        confidence=row.answer.confidence,
        right=right,
        first_quote=answered and any(_holds(question, one.quote) for one in shown[:1]),
        mark=answered and any(_holds(question, one.mark) for one in shown[:1]),
        direct=answered and bool(row.direct),
        cited=answered and bool(row.cited),
        both=right and bool(row.cited),
        hit_at_1=any(hits[:1]),
        hit_at_5=any(hits),
        milliseconds=round(1000 * row.seconds, 1),
        shown=shown,
        found=tuple(found[:_FIRST_FEW]),
    )


def _shown(question: FixedQuestion, citation: Citation) -> Shown:
    start, end = citation.phrase or (citation.start, citation.start)
    paths = (citation.path, *(source.path for source in citation.also))
    return Shown(
        article=citation.path,
        quote=citation.quote,
        mark=citation.quote[start - citation.start : end - citation.start],
        bears=any(is_at(path, question.articles) for path in paths) or _holds(question, citation.quote),
    )


def _holds(question: FixedQuestion, text: str) -> bool:
    return any(stands_in(accepted, text) for accepted in question.any)


def figures(outcomes: Sequence[Outcome]) -> list[Figures]:
    """Return the figures of the answerable questions: of all, within and across languages, by trait and by kind."""
    groups: dict[str, list[Outcome]] = {}
    answerable = [one for one in outcomes if one.kind not in _UNANSWERABLE]
    for naming in (_place_groups, lambda one: one.traits, _kind_group):
        for one in sorted(answerable, key=lambda one: one.kind == "across"):
            for name in naming(one):
                groups.setdefault(name, []).append(one)
    return [_figures(name, group) for name, group in groups.items()]


def _place_groups(one: Outcome) -> tuple[str, ...]:
    place = "across" if one.kind == "across" else "within"
    return "all", place, f"{place}, {one.language}"


def _kind_group(one: Outcome) -> tuple[str, ...]:
    return () if one.kind == "across" else (f"kind {one.kind}",)


def _figures(name: str, group: Sequence[Outcome]) -> Figures:
    quotes = [quote for one in group for quote in one.shown]
    return Figures(
        group=name,
        questions=len(group),
        right=_share(one.right for one in group),
        first_quote=_share(one.first_quote for one in group),
        mark=_share(one.mark for one in group),
        direct=_share(one.direct for one in group),
        cited=_share(one.cited for one in group),
        both=_share(one.both for one in group),
        bearing=_share(quote.bears for quote in quotes),
        wrongly_refused=_share(one.abstained for one in group),
        hit_at_1=_share(one.hit_at_1 for one in group),
        hit_at_5=_share(one.hit_at_5 for one in group),
    )


def _share(values: Iterable[bool]) -> Share:
    listed = list(values)
    return Share(sum(listed), len(listed))


def refusals(outcomes: Sequence[Outcome]) -> list[Refusals]:
    """Return how many of the questions that no article answers were refused: all, each kind, and it by language."""
    found = []
    sure = [one.confidence for one in outcomes if one.kind not in _UNANSWERABLE]
    for kinds in (_UNANSWERABLE, *((kind,) for kind in _UNANSWERABLE)):
        kind = " and ".join(kinds)
        group = [one for one in outcomes if one.kind in kinds]
        languages = dict.fromkeys(one.language for one in group)
        for name, members in [(kind, group)] + [
            (f"{kind}, {language}", [one for one in group if one.language == language]) for language in languages
        ]:
            told_apart = auroc(sure, [one.confidence for one in members])
            found.append(Refusals(name, len(members), _share(one.abstained for one in members), round(told_apart, 3)))
    return [row for row in found if row.questions]


def times(outcomes: Sequence[Outcome]) -> str:
    """Return the line that tells how long answers took."""
    p50, p95 = (float(np.percentile([one.milliseconds for one in outcomes], share)) for share in (50, 95))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms"


def effort(indexed: Indexed) -> str:
    """Return what it took: the seconds until words could be asked, the pace of embedding, and the most memory."""
    pace = f"{indexed.embedded:,} chunks embedded at {indexed.embedded / max(indexed.seconds_to_meaning, 0.001):.1f} a second"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000  # Linux tells it in kilobytes
    return f"Words ready after {indexed.seconds_to_words:.1f} s, {pace}; {memory:.0f} MB at most."


_ANSWERED = (
    "questions of", "n", "right", "first quote", "mark", "short answer", "cited", "both", "bearing", "wrongly refused",
    "Hit@1", "Hit@5",
)  # fmt: skip
_REFUSED = ("questions of", "n", "rightly refused", "AUROC")


def _cells(row: Figures | Refusals) -> Iterator[str]:
    """Yield a row's cells; only the larger groups' shares get their interval, and quotes of one answer are no sample."""
    whole = "," not in row.group and not row.group.startswith("kind ")
    for name in row.__slots__:
        value = getattr(row, name)
        spelled = isinstance(value, Share) and whole and name != "bearing"
        yield value.with_interval if spelled else str(value)


def table(rows: Sequence[Figures] | Sequence[Refusals], headings: Sequence[str]) -> Table:
    """Return rows as a table for a terminal."""
    shown = Table(*headings)
    for row in rows:
        shown.add_row(*_cells(row))
    return shown


def page_text(outcomes: Sequence[Outcome], about: str) -> str:
    """Return the figures as the page has them: all groups but the kinds, and under them what they are of."""
    answered = [row for row in figures(outcomes) if not row.group.startswith("kind ")]
    tables = (markdown_table(_ANSWERED, map(_cells, answered)), markdown_table(_REFUSED, map(_cells, refusals(outcomes))))
    return "\n\n".join([*tables, f"{about}: {times(outcomes)}."])


def measure(questions: Sequence[FixedQuestion], settings: Settings, console: Console) -> tuple[list[Outcome], str]:
    """Return what came of each question asked of the index in the settings' data folder, and a line on what was asked."""
    archive = open_archive(settings)
    try:
        check_articles(questions, archive.catalog)
        archive.answerer.warm_up()
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("questions", total=len(questions))
            outcomes = ask(questions, archive, settings, lambda _: progress.advance(task))
        models = ", ".join(f"{role} {name}" for role, name in archive.answerer.models.items())
        return outcomes, f"{len(outcomes)} questions, {archive.catalog.counts()['articles']:,} articles, {models}"
    finally:
        archive.catalog.close()


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--archive", type=click.Path(path_type=Path, file_okay=False), help="keep the index here, and reuse it")
@click.option("--questions", "file", default=QUESTIONS, type=click.Path(path_type=Path), help="other fixed questions")
@click.option("--limit", type=click.IntRange(min=1), help="ask so many questions, evenly chosen")
@click.option("--generator", is_flag=True, help="written mode, by the model that KHABAR_LLM names")
@click.option("--embedder", help="as KHABAR_EMBEDDER")
@click.option("--reranker", help="as KHABAR_RERANKER")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write what came of each question")
@click.option("--write", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="the page that the figures go into")
def main(
    folders: Sequence[Path],
    archive: Path | None,
    file: Path,
    limit: int | None,
    generator: bool,
    embedder: str | None,
    reranker: str | None,
    json_file: Path | None,
    write: Path | None,
) -> None:
    """Measure answers of a newsroom's archive."""
    waiting = Console(stderr=True)
    with ExitStack() as stack:
        try:
            questions = evenly(read_questions([file]), limit)
            # Tantivy's threads may still tidy up behind an error: what they leave is no reason to hide it.
            data = archive or Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            settings = read_settings(data=data, llm=None if generator else "none", embedder=embedder, reranker=reranker)
            with waiting.status("indexing"):
                indexed = index_archive(folders, settings)
            outcomes, about = measure(questions, settings, waiting)
            if write:
                put_figures(write, page_text(outcomes, about), "newsroom")
        except KhabarError as error:
            raise click.ClickException(str(error)) from error
    console = Console(width=190)
    console.print(table(figures(outcomes), _ANSWERED), table(refusals(outcomes), _REFUSED), f"{about}: {times(outcomes)}")
    console.print(effort(indexed))
    if json_file:
        rows = [asdict(one) for one in outcomes]
        json_file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
