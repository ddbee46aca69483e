"""The khabar command: its subcommands, and how their failures are reported."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from index.types import KhabarError

# A command is imported when it is named, so that no command waits for what only another needs.
_COMMANDS: Mapping[str, str] = {
    "index": "ui.commands.index:index",
    "watch": "ui.commands.watch:watch",
    "backup": "ui.commands.index:backup",
    "restore": "ui.commands.index:restore",
    "status": "ui.commands.archive:status",
    "list": "ui.commands.archive:list_articles",
    "show": "ui.commands.archive:show",
    "entities": "ui.commands.archive:entities",
    "duplicates": "ui.commands.archive:duplicates",
    "watchlist": "ui.commands.watchlist:watchlist",
    "ask": "ui.commands.ask:ask",
    "serve": "ui.commands.serve:serve",
    "openapi": "ui.commands.openapi:openapi",
    "mcp": "ui.commands.mcp:mcp",
    "eval": "ui.commands.evaluate:evaluate",
    "feedback": "ui.commands.feedback:feedback",
    "keys": "ui.commands.keys:keys",
    "login": "ui.commands.login:add_user",
    "models": "ui.commands.models:models",
    "config": "ui.commands.config:config",
    "doctor": "ui.commands.doctor:doctor",
}


class _Khabar(click.Group):
    """Finds the commands, and turns every failure into one line on stderr.

    The exit status is 1 for an expected failure, and 70 for a bug in Khabar.
    """

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[name].split(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KhabarError as error:
            click.echo(f"khabar: {error}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            click.echo(f"khabar: {_first_line(error)}; this is a bug, please report it with {_details()}", err=True)
            sys.exit(70)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"


def _details() -> str:
    """Write the traceback where maintainers find it and users need not see it; return the file's name."""
    with tempfile.NamedTemporaryFile("w", prefix="khabar-", suffix=".log", delete=False, encoding="utf-8") as file:
        traceback.print_exc(file=file)
    return file.name


@click.group(cls=_Khabar, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="khabar")
def main() -> None:
    """Khabar answers questions about a folder of Arabic, Persian and English news articles, every sentence cited.

    Every setting is a flag, a KHABAR_* environment variable and a line of khabar.toml: --top-k, KHABAR_TOP_K, top_k = 10.
    """
