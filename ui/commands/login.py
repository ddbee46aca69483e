"""`khabar login NAME`: the line of a user in the file that --login names."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rag.settings import Settings, read_settings
from ui.commands.options import config_option
from ui.login.users import keep_line, new_line


@click.command("login")
@click.argument("name")
@click.option("--login", metavar="FILE", help=Settings.model_fields["login"].description)
@config_option
def add_user(name: str, login: str | None, config: str | None) -> None:
    """Ask for a password and write the line of the user NAME.

    It is put into the file that --login, KHABAR_LOGIN or the settings file names, in the place of an earlier line of the same
    name, or else printed. A password that is not typed in a terminal is read from the first line of the input.
    """
    file = read_settings(config, login=login).login
    line = new_line(name, _password())
    if file is None:
        click.echo(line)
        return
    known = keep_line(Path(file), line)
    told = "has a new password, and is logged out" if known else "may log in"
    click.echo(f"{line.partition(':')[0]} {told}; a server that runs with --login {file} needs no restart")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return password
