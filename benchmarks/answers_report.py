"""The figures of docs/answers.md: every set as benchmarks/answers.py measures it, and the picture of risk against coverage.

python -m benchmarks.answers_report BEIR_DIR ... --write docs/answers.md [--limit N]

Coverage is the share of questions that are answered when those below some confidence are refused; risk is the share of those
answered whose answer does not hold the string, or that could not be answered at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.answers import Measured, cell, measure_all
from benchmarks.page import put_figures
from index.types import KhabarError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ANSWERS = {
    "set": "set",
    "language": "in",
    "questions": "questions",
    "answer_in_first_quote": "answer in first quote",
    "answer_in_answer": "in whole answer",
    "answer_in_phrase": "in marked phrase",
    "verbatim": "verbatim",
    "p50_ms": "p50 ms",
}
_SILENCE = {
    "set": "set",
    "language": "in",
    "false_abstention": "answerable refused",
    "true_abstention": "unanswerable refused",
    "auroc": "AUROC",
    "off_questions": "questions of other sets",
    "off_refused": "refused",
    "off_auroc": "AUROC (other sets)",
}


def _table(measured: Sequence[Measured], columns: dict[str, str]) -> Iterator[str]:
    yield f"| {' | '.join(columns.values())} |"
    yield f"| {' | '.join('---' for _ in columns)} |"
    for one in measured:
        row = asdict(one.row)
        yield f"| {' | '.join(cell(row[name]) for name in columns)} |"


def risk_coverage(measured: Measured) -> tuple[list[float], list[float]]:
    """Return coverage and risk at every confidence, from the surest question on."""
    right = [(confidence, 0) for confidence in measured.right]
    wrong = [(confidence, 1) for confidence in (*measured.wrong, *measured.unanswerable, *measured.off)]
    errors = [error for _, error in sorted([*right, *wrong], reverse=True)]
    answered = np.arange(1, len(errors) + 1)
    return list(answered / len(errors)), list(np.cumsum(errors) / answered)


def _draw(measured: Sequence[Measured], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.6))
    for one in measured:
        coverage, risk = risk_coverage(one)
        axes.plot(coverage, risk, label=f"{one.row.set} ({one.row.language})")
    _label(axes)
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def _label(axes: Axes) -> None:
    axes.set_xlabel("coverage: share of the questions, answerable or not, that are answered")
    axes.set_ylabel("risk: share of those not answered rightly")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.grid(alpha=0.3)
    axes.legend()


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--write", required=True, type=click.Path(path_type=Path, exists=True), help="the page that the figures go into")
@click.option("--limit", type=click.IntRange(min=1), help="ask so many questions of a set, evenly chosen")
@click.option("--off", default=300, show_default=True, type=click.IntRange(min=0), help="so many questions of other sets")
def main(folders: Sequence[Path], write: Path, limit: int | None, off: int) -> None:
    """Measure answers and write the figures into a page."""
    try:
        measured = measure_all(folders, limit, off, llm="none")
        sections = [("Answers", _table(measured, _ANSWERS)), ("Silence", _table(measured, _SILENCE))]
        put_figures(write, "\n".join(line for title, lines in sections for line in (f"### {title}\n", *lines, "")))
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    _draw(measured, write.with_suffix(".png"))


if __name__ == "__main__":
    main()
