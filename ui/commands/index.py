"""`khabar index`, `backup` and `restore`: what became of the files, what can be asked now, and how far meaning follows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.backup import back_up
from index.backup import restore as put_in_place
from index.build import build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import Embedder
from index.embedding import Embedded, embed_archive, searchable_share
from index.report import BuildReport, groups
from index.status import embedder_before
from rag.archive import build_options, chosen_embedder, chosen_names
from rag.settings import Settings
from rag.watchlist import WatchNews
from ui.commands.options import echo_json, settings_in, settings_options, writes_archive
from ui.commands.watchlist import news_of_watchlist, note_told, tell_watchlist
from ui.terminal.archive import embedded_text, megabytes, tell
from ui.terminal.bars import Bars

# The exit status of a process that Ctrl+C ended, as shells have it: 128 plus the number of the signal.
INTERRUPTED = 130
# The exit status of `khabar index --strict` where something could not be read.
LEFT_OUT = 3
# Files that the table names for each reason.
_SHOWN = 3


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="rebuild the BM25 index and the vectors from the catalog")
@click.option("--forget", is_flag=True, help="remove what came from PATHS instead; they no longer need to exist")
@click.option("--later", is_flag=True, help="stop once words can be searched, and leave the embedding to khabar serve")
@click.option("--json", "as_json", is_flag=True, help="print the report as JSON, with every file that was left out")
@click.option("--strict", is_flag=True, help="exit with status 3 if anything could not be read (otherwise 0)")
@settings_options
@writes_archive
def index(
    paths: Sequence[Path], rebuild: bool, forget: bool, later: bool, as_json: bool, strict: bool, **values: Any
) -> None:
    """Bring the index up to date with the articles under PATHS: texts, pages, PDF, Office, mail, tables, feeds, archives.

    Questions can be answered by words first; meaning follows, the newest articles first, and can be interrupted at any
    time. Files that could not be read are named, with what can be done about them.
    """
    sys.exit(run_index(settings_in(values), paths, rebuild=rebuild, forget=forget, later=later, as_json=as_json, strict=strict))


def run_index(
    settings: Settings,
    paths: Sequence[Path],
    *,
    rebuild: bool = False,
    forget: bool = False,
    later: bool = False,
    as_json: bool = False,
    strict: bool = False,
) -> int:
    """Bring the index up to date and return the exit status; `later` leaves the embedding to a server.

    With `as_json` the report is all that stdout gets; with `strict` the status is 3 where something was left out.

    An interrupt before words can be searched is left to the caller; a later one ends the run with what is embedded so far.
    """
    embedder = chosen_embedder(settings, tell)
    names = chosen_names(settings)
    ready: list[bool] = []
    watched: list[WatchNews] = []
    with Bars() as bars:

        def words_ready(report: BuildReport) -> None:
            if as_json:
                watched.extend(news_of_watchlist(settings))
                return
            bars.rest()
            _tell_files(report, settings.data)
            tell_watchlist(settings)
            ready.append(_tell_what_follows(settings.data, embedder, later))

        try:
            options = build_options(settings)
            report = build_index(
                settings.data, paths, embedder, options, bars, rebuild, forget, embed=not later, names=names,
                store=settings.store, words_ready=words_ready, tell=tell,
            )  # fmt: skip
        except KeyboardInterrupt:
            if not ready:
                raise
            bars.rest()
            share = embedded_text(_share(settings.data, embedder))
            click.echo(f"Stopped with {share} embedded; the next khabar index, or khabar serve, goes on.")
            return INTERRUPTED
    if as_json:
        echo_json(report.to_json() | {"watchlist": [each.to_json() for each in watched]})
        note_told(settings, watched)
    elif report.elsewhere:
        click.echo(f"{report.elsewhere.problem[:1].upper()}{report.elsewhere.problem[1:]}; {report.elsewhere.remedy}.")
    elif report.embedded and any(ready):
        click.echo(f"It can be asked by meaning, too: {embedded_text(report.embedded)} embedded.")
    return LEFT_OUT if strict and (report.skipped or report.unread) else 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@settings_options
@writes_archive
def backup(file: Path, **values: Any) -> None:
    """Write the archive into one FILE, its articles and vectors as they are at this moment; it may be served meanwhile."""
    made = back_up(settings_in(values).data, file)
    click.echo(f"{file} holds {made.articles} articles in {made.chunks} chunks ({megabytes(made.bytes)}).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="replace an archive that already holds articles")
@click.option("--later", is_flag=True, help="stop once words can be searched, and leave the vectors to khabar serve")
@settings_options
@writes_archive
def restore(file: Path, replace: bool, later: bool, **values: Any) -> None:
    """Put the archive of a backup FILE in place; a server that is running goes on with it."""
    run_restore(settings_in(values), file, replace=replace, later=later)


def run_restore(settings: Settings, file: Path, *, replace: bool = False, later: bool = False) -> None:
    """Put a backup in place, then derive its vectors, unless that is left to a server. Raises KhabarError."""
    embedder = chosen_embedder(settings, tell)
    with Bars() as bars:
        restored = put_in_place(settings.data, file, bars, tell, replace=replace)
        bars.rest()
        held = f"{restored.articles} articles in {restored.chunks} chunks"
        click.echo(f"The index in {settings.data} holds what {file} has: {held}.")
        if _tell_what_follows(settings.data, embedder, later) and not later:
            embedded = embed_archive(settings.data, embedder, bars, tell=tell)
            click.echo(f"It can be asked by meaning, too: {embedded_text(embedded)} embedded.")


def _tell_files(report: BuildReport, data: Path) -> None:
    for problem in report.problems:
        click.echo(f"{'skipped' if problem.skipped else 'note'}: {problem}", err=True)
    if report.nothing_to_do:
        click.echo(f"Nothing has changed: {report.unchanged} files as before.")
    else:
        counts = ("added", "changed", "unchanged", "removed")
        click.echo("Files: " + ", ".join(f"{getattr(report, name)} {name}" for name in counts) + ".")
    if report.skipped:
        click.echo(f"{report.skipped} could not be read (named above).")
    _tell_left_out(report)
    click.echo(f"The index in {data} holds {report.articles} articles in {report.chunks} chunks.")


def _tell_left_out(report: BuildReport) -> None:
    """Show what was left out or noted, if anything, with a row for each reason."""
    found = list(groups(report))
    if not found:
        return
    table = Table("", "", "files", "such as", "what to do", title="Left out, and noted", title_justify="left")
    for group in found:
        more = group.files - _SHOWN
        shown = "\n".join([*group.paths[:_SHOWN], *([f"… {more} more"] if more > 0 else [])])
        table.add_row(
            "skipped" if group.skipped else "note", group.title, str(group.files), Text(shown), Text(group.remedy)
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    if report.hidden:
        click.echo(f"{report.hidden} hidden files and folders (their names begin with a dot) were skipped.")


def _tell_what_follows(data: Path, embedder: Embedder, later: bool) -> bool:
    """Say what is not embedded yet, who will do it, and what works meanwhile; return whether anything is left."""
    share, before = _share(data, embedder), _before(data, embedder)
    if share.complete:
        return False
    if before:
        click.echo(f"It was embedded by {before}; {embedder.name} takes its place, and words answer until it is done.")
    if later:
        click.echo(f"It can be asked by words now; {embedded_text(share)} embedded, khabar serve does the rest.")
    else:
        click.echo("It can be asked by words now, in another terminal; meaning follows, the newest articles first.")
    return True


def _share(data: Path, embedder: Embedder) -> Embedded:
    with closing(Catalog(data / FILE_NAME)) as catalog:
        return searchable_share(catalog, embedder)


def _before(data: Path, embedder: Embedder) -> str | None:
    with closing(Catalog(data / FILE_NAME)) as catalog:
        return embedder_before(catalog, embedder)
