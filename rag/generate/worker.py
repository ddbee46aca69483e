"""A thread that writes for many askers, one after the other, and the pieces that it hands to each."""

from __future__ import annotations

import ctypes
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

from rag.generate import tuning
from rag.generate.generator import GenerationError


class Flag:
    """Raised once and for all by one thread, seen by another; `text` is the same for C: a string, empty until it is raised."""

    def __init__(self) -> None:
        """Begin lowered."""
        self.text = ctypes.create_string_buffer(2)
        self._acts: list[Callable[[], None]] = []

    def hoist(self) -> None:
        """Raise the flag."""
        self.text[0] = b"!"
        self._act()

    def when_hoisted(self, act: Callable[[], None]) -> None:
        """Have something done once the flag is raised, by the thread that raises it; at once where it is raised already."""
        self._acts.append(act)
        if self:
            self._act()

    def _act(self) -> None:
        # Without a lock: whoever lets go of a draft raises its flag, which may be in the midst of this.
        while self._acts:
            with suppress(IndexError):
                self._acts.pop()()

    def __bool__(self) -> bool:
        return self.text[0] != b"\0"


# Yields pieces, and may stop early once the flag is raised.
Work = Callable[[Flag], Iterator[str]]


class _Request:
    """One asker's work, and the queue in which its pieces come back: "" when it is taken up, None or an error at its end."""

    def __init__(self, work: Work) -> None:
        self.pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        self.cancelled = Flag()
        self._work = work

    def fulfil(self) -> None:
        self.pieces.put("")
        try:
            for piece in self._work(self.cancelled):
                if self.cancelled:
                    return
                self.pieces.put(piece)
        except Exception as error:  # whatever it is, it belongs to the asker
            self.pieces.put(error)
        else:
            self.pieces.put(None)

    def cancel(self) -> None:
        self.cancelled.hoist()
        self.pieces.put(None)


class Pieces(Iterator[str]):
    """A text, piece by piece, as another thread writes it. Closing it, from any thread, or letting go of it ends that work.

    Raises GenerationError where its turn does not come in time, or where it takes longer than `limit` seconds in all.
    """

    def __init__(self, request: _Request, patience: float, limit: float | None) -> None:
        """Wait `patience` seconds for the first sign, and `limit` seconds (None: without end) for the whole."""
        self._request = request
        self._patience = patience
        self._limit = limit
        self._deadline = None if limit is None else time.monotonic() + limit
        self._taken_up = False

    def __iter__(self) -> Pieces:
        return self

    def __next__(self) -> str:
        while not self._request.cancelled:
            piece = self._received()
            self._taken_up = True
            if piece is None or isinstance(piece, Exception):
                self.close()
                if piece is not None:
                    raise piece
            elif piece and not self._request.cancelled:
                return piece
        raise StopIteration

    def close(self) -> None:
        """End the work; whoever waits for the next piece gets none."""
        self._request.cancel()

    def __del__(self) -> None:
        self.close()

    def _received(self) -> str | Exception | None:
        left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        waits = [seconds for seconds in (left, None if self._taken_up else self._patience) if seconds is not None]
        try:
            return self._request.pieces.get(timeout=min(waits, default=None))
        except queue.Empty:
            return _busy() if not self._taken_up else _late(self._limit)


class Worker:
    """Does one work at a time, in the order asked; its thread lives as long as there is work."""

    def __init__(self, places: int = tuning.PLACES, patience: float = tuning.PATIENCE) -> None:
        """Let `places` askers queue behind the one being served, for `patience` seconds each."""
        self._places = places
        self._patience = patience
        # Taken again by one thread: letting go of a request may let go of the worker's owner, who then stops it.
        self._lock = threading.RLock()
        self._waiting: deque[_Request] = deque()
        self._served: _Request | None = None
        self._thread: threading.Thread | None = None

    def ask(self, work: Work, limit: float | None = None) -> Pieces:
        """Queue a work and return its pieces; they take `limit` seconds at most. Raises GenerationError for a full line."""
        request = _Request(work)
        with self._lock:
            self._waiting = deque(waiting for waiting in self._waiting if not waiting.cancelled)
            if len(self._waiting) >= self._places:
                raise _busy()
            self._waiting.append(request)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="khabar-draft", daemon=True)
                self._thread.start()
        return Pieces(request, self._patience, limit)

    def stop(self, seconds: float = tuning.STOPPING) -> None:
        """Cancel everything, and wait until the thread has let go of it."""
        with self._lock:
            requests, thread = [*self._waiting, self._served], self._thread
        for request in requests:
            if request is not None:
                request.cancel()
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)

    def _serve(self) -> None:
        while self._take_up():
            if self._served is not None and not self._served.cancelled:
                self._served.fulfil()

    def _take_up(self) -> bool:
        """Take the next request from the line; False, and the thread is over, where there is none."""
        with self._lock:
            self._served = self._waiting.popleft() if self._waiting else None
            if self._served is None:
                self._thread = None
            return self._served is not None


def _busy() -> GenerationError:
    return GenerationError("the language model is busy with other questions", "ask again in a minute")


def _late(limit: float | None) -> GenerationError:
    return GenerationError(
        f"the language model took longer than {limit:g} seconds", "ask again, or raise --llm-timeout (KHABAR_LLM_TIMEOUT)"
    )
