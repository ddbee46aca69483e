"""What is changed in the archive while Khabar runs, one job after another in a thread.

Files taken in, articles taken out and put back, folders read again. Every change is a run of the indexer, with its locks: where
another process is at it, the jobs wait. What was asked for and not done when the server ends is done by the next one.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from index.build import build_index, derive_words, forget_unseen, known_folders
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.failures import catalog_failure, not_writable
from index.lock import WrittenElsewhere, sole_writer
from index.progress import Progress, Tell, silent
from index.stores import stores_of
from index.types import KhabarError, Problem
from index.withdrawn import give_back, withdraw, withdrawn
from rag.archive import build_options, chosen_names
from rag.intake.jobs import FILE_NAME as JOBS
from rag.intake.jobs import Job, JobKind, JobState, JobStore, Result, Stage
from rag.intake.uploads import READY, Upload, UploadRefused, Uploads
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
# Problems of a run that its job tells; the report has them all.
_TOLD = 100
# Jobs that are one run together.
_MOST_AT_ONCE = 1_000

# What follows on a job and is none of its own. refuse: a file goes, as nothing could be read. settle: a run was broken off.
_Kind = JobKind | Literal["refuse", "settle"]
# Held up, these can still be taken back; of what is deleted or given back a part may be done already.
_TAKEN_BACK: frozenset[_Kind] = frozenset({"add", "put", "index"})
_UNDONE: frozenset[Result] = frozenset({"refused", "lost"})


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


class CannotCancel(KhabarError):
    """A job that can no longer be taken back."""


class _Stopped(Exception):
    """The server ends: the run is left where it is."""


class _Cancelled(Exception):
    """Whoever asked for the run wants it no more."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that waits: what is to be done for which job, with which file or articles."""

    job_id: str
    name: str
    kind: _Kind
    file: Path | None = None
    article_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class _Heard:
    """Progress of a run as others poll it; raises in the run once the server ends, or the job is wanted no more."""

    stopping: threading.Event
    stage_name: Stage = "read"
    done: int = 0
    of: int = 0
    cancelled: bool = False

    def stage(self, name: str, total: int) -> None:
        self._check()
        self.stage_name = name if name in ("read", "entities", "copies", "analyse") else "read"  # type: ignore[assignment]
        self.done, self.of = 0, total

    def advance(self, steps: int) -> None:
        self._check()
        self.done += steps

    def _check(self) -> None:
        if self.stopping.is_set():
            raise _Stopped
        if self.cancelled and self.stage_name == "read":
            raise _Cancelled


class Work:
    """Takes changes of an archive and makes them; a thread lives as long as there are some."""

    def __init__(self, settings: Settings, catalog: Catalog, uploads: Uploads, tell: Tell = silent) -> None:
        """Keep how articles are read, and who hears what a maintainer has to know of a failure.

        `run` tells outcomes from those of a server before, which counted them from 1, too.
        """
        self._settings, self._catalog, self._uploads, self._tell = settings, catalog, uploads, tell
        self._data = uploads.folder.parent
        self.jobs = JobStore(self._data / JOBS)
        self._changes: deque[_Change] = deque()
        self._at_work: tuple[_Change, ...] = ()
        self._outcomes: deque[Outcome] = deque(maxlen=_REMEMBERED)
        self.run = secrets.token_hex(4)
        self._number = 0
        self._last = 0.0
        self._stopping = threading.Event()
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._heard: _Heard | None = None
        self._ends: deque[Callable[[], None]] = deque()
        self._held_up: Stage | None = None

    # What can be asked for. Each raises KhabarError where it cannot be noted; then nothing is done.

    def add(self, upload: Upload, owner: str = "") -> Job:
        """Read a file that came in."""
        return self._ask(Job(new_job_id(), "add", upload.name, owner, file=upload.file, digest=upload.digest))

    def require_staying(self, upload: Upload) -> None:
        """Refuse what came in and is known by a file that is just being deleted. Raises UploadRefused."""
        leaving = self.pending(file=upload.file)
        if leaving and leaving.kind == "delete":
            told = f"'{upload.name}' is the content of '{upload.known_as}', which is just being deleted"
            raise UploadRefused("being deleted", told, f"add it again after the job {leaving.job_id}")

    def add_once(self, upload: Upload, owner: str = "") -> tuple[Job, bool]:
        """Read a file that came in; return its job, and whether one of the same content is on its way: then the file goes."""
        with self._lock:
            same = self.pending(digest=upload.digest) if upload.digest else None
            if same is None or same.kind != "add":
                return self.add(upload, owner), False
        self._uploads.delete(upload.file)
        return same, True

    def put(self, job_id: str, file: Path, name: str, digest: str, owner: str = "") -> Job:
        """Put into a file what lies ready for it (`ready_for`), and read it; if nothing can be read, what was there stays."""
        return self._ask(Job(job_id, "put", name, owner, file=file, digest=digest))

    def delete(self, file: Path, name: str, owner: str = "", article_id: str | None = None) -> Job:
        """Delete a file that came in through the page, and drop its articles."""
        return self._ask(Job(new_job_id(), "delete", name, owner, file=file, article_id=article_id))

    def withdraw(self, article_id: str, name: str, owner: str = "") -> Job:
        """Take an article out; its file stays."""
        return self._ask(Job(new_job_id(), "withdraw", name, owner, article_id=article_id))

    def restore(self, article_id: str, name: str, owner: str = "") -> Job:
        """Put back an article that was taken out."""
        return self._ask(Job(new_job_id(), "restore", name, owner, article_id=article_id))

    def index(self, owner: str = "") -> Job:
        """Read the folders that the archive was made of again: what is new, changed or gone."""
        return self._ask(Job(new_job_id(), "index", "", owner))

    def cancel(self, job_id: str) -> Job | None:
        """Take a job back: one that waits or is held up, or a run of its own that still reads. None where there is no such job.

        Raises CannotCancel where it is too late.
        """
        with self._lock:
            job = self.job(job_id)
            if job is None or not job.is_pending:
                return job
            waiting = next((change for change in self._changes if change.job_id == job_id), None)
            if waiting:
                self._changes.remove(waiting)
                self._take_back(waiting)
                return self.job(job_id)
            held = next((change for change in self._at_work if change.job_id == job_id), None)
            if held and self._heard is None and held.kind in _TAKEN_BACK:
                self._undo(held)
                self._at_work = tuple(change for change in self._at_work if change is not held)
                return self.job(job_id)
            alone = len(self._at_work) == 1 and self._at_work[0].job_id == job_id
            if alone and self._at_work[0].kind in ("add", "index") and self._heard and self._heard.stage_name == "read":
                self._heard.cancelled = True
                return self.job(job_id)
        raise CannotCancel(f"the job '{job_id}' is being done already", "wait for its end")

    def job(self, job_id: str) -> Job | None:
        """Return a job as it is now, None where there is none."""
        found = self.jobs.get(job_id)
        return self._as_it_is(found) if found else None

    def pending(self, file: Path | None = None, article_id: str | None = None, digest: str | None = None) -> Job | None:
        """Return the last job of which something is still to become that is about this file, article or content."""
        wanted = self.jobs.pending(file, article_id, digest)
        return self._as_it_is(wanted[-1]) if wanted else None

    def listed(
        self, owner: str | None, states: Sequence[str], kinds: Sequence[str], limit: int, offset: int
    ) -> tuple[list[Job], int]:
        """Return some jobs as they are now, the last first, and how many there are of these; of all owners if none is given."""
        found, count = self.jobs.listed(owner, states, kinds, limit, offset)
        return list(map(self._as_it_is, found)), count

    def _as_it_is(self, job: Job) -> Job:
        """Return a job with how far the run is that is at it."""
        heard = self._heard
        if job.is_pending and any(change.job_id == job.job_id for change in self._at_work):
            if heard is None:
                return replace(job, stage=self._held_up or "waiting")
            return replace(job, stage=heard.stage_name, done=min(heard.done, heard.of), of=heard.of)
        return job

    def resume(self) -> None:
        """Do what was asked for and not done before the last server ended; what another process does is left to it."""
        left = self.jobs.take_over()
        pending = self.jobs.pending()
        self._uploads.clear({ready_for(job.file, job.job_id) for job in pending if job.file})
        for job in left:
            self._take(_change_of(job))
        known = {job.file for job in pending}
        for file in self._uploads.waiting():
            if file not in known:
                self.add(Upload(file, str(file.relative_to(self._uploads.folder))))

    def stop(self) -> None:
        """End the run at the next file, and wait for it."""
        self._stopping.set()
        thread = self._thread
        if thread and thread.is_alive():
            thread.join()

    def close(self) -> None:
        """Stop, and close the file of jobs."""
        self.stop()
        self.jobs.close()

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

    def _ask(self, job: Job) -> Job:
        with self._lock:
            job = self.jobs.add(job)
            self._take(_change_of(job))
        return job

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
                if not self._changes and self._ends and time.monotonic() - self._last < _RETRY_SECONDS:
                    continue
                quiet = time.monotonic() - self._last > _QUIET_SECONDS or self._changes and self._changes[0].kind != "add"
                if not self._changes:
                    try:
                        self._write_ends()
                    except KhabarError:
                        self._last = time.monotonic()
                        continue
                    self._thread = None
                    return []
                if not quiet and time.monotonic() - began < _PATIENCE_SECONDS:
                    continue
                kind = self._changes[0].kind
                batch: list[_Change] = []
                files: set[Path | None] = set()
                while self._changes and self._changes[0].kind == kind and len(batch) < _MOST_AT_ONCE:
                    if kind == "put" and self._changes[0].file in files:
                        break  # what was sent later shall not take the place of what nobody has read yet
                    batch.append(self._changes.popleft())
                    files.add(batch[-1].file)
                self._at_work = tuple(batch)
                return batch
        with self._lock:
            self._thread = None
        return []

    def _make(self, batch: Sequence[_Change]) -> None:
        """Make the changes; what fails as a whole is tried again, for as long as the server lives."""
        makers: dict[str, Callable[[Sequence[_Change], Progress], None]] = {
            "add": self._add, "put": self._put, "refuse": self._refuse, "delete": self._delete,
            "withdraw": self._withdraw, "restore": self._restore, "index": self._index, "settle": self._settle,
        }  # fmt: skip
        try:
            while True:
                wait = self._try(makers[batch[0].kind])
                if wait is None or self._stopping.wait(wait) or not self._at_work:
                    return
        finally:
            self._at_work = ()

    def _try(self, make: Callable[[Sequence[_Change], Progress], None]) -> float | None:
        """Make the changes at work, and return the seconds after which to try again; None where that is done with."""
        heard = _Heard(self._stopping)
        with self._lock:  # what was held up may have been cancelled meanwhile
            batch = self._at_work
            if not batch:
                return None
            self._heard = heard
        try:
            self._write_ends()
            self.jobs.begin([change.job_id for change in batch])
            make(batch, heard)
            self._held_up = None
            return None
        except _Stopped:
            return None
        except _Cancelled:
            self._undo(batch[0])
            return None
        except WrittenElsewhere:
            self._held_up = "elsewhere"
            return _LOOK_SECONDS
        except KhabarError as error:
            if batch[0].kind == "index":  # whoever asked can ask again
                for change in batch:
                    self._end(partial(self.jobs.end, change.job_id, "failed", fault=str(error)))
                return None
            self._tell(f"khabar: {error}; this is tried again every {_RETRY_SECONDS:.0f} seconds")
            self._held_up = "failed"
            return _RETRY_SECONDS
        except Exception as error:
            _LOGGER.exception("a change of the archive failed")
            for change in batch:
                self._note(change, "lost", fault=f"an error that should not happen ({type(error).__name__})")
            return None
        finally:
            self._heard = None

    def _undo(self, change: _Change) -> None:
        """Take a job back whose run was broken off; next, the archive is made whole."""
        stays = change.kind == "index" or change.kind == "put" and self._is_put_back(change)
        self._end(partial(self.jobs.end, change.job_id, "cancelled"))
        with self._lock:
            self._changes.appendleft(_Change("", change.name, "settle" if stays else "refuse", change.file))

    def _is_put_back(self, change: _Change) -> bool:
        """Put back what was in a file before; tell whether anything was. Raises KhabarError where the disk takes it not."""
        assert change.file
        ready, before = ready_for(change.file, change.job_id), _before(change.file)
        try:
            if ready.exists():  # it did not take its place yet
                ready.unlink()
            elif before.exists():
                os.replace(before, change.file)
            else:
                return False
            before.unlink(missing_ok=True)
        except OSError as error:
            raise not_writable(self._data, error) from error
        return change.file.exists()

    def _take_back(self, change: _Change) -> None:
        """Note that a job was cancelled; a file that came in for it goes, what it should replace stays."""
        if change.kind == "add" and change.file:
            self._uploads.delete(change.file)
        elif change.kind == "put" and change.file:
            ready_for(change.file, change.job_id).unlink(missing_ok=True)
        self._end(partial(self.jobs.end, change.job_id, "cancelled"))

    def _note(
        self, change: _Change, result: Result, articles: int = 0, problems: Sequence[Problem] = (), fault: str | None = None
    ) -> None:
        state: JobState = "failed" if result in _UNDONE else "done"
        self._end(partial(self.jobs.end, change.job_id, state, result, articles, problems, fault))
        if change.kind == "index":
            return  # of no file that a page could have asked for
        about = change.article_ids[0] if change.kind == "withdraw" else None
        with self._lock:
            self._number += 1
            self._outcomes.append(Outcome(self._number, change.name, result, articles, tuple(problems), about))

    def _end(self, end: Callable[[], None]) -> None:
        """Note what became of a job; what the disk does not take now is written again later."""
        with self._lock:
            self._ends.append(end)
        try:
            self._write_ends()
        except KhabarError as error:  # what was done is done
            self._tell(f"khabar: {error}; this is tried again every {_RETRY_SECONDS:.0f} seconds")

    def _write_ends(self) -> None:
        """Write what became of jobs. Raises KhabarError, and then what was not written is kept."""
        with self._lock:
            while self._ends:
                self._ends[0]()
                self._ends.popleft()

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
                self._note(change, "lost")
        for change, (articles, problems) in zip(there, found, strict=True):
            self._note(change, "added" if articles else "refused", articles, problems)
        refused = [change for change, (articles, _) in zip(there, found, strict=True) if not articles]
        with self._lock:
            self._changes.extendleft(_Change("", change.name, "refuse", change.file) for change in reversed(refused))

    def _put(self, batch: Sequence[_Change], progress: Progress) -> None:
        """Put into files what lies ready for them, and read them; where nothing can be read, put back what was there."""
        for change in batch:
            assert change.file
            self._place(ready_for(change.file, change.job_id), change.file)
        there = [change for change in batch if change.file and change.file.exists()]
        files = list(dict.fromkeys(change.file for change in there if change.file))
        self._build([self._uploads.folder], progress, files)
        problems = {file: self._catalog.problems_in(str(file)) for file in files}
        read = {file: self._catalog.count_at(str(file)) for file in files}
        refused = [file for file in files if not read[file] or any(problem.skipped for problem in problems[file])]
        put_back, gone = _parted(refused)
        try:
            for file in put_back:
                os.replace(_before(file), file)
            if put_back:
                self._build([self._uploads.folder], progress, put_back)
            for file in files:
                _before(file).unlink(missing_ok=True)
        except OSError as error:
            raise not_writable(self._data, error) from error
        with self._lock:
            self._changes.extendleft(_Change("", file.name, "refuse", file) for file in gone)
        for change in batch:
            if change not in there or change.file is None:
                self._note(change, "lost")
            else:
                result: Result = "refused" if change.file in refused else "added"
                self._note(change, result, self._catalog.count_at(str(change.file)), problems[change.file])

    def _place(self, ready: Path, file: Path) -> None:
        """Move what lies ready to its file, and keep aside what was there. Raises KhabarError where the disk takes it not."""
        try:
            if not ready.exists():
                return
            before = _before(file)
            if file.exists() and not before.exists():
                part = self._uploads.part_of(file)
                try:
                    shutil.copyfile(file, part)
                    os.replace(part, before)
                finally:
                    part.unlink(missing_ok=True)
            os.replace(ready, file)
        except OSError as error:
            raise not_writable(self._data, error) from error

    def _index(self, batch: Sequence[_Change], progress: Progress) -> None:
        """Read the known folders again, once for all who asked."""
        report = build_index(
            self._data, [], NoEmbedder(), build_options(self._settings), progress, embed=False,
            names=chosen_names(self._settings), tell=self._tell,
        )  # fmt: skip
        for change in batch:
            self._note(change, "unchanged" if report.nothing_to_do else "indexed", report.articles, report.problems[:_TOLD])

    def _settle(self, batch: Sequence[_Change], progress: Progress) -> None:
        """Let words know what a run stored that was broken off."""
        folders = [folder for folder in known_folders(self._catalog) if folder.exists()]
        self._build(folders, progress, [change.file for change in batch if change.file])

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
        for change in batch:
            self._note(change, "removed" if change.file in deleted else "lost")

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
            self._note(change, "withdrawn")

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
            self._note(change, "restored" if there.keys() & set(change.article_ids) else "lost")

    def _folder_of(self, file: Path) -> Path:
        """Return the folder that a file was indexed with, by which its path in the archive is written."""
        return next((folder for folder in known_folders(self._catalog) if file.is_relative_to(folder)), file)


def ready_for(file: Path, job_id: str) -> Path:
    """Return where the content lies that a job is to put into a file: hidden, so that no run reads it before."""
    return file.with_name(f"{READY}{job_id}-{file.name}")


def new_job_id() -> str:
    """Return an id for a job."""
    return secrets.token_hex(8)


def _before(file: Path) -> Path:
    """Return where what is being replaced lies until its place is taken for good."""
    return file.with_name(f".before-{file.name}")


def _parted(refused: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files in whose place something was before, and those of which nothing was."""
    there = [file for file in refused if _before(file).exists()]
    return there, [file for file in refused if file not in there]


def _change_of(job: Job) -> _Change:
    articles = (job.article_id,) if job.article_id and job.kind in ("withdraw", "restore") else ()
    return _Change(job.job_id, job.name, job.kind, job.file, articles)
