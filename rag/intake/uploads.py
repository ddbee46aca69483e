"""Files that come in through the page: received piece by piece beside the archive, and given their name once they are whole."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.build import content_hash
from index.catalog import Catalog
from index.failures import not_writable
from index.files import shown_name
from index.formats.kinds import STREAMED, SUFFIXES, remedy_for, suffix_of
from index.stores import is_served_only
from index.types import KhabarError
from rag.intake.naming import numbered, safe_path
from rag.settings import Settings

FOLDER = "uploads"
_MEGABYTE = 1_000_000
# Of a disk's free bytes these are left to the index, which takes some for each article.
_RESERVE = 64 * _MEGABYTE
# Files of one name and different contents.
_MOST_OF_ONE_NAME = 1_000
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# How the name of a file that is still coming in begins: hidden, so that no run reads half of it.
_PART = ".part-"
# Seconds since its last piece in which a file may still be coming in.
_YOUNG_SECONDS = 3600.0
# How the name of a file begins that is to take the place of another.
READY = ".ready-"


class UploadRefused(KhabarError):
    """A file that is not taken: `kind` says why, as problems do; `suffix` is that of one whose kind is not read."""

    def __init__(self, kind: str, problem: str, remedy: str, suffix: str | None = None) -> None:
        """Keep kind and suffix beside problem and remedy."""
        super().__init__(problem, remedy)
        self.kind = kind
        self.suffix = suffix


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in whole, and where it lies; of a content that is in the archive, the file there, and its path there.

    That path is `known_as`. `digest` tells the content.
    """

    file: Path
    name: str
    known_as: str | None = None
    digest: str | None = None


def uploads_in(settings: Settings) -> Path:
    """Return the folder that files from the page are kept in, as the indexer writes it, which does not resolve links."""
    return Path(os.path.abspath(settings.data)) / FOLDER


class Uploads:
    """The folder of what came in through the page, inside the data folder."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        """Keep where the folder lies, what the limits are, and the catalog that knows what is there already."""
        self.folder = uploads_in(settings)
        self._settings = settings
        self._catalog = catalog

    @property
    def are_taken(self) -> bool:
        """Whether files can be taken: the setting allows it, the folder can be written, and no other machine indexes."""
        writable = os.access(self.folder if self.folder.exists() else self.folder.parent, os.W_OK)
        return self._settings.upload_mb > 0 and writable and not is_served_only(self._catalog)

    def most_bytes(self, suffix: str) -> int:
        """Return how large a file of a kind may be: one with many articles as large as an upload, others as an article."""
        most = self._settings.upload_mb if suffix in STREAMED else min(self._settings.upload_mb, self._settings.max_mb)
        return int(most * _MEGABYTE)

    def holds(self, location: str) -> bool:
        """Tell whether a file of the archive came in through the page, and so is the page's to delete."""
        path = Path(location)
        return path.is_relative_to(self.folder) and ".." not in path.parts

    def check(self, given: str, size: int | None) -> PurePosixPath:
        """Return where a file would lie, if it is taken as far as name and size tell. Raises UploadRefused."""
        path = safe_path(given)
        name, suffix = shown_name(str(path)), suffix_of(path.name)
        if not self.are_taken:
            raise UploadRefused("closed", f"'{name}' is not taken: no file is", "put it into a folder that is indexed")
        if suffix not in SUFFIXES:
            raise UploadRefused("not read", f"'{name}' is of a kind that is not read", remedy_for(suffix), suffix)
        if size == 0:
            raise _empty(name)
        most = self.most_bytes(suffix)
        if size is not None and size > most:
            raise _too_large(name, most)
        if shutil.disk_usage(self.folder.parent).free < (size or 0) + _RESERVE:
            raise _no_room(name)
        return path

    def receive(self, given: str, size: int | None) -> Receiving:
        """Begin to take a file of this name, and of this size where its sender tells. Raises UploadRefused."""
        path = self.check(given, size)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return Receiving(self, path, self.most_bytes(suffix_of(path.name)), self._catalog)
        except OSError as error:
            raise _failed(shown_name(str(path)), self.folder, error) from error

    def waiting(self) -> list[Path]:
        """Return the files that no run has seen yet: a server was ended before it read them."""
        found = [Path(at) / name for at, _, names in os.walk(self.folder) for name in names if not name.startswith(".")]
        known = self._catalog.sources()
        return sorted(file for file in found if str(file) not in known and not self._catalog.problems_in(str(file)))

    def clear(self, wanted: Collection[Path] = ()) -> None:
        """Delete what is left of files that did not come in whole, and of those that lie ready what nobody wants any more.

        What is young may be just coming in, at another process on the same archive.
        """
        now = time.time()
        for part in (*self.folder.glob(f"{_PART}*"), *self.folder.rglob(f"{READY}*")):
            with suppress(FileNotFoundError):
                if part not in wanted and now - part.stat().st_mtime > _YOUNG_SECONDS:
                    part.unlink()

    def part_of(self, file: Path) -> Path:
        """Return where a file can be written that is then to be moved to its place in one step."""
        return self.folder / f"{_PART}{file.name}"

    def delete(self, file: Path) -> None:
        """Delete a file, and the folders that are empty then. Raises KhabarError where it cannot be deleted."""
        if not self.holds(str(file)):
            raise KhabarError(f"'{file}' did not come in through the page", "delete it where it lies")
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise not_writable(self.folder.parent, error) from error
        with suppress(OSError):  # a folder that holds something else stays
            for folder in file.parents:
                if folder == self.folder:
                    break
                folder.rmdir()


class Receiving:
    """A file on its way in. Whoever begins it ends it: with `finish`, or with `give_up`, which leaves nothing behind."""

    def __init__(self, uploads: Uploads, path: PurePosixPath, most: int, catalog: Catalog) -> None:
        """Open a hidden file beside those that are whole. Raises OSError."""
        self._uploads, self._path, self._most, self._catalog = uploads, path, most, catalog
        self._name = shown_name(str(path))
        self._size = 0
        self._hash = content_hash()
        descriptor, part = tempfile.mkstemp(prefix=_PART, dir=uploads.folder)
        self._part = Path(part)
        self._open = os.fdopen(descriptor, "wb")

    def write(self, piece: bytes) -> None:
        """Take a piece. Raises UploadRefused, and then nothing is left of the file."""
        self._size += len(piece)
        if self._size > self._most:
            self.give_up()
            raise _too_large(self._name, self._most)
        self._hash.update(piece)
        try:
            self._open.write(piece)
        except OSError as error:
            self.give_up()
            raise _failed(self._name, self._uploads.folder, error) from error

    def finish(self) -> Upload:
        """Give the whole file its name and return it. Raises UploadRefused, and then nothing is left of it."""
        try:
            self._open.flush()
            os.fsync(self._open.fileno())
            self._open.close()
            if not self._size:
                raise _empty(self._name)
            digest = self._hash.hexdigest()
            if known := self._catalog.file_of_content(digest):
                location, path = known
                return Upload(Path(location), self._name, path, digest)
            file = self._placed()
            return Upload(file, shown_name(str(file.relative_to(self._uploads.folder))), digest=digest)
        except OSError as error:
            raise _failed(self._name, self._uploads.folder, error) from error
        finally:
            self.give_up()

    def finish_at(self, file: Path) -> None:
        """Move the whole file to this place, whatever was there. Raises UploadRefused, and then nothing is left of it."""
        try:
            self._open.flush()
            os.fsync(self._open.fileno())
            self._open.close()
            file.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._part, file)
        except OSError as error:
            raise _failed(self._name, self._uploads.folder, error) from error
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Delete what came in so far; after `finish` there is nothing."""
        with suppress(OSError):
            self._open.close()
        self._part.unlink(missing_ok=True)

    def _placed(self) -> Path:
        """Move the file to its name, or to one with a number where that is taken."""
        for number in range(1, _MOST_OF_ONE_NAME):
            path = self._path if number == 1 else numbered(self._path, number)
            file = self._uploads.folder / path
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                # Taken first, so that of two files that come at once none replaces the other.
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except (FileExistsError, NotADirectoryError):
                if not file.parent.is_dir():  # a file has the name of the folder
                    self._path = PurePosixPath(self._path.name)
                continue
            os.replace(self._part, file)
            return file
        raise UploadRefused("same name", f"'{self._name}' is a name that too many files have", "rename it")


def _empty(name: str) -> UploadRefused:
    return UploadRefused("empty", f"'{name}' is empty", "put the article's text in it")


def _too_large(name: str, most: int) -> UploadRefused:
    return UploadRefused("too large", f"'{name}' is larger than {most / _MEGABYTE:g} MB", "split it")


def _no_room(name: str) -> UploadRefused:
    return UploadRefused("disk", f"there is no room for '{name}' on the disk", "make room, and add it again")


def _failed(name: str, folder: Path, error: OSError) -> UploadRefused:
    if error.errno in _FULL:
        return _no_room(name)
    problem = f"'{name}' cannot be written into '{folder}' ({error.strerror or error})"
    return UploadRefused("unwritable", problem, "make the folder writable")
