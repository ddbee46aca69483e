"""What the page changes in the archive, one thing after another in a thread: files taken in, articles taken out and put back.

Every change is a run of the indexer, with its locks: where another process is at it, the changes wait. What was asked for and
not done when the server ends is done by the next one, for the files lie in the folder of uploads.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from index.build import build_index, derive_words, forget_unseen, known_folders
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.failures import catalog_failure
from index.lock import WrittenElsewhere, sole_writer
from index.progress import Progress, Tell, silent
from index.stores import stores_of
from index.types import KhabarError, Problem
from index.withdrawn import give_back, withdraw, withdrawn
from rag.archive import build_options, chosen_names
from rag.intake.uploads import Upload, Uploads
from rag.settings import Settings

_LOGGER = logging.getLogger(__name__)
# Seconds without a further file after which those that came in are read together, and that are waited at most.
_QUIET_SECONDS = 0.7
_PATIENCE_SECONDS = 5.0
# Seconds until what failed, or what another process held up, is tried again.
_RETRY_SECONDS = 20.0
_LOOK_SECONDS = 1.0
# What became of so many files is remembered for the pages that ask.
_REMEMBERED = 5_000

Stage = Literal["idle", "waiting", "elsewhere", "read", "entities", "copies", "analyse", "failed"]
Result = Literal["added", "refused", "removed", "withdrawn", "restored", "lost"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file, or of an article that was taken out or put back, and what was met in reading it."""

    number: int
    name: str
    result: Result
    articles: int = 0
    problems: tuple[Problem, ...] = ()
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What the thread is at: a stage of a run and how far it is, and how many changes wait behind it."""

    stage: Stage = "idle"
    done: int = 0
    of: int = 0
    waiting: int = 0


class _Stopped(Exception):
    """The server ends: the run is left where it is."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that waits: the file or the articles that it is about, by the name that its outcome has."""

    name: str
    kind: Literal["add", "refuse", "delete", "withdraw", "restore"]
    file: Path | None = None
    article_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class _Heard:
    """Progress of a run as the page polls it; raises in the run once the server ends."""

    stopping: threading.Event
    stage_name: Stage = "read"
    done: int = 0
    of: int = 0

    def stage(self, name: str, total: int) -> None:
        self.stage_name = name if name in ("read", "entities", "copies", "analyse") else "read"  # type: ignore[assignment]
        self.done, self.of = 0, total

    def advance(self, steps: int) -> None:
        if self.stopping.is_set():
            raise _Stopped
        self.done += steps


class Work:
    """Takes changes of an archive and makes them; a thread lives as long as there are some."""

    def __init__(self, settings: Settings, catalog: Catalog, uploads: Uploads, tell: Tell = silent) -> None:
        """Keep how articles are read, and who hears what a maintainer has to know of a failure.

        `run` tells outcomes from those of a server before, which counted them from 1, too.
        """
        self._settings, self._catalog, self._uploads, self._tell = settings, catalog, uploads, tell
        self._data = uploads.folder.parent
        self._changes: deque[_Change] = deque()
        self._outcomes: deque[Outcome] = deque(maxlen=_REMEMBERED)
        self.run = secrets.token_hex(4)
        self._number = 0
        self._last = 0.0
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._heard: _Heard | None = None
        self._held_up: Stage | None = None

    # What the page asks for

    def add(self, upload: Upload) -> None:
        """Read a file that came in."""
        self._take(_Change(upload.name, "add", upload.file))

    def delete(self, file: Path, name: str) -> None:
        """Delete a file that came in through the page, and drop its articles; a server that is ended leaves it to the next."""
        self._uploads.ask_deletion(file)
        self._take(_Change(name, "delete", file))

    def withdraw(self, article_id: str, name: str) -> None:
        """Take an article out; its file stays."""
        self._take(_Change(name, "withdraw", article_ids=(article_id,)))

    def restore(self, article_id: str, name: str) -> None:
        """Put back an article that was taken out."""
        self._take(_Change(name, "restore", article_ids=(article_id,)))

    def resume(self) -> None:
        """Delete and read what was to be before the last server ended."""
        self._uploads.clear()
        for file in self._uploads.deletions():
            self._take(_Change(str(file.relative_to(self._uploads.folder)), "delete", file))
        for file in self._uploads.waiting():
            self._take(_Change(str(file.relative_to(self._uploads.folder)), "add", file))

    def stop(self) -> None:
        """End the run at the next file, and wait for it."""
        self._stopping.set()
        thread = self._thread
        if thread and thread.is_alive():
            thread.join()

    @property
    def state(self) -> State:
        """What it is at now."""
        with self._lock:
            thread, heard, waiting = self._thread, self._heard, len(self._changes)
        if thread is None:
            return State()
        if heard is None:
            return State(self._held_up or "waiting", waiting=waiting)
        return State(heard.stage_name, heard.done, heard.of, waiting)

    @property
    def number(self) -> int:
        """The number of the last outcome."""
        return self._number

    def outcomes(self, after: int) -> list[Outcome]:
        """Return what became of what was asked for, after the outcome of a number; 0 for all that is remembered."""
        with self._lock:
            return [outcome for outcome in self._outcomes if outcome.number > after]

    # The thread

    def _take(self, change: _Change) -> None:
        with self._lock:
            self._changes.append(change)
            self._last = time.monotonic()
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._run, name="archive-work", daemon=True)
                atexit.register(self.stop)
                self._thread.start()

    def _run(self) -> None:
        try:
            while batch := self._next():
                self._make(batch)
        finally:
            atexit.unregister(self.stop)

    def _next(self) -> list[_Change]:
        """Return the changes of one kind that are next, once no further file has come for a while; none ends the thread."""
        began = time.monotonic()
        while not self._stopping.wait(_QUIET_SECONDS / 10):
            with self._lock:
                quiet = time.monotonic() - self._last > _QUIET_SECONDS or self._changes and self._changes[0].kind != "add"
                if not self._changes:
                    self._thread = None
                    return []
                if not quiet and time.monotonic() - began < _PATIENCE_SECONDS:
                    continue
                kind = self._changes[0].kind
                batch = []
                while self._changes and self._changes[0].kind == kind:
                    batch.append(self._changes.popleft())
                return batch
        with self._lock:
            self._thread = None
        return []

    def _make(self, batch: Sequence[_Change]) -> None:
        """Make the changes; what fails as a whole is tried again, for as long as the server lives."""
        makers: dict[str, Callable[[Sequence[_Change], Progress], None]] = {
            "add": self._add, "refuse": self._refuse, "delete": self._delete, "withdraw": self._withdraw,
            "restore": self._restore,
        }  # fmt: skip
        while True:
            heard = _Heard(self._stopping)
            try:
                self._heard = heard
                makers[batch[0].kind](batch, heard)
                self._held_up = None
                return
            except _Stopped:
                return
            except WrittenElsewhere:
                self._held_up, wait = "elsewhere", _LOOK_SECONDS
            except KhabarError as error:
                self._tell(f"khabar: {error}; this is tried again every {_RETRY_SECONDS:.0f} seconds")
                self._held_up, wait = "failed", _RETRY_SECONDS
            except Exception:
                _LOGGER.exception("a change of the archive from the page failed")
                for change in batch:
                    self._note(change.name, "lost")
                return
            finally:
                self._heard = None
            if self._stopping.wait(wait):
                return

    def _note(
        self, name: str, result: Result, articles: int = 0, problems: Sequence[Problem] = (), article_id: str | None = None
    ) -> None:
        with self._lock:
            self._number += 1
            self._outcomes.append(Outcome(self._number, name, result, articles, tuple(problems), article_id))

    # What is done

    def _build(self, paths: Sequence[Path], progress: Progress, only: Sequence[Path], forget: bool = False) -> None:
        build_index(
            self._data, paths, NoEmbedder(), build_options(self._settings), progress, forget=forget, embed=False,
            names=chosen_names(self._settings), tell=self._tell, only=only,
        )  # fmt: skip

    def _add(self, batch: Sequence[_Change], progress: Progress) -> None:
        there = [change for change in batch if change.file and change.file.exists()]
        if there:
            self._build([self._uploads.folder], progress, [change.file for change in there if change.file])
        found = [(self._catalog.count_at(str(change.file)), self._catalog.problems_in(str(change.file))) for change in there]
        # From here on nothing fails: what is tried again would be told again.
        for change in batch:
            if change not in there:
                self._note(change.name, "lost")
        for change, (articles, problems) in zip(there, found, strict=True):
            self._note(change.name, "added" if articles else "refused", articles, problems)
        refused = [replace(change, kind="refuse") for change, (articles, _) in zip(there, found, strict=True) if not articles]
        with self._lock:
            self._changes.extendleft(reversed(refused))

    def _refuse(self, batch: Sequence[_Change], progress: Progress) -> None:
        """Delete files of which nothing is in the archive: their senders still have them."""
        files = [change.file for change in batch if change.file]
        for file in files:
            self._uploads.delete(file)
        self._build(files, progress, (), forget=True)

    def _delete(self, batch: Sequence[_Change], progress: Progress) -> None:
        deleted: list[Path] = []
        for change in batch:
            assert change.file
            try:
                self._uploads.delete(change.file)
                deleted.append(change.file)
            except KhabarError as error:
                self._tell(f"khabar: {error}")
        if deleted:
            self._build(deleted, progress, (), forget=True)
        self._uploads.settle_deletions({change.file for change in batch if change.file})
        for change in batch:
            self._note(change.name, "removed" if change.file in deleted else "lost")

    def _withdraw(self, batch: Sequence[_Change], progress: Progress) -> None:
        with sole_writer(self._data), closing(Catalog(self._data / FILE_NAME, writable=True)) as catalog:
            try:
                withdraw(catalog, [each for change in batch for each in change.article_ids], date.today())
                stores = stores_of(catalog)
                derive_words(catalog, stores, False, progress, self._tell)
                forget_unseen(catalog, stores)
                catalog.settle()
            except sqlite3.DatabaseError as error:
                raise catalog_failure(catalog.file, error, writing=True) from error
        for change in batch:
            self._note(change.name, "withdrawn", article_id=change.article_ids[0])

    def _restore(self, batch: Sequence[_Change], progress: Progress) -> None:
        # What cannot be read any more stays among what was taken out.
        readable = {each.article_id for each in withdrawn(self._catalog) if Path(each.location).exists()}
        wanted = [each for change in batch for each in change.article_ids if each in readable]
        with sole_writer(self._data), closing(Catalog(self._data / FILE_NAME, writable=True)) as catalog:
            files = give_back(catalog, wanted)
        if files:
            folders = sorted({self._folder_of(file) for file in files})
            self._build(folders, progress, files)
        there = self._catalog.entries_of(wanted)
        for change in batch:
            self._note(change.name, "restored" if there.keys() & set(change.article_ids) else "lost")

    def _folder_of(self, file: Path) -> Path:
        """Return the folder that a file was indexed with, by which its path in the archive is written."""
        return next((folder for folder in known_folders(self._catalog) if file.is_relative_to(folder)), file)
