"""Answers and tables for a terminal, safe for text of both directions."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from rag.evaluate import Summary
from rag.phrases import RELATED, written_date
from rag.quote import attribution
from rag.types import Answer, Citation, Related

_ISOLATE, _END = "\u2068", "\u2069"


def answer_text(answer: Answer) -> str:
    """Return an answer as lines of text.

    Each piece that has a direction of its own stands in Unicode isolates (FSI … PDI, Unicode Standard Annex 9), so that a
    terminal that knows them keeps [1], outlet and date in place.
    """
    lines = [_isolated(line) for line in answer.answer.split("\n")]
    if answer.mode == "written":
        lines += ["", *(_isolated(_source(citation, answer)) for citation in answer.citations)]
    if answer.related:
        lines += ["", _isolated(RELATED[answer.language])]
        lines += [f"- {_isolated(_related(item, answer))}" for item in answer.related]
    if answer.citations:
        lines += ["", *(f"[{citation.number}] {_isolated(citation.path)}" for citation in answer.citations)]
    return "\n".join(lines)


def _source(citation: Citation, answer: Answer) -> str:
    return f"[{citation.number}] {attribution(citation, answer.language)}: {_isolated(citation.quote)}"


def _related(item: Related, answer: Answer) -> str:
    outlet = f"{item.outlet}, " if item.outlet else ""
    return f"{item.title} ({outlet}{written_date(item.published, answer.language)})"


def _isolated(text: str) -> str:
    return f"{_ISOLATE}{text}{_END}" if text else ""


def evaluation_table(groups: Mapping[str, Summary]) -> Table:
    """Return the table that `khabar eval` prints: a row for all questions, each language and each kind."""
    table = Table(title="Fixed questions")
    table.add_column("group")
    for heading in ("asked", "correct", "cited right", "verbatim", "abstained rightly", "wrongly", "median ms", "p95 ms"):
        table.add_column(heading, justify="right")
    for name, summary in groups.items():
        shares = (
            summary.correct, summary.cited, summary.verbatim, summary.abstained_rightly, summary.abstained_wrongly,
        )  # fmt: skip
        times = (f"{1000 * summary.median_seconds:.0f}", f"{1000 * summary.p95_seconds:.0f}")
        table.add_row(name, str(summary.questions), *("–" if share is None else f"{share:.1%}" for share in shares), *times)
    return table
