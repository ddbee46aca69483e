"""`khabar feedback`: what readers said of answers, and the fixed questions that come of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from index.catalog import FILE_NAME as CATALOG
from index.catalog import Catalog
from rag.conversation.feedback import Feedback, Judgement
from rag.conversation.store import FILE_NAME, ConversationStore
from rag.evaluate.judged import lines_of_judgements, written_line
from rag.settings import Settings
from ui.commands.options import echo_json, hand_over, settings_in, settings_options
from ui.terminal.archive import tell
from ui.terminal.articles import apart


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="print it as JSON, with the whole answers")
@settings_options
@click.pass_context
def feedback(context: click.Context, /, as_json: bool, **values: Any) -> None:
    """List what readers of the chat page said of answers, the latest first."""
    if context.invoked_subcommand is not None:
        return
    found = judgements_in(settings_in(values))
    if as_json:
        echo_json([each.to_json() for each in found])
    elif found:
        click.echo("\n".join(map(_judgement_line, found)))
    else:
        click.echo("Nobody has judged an answer yet; the chat page has the buttons under each answer.")


@feedback.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the file to write (default: print it)")
@settings_options
@click.pass_context
def export(context: click.Context, /, out: Path | None, **values: Any) -> None:
    """Write the judged questions as lines that `khabar eval` reads.

    A right answer becomes what is expected of the next one. A wrong one becomes a line that its maintainer completes: it says
    what is missing, and is not asked before.
    """
    above = context.parent.params if context.parent else {}
    values = {name: above.get(name) if value is None else value for name, value in values.items()}
    lines = lines_of_judgements(judgements_in(settings_in(values)))
    hand_over("".join(f"{written_line(line)}\n" for line in lines).encode(), out)
    waiting = sum(line.get("unfinished", False) for line in lines)
    tell(f"Questions: {len(lines)}, of which {waiting} wait to be completed (their comments tell how)")


def judgements_in(settings: Settings) -> list[Judgement]:
    """Return all judgements of an archive; none, and no file made, where nobody has asked on its page. Raises KhabarError."""
    Catalog(settings.data / CATALOG).close()
    file = settings.data / FILE_NAME
    if not file.exists():
        return []
    with closing(ConversationStore(file)) as store:
        return Feedback(store.connection).all()


def _judgement_line(judgement: Judgement) -> str:
    day = datetime.fromtimestamp(judgement.judged, UTC).date()
    note = f"\n{' ' * 28}{apart(' '.join(judgement.note.split()))}" if judgement.note else ""
    return f"{day}  {judgement.verdict.replace('_', ' '):<12}  {apart(' '.join(judgement.question.split()))}{note}"
