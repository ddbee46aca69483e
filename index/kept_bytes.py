"""Bytes that were read as control characters, carried through loading so that garbled letters can be repaired."""

from __future__ import annotations

import re

# From here on, characters of private use stand for bytes: U+E085 for 0x85.
KEPT = 0xE000
_C1 = re.compile("[\x80-\x9f]")
_GARBLED = re.compile("[\xc2-\xdf][\x80-\xbf]|\xe2[\x80\u20ac]|[\xc0-\xff]{3}")


def with_bytes_kept(text: str) -> str:
    """Return a decoded text with control characters that are bytes of garbled letters kept as characters of private use."""
    if not _C1.search(text) or not _GARBLED.search(text):
        return text
    return _C1.sub(lambda found: chr(KEPT + ord(found[0])), text)
