"""A folder -> the files in it: those whose kind is read, and what is left out, so that it can be reported."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def shown_name(name: str) -> str:
    """Return a file's name as it can be shown: what would break or turn its line (a bidi override) is written as its number."""
    return _UNSHOWN.sub(lambda found: f"\\x{ord(found.group()):02x}", name)


@dataclass(slots=True)
class Listing:
    """What lies under a path, in a fixed order: files to be read, of a kind that is not read, leading out, no files at all.

    `hidden` counts the names with a dot in front.
    """

    read: list[Path] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    outside: list[Path] = field(default_factory=list)
    special: list[Path] = field(default_factory=list)
    hidden: int = 0


def list_files(path: Path, suffixes: Collection[str]) -> Listing:
    """List what lies under `path` (or `path` itself). Raises OSError where a folder cannot be listed.

    Links are followed as far as they stay inside; a folder that links lead back to is walked once. A link that leads
    nowhere is among the files to be read, for its reader to report.
    """
    found = Listing()
    if path.is_file():
        found.read.append(path)
        return found
    root = path.resolve()
    walked: set[tuple[int, int]] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current is not path and current.is_symlink() and _leads_out(current, root):
            found.outside.append(current)
        elif current is path or current.is_dir():
            status = current.stat()
            if (status.st_dev, status.st_ino) not in walked:
                walked.add((status.st_dev, status.st_ino))
                children = list(current.iterdir())
                shown = sorted((child for child in children if not child.name.startswith(".")), reverse=True)
                found.hidden += len(children) - len(shown)
                waiting += shown
        elif current.suffix.lower() in suffixes and (current.is_file() or not current.exists()):
            found.read.append(current)
        elif current.is_file() or not current.exists():
            found.unread.append(current)
        else:  # a pipe, a socket, a device: to open it could wait for ever
            found.special.append(current)
    return found


def _leads_out(link: Path, root: Path) -> bool:
    """Tell whether a link's target is there and lies outside of `root`."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # nowhere, or in a circle
        return False
    return not target.is_relative_to(root)
