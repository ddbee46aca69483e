"""`khabar eval`: asks the fixed questions and prints how many are answered correctly."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from index.types import KhabarError
from rag.archive import open_archive
from rag.evaluate.fixed_question import finished, read_lines
from rag.evaluate.run import Summary, ask_all, by_group, regressions
from ui.commands.options import settings_in, settings_options
from ui.terminal.bars import Bars


@click.command("eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="write summary and rows to this file")
@click.option("--save-baseline", type=click.Path(path_type=Path), help="write the summary alone to this file")
@click.option("--baseline", type=click.Path(path_type=Path), help="exit 1 where a share is below this earlier file's")
@settings_options
def evaluate(
    files: Sequence[Path], json_file: Path | None, save_baseline: Path | None, baseline: Path | None, **values: Any
) -> None:
    """Ask the fixed questions in FILES and print how many are answered correctly."""
    lines = read_lines(files)
    questions = finished(lines)
    archive = open_archive(settings_in(values))
    with Bars() as progress:
        progress.stage("ask", len(questions))
        rows = ask_all(questions, archive.answerer, archive.catalog, lambda _: progress.advance(1))
    groups = by_group(rows)
    Console(width=120 if not sys.stdout.isatty() else None).print(_table(groups))
    for row in rows:
        if not row.correct:
            click.echo(f"wrong: {row.id} ({row.language}, {row.kind}){' abstained' if row.abstained else ''}")
    if waiting := len(lines) - len(questions):
        click.echo(f"left out, for they are unfinished: {waiting} (their comments tell what is missing)")
    summary = {name: asdict(shares) for name, shares in groups.items()}
    if json_file:
        _write(json_file, {"summary": summary, "rows": [row.to_json() for row in rows]})
    if save_baseline:
        _write(save_baseline, {"summary": summary})
    fallen = regressions(groups, baseline) if baseline else []
    for line in fallen:
        click.echo(f"fallen: {line}", err=True)
    if fallen:
        sys.exit(1)


def _write(file: Path, content: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise KhabarError(f"'{file}' cannot be written ({error.strerror})", "name another file") from error


def _table(groups: Mapping[str, Summary]) -> Table:
    """Return the table that `khabar eval` prints: a row for all questions, each language and each kind."""
    table = Table(title="Fixed questions")
    table.add_column("group", no_wrap=True)
    # Line breaks are set here, because a table this wide would be squeezed in the wrong places.
    headings = (
        "asked", "correct", "cited\nright", "verbatim", "abstained\nrightly", "wrongly", "short\nanswers", "short\nright",
        "median\nms", "p95\nms",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right")
    for name, summary in groups.items():
        shares = (
            summary.correct, summary.cited, summary.verbatim, summary.abstained_rightly, summary.abstained_wrongly,
        )  # fmt: skip
        short = (str(summary.direct_shown), _percent(summary.direct))
        times = (f"{1000 * summary.median_seconds:.0f}", f"{1000 * summary.p95_seconds:.0f}")
        table.add_row(name, str(summary.questions), *map(_percent, shares), *short, *times)
    return table


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
