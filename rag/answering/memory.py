"""What was answered is answered again without computing, as long as the archive is as it was."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path
from typing import Any

from index import vectors
from index.generation import pointer
from index.stores import LOCAL, store_of
from rag.answering import tuning
from rag.archive import Archive


def state_of(archive: Archive) -> Hashable:
    """Return what an answer depends on beside the question: the day, the catalog, its words, and its vectors, as they are now.

    It is made of no more than a look at some files, for every question asks for it. Of a store that lies elsewhere nothing
    can be seen so fast: it is never as it was. Raises KhabarError where the archive cannot be read.
    """
    if store_of(archive.catalog) != LOCAL:
        return object()
    file = archive.catalog.file
    files = (file, archive.catalog.log, pointer(file.parent / vectors.FOLDER))
    return date.today(), archive.catalog.revision, archive.lexical.state, *map(_seen, files)


def _seen(file: Path) -> tuple[int, int, int]:
    """Return what tells one writing of a file from the next; embeddings leave the catalog's revision as it is."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_mtime_ns, status.st_size


class Memory:
    """What was computed lately in one state of the archive; in another there is nothing of it."""

    def __init__(self, state: Callable[[], Hashable], most: int = tuning.MOST_REMEMBERED) -> None:
        """Keep what tells the state of the archive, and how much is remembered."""
        self.state = state
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._state: Hashable = None

    def find(self, key: Hashable, state: Hashable) -> Any | None:
        """Return what is known in a state; None where nothing is."""
        with self._lock:
            if state != self._state:
                self._known.clear()
                self._state = state
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key]

    def keep(self, key: Hashable, state: Hashable, value: Any) -> None:
        """Remember what was computed, if the archive is still in the state in which that began."""
        if self.state() != state:
            return
        with self._lock:
            if state != self._state:
                return
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)
