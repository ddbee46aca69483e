"""A reading process: it opens the archive and computes what the serving process asks of it, until that one goes."""

from __future__ import annotations

import logging
import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal

from index.processors import step_back
from index.types import KhabarError
from rag.answering.parcel import Parcels
from rag.answering.seat import OwnSeat
from rag.answering.types import Asked
from rag.archive import open_archive
from rag.settings import Settings
from rag.text.glossary import load_glossary

_LOGGER = logging.getLogger(__name__)

Doing = Literal["quote", "search", "explain"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a reading process."""

    doing: Doing
    asked: Asked
    top_k: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """A bug that an order met, in words: what an exception holds may not pass between processes."""

    error: str


def serve(*handles: int) -> None:
    """Serve the connections of these file handles, a thread each: the first of searches, the others of answers.

    Over the first come the settings. Ends when the serving process closes it, also by its own end.
    """
    for ignored in (signal.SIGINT, signal.SIGTERM):  # they are meant for the serving process, which ends this one
        signal.signal(ignored, signal.SIG_IGN)
    # The page and who asks for its health go before; in the system's eyes, a thread's children are as it is.
    step_back(1)
    searching, *reading = (Connection(handle) for handle in handles)
    with suppress(EOFError, OSError):
        settings: Settings = pickle.loads(searching.recv_bytes())
        parcels = Parcels(load_glossary(settings.glossary))
        try:
            archive = open_archive(settings)
        except KhabarError as error:
            searching.send_bytes(parcels.packed(error))
            return
        searching.send_bytes(parcels.packed(None))
        seat = OwnSeat(archive.answerer)

        def warm_up_and_read(connection: Connection) -> None:
            step_back()
            with suppress(KhabarError):  # told with each answer
                archive.answerer.warm_up(write=False)
            with suppress(EOFError, OSError):
                _serve(connection, seat, parcels)

        for connection in reading:
            threading.Thread(target=warm_up_and_read, args=(connection,), daemon=True).start()
        _serve(searching, seat, parcels)


def _serve(connection: Connection, seat: OwnSeat, parcels: Parcels) -> None:
    doings: dict[Doing, Callable[[Order], Any]] = {
        "quote": lambda order: seat.quote(order.asked),
        "search": lambda order: seat.search(order.asked, order.top_k),
        "explain": lambda order: seat.explained(order.asked, order.top_k),
    }
    while True:
        order: Order = parcels.unpacked(connection.recv_bytes())
        try:
            reply = parcels.packed(doings[order.doing](order))
        except KhabarError as error:
            reply = parcels.packed(error)
        except BaseException as error:  # a bug, or a panic of a library: the process can go on
            _LOGGER.exception("a reading process met a bug")
            reply = parcels.packed(Broken(f"{type(error).__name__}: {error}"[:500]))
        connection.send_bytes(reply)
