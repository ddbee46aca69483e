"""What each number set by hand is worth: how many answers change when it is halved, and when it is doubled.

python -m benchmarks.ablation [--ask DATA QUESTIONS.jsonl …] [--pairs PAIRS.jsonl …] [--limit N] [--stage NAME …] [--json OUT]

DATA is the data folder of an indexed archive, QUESTIONS fixed questions about it; PAIRS are articles that may contradict each
other (benchmarks/data/conflicts), of which one archive is made. The numbers of rag/draft and rag/generate are left out, because
no model writes here; so are those of the API and of downloads. A number that only guards against what no question does (a
length, a count, a time) changes nothing and is kept for its reason; any other that changes nothing should go.
"""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.answers import evenly
from benchmarks.conflicts import SIDES, read_pairs
from index.build import build_index
from index.e5.engine import Engine
from index.progress import Silent
from index.types import KhabarError
from rag.answer import Answerer
from rag.archive import build_options, chosen_embedder, open_archive
from rag.ask.question import QuestionError
from rag.evaluate.fixed_question import read_questions
from rag.settings import read_settings

_RAG = Path(__file__).parents[1] / "rag"
_STAGES = ("text", "ask", "retrieve", "weigh", "quote", "render", "request")
_FACTORS = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Number:
    """A number set by hand: the module that holds it, its name there, and its value."""

    module: str
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Worth:
    """How many answers differ with half of a number and with its double; None where the code does not bear it."""

    number: Number
    halved: int | None
    doubled: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of one archive, each with the earlier ones of its conversation, and who answers them."""

    answerer: Answerer
    questions: tuple[tuple[str, tuple[str, ...]], ...]

    def answers(self) -> Iterator[str]:
        """Yield what is answered to each question, but for the time that it took."""
        for question, history in self.questions:
            try:
                answer = replace(self.answerer.answer(question, history), timings={})
                yield json.dumps(answer.to_json(), ensure_ascii=False)
            except QuestionError as error:
                yield str(error)


def of_archive(data: Path, file: Path, limit: int | None) -> Asked:
    """Return fixed questions to be asked of an indexed archive. Raises KhabarError."""
    questions = evenly(read_questions([file]), limit)
    answerer = open_archive(read_settings(data=data, llm="none")).answerer
    return Asked(answerer, tuple((question.question, question.history) for question in questions))


def of_pairs(file: Path, folder: Path, limit: int | None) -> Asked:
    """Return the questions of pairs of articles, to be asked of one archive of them all in `folder`. Raises KhabarError."""
    pairs = evenly(read_pairs(file), limit)
    articles = {json.dumps(pair[side], ensure_ascii=False, sort_keys=True) for pair in pairs for side in SIDES}
    news = folder / "news.jsonl"
    news.write_text("\n".join(sorted(articles)), encoding="utf-8")
    settings = read_settings(data=folder / "data", llm="none")
    build_index(settings.data, [news], chosen_embedder(settings), build_options(settings), Silent())
    return Asked(open_archive(settings).answerer, tuple((pair["question"], ()) for pair in pairs))


def numbers_of(stages: Sequence[str]) -> list[Number]:
    """Return the numbers that the modules of some stages define at their top, by module and line."""
    files = [file for stage in stages for file in sorted((_RAG / stage).rglob("*.py"))]
    return [number for file in files for number in _numbers_in(file)]


def _numbers_in(file: Path) -> Iterator[Number]:
    module = ".".join(("rag", *file.relative_to(_RAG).with_suffix("").parts))
    for line in ast.parse(file.read_text(encoding="utf-8")).body:
        value = getattr(line, "value", None)
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        if not isinstance(target, ast.Name) or not target.id.strip("_").isupper() or value is None:
            continue
        try:
            found = ast.literal_eval(value)
        except ValueError:
            continue
        if isinstance(found, int | float) and not isinstance(found, bool) and found:
            yield Number(module, target.id, found)


@contextmanager
def remembered_runs() -> Iterator[None]:
    """Let the embedded encoder run each text once: what it says of a text is the same whatever the numbers are."""
    run, known = Engine.run, dict[Any, Any]()

    def remembered(self: Engine, ids: Sequence[int]) -> Any:
        key = (id(self), tuple(ids))
        if key not in known:
            known[key] = run(self, ids)
        return known[key]

    setattr(Engine, "run", remembered)  # noqa: B010  mypy lets no method be assigned
    try:
        yield
    finally:
        setattr(Engine, "run", run)  # noqa: B010


def _forget(stage: ModuleType) -> None:
    """Empty the caches of all modules beside a number's: they may hold what came of its usual value."""
    for file in sorted((_RAG / stage.__name__.split(".")[1]).glob("*.py")):
        module = import_module(f"{stage.__name__.rsplit('.', 1)[0]}.{file.stem}") if file.stem != "__init__" else stage
        for cached in vars(module).values():
            if callable(getattr(cached, "cache_clear", None)):
                cached.cache_clear()


def worth(number: Number, asked: Sequence[Asked], usual: Sequence[str]) -> Worth:
    """Return how many answers change with half and with twice a number; the number is as before afterwards."""
    module = import_module(number.module)
    found: list[int | None] = []
    for factor in _FACTORS:
        value = number.value * factor
        setattr(module, number.name, value if isinstance(number.value, float) else max(1, int(value)))
        _forget(module)
        try:
            answers = [answer for one in asked for answer in one.answers()]
            found.append(sum(a != b for a, b in zip(answers, usual, strict=True)))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            found.append(None)
        finally:
            setattr(module, number.name, number.value)
            _forget(module)
    return Worth(number, *found)


def table(rows: Sequence[Worth]) -> Table:
    """Return rows for a terminal, those that change nothing marked."""
    shown = Table("module", "number", "value", "halved", "doubled", "")
    for row in rows:
        idle = "changes nothing" if row.halved == row.doubled == 0 else ""
        cells = ["-" if count is None else str(count) for count in (row.halved, row.doubled)]
        shown.add_row(row.number.module, row.number.name, f"{row.number.value:g}", *cells, idle)
    return shown


@click.command()
@click.option("--ask", "sets", nargs=2, multiple=True, type=click.Path(path_type=Path, exists=True), help="archive, questions")
@click.option("--pairs", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), help="pairs of articles")
@click.option("--limit", type=click.IntRange(min=1), help="ask so many questions of each archive, evenly chosen")
@click.option("--stage", "stages", multiple=True, type=click.Choice(_STAGES), help="only these folders of rag/")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write each row as it comes")
def main(
    sets: Sequence[tuple[Path, Path]],
    pairs: Sequence[Path],
    limit: int | None,
    stages: Sequence[str],
    json_file: Path | None,
) -> None:
    """Halve and double each number set by hand, and count the answers that change."""
    console = Console(width=130)
    rows: list[Worth] = []
    if not (sets or pairs):
        raise click.UsageError("nothing to ask; name an archive and questions (--ask), or pairs of articles (--pairs)")
    with remembered_runs(), Progress(console=Console(stderr=True), transient=True) as progress, ExitStack() as stack:
        try:
            asked = [of_archive(data, file, limit) for data, file in sets]
            for file in pairs:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
                asked.append(of_pairs(file, folder, limit))
        except KhabarError as error:
            raise click.ClickException(str(error)) from error
        usual = [answer for one in asked for answer in one.answers()]
        for number in progress.track(numbers_of(stages or _STAGES)):
            rows.append(worth(number, asked, usual))
            if json_file:
                json_file.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    console.print(table(rows), f"{len(usual)} answers, each number of {', '.join(stages or _STAGES)} halved and doubled")


if __name__ == "__main__":
    main()
