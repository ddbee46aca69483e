"""How well reports that contradict each other are told: labelled pairs of articles, asked through the product's own pipeline.

python -m benchmarks.conflicts PAIRS.jsonl ... [--json OUT] [--failures] [--embedder NAME]

Each pair is indexed by itself and asked its question. An answer tells of a difference (`differ`) where it names a disagreement
between the two articles, and of an update where it puts one of them under the earlier reports.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from index.build import build_index
from index.progress import Silent
from index.text import squash
from index.types import KhabarError
from rag.archive import build_options, chosen_embedder, open_archive
from rag.settings import read_settings
from rag.types import Answer

SIDES = ("one", "other")
_TOLD = ("differ", "update")
_FIELDS = ("text", "language", "outlet", "published", "title")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one pair: its label, what the answer told, whether its values are right, whether it told one origin."""

    id: str
    language: str
    kind: str
    label: str
    told: str
    values_right: bool | None
    origin_told: bool
    abstained: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Precision and recall (0 to 1; None where nothing counts) of one label in one language of question."""

    label: str
    language: str
    pairs: int
    told: int
    right: int
    precision: float | None
    recall: float | None


def read_pairs(path: Path) -> list[dict[str, Any]]:
    """Return the pairs of a file. Raises KhabarError for a line that is none."""
    pairs: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            pair = json.loads(line)
            pairs.append(pair | {side: {name: pair[side][name] for name in _FIELDS} for side in SIDES})
        except (ValueError, KeyError, TypeError) as error:
            raise KhabarError(
                f"'{path}', line {number}, is no pair ({type(error).__name__}: {error})", "see benchmarks/data/conflicts"
            ) from error
    return pairs


def ask(pairs: Iterable[Mapping[str, Any]], embedder: str) -> Iterator[Outcome]:
    """Yield what comes of each pair; pairs of the same two articles are asked of one index."""
    together: dict[str, list[Mapping[str, Any]]] = {}
    for pair in pairs:
        together.setdefault(json.dumps([pair[side] for side in SIDES], sort_keys=True), []).append(pair)
    for group in together.values():
        with tempfile.TemporaryDirectory() as folder:
            news = Path(folder) / "news.jsonl"
            rows = (json.dumps({"id": side, **group[0][side]}, ensure_ascii=False) for side in SIDES)
            news.write_text("\n".join(rows), encoding="utf-8")
            settings = read_settings(data=Path(folder) / "data", llm="none", embedder=embedder)
            build_index(settings.data, [news], chosen_embedder(settings), build_options(settings), Silent())
            archive = open_archive(settings)
            for pair in group:
                yield outcome(pair, archive.answerer.answer(pair["question"]))
            archive.catalog.close()


def outcome(pair: Mapping[str, Any], answer: Answer) -> Outcome:
    """Return what an answer told of a pair."""
    told = told_of(answer)
    values = [value for difference in answer.disagreements for value in difference.values]
    right = all(any(_overlap(value, wanted) for value in values) for wanted in pair["values"]) if told == "differ" else None
    agencies = Counter(item.agency for item in answer.citations if item.agency)
    shared = any(count > 1 for count in agencies.values()) or any(item.also for item in answer.citations)
    return Outcome(
        pair["id"], pair["language"], pair["kind"], pair["label"], told, right, shared, answer.abstained
    )


def told_of(answer: Answer) -> str:
    """Return what an answer tells of its sources: `differ`, `update` or `nothing`."""
    if answer.disagreements:
        return "differ"
    articles = {item.number: item.article_id for item in answer.citations}
    older = {articles[number] for number in answer.overtaken}
    newer = {item.article_id for item in answer.citations if item.number not in answer.overtaken}
    return "update" if older - newer and newer else "nothing"


def _overlap(one: str, other: str) -> bool:
    mine, theirs = squash(one), squash(other)
    return mine in theirs or theirs in mine


def figures(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    """Yield precision and recall of each label, over all questions and by their language."""
    for label in _TOLD:
        for language in ("all", *sorted({item.language for item in outcomes})):
            here = [item for item in outcomes if language in ("all", item.language)]
            wanted = sum(item.label == label for item in here)
            told = sum(item.told == label for item in here)
            right = sum(item.told == item.label == label for item in here)
            yield Row(label, language, wanted, told, right, _share(right, told), _share(right, wanted))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def table(rows: Iterable[Row]) -> Table:
    """Return the figures as a table for a terminal."""
    shown = Table("label", "questions in", "pairs", "told", "right", "precision", "recall")
    for row in rows:
        shares = ("–" if share is None else f"{share:.3f}" for share in (row.precision, row.recall))
        shown.add_row(row.label, row.language, str(row.pairs), str(row.told), str(row.right), *shares)
    return shown


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--embedder", default="none", show_default=True, help="as KHABAR_EMBEDDER")
@click.option("--failures", is_flag=True, help="name the pairs that went wrong")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="write figures and outcomes here")
def main(files: Sequence[Path], embedder: str, failures: bool, json_file: Path | None) -> None:
    """Measure what answers tell of reports that contradict each other."""
    try:
        outcomes = list(ask([pair for path in files for pair in read_pairs(path)], embedder))
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    rows = list(figures(outcomes))
    console = Console(width=120)
    console.print(table(rows))
    counted = Counter((item.label, item.told) for item in outcomes)
    for (label, told), count in sorted(counted.items()):
        console.print(f"{label} -> {told}: {count}")
    console.print(f"abstained: {sum(item.abstained for item in outcomes)} of {len(outcomes)}")
    shared = [item for item in outcomes if item.label == "same-origin"]
    console.print(f"one origin told: {sum(item.origin_told for item in shared)} of {len(shared)}")
    if failures:
        for item in outcomes:
            if item.told != (item.label if item.label in _TOLD else "nothing") or item.values_right is False:
                console.print(f"{item.id} ({item.language}, {item.kind}): {item.label} -> {item.told}")
    if json_file:
        content = {"rows": [asdict(row) for row in rows], "outcomes": [asdict(item) for item in outcomes]}
        json_file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
