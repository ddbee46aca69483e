"""The serving process's side of the reading processes: starts them, asks them, and starts one again that has ended."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from index.types import KhabarError
from rag.answer import Quoted
from rag.answering import tuning
from rag.answering.parcel import Parcels
from rag.answering.types import Asked, Stopping
from rag.answering.worker import Broken, Order
from rag.retrieve.matches import Match
from rag.settings import Settings
from rag.types import Passage

_START = (
    "import sys; sys.path[:] = sys.argv[1].split({!r}); "
    "from rag.answering.worker import serve; serve(*map(int, sys.argv[2:]))"
)


class ReadingProcess:
    """A process that computes, with a connection for each of so many seats; started when it is needed, and again if it ends."""

    def __init__(self, settings: Settings, parcels: Parcels, seats: int) -> None:
        """Start nothing yet."""
        self._settings = settings
        self._parcels = parcels
        self._seats = seats
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connections: list[Connection] = []
        self._started = 0.0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The number of the process, where one runs."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def connection(self, seat: int, lost: Connection | None = None) -> Connection:
        """Return the connection of a seat, with the process started where there is none or its connection is `lost`.

        Raises KhabarError where it cannot open the archive, and Stopping.
        """
        with self._lock:
            if self._closed:
                raise Stopping
            if self._process is None or lost is self._at(seat):
                self._end()
                self._start()
            return self._connections[seat]

    def close(self) -> None:
        """End the process; it is not started again."""
        self._closed = True
        if not self._lock.acquire(timeout=tuning.STOPPING):
            # It is being started, which may take minutes: once it has gone, whoever starts it lets go of the lock.
            if process := self._process:
                process.kill()
            self._lock.acquire()
        try:
            self._end(tuning.STOPPING)
        finally:
            self._lock.release()

    def _at(self, seat: int) -> Connection | None:
        return self._connections[seat] if self._connections else None

    def _start(self) -> None:
        time.sleep(max(0.0, self._started + tuning.START_AGAIN - time.monotonic()))
        self._started = time.monotonic()
        pairs = [Pipe() for _ in range(self._seats)]
        theirs = [their.fileno() for _, their in pairs]
        command = [sys.executable, "-c", _START.format(os.pathsep), os.pathsep.join(sys.path), *map(str, theirs)]
        # Not forked: Tantivy, Chroma and LanceDB have threads, which a fork would leave behind with what they hold.
        self._process = subprocess.Popen(
            command, pass_fds=theirs, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        for _, their in pairs:
            their.close()
        self._connections = [ours for ours, _ in pairs]
        try:
            self._connections[0].send_bytes(pickle.dumps(self._settings))
            failed = self._parcels.unpacked(_received(self._connections[0]))
        except (EOFError, OSError) as error:
            self._end()
            raise KhabarError("a reading process cannot be started", "see the log, or serve with --workers 0") from error
        if failed:
            self._end()
            raise failed

    def _end(self, patience: float = 0.0) -> None:
        """End the process: it goes when nobody is connected any more, or, without patience, it is killed first.

        Else another thread could still read from a connection whose number the next one gets.
        """
        if self._process and not patience:
            self._process.kill()
            self._process.wait()
        for connection in self._connections:
            connection.close()
        if self._process:
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process, self._connections = None, []


class WorkerSeat:
    """A seat at a reading process: one thing at a time is asked of it; what it was at when it ended is asked once again."""

    def __init__(self, process: ReadingProcess, number: int, parcels: Parcels) -> None:
        """Keep the process, and which of its connections is this seat's."""
        self._process = process
        self._number = number
        self._parcels = parcels

    def quote(self, asked: Asked) -> Quoted:
        """Return the answer made of quotes."""
        found: Quoted = self._ask(Order("quote", asked))
        return found

    def search(self, asked: Asked, top_k: int) -> list[Passage]:
        """Return the passages nearest to a question."""
        found: list[Passage] = self._ask(Order("search", asked, top_k))
        return found

    def explained(self, asked: Asked, top_k: int) -> list[tuple[Passage, tuple[Match, ...]]]:
        """Return the same passages, each with where it holds the question's terms."""
        found: list[tuple[Passage, tuple[Match, ...]]] = self._ask(Order("explain", asked, top_k))
        return found

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def _ask(self, order: Order) -> Any:
        parcel = self._parcels.packed(order)
        lost: Connection | None = None
        for _ in range(2):
            connection = self._process.connection(self._number, lost)
            try:
                connection.send_bytes(parcel)
                reply = self._parcels.unpacked(_received(connection))
            except (EOFError, OSError):
                lost = connection
                continue
            if isinstance(reply, Broken):
                raise RuntimeError(reply.error)
            if isinstance(reply, KhabarError):
                raise reply
            return reply
        raise KhabarError("a reading process ended twice over this question", "ask something else, and see the log")


def crew_of(settings: Settings, parcels: Parcels, lanes: int) -> list[Sequence[WorkerSeat]]:
    """Return so many reading processes as the settings say: for each of `lanes`, its seats at all of them.

    They are begun behind the scenes, so that the first question does not wait for them.
    """
    processes = [ReadingProcess(settings, parcels, lanes) for _ in range(settings.workers)]
    for process in processes:
        threading.Thread(target=_begin, args=(process,), name="reading-process", daemon=True).start()
    return [[WorkerSeat(process, lane, parcels) for process in processes] for lane in range(lanes)]


def _begin(process: ReadingProcess) -> None:
    try:
        process.connection(0)
    except KhabarError:
        return  # told to the first who asks


def _received(connection: Connection) -> bytes:
    """Return what comes. Raises EOFError where nothing comes for so long that the process must be lost."""
    if not connection.poll(tuning.MOST_SECONDS):
        raise EOFError
    return connection.recv_bytes()
