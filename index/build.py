"""The indexer: files -> catalog -> derived stores. Incremental by content hash; an interrupted run is resumed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path

from index.catalog import FILE_NAME, UNFINISHED, Catalog, SourceFile
from index.copies.update import update_copies
from index.dating.settling import settled_dates
from index.embed import Embedder
from index.embedding import EmbeddingElsewhere, embed_archive
from index.entities.types import NameReader
from index.entities.update import update_entities
from index.failures import catalog_failure, not_writable
from index.files import Listing, list_files, shown_name
from index.formats.kinds import STREAMED, SUFFIXES, suffix_of
from index.formats.options import ReadOptions
from index.formats.process import Reading, reading_process
from index.formats.worker import Task, state_of
from index.load import too_large
from index.lock import sole_writer
from index.ordinary import ordinary_hashes
from index.progress import Progress, Tell, silent
from index.report import BuildReport, kept
from index.stores import Stores, is_served_only, put_in, store_of, stores_at, stores_of
from index.types import LANGUAGES, KhabarError, Problem, Unserved
from index.withdrawn import forget_withdrawn

# Goes up with every change of loading, cleaning or chunking: files are then read again although they are unchanged.
PIPELINE = "5"
_LEADS_OUT = "a link that leads out of the folder is not followed; index the folder that it leads to, by its own name"
_NO_FILE = "no file but a pipe, a socket or a device; take it out of the folder"


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How files become chunks: words a chunk, words shared by neighbours, and what bounds the reading of a file.

    `max_bytes` bounds one article, `unpacked_bytes` what an archive unpacks to, `seconds` (of processor time) and
    `memory_bytes` the reading of one file; `columns` are pairs of a known key and the name that tables have for it.
    """

    chunk_words: int = 120
    overlap_words: int = 25
    max_bytes: int = 20_000_000
    unpacked_bytes: int = 2_000_000_000
    seconds: float = 60.0
    memory_bytes: int = 2_000_000_000
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def fingerprint(self) -> str:
        """The part of a file's fingerprint that changes with the options."""
        columns = ",".join(f"{key}={name}" for key, name in self.columns)
        return f"{PIPELINE}:{self.chunk_words}:{self.overlap_words}:{self.max_bytes}:{self.unpacked_bytes}:{columns}"

    @property
    def read_options(self) -> ReadOptions:
        """What the readers of files are told."""
        return ReadOptions(self.max_bytes, self.unpacked_bytes, columns=dict(self.columns))


def build_index(
    data: Path,
    paths: Sequence[Path],
    embedder: Embedder,
    options: BuildOptions,
    progress: Progress,
    rebuild: bool = False,
    forget: bool = False,
    *,
    embed: bool = True,
    names: NameReader | None = None,
    store: str | None = None,
    words_ready: Callable[[BuildReport], None] = lambda _: None,
    tell: Tell = silent,
    only: Collection[Path] | None = None,
) -> BuildReport:
    """Bring the index in `data` up to date with the files under `paths`, in two passes: words first, then meaning.

    No path means the folders of the run before. `rebuild` derives the BM25 index and the vectors anew; `forget` drops what came
    from `paths`, which need not exist any more. `words_ready` hears once the archive can be asked by words; without `embed`
    the rest is left to a later run, or to a server. With `names` the people, places and organisations of the articles are read,
    too, and copies are told. `store` is where words and vectors are to lie from now on (index/stores.py).
    `tell` hears of a damaged or foreign store that is built anew. Where `only` files are given, nothing else under `paths` is
    looked at, or missed. Raises KhabarError.
    """
    report = _build_words(data, paths, options, progress, rebuild, forget, names, store, tell, only)
    words_ready(report)
    if embed:
        try:
            report.embedded = embed_archive(data, embedder, progress, rebuild=rebuild, tell=tell)
        except EmbeddingElsewhere as elsewhere:
            report.elsewhere = elsewhere
    return report


def _build_words(
    data: Path,
    paths: Sequence[Path],
    options: BuildOptions,
    progress: Progress,
    rebuild: bool,
    forget: bool,
    names: NameReader | None,
    store: str | None,
    tell: Tell,
    only: Collection[Path] | None,
) -> BuildReport:
    with sole_writer(data):
        catalog = Catalog(data / FILE_NAME, writable=True)
        try:
            folders = _folders(catalog, paths, forget)
            if not store and is_served_only(catalog):
                raise _served_elsewhere(catalog)
            stores = stores_at(store) if store else stores_of(catalog)
            report = BuildReport()
            files = [] if forget else _listed(folders, report, only)
            _update_catalog(catalog, folders, files, options, progress, report)
            if only is None or forget:
                _drop_missing(catalog, folders, files, report)
            if forget:
                forget_withdrawn(catalog, list(map(_location, folders)))
            if names:
                update_entities(catalog, names, progress)
                update_copies(catalog, progress)
            derive_words(catalog, stores, rebuild, progress, tell)
            if store:
                put_in(catalog, store)  # not before: a store that cannot be used leaves the archive where it was
            forget_unseen(catalog, stores)
            _remember(catalog, folders, forget)
            counts = catalog.counts()
            report.articles, report.chunks = counts["articles"], counts["chunks"]
            if only is None:  # of a few files it would say less than what is known of all
                catalog.set_meta("report", kept(report, date.today()))
            catalog.settle()
            return report
        except sqlite3.DatabaseError as error:  # a full disk, a folder that was made read-only meanwhile, a damaged page
            raise catalog_failure(catalog.file, error, writing=True) from error
        finally:
            catalog.close()


def _served_elsewhere(catalog: Catalog) -> KhabarError:
    return KhabarError(
        f"'{catalog.file.parent}' serves what another machine indexes into '{store_of(catalog)}'",
        "index there, and restore a backup here; or make this an archive of its own: khabar index --store local",
    )


def known_folders(catalog: Catalog) -> list[Path]:
    """Return the folders and files that the index was made of."""
    return [Path(folder) for folder in json.loads(catalog.meta("folders") or "[]")]


def _remember(catalog: Catalog, folders: Sequence[Path], forget: bool) -> None:
    known = [folder for folder in known_folders(catalog) if not forget or folder not in folders]
    kept = dict.fromkeys([*known, *([] if forget else folders)])
    catalog.set_meta("folders", json.dumps([str(folder) for folder in kept]))


def _folders(catalog: Catalog, paths: Sequence[Path], forget: bool) -> list[Path]:
    if forget and not paths:
        raise KhabarError("no folder to forget was given", "name one: khabar index --forget FOLDER")
    folders = [Path(os.path.abspath(os.path.expanduser(path))) for path in paths] or known_folders(catalog)
    if not folders:
        raise KhabarError("no folder to index was given, and none was indexed before", "name one: khabar index FOLDER")
    for folder in folders:
        if not forget and not os.path.exists(folder):
            raise KhabarError(
                f"the folder '{folder}' does not exist",
                "check its spelling; nothing was changed (khabar index --forget FOLDER drops what came from it)",
            )
    return folders


def _listed(folders: Sequence[Path], report: BuildReport, only: Collection[Path] | None) -> list[tuple[Path, Path]]:
    """Return each file under the folders once, with the folder that it was found in; report what is left out."""
    if only is not None:
        return [(file, folder) for folder in folders for file in sorted(only) if file.is_relative_to(folder)]
    found: dict[Path, Path] = {}
    left: set[Path] = set()
    for folder in folders:
        listing = _files(folder)
        for file in listing.read:
            found.setdefault(file, folder)
        _report_left(listing, folder, left, report)
    return list(found.items())


def _report_left(listing: Listing, folder: Path, left: set[Path], report: BuildReport) -> None:
    report.hidden += listing.hidden
    told = [(file, "link", _LEADS_OUT) for file in listing.outside]
    told += [(file, "unreadable", _NO_FILE) for file in listing.special]
    for file, kind, reason in told:
        if file not in left:
            report.problems.append(Problem(_display_path(file, folder, set()), reason, kind=kind))
    for file in listing.unread:
        if file not in left:
            report.unread.setdefault(suffix_of(file.name), []).append(_display_path(file, folder, set()))
    left.update(listing.outside, listing.special, listing.unread)


def _files(folder: Path) -> Listing:
    """List the files of a folder; one that cannot be listed stops the run, for its articles would seem removed."""
    try:
        return list_files(folder, SUFFIXES)
    except OSError as error:
        raise KhabarError(
            f"the folder '{error.filename}' cannot be listed ({error.strerror})", "check its permissions; nothing was changed"
        ) from error


@dataclass(slots=True)
class _Waiting:
    """A file that is being read: what the catalog has of it, and its fingerprint as it was listed.

    Of a file that comes in parts, the ids of the articles stored so far, and the problems met.
    """

    source: SourceFile
    before: SourceFile | None
    stored: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def _update_catalog(
    catalog: Catalog,
    folders: Sequence[Path],
    files: Sequence[tuple[Path, Path]],
    options: BuildOptions,
    progress: Progress,
    report: BuildReport,
) -> None:
    known = catalog.sources()
    progress.stage("read", len(files))
    waiting: dict[str, _Waiting] = {}
    for reading in reading_process().read(_tasks(catalog, files, known, options, progress, report, waiting)):
        file = waiting[reading.task.location]
        if reading.more:
            _store_part(catalog, reading, file)
            continue
        del waiting[reading.task.location]
        _store(catalog, reading, file, report)
        progress.advance(1)
    report.problems.sort(key=lambda problem: _natural(problem.path))
    if not report.nothing_to_do and catalog.has_undated():
        _settle_dates(catalog, report)


def _drop_missing(catalog: Catalog, folders: Sequence[Path], files: Sequence[tuple[Path, Path]], report: BuildReport) -> None:
    """Drop what came from files under the folders that are no longer there."""
    listed = {_location(file) for file, _ in files}
    here = [_location(folder) for folder in folders]
    catalog.forget_problems(lambda at, _: at in listed or not any(Path(at).is_relative_to(folder) for folder in here))
    for location in catalog.sources().keys() - listed:
        if any(Path(location).is_relative_to(folder) for folder in here):
            catalog.drop_source(location)
            report.removed += 1


def _settle_dates(catalog: Catalog, report: BuildReport) -> None:
    """Date the articles whose stated date can be decided by the others, and take back what was told of them."""
    days, settled = settled_dates(catalog.entries())
    if days:
        catalog.date_articles(days)
        catalog.forget_problems(lambda _, problem: problem not in settled)
        report.problems[:] = [problem for problem in report.problems if problem not in settled]


def _tasks(
    catalog: Catalog,
    files: Sequence[tuple[Path, Path]],
    known: dict[str, SourceFile],
    options: BuildOptions,
    progress: Progress,
    report: BuildReport,
    waiting: dict[str, _Waiting],
) -> Iterator[Task]:
    """Yield a task for each file that is new or changed; what becomes of the others is reported here."""
    taken = {source.path for source in known.values()}
    for file, folder in files:
        location = _location(file)
        before = known.get(location)
        path = before.path if before else _display_path(file, folder, taken)
        taken.add(path)
        task = _task(catalog, file, path, before, options, report, waiting)
        if task:
            yield task
        else:
            progress.advance(1)


def _task(
    catalog: Catalog,
    file: Path,
    path: str,
    before: SourceFile | None,
    options: BuildOptions,
    report: BuildReport,
    waiting: dict[str, _Waiting],
) -> Task | None:
    location = _location(file)
    try:
        status = file.stat()
        if status.st_size > options.max_bytes and suffix_of(file.name) not in STREAMED:
            report.problems.append(Problem(path, too_large(status.st_size, options.max_bytes), kind="too large"))
            catalog.note_problems(location, report.problems[-1:])
            return None
        fingerprint = f"{options.fingerprint}:{_digest(file)}"
    except OSError as error:
        # What the catalog holds of this file stays: a file that cannot be read today is not a file that was removed.
        reason = f"cannot be read ({error.strerror}); check that it is there and its permissions"
        report.problems.append(Problem(path, reason, kind="unreadable"))
        catalog.note_problems(location, report.problems[-1:])
        return None
    if before and before.fingerprint == fingerprint:
        report.unchanged += 1
        return None
    waiting[location] = _Waiting(SourceFile(location, path, fingerprint), before)
    return Task(
        os.fsdecode(os.fsencode(file)),
        location,
        path,
        state_of(status),
        options.read_options,
        options.chunk_words,
        options.overlap_words,
        options.seconds,
        options.memory_bytes,
    )


def content_hash() -> blake2b:
    """Return the hash by which files with the same content are known."""
    return blake2b(digest_size=16)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, content_hash).hexdigest()


def _store(catalog: Catalog, reading: Reading, file: _Waiting, report: BuildReport) -> None:
    source = file.source
    if file.stored:
        _store_part(catalog, reading, file)
    else:
        file.problems += reading.problems
    report.problems.extend(file.problems)
    catalog.note_problems(source.location, file.problems)
    if file.stored:
        if reading.complete:  # else what it had stays, too, and the next run reads it again
            catalog.finish_source(source, file.stored)
        _count(file, report)
        return
    if not reading.articles:
        if file.before and reading.problems and all(isinstance(problem, Unserved) for problem in reading.problems):
            catalog.drop_source(file.before.location)
            catalog.note_problems(file.before.location, reading.problems)
            report.removed += 1
        return
    if not reading.complete:
        if file.before and any(problem.skipped for problem in reading.problems):
            return  # what the catalog holds of it is whole, what was read is not
        source = SourceFile(source.location, source.path, UNFINISHED)
    try:
        catalog.replace_source(source, reading.articles)
    except sqlite3.IntegrityError:
        report.problems.append(_same_name(source.path))
        catalog.note_problems(source.location, [*file.problems, report.problems[-1]])
        return
    _count(file, report)


def _count(file: _Waiting, report: BuildReport) -> None:
    if file.before:
        report.changed += 1
    else:
        report.added += 1


def _store_part(catalog: Catalog, reading: Reading, file: _Waiting) -> None:
    """Store some of the articles of a file that has many, each as a whole; one whose name another file has is told."""
    file.problems += reading.problems
    try:
        catalog.store_part(file.source, reading.articles)
        file.stored.update(article.article_id for article, _ in reading.articles)
    except sqlite3.IntegrityError:
        for article, spans in reading.articles:
            try:
                catalog.store_part(file.source, [(article, spans)])
                file.stored.add(article.article_id)
            except sqlite3.IntegrityError:
                file.problems.append(_same_name(article.path))


def _same_name(path: str) -> Problem:
    return Problem(path, "another file has an article of that name already; rename it", kind="same name")


def _natural(path: str) -> list[tuple[int, str]]:
    """Return what sorts paths as people do: line 10 after line 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,15})", path)]


def _display_path(file: Path, folder: Path, taken: set[str]) -> str:
    """Return the path that citations show: from the indexed folder's own name on, longer where that is taken.

    What would break or turn around the line it is shown in (a line break, a bidi override) is written as its number.
    """
    root = folder if folder.is_dir() else folder.parent
    parts = file.relative_to(root.parent).parts
    above = list(root.parent.parts)
    while True:
        path = shown_name(_location(Path(*parts)))
        if path not in taken:
            return path
        parts = ((above.pop().strip("/") if above else "") or "root", *parts)


def _location(file: Path) -> str:
    """Return a file's path as the catalog keeps it: bytes of its name that are no UTF-8 are written as numbers."""
    return str(file).encode("utf-8", "backslashreplace").decode()


def derive_words(catalog: Catalog, stores: Stores, rebuild: bool, progress: Progress, tell: Tell) -> None:
    """Bring the words in use to the catalog's revision. Raises KhabarError."""
    try:
        waiting = catalog.count_since(0 if rebuild else stores.seen_revision(catalog))
        if waiting:
            progress.stage("analyse", waiting)
        stores.update_lexical(catalog, rebuild, progress.advance, tell)
    except OSError as error:
        raise not_writable(catalog.file.parent, error) from error


def forget_unseen(catalog: Catalog, stores: Stores) -> None:
    """Delete what was replaced or removed for good: nobody who asks from now on sees its text, its vectors and terms."""
    ordinary = [known for language in LANGUAGES for known in ordinary_hashes(language)]
    catalog.forget_past(stores.seen_revision(catalog), ordinary)
