"""What Khabar stands on: Python, its packages, the disk, the port."""

from __future__ import annotations

import errno
import platform
import re
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from index import lexical, vectors
from rag.doctor.access import nearest_folder
from rag.doctor.finding import Finding
from rag.server.binding import family_of, shown_at
from rag.settings import Settings

_OLDEST = (3, 11)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LOCK = Path(__file__).parents[2] / "constraints.txt"
# Bytes without which nothing can be written, and those that any work needs.
_NO_ROOM = 64_000_000
_LITTLE_ROOM = 500_000_000
_SECONDS = 2.0


def check_versions(_: Settings) -> Iterator[Finding]:
    """Look at Python and at the packages: those that are missing, and those of another version than Khabar is tried with."""
    if sys.version_info < _OLDEST:
        yield Finding("fault", "versions", f"this is Python {platform.python_version()}", "install Python 3.11 or newer")
    locked = locked_versions(_LOCK)
    missing, others = [], []
    for name in _needed():
        found = _version(name)
        if found is None:
            missing.append(name)
        elif locked.get(_plain(name), found) not in (found, found.partition("+")[0]):
            others.append(f"{name} {found} (tried with {locked[_plain(name)]})")
    if missing:
        remedy = "install Khabar again: make chat, or pip install --constraint constraints.txt ."
        yield Finding("fault", "versions", f"packages are missing: {', '.join(missing)}", remedy)
    if others:
        remedy = "pip install --constraint constraints.txt . brings those that it is tried with"
        yield Finding("warning", "versions", f"packages of other versions: {', '.join(others)}", remedy)
    if not missing and not others:
        told = f"Khabar {_version('khabar') or 'from its source'}, Python {platform.python_version()}, all packages"
        yield Finding("ok", "versions", told + (" as tried" if locked else ""))


def locked_versions(file: Path) -> Mapping[str, str]:
    """Return the versions that constraints.txt locks, by name; none where Khabar was installed without its source."""
    if not file.is_file():
        return {}
    pairs = (line.split("==") for line in file.read_text(encoding="utf-8").splitlines() if "==" in line)
    return {_plain(name): locked.strip() for name, locked in pairs}


def _needed() -> list[str]:
    try:
        wanted = requires("khabar") or []
    except PackageNotFoundError:
        return []
    return [found[0] for line in wanted if "extra ==" not in line and (found := _NAME.match(line))]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Look at the room where the index lies: an index run needs as much again as words and vectors have."""
    free = shutil.disk_usage(nearest_folder(settings.data)).free
    wanted = _LITTLE_ROOM + sum(_size(settings.data / name) for name in (lexical.FOLDER, vectors.FOLDER))
    told = f"{free // 1_000_000:,} MB are free where the index lies"
    if free < _NO_ROOM:
        yield Finding("fault", "disk", told, f"make room: an index run may take {wanted // 1_000_000:,} MB")
    elif free < wanted:
        yield Finding("warning", "disk", told, f"make room: an index run may take {wanted // 1_000_000:,} MB")
    else:
        yield Finding("ok", "disk", told)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0


def check_port(settings: Settings) -> Iterator[Finding]:
    """Look whether khabar serve could listen, or does."""
    host, port = settings.host, settings.port
    shown = shown_at(host, port)
    with socket.socket(family_of(host)) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror or str(error)
                yield Finding("fault", "port", f"{shown} is no address of this machine ({reason})", "choose another: --host")
            elif _is_khabar(shown):
                yield Finding("ok", "port", f"a Khabar answers at {shown}")
            else:
                yield Finding("fault", "port", f"another program listens at {shown}", "stop it, or choose another: --port 7861")
            return
    yield Finding("ok", "port", f"{shown} is free")


def _is_khabar(at: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{at}/healthz", timeout=_SECONDS) as answered:
            return bool(answered.read(100) == b'{"status":"ok"}')
    except (OSError, ValueError, urllib.error.URLError):
        return False
