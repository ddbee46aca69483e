"""The reader of .zip, .tar, .tar.gz and .gz: each file in it is read as if it lay in a folder of the archive's name."""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from index.files import shown_name
from index.formats.failing import Refused, guarded
from index.formats.kinds import SUFFIXES, read_file, remedy_for, suffix_of
from index.formats.options import Beginning, Found, Reader, ReadOptions
from index.formats.zipped import bomb, damaged
from index.types import Problem

_MEMBERS = 200_000
_HELD = 8_000_000
_PIECE = 1 << 18
_DAMAGES = (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError, ValueError)


def reader(suffix: str) -> Reader:
    """Return the reader of a kind of archive."""
    unpack = {".zip": _zip_members, ".tar": _tar_members}.get(suffix, _gzip_members)

    def read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[Found]:
        return _read(unpack(file, path), path, options)

    return read


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of an archive: its name there, its open content, or why that is not read."""

    name: str
    content: IO[bytes] | None = None
    problem: str | None = None


def _read(members: Iterator[_Member], path: str, options: ReadOptions) -> Iterator[Found]:
    if options.depth < 1:
        yield Problem(path, "an archive inside archives, too deep; unpack it yourself", kind="nested")
        return
    left = options.unpacked_bytes
    unread: dict[str, list[str]] = {}
    try:
        for number, member in enumerate(members):
            where = f"{path}/{shown_name(member.name)}"
            if number >= _MEMBERS:
                yield Problem(path, f"only its first {_MEMBERS} files were read; pack them in several", kind="too large")
                break
            if member.problem:
                yield Problem(where, member.problem, kind="link" if "link" in member.problem else "locked")
            elif member.content is None or where in options.avoided or _is_hidden(member.name):
                continue
            elif suffix_of(where) not in SUFFIXES:
                unread.setdefault(suffix_of(where), []).append(where)
            else:
                yield Beginning(where)
                with tempfile.SpooledTemporaryFile(_HELD) as copy:
                    size = _copied(member.content, copy, left)
                    if size is None:
                        raise Refused(bomb(path, options.unpacked_bytes, "KHABAR_UNPACKED_MB"))
                    left -= size
                    inner = replace(options, depth=options.depth - 1, unpacked_bytes=left)
                    yield from guarded(read_file(cast(BinaryIO, copy), where, inner), where)
    except _DAMAGES as error:
        yield damaged(path, error)
    for suffix, names in unread.items():
        shown = ", ".join(name.removeprefix(f"{path}/") for name in names[:3]) + (" …" if len(names) > 3 else "")
        reason = f"'{suffix}' files in it ({len(names)}: {shown}) are not read; {remedy_for(suffix)}"
        yield Problem(path, reason, kind="not read")


def _copied(content: IO[bytes], copy: IO[bytes], most: int) -> int | None:
    """Copy what is packed and go back to its beginning; return its size, None where it is more than allowed."""
    size = 0
    with closing(content):
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > most:
                return None
            copy.write(piece)
    copy.seek(0)
    return size


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part not in (".", "..") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def _zip_members(file: BinaryIO, path: str) -> Iterator[_Member]:
    try:
        packed = zipfile.ZipFile(file)
    except _DAMAGES as error:
        raise Refused(damaged(path, error)) from error
    for member in packed.infolist():
        if member.is_dir():
            continue
        if member.flag_bits & 1:
            yield _Member(member.filename, problem="it is locked by a password; pack it without one")
        elif member.external_attr >> 28 == 0xA:
            yield _Member(member.filename, problem="a link inside an archive is not followed; pack the file itself")
        else:
            yield _Member(member.filename, packed.open(member))


def _tar_members(file: BinaryIO, path: str, mode: str = "r|") -> Iterator[_Member]:
    try:
        packed = tarfile.open(fileobj=file, mode=mode)  # type: ignore[call-overload]  # noqa: SIM115
    except _DAMAGES as error:
        raise Refused(damaged(path, error)) from error
    for member in packed:
        if member.issym() or member.islnk():
            yield _Member(member.name, problem="a link inside an archive is not followed; pack the file itself")
        elif member.isfile():
            yield _Member(member.name, packed.extractfile(member))


def _gzip_members(file: BinaryIO, path: str) -> Iterator[_Member]:
    """A packed tar, or one packed file, which is named as the .gz is without that end."""
    if path.lower().endswith((".tgz", ".tar.gz")):
        yield from _tar_members(file, path, "r|gz")
        return
    name = PurePosixPath(path).name
    yield _Member(name[:-3] if name.lower().endswith(".gz") else name, cast(IO[bytes], gzip.GzipFile(fileobj=file)))
