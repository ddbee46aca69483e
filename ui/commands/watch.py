"""`khabar watch`: keeps the index up to date with folders, printing a line for each change, until it is stopped."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from index.build import build_index
from index.embedding import Embedded, EmbeddingElsewhere, embed_archive
from index.report import BuildReport
from index.types import KhabarError
from index.watch import changes
from rag.archive import build_options, chosen_embedder, chosen_names
from rag.settings import Settings
from ui.commands.options import settings_in, settings_options, writes_archive
from ui.commands.watchlist import tell_watchlist
from ui.terminal.archive import embedded_text, tell
from ui.terminal.bars import Bars

# Seconds until what failed is tried again.
_RETRY_SECONDS = 30.0


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@settings_options
@writes_archive
def watch(folders: Sequence[Path], **values: Any) -> None:
    """Index FOLDERS, and again whenever something in them changes, until Ctrl+C."""
    run_watch(settings_in(values), folders)


@dataclass(slots=True)
class _Retry:
    """When what failed is to be tried again."""

    at: float = float("inf")

    def is_due(self) -> bool:
        """Tell whether that moment has come."""
        return time.monotonic() > self.at


def run_watch(settings: Settings, folders: Sequence[Path]) -> None:
    """Bring the index up to date with the folders, and again with every change, until Ctrl+C or SIGTERM.

    What fails meanwhile (a full disk, another indexer at work) is reported, then retried. Raises KhabarError where the folders
    cannot be indexed to begin with.
    """
    embedder, options, names = chosen_embedder(settings, tell), build_options(settings), chosen_names(settings)
    began, retry = False, _Retry()
    with _ended_by_signals() as ended:
        for _ in changes(folders, ended, settings.data, retry.is_due):
            retry.at = float("inf")
            try:
                with Bars() as bars:
                    report = build_index(
                        settings.data, folders, embedder, options, bars,
                        embed=False, names=names, store=settings.store, tell=tell,
                    )  # fmt: skip
                    with suppress(EmbeddingElsewhere):
                        report.embedded = embed_archive(settings.data, embedder, bars, stopping=ended.is_set, tell=tell)
                    bars.rest()
                _tell(report)
                tell_watchlist(settings)
            except KhabarError as error:
                if not began:
                    raise
                tell(f"khabar: {error}; this is tried again in {_RETRY_SECONDS:.0f} seconds")
                retry.at = time.monotonic() + _RETRY_SECONDS
            if not began:
                click.echo(f"Watching {', '.join(map(str, folders))}; Ctrl+C ends it.")
            began = True
    click.echo("Watching has ended; the next khabar index or khabar watch goes on.")


def _tell(report: BuildReport) -> None:
    for problem in report.problems:
        click.echo(f"{'skipped' if problem.skipped else 'note'}: {problem}", err=True)
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in ("added", "changed", "removed") if getattr(report, name))
    if counts:
        click.echo(f"{counts}: {report.articles} articles in {report.chunks} chunks{_share(report.embedded)}.")


def _share(embedded: Embedded | None) -> str:
    return f", {embedded_text(embedded)} embedded" if embedded and embedded.of else ""


@contextmanager
def _ended_by_signals() -> Iterator[threading.Event]:
    """Yield an event that Ctrl+C and SIGTERM set: files at work are read to their end first. The second time ends it."""
    ended = threading.Event()

    def end(*_: object) -> None:
        if ended.is_set():
            raise KeyboardInterrupt
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
