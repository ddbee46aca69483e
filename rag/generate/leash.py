"""How a model that writes is ended from another thread, while its reader waits for the next piece."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress


class Leash:
    """Holds what a model writes; pulled, it closes that, at once or as soon as there is something to close."""

    def __init__(self) -> None:
        """Begin with nothing held."""
        self._lock = threading.Lock()
        self._pieces: Iterator[str] | None = None
        self._pulled = False

    def hold(self, pieces: Iterator[str]) -> None:
        """Hold what a model begins to write."""
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

    def _close(self, pieces: Iterator[str]) -> None:
        close = getattr(pieces, "close", None)
        if close is not None:
            with suppress(ValueError):  # a Python generator that is at work cannot be closed; it ends with its next piece
                close()
