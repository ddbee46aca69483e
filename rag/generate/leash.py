"""How what comes piece by piece, such as what a model writes, is ended from another thread than its reader's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress


class Leash:
    """Holds what comes in pieces; pulled, it closes that, at once or as soon as there is something to close."""

    def __init__(self) -> None:
        """Begin with nothing held."""
        self._lock = threading.Lock()
        self._pieces: Iterator[object] | None = None
        self._pulled = False

    def hold(self, pieces: Iterator[object]) -> None:
        """Hold what begins to come."""
        with self._lock:
            self._pieces = pieces
            if not self._pulled:
                return
        self._close(pieces)

    def pull(self) -> None:
        """End it, and whatever is held later."""
        with self._lock:
            self._pulled, pieces = True, self._pieces
        if pieces is not None:
            self._close(pieces)

    def _close(self, pieces: Iterator[object]) -> None:
        close = getattr(pieces, "close", None)
        if close is not None:
            with suppress(ValueError):  # a Python generator that is at work cannot be closed; it ends with its next piece
                close()
