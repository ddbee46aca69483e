"""The shares of fixed questions that were answered rightly -> a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from rag.evaluate.run import Summary


def evaluation_table(groups: Mapping[str, Summary]) -> Table:
    """Return the table that `khabar eval` prints: a row for all questions, each language and each kind."""
    table = Table(title="Fixed questions")
    table.add_column("group", no_wrap=True)
    # Broken here, for a table of this width would be squeezed in the wrong places.
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
