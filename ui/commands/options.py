"""What the commands share: a flag for each setting, the flags of a filter, JSON on stdout, and files that are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from index.private import private_files
from index.types import KhabarError
from rag.settings import CONFIG, FoundSettings, Settings, find_settings, flag_of
from rag.settings_file import FILE_NAME
from ui.terminal.archive import tell

Command = TypeVar("Command", bound=Callable[..., Any])


def settings_options(command: Command) -> Command:
    """Give a command one flag for each setting, named and described as in Settings, and one for the settings file."""
    return some_settings_options(*Settings.model_fields)(config_option(command))


def some_settings_options(*names: str) -> Callable[[Command], Command]:
    """Return what gives a command one flag for each of these settings, named and described as in Settings."""

    def give(command: Command) -> Command:
        for name in reversed(names):
            field = Settings.model_fields[name]
            shown = "" if field.default is None else f"  [{field.default}]"
            command = click.option(flag_of(name), name, metavar="VALUE", help=f"{field.description}{shown}")(command)
        return command

    return give


def config_option(command: Command) -> Command:
    """Give a command the flag that names the settings file."""
    told = f"file of settings, read before the defaults ({CONFIG}; default: {FILE_NAME}, where it is there)"
    return click.option("--config", metavar="FILE", help=told)(command)


def writes_archive(command: Command) -> Command:
    """Make what a command writes into an archive its owner's alone."""

    @wraps(command)
    def written(*given: Any, **named: Any) -> Any:
        with private_files():
            return command(*given, **named)

    return cast(Command, written)


def settings_in(values: dict[str, Any]) -> Settings:
    """Return the settings among the values of a command's flags, and tell what is to be said of their file.

    Raises KhabarError for a bad one.
    """
    return found_in(values).settings


def found_in(values: dict[str, Any]) -> FoundSettings:
    """Do the same, with the origin of each."""
    found = find_in(values)
    for warning in found.warnings:
        tell(f"khabar: {warning}")
    return found


def find_in(values: dict[str, Any]) -> FoundSettings:
    """Return the settings among the values of a command's flags, and tell nothing. Raises KhabarError for a bad one."""
    return find_settings(values.get("config"), **{name: values.get(name) for name in Settings.model_fields})


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
