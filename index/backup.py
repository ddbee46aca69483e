"""A backup of an archive in one file, and the archive that is restored from it, both while it is in use.

The file is a ZIP with the catalog, which is all that cannot be derived anew, and what it is of. Its checksums tell where it was
cut short. It gets its name only once it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from index import lexical
from index.catalog import FILE_NAME, Catalog
from index.failures import catalog_failure, not_writable
from index.generation import Generation, new_generation_folder, switch_to
from index.lock import sole_writer
from index.progress import Progress, Tell
from index.stores import LOCAL, put_in, serve_only, store_of, stores_of
from index.types import KhabarError

_FACTS = "backup.json"
_KIND = "khabar backup"
_LEFT = ".restore-"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, and its size in bytes."""

    articles: int
    chunks: int
    bytes: int


def back_up(data: Path, file: Path) -> Backup:
    """Write a backup of the archive in `data`, as it is at one moment, whatever is asked or indexed meanwhile.

    A file of that name is replaced once the new one is whole. Raises KhabarError.
    """
    catalog = Catalog(data / FILE_NAME)
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with closing(catalog), tempfile.TemporaryDirectory(prefix="khabar-", dir=file.parent) as place:
            copy = Path(place) / FILE_NAME
            with closing(sqlite3.connect(copy)) as target:
                catalog.copy_to(target)
            with closing(Catalog(copy)) as copied:
                counts = copied.counts()
            with ZipFile(unfinished, "w", ZIP_DEFLATED, compresslevel=1) as whole:
                whole.writestr(_FACTS, json.dumps({"kind": _KIND, "version": 1, **counts}))
                whole.write(copy, FILE_NAME)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(unfinished, file)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        problem = f"the backup '{file}' cannot be written ({error})"
        raise KhabarError(problem, "make room for it, or name another file") from error
    return Backup(counts["articles"], counts["chunks"], file.stat().st_size)


def restore(data: Path, file: Path, progress: Progress, tell: Tell, *, replace: bool = False) -> Backup:
    """Put a backup in the place of the archive in `data`; a question asked meanwhile sees one of the two, whole.

    The words are derived first, beside those in use; the vectors follow with the next embedding. They lie beside the catalog
    then, unless the archive was in a store that holds just this state of it: so a second machine comes to serve it. An archive
    that holds articles is replaced only with `replace`. Raises KhabarError, and nothing was changed then.
    """
    with sole_writer(data):
        for left in data.glob(f"{_LEFT}*"):  # by a restore that was killed
            shutil.rmtree(left, ignore_errors=True)
        if not replace:
            _refuse_to_replace(data)
        with _failing(data, file), tempfile.TemporaryDirectory(prefix=_LEFT, dir=data) as place:
            restored = Catalog(_unpacked(file, Path(place)), writable=True)  # brings an older format up to date
            with closing(restored):
                counts = restored.counts()
                if _is_shared(restored, tell):
                    _put_in_place(restored, data, tell)
                else:
                    _restore_with_words(restored, data, progress, tell)
    return Backup(counts["articles"], counts["chunks"], file.stat().st_size)


def _is_shared(restored: Catalog, tell: Tell) -> bool:
    """Tell whether the store that an archive was in holds just this state of it; else it is put beside its catalog."""
    address = store_of(restored)
    if address == LOCAL:
        return False
    try:
        if stores_of(restored).seen_revision(restored) == restored.revision:
            serve_only(restored)
            return True
        tell(f"'{address}' holds another state of the archive; words and vectors are put beside its catalog.")
    except KhabarError as error:
        tell(f"{error}; words and vectors are put beside the catalog.")
    put_in(restored, LOCAL)
    return False


def _restore_with_words(restored: Catalog, data: Path, progress: Progress, tell: Tell) -> None:
    folder, revision = data / lexical.FOLDER, restored.revision
    home = new_generation_folder(folder)
    progress.stage("analyse", restored.counts()["chunks"])
    lexical.write_lexical(restored, home, progress.advance)
    _put_in_place(restored, data, tell)
    switch_to(folder, Generation(home.name, revision, lexical.VERSION, restored.mark_of(revision)), keep_last=False)


def _refuse_to_replace(data: Path) -> None:
    try:
        with closing(Catalog(data / FILE_NAME)) as present:
            articles = present.counts()["articles"]
    except KhabarError:  # none, or a broken one, which loses nothing that could be asked
        return
    if articles:
        raise KhabarError(
            f"'{data}' holds {articles:,} articles already",
            "add --replace to put the backup in their place, or choose another --data",
        )


@contextmanager
def _failing(data: Path, file: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, EOFError, zlib.error, KeyError, ValueError) as error:
        raise KhabarError(
            f"'{file}' is not a whole backup of Khabar ({error})", "take another copy of it; nothing was changed"
        ) from error
    except sqlite3.Error as error:
        raise catalog_failure(data / FILE_NAME, error, writing=True) from error
    except OSError as error:
        raise not_writable(data, error) from error


def _unpacked(file: Path, place: Path) -> Path:
    """Unpack a backup's catalog, whose checksum is compared. Raises BadZipFile, KeyError, ValueError or KhabarError."""
    try:
        whole = ZipFile(file)
    except OSError as error:
        problem = f"the backup '{file}' cannot be read ({error.strerror})"
        raise KhabarError(problem, "check its name and its permissions") from error
    with whole:
        facts = json.loads(whole.read(_FACTS))
        if not isinstance(facts, dict) or facts.get("kind") != _KIND:
            raise ValueError("it is another program's")
        if facts.get("version") != 1:
            raise KhabarError(f"'{file}' was made by a later Khabar (version {facts.get('version')})", "update Khabar")
        copy = place / FILE_NAME
        with whole.open(FILE_NAME) as packed, copy.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
    return copy


def _put_in_place(restored: Catalog, data: Path, tell: Tell) -> None:
    """Write a restored catalog over the one in use, in one transaction of SQLite: readers keep the file that they have open."""
    file = data / FILE_NAME
    try:
        with closing(Catalog(file, writable=True)) as present:
            present.take_from(restored)
    except KhabarError:
        if not _is_broken(file):
            raise
        aside = file.with_name(f"{FILE_NAME}.broken")
        for suffix in ("", "-wal", "-shm"):
            with_suffix = file.with_name(f"{FILE_NAME}{suffix}")
            if with_suffix.exists():
                os.replace(with_suffix, aside.with_name(f"{aside.name}{suffix}"))
        tell(f"The broken catalog that was there is now '{aside}'.")
        with closing(Catalog(file, writable=True)) as present:
            present.take_from(restored)


def _is_broken(file: Path) -> bool:
    """Tell whether a file cannot be read as a database, or is one of no catalog."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute("SELECT 1 FROM meta WHERE key = 'format'").fetchone() is None
    except sqlite3.OperationalError as error:
        return "no such table" in str(error)
    except sqlite3.DatabaseError:
        return True
