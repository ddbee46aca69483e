"""What the commands share: a flag for each setting, the flags of a filter, and JSON on stdout."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from rag.settings import Settings, read_settings

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
