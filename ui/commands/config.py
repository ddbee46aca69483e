"""`khabar config`: every setting, its value and where it has it from; an example of a settings file."""

from __future__ import annotations

from typing import Any

import click
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag.settings import FoundSettings, Settings, flag_of, variable_of
from rag.settings_file import example_file
from ui.commands.options import echo_json, found_in, settings_options


@click.command("config")
@click.option("--example", is_flag=True, help="print a settings file with every setting in it, commented out")
@click.option("--json", "as_json", is_flag=True, help="print everything as JSON")
@settings_options
def config(example: bool, as_json: bool, **values: Any) -> None:
    """Show the value of every setting, and where it has it from: a flag, a variable, the settings file, or its default.

    Secrets are not shown.
    """
    if example:
        click.echo(example_file(Settings.model_fields), nl=False)
        return
    found = found_in(values)
    if as_json:
        echo_json(config_json(found))
        return
    click.echo(f"Settings file: {found.file or 'none'}")
    table = Table("setting", "value", "from", box=None, pad_edge=False, show_edge=False)
    for name in Settings.model_fields:
        table.add_row(name, Text(shown_value(found.settings, name)), Text(_place(found, name)))
    Console().print(table)


def config_json(found: FoundSettings) -> dict[str, Any]:
    """Return the settings and their origins as a JSON object; the value of a secret is null or "(hidden)"."""
    values = {name: _json_value(getattr(found.settings, name)) for name in Settings.model_fields}
    settings = {name: {"value": value, "origin": found.origin(name)} for name, value in values.items()}
    return {"file": str(found.file) if found.file else None, "settings": settings}


def shown_value(settings: Settings, name: str) -> str:
    """Return a value as a line of text: nothing where it is not set, and of a secret only that it is."""
    value = _json_value(getattr(settings, name))
    return "" if value is None else str(value)


def _json_value(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "(hidden)"
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _place(found: FoundSettings, name: str) -> str:
    origin = found.origin(name)
    places = {"flag": f"flag {flag_of(name)}", "variable": f"variable {variable_of(name)}", "file": "file"}
    return places.get(origin, origin)
