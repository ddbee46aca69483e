"""Bytes that are not UTF-8 -> the charset in which they read as Arabic or Persian, or as English."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

# Letters of Arabic and Persian news in thousandths, as they stand in the sample archive, rounded.
_SHARES = {
    "ا": 130, "ل": 105, "ي": 75, "ن": 58, "م": 58, "و": 58, "ر": 52, "ت": 45, "ب": 38, "ه": 38, "د": 40, "ع": 28, "س": 34,
    "ك": 22, "ف": 24, "ق": 22, "ة": 22, "أ": 18, "ح": 16, "ج": 14, "ش": 18, "ط": 10, "ص": 10, "خ": 12, "ى": 10, "ذ": 6,
    "ض": 6, "غ": 5, "ث": 5, "ز": 12, "ئ": 4, "إ": 8, "ء": 3, "ظ": 2, "آ": 6, "ؤ": 1, "ی": 75, "ک": 25, "گ": 10, "چ": 4,
    "پ": 9, "ژ": 1,
}  # fmt: skip
_OTHERS = frozenset(" \n\t.,:;!?()[]\"'-/%«»،؛؟–—…“”‘’\u200c\u200e\u200fـ0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\xa0")
_RARE = math.log(0.05 / 1000)
# In the order in which equal readings are named: the letters of ISO-8859-6 are those of Mac Arabic too.
_CHARSETS = ("windows-1256", "iso-8859-6", "mac-arabic", "mac-farsi")
_NAMES = {"mac-arabic": "Mac Arabic", "mac-farsi": "Mac Farsi", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_LEAST_LETTERS = 20
_PLAUSIBLE = -4.4
_SAMPLE = 65_536
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_HIGH = re.compile(rb"[\x80-\xff]")
_MARKUP = re.compile(rb"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Guess:
    """A text, and the name of the charset that it was read in."""

    text: str
    charset: str


def guess(content: bytes) -> Guess | None:
    """Return the text of bytes that are no UTF-8, or None where no charset is plausible enough."""
    for read in (_utf16, _damaged_utf8, _western, _arabic):
        found = read(content)
        if found:
            return found
    return None


def _utf16(content: bytes) -> Guess | None:
    """UTF-16 without its mark: one half of the bytes is few values (0 of Latin letters and blanks, 6 of Arabic letters)."""
    if len(content) < 2 * _LEAST_LETTERS or len(content) % 2:
        return None
    for charset, high in (("utf-16-le", content[1:_SAMPLE:2]), ("utf-16-be", content[0:_SAMPLE:2])):
        if sum(high.count(value) for value in (0, 6, 0x20)) > 0.95 * len(high):
            text = _decoded(content, charset)
            if text and "\0" not in text and sum(character.isalpha() for character in text) >= _LEAST_LETTERS:
                return Guess(text, "UTF-16")
    return None


def _damaged_utf8(content: bytes) -> Guess | None:
    """UTF-8 with a few bytes that are none: they become U+FFFD, and the text is not given up for them."""
    text = content.decode("utf-8", "replace")
    lost = text.count("\ufffd") - content.count("\ufffd".encode())
    if b"\0" in content or not _HIGH.search(content) or lost * 200 > len(_HIGH.findall(content)):
        return None
    return Guess(text, "UTF-8 with damaged bytes")


def _western(content: bytes) -> Guess | None:
    """Text in Latin letters with a few others, as Windows writes English."""
    shown = _MARKUP.sub(b" ", content)
    letters, high = len(_ASCII_LETTER.findall(shown)), len(_HIGH.findall(shown))
    if b"\0" in content or letters < _LEAST_LETTERS or high * 6 > letters:
        return None
    text = _decoded(content, "windows-1252")
    return Guess(text, "windows-1252") if text else None


def _arabic(content: bytes) -> Guess | None:
    if b"\0" in content or len(_HIGH.findall(content)) < _LEAST_LETTERS:
        return None
    readings = [(text, charset) for charset in _CHARSETS if (text := _decoded(content, charset)) is not None]
    scored = [(plausibility(text[:_SAMPLE]), -number, text, charset) for number, (text, charset) in enumerate(readings)]
    if not scored:
        return None
    best, _, text, charset = max(scored)
    return Guess(text, _NAMES.get(charset, charset)) if best > _PLAUSIBLE else None


def plausibility(text: str) -> float:
    """Return the mean logarithm of the shares of a text's characters, markup and Latin letters aside; low where it is noise."""
    values = [
        math.log(_SHARES[character] / 1000) if character in _SHARES else _RARE
        for character in text
        if ord(character) > 127 and character not in _OTHERS
    ]
    return sum(values) / len(values) if len(values) >= _LEAST_LETTERS else _RARE


def _decoded(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        return None
