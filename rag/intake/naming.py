"""The name of a file as a browser gives it -> a path below a folder that is safe to write, to show and to read again."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

# Bytes of one name, and folders above a file, that are kept: file systems take 255, and some room is left for a number.
_MOST_BYTES = 180
_MOST_FOLDERS = 6
# Of the characters that are not seen only the two that join letters are part of a Persian or Arabic name.
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SEPARATORS = re.compile(r"[/\\]+")
_RESERVED = re.compile(r'[<>:"|?*]')
_UNNAMED = "file"


def safe_path(given: str) -> PurePosixPath:
    """Return where a file is to lie below the folder of uploads: its folders are kept, nothing leads up or elsewhere.

    What is not seen, turns the line around or hides a file goes; what is too long is cut before its suffix.
    """
    parts = [part for part in map(_safe_name, _SEPARATORS.split(given)) if part]
    *folders, name = parts or [_UNNAMED]
    return PurePosixPath(*folders[-_MOST_FOLDERS:], name)


def numbered(path: PurePosixPath, number: int) -> PurePosixPath:
    """Return the path of the second, third … file of one name: report (2).txt."""
    return path.with_name(f"{path.stem} ({number}){path.suffix}")


def _safe_name(part: str) -> str:
    seen = "".join(each for each in unicodedata.normalize("NFC", part) if each in _JOINERS or _is_seen(each))
    # A dot in front hides a file, one behind it is lost on some systems.
    name = _RESERVED.sub("_", " ".join(seen.split())).strip(f". {_JOINERS}")
    path = PurePosixPath(name)
    return _cut(path.stem, _MOST_BYTES - len(path.suffix.encode())) + path.suffix if _is_long(name) else name


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN


def _is_long(name: str) -> bool:
    return len(name.encode()) > _MOST_BYTES


def _cut(stem: str, most: int) -> str:
    return stem.encode()[: max(most, 1)].decode("utf-8", "ignore").strip(f". {_JOINERS}") or _UNNAMED
