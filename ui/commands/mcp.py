"""`khabar mcp`: an archive for assistants on this machine, over standard input and output."""

from __future__ import annotations

from typing import Any

import click

from rag.answering.opened import open_answering
from rag.api.mcp.server import archive_server, require_installed
from rag.archive import open_archive
from rag.entities.lookup import Entities
from rag.text.glossary import load_glossary
from ui.commands.options import settings_in, settings_options
from ui.terminal.archive import tell


@click.command()
@settings_options
def mcp(**values: Any) -> None:
    """Serve the archive to an assistant that speaks the Model Context Protocol, and starts this command itself."""
    require_installed()
    settings = settings_in(values)
    archive = open_archive(settings, tell=tell)
    answering = open_answering(archive, settings)
    try:
        archive_server(archive, answering, Entities(archive.catalog, load_glossary(settings.glossary))).run("stdio")
    finally:
        answering.close()
