"""One process, one port: the chat page and the API under uvicorn."""

from __future__ import annotations

import json
import socket
import threading
from importlib import resources

import click
import uvicorn

from index.types import KhabarError
from rag.api import create_api
from rag.archive import Archive, open_archive
from rag.filter import outlets_of
from rag.settings import Settings
from ui.background import BackgroundEmbedding
from ui.report_api import add_report
from ui.terminal import tell


def run_server(settings: Settings) -> None:
    """Serve until interrupted. Raises KhabarError where there is no index or the port is taken."""
    archive = open_archive(settings, tell=tell)
    with _listening_socket(settings.host, settings.port) as listening:
        from ui.app import mount_page

        api = add_report(create_api(archive), archive)
        application = mount_page(api, archive, example_questions(archive))
        threading.Thread(target=_warm_up, args=(archive,), daemon=True).start()
        click.echo(f"Khabar is at http://{_shown_host(settings.host)}:{settings.port} (API: /api/ask, Ctrl+C stops)")
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
        with BackgroundEmbedding(archive, tell):
            server.run(sockets=[listening])


def example_questions(archive: Archive) -> list[str]:
    """Return the questions that the page offers to a new reader, where the sample archive is among what is indexed."""
    if not any(source.path.startswith("seeds/") for source in archive.catalog.sources().values()):
        return []
    return list(json.loads(resources.files("ui").joinpath("examples.json").read_text(encoding="utf-8")))


def _listening_socket(host: str, port: int) -> socket.socket:
    """Take the port before anything is loaded, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise KhabarError(
            f"cannot listen on {host}:{port} ({error.strerror or error})", "stop what uses it or choose another: --port 7861"
        ) from error
    return listening


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _warm_up(archive: Archive) -> None:
    """Load the models and count the outlets behind the page, so that its first reader does not wait for them."""
    try:
        outlets_of(archive.catalog)
        archive.answerer.warm_up()
    except KhabarError as error:
        tell(f"khabar: {error}")
