"""A question -> the name of a file that any system takes, and the header that offers a download under it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

# What some system forbids in a name, or a shell reads as its own; a dot at either end hides a file or loses its suffix.
_FORBIDDEN = re.compile(r"[/\\:*?\"<>|%&$`'{}~#;!\u061f\u061b]+")
# Windows keeps these names for devices, whatever their suffix.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
# Persian words are written with it; all other characters without a shape are left out.
_ZWNJ = "\u200c"
_LONGEST = 80
# Of UTF-8, with room for the suffix: file systems take 255.
_MOST_BYTES = 200
_NAMELESS = "khabar"


def file_name(question: str, suffix: str) -> str:
    """Return the name of a file from a question, in its own letters."""
    whole = unicodedata.normalize("NFC", _FORBIDDEN.sub(" ", question))
    seen = "".join(" " if letter.isspace() else letter for letter in whole if _is_shown(letter))
    name = _cut(" ".join(seen.split())).strip(f". {_ZWNJ}")
    if not any(letter.isalnum() for letter in name) or _DEVICES.fullmatch(name.split(".")[0].strip()):
        name = f"{_NAMELESS} {name}".strip()
    return f"{name}{suffix}"


def _is_shown(letter: str) -> bool:
    return letter == _ZWNJ or letter.isspace() or unicodedata.category(letter)[0] != "C"


def _cut(name: str) -> str:
    """Return as much of a name as a file system takes, whole words of it where there are several."""
    short = name[:_LONGEST]
    while len(short.encode()) > _MOST_BYTES:
        short = short[:-1]
    if len(short) == len(name) or name[len(short)] == " ":
        return short
    return short.rpartition(" ")[0] or short


def offered_as(name: str) -> str:
    """Return the Content-Disposition of a download: its name in Unicode (RFC 6266, 8187), and one for programs of ASCII."""
    plain = f"{_NAMELESS}{name[name.rindex('.') :]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
