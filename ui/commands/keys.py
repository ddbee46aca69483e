"""`khabar keys`: which programs may ask a server, and what for."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from rag.server.keys import LONGEST_DAYS, Key, KeyFile, scopes_of
from ui.commands.options import echo_json, settings_in, settings_options, writes_archive
from ui.terminal.archive import tell


@click.group()
def keys() -> None:
    """Keys for programs that ask a server: each opens what its scopes name.

    The first one closes the API, OpenAI's protocol and MCP to whoever has none.
    """


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, metavar="read|write|admin", help="what it opens (repeatable)  [read]")
@click.option("--days", type=click.FloatRange(0, LONGEST_DAYS, min_open=True), metavar="N", help="days that it is good for")
@settings_options
@writes_archive
def create(name: str, scopes: Sequence[str], days: float | None, **values: Any) -> None:
    """Make a key for NAME, whatever tells you who has it, and print it: it is shown this once.

    `read` asks and reads, `write` changes the archive, `admin` sees what others asked. A server that runs takes it at once.
    """
    file = KeyFile(settings_in(values).data)
    chosen = scopes_of(scopes or ("read",))
    click.echo(file.create(name, chosen, days))
    opened = ", ".join(sorted(chosen))
    tell(f"The key of '{name}' ({opened}). It is stored nowhere else: keep it, and send it as Authorization: Bearer KEY")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="print them as JSON")
@settings_options
def list_keys(as_json: bool, **values: Any) -> None:
    """List the keys: what each opens, until when, and when it was last used."""
    file = KeyFile(settings_in(values).data)
    found, used = sorted(file.keys().values(), key=lambda key: key.created), file.used()
    if as_json:
        last = {key_id: day.isoformat() for key_id, day in used.items()}
        echo_json([key.to_json() | {"last_used": last.get(key.key_id)} for key in found])
    else:
        click.echo(_keys_text(found, used))


@keys.command()
@click.argument("name")
@settings_options
@writes_archive
def revoke(name: str, **values: Any) -> None:
    """Revoke the key of NAME, or of an id, for good. A server that runs refuses it at once."""
    key = KeyFile(settings_in(values).data).revoke(name)
    click.echo(f"Revoked: {key.key_id} '{key.name}'")


def _keys_text(found: Sequence[Key], used: Mapping[str, date]) -> str:
    if not found:
        return "There is no key. Make one: khabar keys create NAME"
    return "\n".join(_key_line(key, used.get(key.key_id)) for key in found)


def _key_line(key: Key, used: date | None) -> str:
    told = key.to_json()
    if key.revoked is not None:
        state = f"revoked {told['revoked'][:10]}"
    elif key.expires is not None:
        state = f"{'good until' if key.is_good(time.time()) else 'ended'} {told['expires'][:10]}"
    else:
        state = "good"
    last = f"last used {used}" if used else "never used"
    # The name last: what is written from the right may else change places with what stands behind it.
    return f"{key.key_id}  {state:<22}  {','.join(sorted(key.scopes)):<16}  {last:<20}  {key.name}"
