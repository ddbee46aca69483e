"""`khabar serve`: the chat page and the API in one process on one port, and the background thread that embeds the rest."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from index.build import build_index
from index.catalog import FILE_NAME
from index.embed import NoEmbedder
from index.embedding import EmbeddingElsewhere, embed_archive
from index.failures import not_writable
from index.generation import Generation
from index.private import private_folder, tighten
from index.progress import Silent
from index.types import KhabarError
from rag.api.application import create_api
from rag.archive import Archive, build_options, open_archive
from rag.desk import Desk, open_desk
from rag.intake.uploads import uploads_in
from rag.server.binding import beyond_told, listening_socket, safe_host, shown_at
from rag.server.entrance import behind_entrance
from rag.server.health import add_operations
from rag.server.keys import KeyFile
from rag.server.log import set_up_log, teller
from rag.server.metrics import Metrics
from rag.server.protocol import server_options
from rag.server.readiness import Warmth
from rag.server.request_log import RequestLog
from rag.settings import Settings
from ui.commands.options import settings_in, settings_options, writes_archive
from ui.login.login import Login, login_of
from ui.page.guard import PagePeople
from ui.page.login import add_login_page
from ui.page.under_path import UnderPath
from ui.terminal.archive import tell

_LOGGER = logging.getLogger(__name__)
# Seconds between two looks at whether words have seen something new, or another process has left something unembedded; and the
# wait after an error.
_LOOK_SECONDS = 3.0
_RETRY_SECONDS = 60.0
# Seconds for which a thread computes while others wait for their turn; Python's own five milliseconds add up in a page.
_SWITCH_SECONDS = 0.001
# Seconds that requests at work get to their end when the server stops.
_GRACE_SECONDS = 2


@click.command()
@settings_options
@writes_archive
def serve(**values: Any) -> None:
    """Serve the chat page and the API."""
    run_server(settings_in(values))


def run_server(settings: Settings) -> None:
    """Serve until interrupted; an empty index is begun where there is none. Raises KhabarError where the port is taken."""
    # The thread that serves the page does not wait long for those that compute.
    sys.setswitchinterval(_SWITCH_SECONDS)
    set_up_log(settings.log)
    told, metrics = teller(settings.log, tell), Metrics(settings.log_questions)
    login, keys = login_of(settings), KeyFile(settings.data)
    archive = _own_archive(settings, told)
    metrics.watch(archive)
    host = _safe_host(settings, login is not None or keys.are_good, told)
    with listening_socket(host, settings.port) as listening:
        desk, warmth = open_desk(archive, settings, told, metrics), Warmth(archive)
        application = _application(desk, warmth, metrics, login)
        served = _as_served(application, settings, metrics, keys, login)
        threading.Thread(target=warmth.warm_up, args=(told,), daemon=True).start()
        at = f"{shown_at(host, settings.port)}{settings.root_path}"
        click.echo(f"Khabar is at http://{at} (API: /api/docs, Ctrl+C stops)")
        server = _Server(served, warmth, desk)
        _go_on_after_signals()
        try:
            with BackgroundEmbedding(archive, told):
                desk.resume()
                desk.offers.start()
                server.run(sockets=[listening])
        finally:
            desk.close()
            if login:
                login.close()


def _own_archive(settings: Settings, told: Callable[[str], None]) -> Archive:
    """Return the archive, its owner's alone, begun where there was none. Raises KhabarError."""
    if opened := tighten(settings.data):
        told(f"{opened:,} files and folders in '{settings.data}' could be read by others; now they are for their owner alone")
    if begin_archive(settings):
        told(f"There was no index in '{settings.data}'; an empty one was begun. Add files on the page, or: khabar index FOLDER")
    return open_archive(settings, tell=told)


def begin_archive(settings: Settings) -> bool:
    """Make an empty index where there is none, so that the page can take the first files; tell whether it was made.

    Raises KhabarError where the folder cannot be written, or another process is just making one.
    """
    if (settings.data / FILE_NAME).is_file():
        return False
    uploads = uploads_in(settings)
    try:
        private_folder(settings.data)
        private_folder(uploads)
    except OSError as error:
        raise not_writable(settings.data, error) from error
    build_index(
        settings.data, [uploads], NoEmbedder(), build_options(settings), Silent(), embed=False, store=settings.store, tell=tell
    )
    return True


def _application(desk: Desk, warmth: Warmth, metrics: Metrics, login: Login | None) -> FastAPI:
    """Return everything behind the doors: the API, what operators ask, the page."""
    from ui.page.app import mount_page  # Gradio takes seconds to load: a port that is taken is told before

    application = create_api(desk)
    add_operations(application, warmth, metrics)
    if login:
        add_login_page(application, login)
    return mount_page(application, desk)


def _as_served(application: ASGIApp, settings: Settings, metrics: Metrics, keys: KeyFile, login: Login | None) -> ASGIApp:
    """Return the application behind what stands before every door, under its path where it has one, all of it logged."""
    served = behind_entrance(application, settings, keys, PagePeople(login))
    if settings.root_path:
        served = UnderPath(served, settings.root_path)
    return RequestLog(served, metrics, settings.root_path, settings.log_questions)


class _Server(uvicorn.Server):
    """A server that ends what pages wait for before it waits for them to go."""

    def __init__(self, served: ASGIApp, warmth: Warmth, desk: Desk) -> None:
        options = server_options() | {"log_config": None, "access_log": False, "timeout_graceful_shutdown": _GRACE_SECONDS}
        super().__init__(uvicorn.Config(served, **options))
        self._warmth = warmth
        self._desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Hear of a signal to stop."""
        # In a thread of its own: the signal may have come while this one held a lock that is needed.
        threading.Thread(target=self._let_go, daemon=True).start()
        super().handle_exit(sig, frame)

    def _let_go(self) -> None:
        self._warmth.stop()
        self._desk.let_go()


def _go_on_after_signals() -> None:
    """Let what comes after the server be done all the same when a signal has stopped it; such a stop is no failure.

    uvicorn raises the signal again when it has stopped.
    """
    if threading.current_thread() is threading.main_thread():
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: None)


def _safe_host(settings: Settings, is_guarded: bool, told: Callable[[str], None]) -> str:
    """Return the host to listen at. Raises KhabarError for an address that is none of this machine's."""
    host = safe_host(settings.host, is_guarded)
    if host != settings.host:
        listening_socket(settings.host, 0).close()
        told(beyond_told(settings.host, host))
    return host


class BackgroundEmbedding:
    """Embeds what is new in an archive for as long as it is entered; whatever goes wrong is reported once and tried again."""

    def __init__(
        self,
        archive: Archive,
        tell: Callable[[str], None],
        look_seconds: float = _LOOK_SECONDS,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        """Remember what to embed, who hears of errors, and the waits between two looks and after an error."""
        self._archive = archive
        self._data = archive.catalog.file.parent
        self._tell = tell
        self._look_seconds = look_seconds
        self._retry_seconds = retry_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="embedding", daemon=True)
        self._done: Generation | None = None
        self._told: str | None = None

    def __enter__(self) -> BackgroundEmbedding:
        """Begin, unless there is no embedder."""
        if self._archive.embedder.languages:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and wait the seconds that it takes."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join()

    def stop(self) -> None:
        """Let it end after the passages at work: what is embedded is kept, and the rest is left to the next run."""
        self._stopping.set()

    @property
    def is_running(self) -> bool:
        """Whether its thread is at work."""
        return self._thread.is_alive()

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.wait(wait):
            wait = self._look_seconds if self._embed() else self._retry_seconds

    def _embed(self) -> bool:
        """Embed what is new since all was embedded; return False after an error."""
        try:
            # Not the catalog's revision, which rises with every file of a run: words see a run once it is through with them.
            seen = self._archive.lexical.state
            complete = self._archive.embedded().complete
            if complete and seen == self._done:
                return True
            if complete and not os.access(self._data, os.W_OK):
                return True  # an archive on a disk that is only read has all that it needs
            embedder, stopping = self._archive.embedder, self._stopping.is_set
            embedded = embed_archive(self._data, embedder, Silent(), stopping=stopping, tell=self._tell)
        except EmbeddingElsewhere:
            return True  # it does the same; whether it got to the end is seen at the next look
        except KhabarError as error:
            return self._failed(str(error))
        except Exception as error:  # a server must outlive a bug in a background task
            _LOGGER.exception("embedding in the background failed")
            return self._failed(f"embedding in the background failed ({type(error).__name__})")
        self._done = seen if embedded.complete else None
        self._told = None
        return True

    def _failed(self, told: str) -> bool:
        if told != self._told:
            self._tell(f"khabar: {told}; this is tried again every {self._retry_seconds:.0f} seconds")
        self._told = told
        return False
