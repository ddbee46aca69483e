"""Who may read and write what Khabar keeps."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from index.private import OTHERS
from rag.doctor.finding import Finding
from rag.settings import Settings, cache_folder

# Files of a data folder that are looked at.
_MOST = 20_000


def check_access(settings: Settings) -> Iterator[Finding]:
    """Look at the data folder and what is in it, and at the cache."""
    data, cache = settings.data, cache_folder(settings)
    if not os.access(".", os.R_OK | os.X_OK):
        told = "the folder that khabar was started in cannot be read by its user, at which libraries fail"
        yield Finding("warning", "permissions", told, "start it from another: cd /")
    if data.exists():
        yield from _data(data)
    elif not _writable(nearest_folder(data)):
        told = f"the data folder '{data}' cannot be made in '{nearest_folder(data)}'"
        yield Finding("fault", "permissions", told, "make it for the user who runs khabar, or choose another with --data")
    if not _writable(nearest_folder(cache)):
        told = f"the cache '{cache}' cannot be written: what is derived from a model is derived at each start"
        yield Finding("warning", "permissions", told, "make it writable, or choose another with --cache")


def _data(data: Path) -> Iterator[Finding]:
    remedy = f"chown -R USER {shlex.quote(str(data))}, with the user who runs khabar"
    if not _writable(data):
        yield Finding("warning", "permissions", f"'{data}' cannot be written: the archive can only be read", remedy)
        return
    owner = data.stat().st_uid
    others = [file for file in islice(data.rglob("*"), _MOST) if not file.is_symlink() and _is_foreign(file, owner)]
    if others:
        told = f"'{others[0]}' belongs to another user than its folder, or cannot be written ({len(others)} such)"
        yield Finding("fault", "permissions", told, remedy)
    if data.stat().st_mode & OTHERS:
        told = f"others on this machine may look into '{data}'"
        yield Finding("warning", "permissions", told, f"chmod -R go= {shlex.quote(str(data))}")
    elif not others:
        yield Finding("ok", "permissions", "the data folder is its owner's alone")


def _is_foreign(file: Path, owner: int) -> bool:
    try:
        return file.stat().st_uid != owner or not _writable(file)
    except OSError:  # it has gone meanwhile
        return False


def nearest_folder(path: Path) -> Path:
    """Return a folder, or the first above it that is there."""
    return next((place for place in (path, *path.absolute().parents) if place.is_dir()), Path())


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK)
