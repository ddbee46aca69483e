"""The state of an archive as lines for a terminal."""

from __future__ import annotations

import click

from index.embedding import Embedded
from index.status import Status
from index.stores import LOCAL
from rag.phrases import phrase


def status_text(status: Status) -> str:
    """Return what `khabar status` prints: what the index holds, how far it is embedded, where it lies."""
    holdings = status.holdings
    languages = ", ".join(f"{count:,} {phrase(f'language.{language}', 'en')}" for language, count in holdings.articles.items())
    articles = f"{sum(holdings.articles.values()):,} ({languages}) in {holdings.chunks:,} chunks"
    days = f"{holdings.first} to {holdings.last}" if holdings.first else "no article has a date"
    rows = [
        ("Index", str(status.data)),
        *([("Store", status.store)] if status.store != LOCAL else []),
        ("Size", megabytes(status.size)),
        *(("Folder", str(folder)) for folder in status.folders),
        ("Articles", articles),
        ("Outlets", f"{holdings.outlets:,}"),
        ("Published", days),
        ("Embedder", status.embedder),
        ("Embedded", _embedded_row(status.embedded)),
    ]
    if status.before:
        rows.append(("Replaces", f"{status.before}; words answer until everything is embedded again"))
    return "\n".join(f"{name:<10} {told}" for name, told in rows)


def _embedded_row(embedded: Embedded) -> str:
    if not embedded.of:
        return "nothing; words answer"
    told = embedded_text(embedded)
    return told if embedded.complete else f"{told}; khabar index and khabar serve go on with the rest"


def embedded_text(embedded: Embedded) -> str:
    """Return how many of the chunks are embedded: 12 of 56 chunks (21%)."""
    if embedded.complete:
        return f"all {embedded.of:,} chunks"
    return f"{embedded.chunks:,} of {embedded.of:,} chunks ({embedded.percent}%)"


def megabytes(size: int) -> str:
    """Return a number of bytes in MB or kB."""
    return f"{size / 1_000_000:,.0f} MB" if size >= 950_000 else f"{size / 1_000:,.0f} kB"


def tell(text: str) -> None:
    """Write a line to stderr: what the user is waiting for, or should know."""
    click.echo(text, err=True)
