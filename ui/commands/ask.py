"""`khabar ask`: a question in, its answer out."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from rag.archive import open_archive
from rag.filter import FilterInput, read_filter
from ui.commands.options import echo_json, filter_options, settings_in, settings_options
from ui.terminal.answer import answer_text
from ui.terminal.archive import embedded_text, tell


@click.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="print the answer as JSON")
@click.option("--history", multiple=True, metavar="QUESTION", help="an earlier question of the conversation (repeatable)")
@filter_options
@settings_options
def ask(
    question: str,
    as_json: bool,
    history: Sequence[str],
    outlets: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    **values: Any,
) -> None:
    """Answer QUESTION from the articles."""
    with _no_garbage_collection():
        archive = open_archive(settings_in(values), tell=tell, ahead=True)
        within = read_filter(FilterInput(outlets, languages, since, until), archive.catalog)
        answer = archive.answerer.answer(question, history, within)
    share = archive.embedded()
    if not share.complete:
        tell(f"So far {embedded_text(share)} can be found by meaning, the others by words; khabar index goes on with them.")
    if as_json:
        echo_json(answer.to_json())
    else:
        click.echo(answer_text(answer))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Collect no garbage: what is read for one question is all needed, and looking for some takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
