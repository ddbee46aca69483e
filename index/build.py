"""The indexer: files -> catalog -> derived stores. Incremental by content hash; an interrupted run is taken up again."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from index import lexical
from index.catalog import FILE_NAME, Catalog, Source, no_catalog, not_writable
from index.chunk import Span, chunk_spans
from index.clean import clean
from index.embed import Embedder
from index.embedding import Embedded, EmbeddingElsewhere, embed_archive
from index.load import find_files, read_documents, too_large
from index.lock import sole
from index.progress import Progress
from index.types import Article, KhabarError, Problem

# Goes up with every change of loading, cleaning or chunking: files are then read again although they are unchanged.
PIPELINE = "3"
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How files become chunks: words a chunk, words shared by neighbours, and the largest article in bytes."""

    chunk_words: int = 120
    overlap_words: int = 25
    max_bytes: int = 20_000_000

    @property
    def fingerprint(self) -> str:
        """The part of a file's fingerprint that changes with the options."""
        return f"{PIPELINE}:{self.chunk_words}:{self.overlap_words}:{self.max_bytes}"


@dataclass(slots=True)
class BuildReport:
    """What one run did: files by outcome, and every problem met.

    `embedded` is how far the second stride got, None where it was left to others; `elsewhere` says who is at it.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    articles: int = 0
    chunks: int = 0
    problems: list[Problem] = field(default_factory=list)
    embedded: Embedded | None = None
    elsewhere: EmbeddingElsewhere | None = None

    @property
    def nothing_to_do(self) -> bool:
        """Whether every file was as the index knows it."""
        return not (self.added or self.changed or self.removed)

    @property
    def skipped(self) -> int:
        """How many files, or lines of files, could not be read."""
        return sum(problem.skipped for problem in self.problems)


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
    words_ready: Callable[[BuildReport], None] = lambda _: None,
) -> BuildReport:
    """Bring the index in `data` up to date with the files under `paths`, in two strides: words first, then meaning.

    No path means the folders of the run before. `rebuild` derives the BM25 index and the vectors anew; `forget` drops what came
    from `paths`, which need not exist any more. `words_ready` hears once the archive can be asked by words; without `embed`
    the rest is left to a later run, or to a server. Raises KhabarError.
    """
    report = _build_words(data, paths, options, progress, rebuild, forget)
    words_ready(report)
    if embed:
        try:
            report.embedded = embed_archive(data, embedder, progress, rebuild=rebuild)
        except EmbeddingElsewhere as elsewhere:
            report.elsewhere = elsewhere
    return report


def _build_words(
    data: Path, paths: Sequence[Path], options: BuildOptions, progress: Progress, rebuild: bool, forget: bool
) -> BuildReport:
    with _sole_writer(data):
        catalog = Catalog(data / FILE_NAME, writable=True)
        try:
            folders = _folders(catalog, paths, forget)
            report = BuildReport()
            catalog.forget_past(lexical.seen_revision(data))
            _update_catalog(catalog, folders, [] if forget else _listed(folders), options, progress, report)
            _analyse(catalog, data, rebuild, progress)
            _remember(catalog, folders, forget)
            counts = catalog.counts()
            report.articles, report.chunks = counts["articles"], counts["chunks"]
            return report
        except sqlite3.OperationalError as error:  # a full disk, or a folder that was made read-only meanwhile
            raise not_writable(data, error) from error
        except sqlite3.DatabaseError as error:
            raise no_catalog(catalog.file, str(error)) from error
        finally:
            catalog.close()


def _sole_writer(data: Path) -> AbstractContextManager[None]:
    """Let one process at a time write a data folder, which is made where it is missing."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(data, error) from error
    return sole(
        data / "index.lock",
        KhabarError(f"another khabar is indexing into '{data}'", "wait until it has ended, or choose another --data"),
    )


def _known_folders(catalog: Catalog) -> list[Path]:
    return [Path(folder) for folder in json.loads(catalog.meta("folders") or "[]")]


def _remember(catalog: Catalog, folders: Sequence[Path], forget: bool) -> None:
    known = [folder for folder in _known_folders(catalog) if not forget or folder not in folders]
    kept = dict.fromkeys([*known, *([] if forget else folders)])
    catalog.set_meta("folders", json.dumps([str(folder) for folder in kept]))


def _folders(catalog: Catalog, paths: Sequence[Path], forget: bool) -> list[Path]:
    if forget and not paths:
        raise KhabarError("no folder to forget was given", "name one: khabar index --forget FOLDER")
    folders = [Path(os.path.abspath(os.path.expanduser(path))) for path in paths] or _known_folders(catalog)
    if not folders:
        raise KhabarError("no folder to index was given, and none was indexed before", "name one: khabar index FOLDER")
    for folder in folders:
        if not forget and not os.path.exists(folder):
            raise KhabarError(
                f"the folder '{folder}' does not exist",
                "check its spelling; nothing was changed (khabar index --forget FOLDER drops what came from it)",
            )
    return folders


def _listed(folders: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Return each file under the folders once, with the folder that it was found in."""
    found: dict[Path, Path] = {}
    for folder in folders:
        for file in _files(folder):
            found.setdefault(file, folder)
    return list(found.items())


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
    taken = {source.path for source in known.values()}
    for file, folder in files:
        before = known.get(_location(file))
        path = before.path if before else _display_path(file, folder, taken)
        taken.add(path)
        _update_file(catalog, file, path, before, options, report)
        progress.advance(1)
    for location in known.keys() - {_location(file) for file, _ in files}:
        if any(Path(location).is_relative_to(_location(folder)) for folder in folders):
            catalog.drop_source(location)
            report.removed += 1


def _files(folder: Path) -> list[Path]:
    """List the files of a folder; one that cannot be listed stops the run, for its articles would seem removed."""
    try:
        return list(find_files(folder))
    except OSError as error:
        raise KhabarError(
            f"the folder '{error.filename}' cannot be listed ({error.strerror})", "check its permissions; nothing was changed"
        ) from error


def _update_file(
    catalog: Catalog, file: Path, path: str, before: Source | None, options: BuildOptions, report: BuildReport
) -> None:
    content = _read(file, options)
    if isinstance(content, str):
        # What the catalog holds of this file stays: a file that cannot be read today is not a file that was removed.
        report.problems.append(Problem(path, content))
        return
    fingerprint = f"{options.fingerprint}:{blake2b(content, digest_size=16).hexdigest()}"
    if before and before.fingerprint == fingerprint:
        report.unchanged += 1
        return
    articles, problems = _articles(content, path, options)
    report.problems.extend(problems)
    if not articles:
        return
    try:
        catalog.replace_source(Source(_location(file), path, fingerprint), articles)
    except sqlite3.IntegrityError:
        report.problems.append(Problem(path, "another file has an article of that name already; rename it"))
        return
    if before:
        report.changed += 1
    else:
        report.added += 1


def _read(file: Path, options: BuildOptions) -> bytes | str:
    """Return the file's bytes, or the reason why it cannot be read."""
    try:
        size = file.stat().st_size
        if size > options.max_bytes and file.suffix.lower() != ".jsonl":
            return too_large(size, options.max_bytes)
        return file.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror}); check that it is there and its permissions"


def _articles(content: bytes, path: str, options: BuildOptions) -> tuple[list[tuple[Article, list[Span]]], list[Problem]]:
    articles: list[tuple[Article, list[Span]]] = []
    problems: list[Problem] = []
    for document in read_documents(content, path, options.max_bytes):
        for found in [document] if isinstance(document, Problem) else clean(document):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                articles.append((found, chunk_spans(found, options.chunk_words, options.overlap_words)))
    return articles, problems


def _display_path(file: Path, folder: Path, taken: set[str]) -> str:
    """Return the path that citations show: from the indexed folder's own name on, longer where that is taken.

    What would break or turn around the line it is shown in (a line break, a bidi override) is written as its number.
    """
    root = folder if folder.is_dir() else folder.parent
    parts = file.relative_to(root.parent).parts
    above = list(root.parent.parts)
    while True:
        path = _UNSHOWN.sub(lambda found: f"\\x{ord(found.group()):02x}", _location(Path(*parts)))
        if path not in taken:
            return path
        parts = ((above.pop().strip("/") if above else "") or "root", *parts)


def _location(file: Path) -> str:
    """Return a file's path as the catalog keeps it: bytes of its name that are no UTF-8 are written as numbers."""
    return str(file).encode("utf-8", "backslashreplace").decode()


def _analyse(catalog: Catalog, data: Path, rebuild: bool, progress: Progress) -> None:
    try:
        waiting = catalog.count_since(0 if rebuild else lexical.seen_revision(data))
        if waiting:
            progress.stage("analyse", waiting)
        lexical.update_lexical(catalog, data, rebuild, progress.advance)
    except OSError as error:
        raise not_writable(data, error) from error
