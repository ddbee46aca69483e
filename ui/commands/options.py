"""What the commands share: a flag for each setting, the flags of a filter, JSON on stdout, and files that are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from index.types import KhabarError
from rag.settings import Settings, read_settings
from ui.terminal.archive import tell

Command = TypeVar("Command", bound=Callable[..., Any])


def settings_options(command: Command) -> Command:
    """Give a command one flag for each setting, named and described as in Settings."""
    for name, field in reversed(Settings.model_fields.items()):
        flag = f"--{name.replace('_', '-')}"
        shown = "" if field.default is None else f"  [{field.default}]"
        command = click.option(flag, name, metavar="VALUE", help=f"{field.description}{shown}")(command)
    return command


def settings_in(values: dict[str, Any]) -> Settings:
    """Return the settings among the values of a command's flags. Raises KhabarError for a bad one."""
    return read_settings(**{name: values[name] for name in Settings.model_fields})


def filter_options(command: Command) -> Command:
    """Give a command the flags of a filter: outlets, languages, days."""
    for option in (
        click.option("--until", metavar="DATE", help="only articles of this day or earlier"),
        click.option(
            "--since", metavar="DATE", help="of this day or later, in any calendar: 2025-10-21, 1404/07/29, 21 أكتوبر 2025"
        ),
        click.option("--language", "languages", multiple=True, metavar="ar|fa|en", help="only in this language (repeatable)"),
        click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="only articles of this outlet (repeatable)"),
    ):
        command = option(command)
    return command


def echo_json(whole: Any) -> None:
    """Print something as JSON that people can read too."""
    click.echo(json.dumps(whole, ensure_ascii=False, indent=2))


def hand_over(content: bytes, out: Path | None) -> None:
    """Write what is exported to a file, or print it. Raises KhabarError."""
    if out is None:
        click.echo(content.decode(), nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise KhabarError(f"'{out}' cannot be written ({error.strerror})", "choose another file with --out") from error
    tell(f"Written to {out}")
