"""`khabar ask`: a question in, its answer out."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from rag.archive import open_archive
from rag.filter import FilterInput, read_filter
from ui.commands.options import echo_json, filter_options, hand_over, settings_in, settings_options
from ui.export.formats import FORMATS
from ui.terminal.answer import answer_text
from ui.terminal.archive import embedded_text, tell


@click.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="print the answer as JSON")
@click.option("--as", "form", type=click.Choice(list(FORMATS)), help="the answer as a document, or its sources as references")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the file to write with --as (default: print it)")
@click.option("--history", multiple=True, metavar="QUESTION", help="an earlier question of the conversation (repeatable)")
@filter_options
@settings_options
def ask(
    question: str,
    as_json: bool,
    form: str | None,
    out: Path | None,
    history: Sequence[str],
    outlets: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    **values: Any,
) -> None:
    """Answer QUESTION from the articles, with the sources of each sentence."""
    _check_forms(as_json, form, out)
    with _no_garbage_collection():
        archive = open_archive(settings_in(values), tell=tell, ahead=True)
        within = read_filter(FilterInput(outlets, languages, since, until), archive.catalog)
        answer = archive.answerer.answer(question, history, within)
    share = archive.embedded()
    if not share.complete:
        tell(f"So far {embedded_text(share)} can be found by meaning, the others by words; khabar index embeds the rest.")
    if form:
        hand_over(FORMATS[form].write([answer]), out)
    elif as_json:
        echo_json(answer.to_json())
    else:
        click.echo(answer_text(answer))


def _check_forms(as_json: bool, form: str | None, out: Path | None) -> None:
    """Raise UsageError for options that do not go together, before anything takes time."""
    if as_json and form:
        raise click.UsageError(f"--json and --as {form} exclude each other; choose one")
    if out and not form:
        raise click.UsageError(f"--out '{out}' needs --as, which says what is written: {', '.join(FORMATS)}")
    if form and not FORMATS[form].is_text and out is None:
        raise click.UsageError(f"--as {form} is not text; name a file for it: --out answer{FORMATS[form].suffix}")


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Turn the garbage collector off: one question needs all that it reads, and collecting takes a tenth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
