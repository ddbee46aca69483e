"""Letters that were damaged before they arrived: repaired where that is certain, otherwise removed and reported."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from index.kept_bytes import KEPT
from index.letters import gain_of_reversal, likelihood
from index.load import RawDocument
from index.types import Problem

_LOST_BYTES = re.compile("[\ue080-\ue09f]")
_LATIN_1 = "".join(bytes([code]).decode("cp1252", "ignore") or chr(KEPT + code) for code in range(0x80, 0x100))
_AS_BYTES = {ord(character): code for code, character in enumerate(_LATIN_1, 0x80)} | {code: code for code in range(0xA0)}
_AS_BYTES |= {KEPT + code: code for code in range(0x80, 0xA0)}
_RUN = re.compile(
    f"[\x20-\x7e{re.escape(_LATIN_1)}\x80-\xa0\ue080-\ue09f]*[{re.escape(_LATIN_1)}][\x20-\x7e{re.escape(_LATIN_1)}\x80-\xa0\ue080-\ue09f]*"
)
_UTF_8_AS_1256 = re.compile("[طظع]")
_FORMS = re.compile("[\ufb50-\ufd3d\ufd50-\ufdff\ufe70-\ufefc]+")
_ARABIC = re.compile("[\u0621-\u06d3]")
_LETTERS_OF_1252 = re.compile("[\xc0-\xff\u0152-\u0192]")
# A number or a Latin word runs from left to right inside a reversed line too.
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z0-9٠-٩۰-۹](?:[A-Za-z0-9٠-٩۰-۹.,:/%'@_-]*[A-Za-z0-9٠-٩۰-۹%])?")
_MIRRORED = str.maketrans("()[]{}«»<>‹›", ")(][}{»«><›‹")
_LOST_WORD = re.compile(r"[?\ufffd]{2,}[.,:;!?\ufffd]*|\S*\ufffd\S*")
_MAY_BE_LOST = re.compile(r"[?]{2}|[\ufffd\ue080-\ue09f]|(?:[\xc0-\xff].{0,4}){6}")
_ENTITY = re.compile(r"&#(?:x0?6[0-9a-f]{2}|1[5-7]\d\d);", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u(06[0-9a-fA-F]{2}|200[cfCF])")
_GARBLED_SHARE, _LOST_SHARE, _MOSTLY = 0.4, 0.3, 0.5
# Mean log probabilities of pairs of letters: words of Arabic and Persian have more, letters by chance less.
_WORDS_ARE = -3.35
# What letters must gain (in nats) to be turned round: in all, by each pair, by each of a line in a text that is not reversed.
_GAIN, _GAIN_A_PAIR, _GAIN_A_PAIR_OF_LINE, _PAIRS = 12.0, 0.4, 0.5, 12


def repaired(raw: RawDocument) -> tuple[RawDocument | None, list[Problem]]:
    """Return a document with its letters put right, and what there is to tell; None where too little can be read."""
    mended = _mended(raw.text)
    metadata, notes = _mended_metadata(raw.metadata)
    told = dict.fromkeys([*mended.notes, *notes])
    remedy = "save it as UTF-8 text in reading order"
    problems = [Problem(raw.path, f"{note}; {remedy}", skipped=False, kind="letters") for note in told]
    if mended.lost and mended.lost >= _MOSTLY * mended.lines:
        reason = f"its letters were lost before it was saved ({mended.example!r})"
        remedy = "export it again as UTF-8, for nothing of it can be read"
        return None, [Problem(raw.path, f"{reason}; {remedy}", kind="letters")]
    if mended.lost:
        reason = f"{mended.lost} of {mended.lines} lines are left out, for their letters were lost ({mended.example!r})"
        reason += "; export it again as UTF-8"
        problems.append(Problem(raw.path, reason, skipped=False, kind="letters"))
    return replace(raw, text=mended.text, metadata=metadata), problems


@dataclass(frozen=True, slots=True)
class _Mended:
    """A text put right: what was done, how many of its lines were lost, of how many with words, and the first such."""

    text: str
    notes: tuple[str, ...] = ()
    lost: int = 0
    lines: int = 0
    example: str = ""


def _mended(text: str) -> _Mended:
    whole, notes = _with_notes(text)
    lines = [(line, _is_lost(line)) for line in whole.split("\n")]
    lost = [line for line, is_lost in lines if is_lost]
    kept = "\n".join(line for line, is_lost in lines if not is_lost)
    count = sum(bool(line.strip()) for line, _ in lines)
    return _Mended(_LOST_BYTES.sub("", kept), notes, len(lost), count, lost[0].strip()[:24] if lost else "")


def _mended_metadata(metadata: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the metadata with its letters put right; a value that is lost is left out and told."""
    found: dict[str, str] = {}
    notes: list[str] = []
    for key, value in metadata.items():
        mended = _mended(value)
        notes += mended.notes
        if mended.lost:
            notes.append(f"the letters of its {key} were lost ({mended.example!r})")
        else:
            found[key] = mended.text
    return found, tuple(dict.fromkeys(notes))


def _with_notes(text: str) -> tuple[str, tuple[str, ...]]:
    notes = []
    for step, note in _STEPS:
        after = step(text)
        if after != text:
            text = after
            notes.append(note)
    return text, tuple(note for note in notes if note)


# Escapes


def _without_escapes(text: str) -> str:
    r"""Return the text with &#1575; and \u0627 as the letters that they stand for, where there are words of them."""
    for pattern, read in ((_ENTITY, _entity), (_ESCAPE, lambda found: chr(int(found[1], 16)))):
        if len(pattern.findall(text)) >= 4:
            text = pattern.sub(read, text)
    return text


def _entity(found: re.Match[str]) -> str:
    number = found[0][2:-1]
    return chr(int(number[1:], 16) if number[0] in "xX" else int(number))


# Bytes read by another table


def _from_latin(text: str) -> str:
    """Return the text with UTF-8 (read as Windows-1252, once or more) and Windows-1256 (read as it) put right, run by run."""
    for _ in range(3):
        if not _LETTERS_OF_1252.search(text):
            break
        after = _RUN.sub(lambda found: _from_bytes(found[0]), text)
        if after == text:
            break
        text = after
    return text


def _from_bytes(run: str) -> str:
    content = bytes(_AS_BYTES.get(ord(character), 0x3F) for character in run)
    try:
        return _with_dropped_bytes(content).decode("utf-8")
    except UnicodeDecodeError:
        pass
    letters = [character for character in run if character.isalpha() or _LOST_BYTES.match(character)]
    garbled = [letter for letter in letters if not letter.isascii()]
    if len(garbled) >= 4 and len(garbled) >= _GARBLED_SHARE * len(letters):
        arabic = content.decode("cp1256")
        if likelihood(arabic) > _WORDS_ARE:
            return arabic
    return run


def _with_dropped_bytes(content: bytes) -> bytes:
    """Return UTF-8 with the bytes that have no character in Windows-1252, and are often dropped: the last of ف and of ”."""
    if content.count(b"\xd9") > 1 and b"\xd8" in content:
        content = re.sub(rb"\xd9(?![\x80-\xbf])", b"\xd9\x81", content)
    return re.sub(rb"\xe2\x80(?![\x80-\xbf])", b"\xe2\x80\x9d", content)


def _from_arabic(text: str) -> str:
    """Return the text with UTF-8 that was read as Windows-1256 (ط§ظ„) put right, line by line."""
    if len(_UTF_8_AS_1256.findall(text)) < 4:
        return text
    return "\n".join(map(_line_from_arabic, text.split("\n")))


def _line_from_arabic(line: str) -> str:
    """Return a line read anew; where some of its letters forbid that, the words that do not, if they are most of it."""
    whole = _read_anew(line)
    if whole != line:
        return whole
    found = line.split(" ")
    anew = [_read_anew(word) for word in found]
    changed = sum(before != after and bool(_ARABIC.search(after)) for before, after in zip(found, anew, strict=True))
    return " ".join(anew) if len(found) > 1 and changed >= _MOSTLY * len(found) else line


def _read_anew(text: str) -> str:
    try:
        after = text.encode("cp1256").decode("utf-8")
    except UnicodeError:
        return text
    return after if len(after) < len(text) else text


# Shapes and order


def _without_forms(text: str) -> str:
    """Return the text with the shapes of letters (U+FB50 to U+FEFC) as the letters that they are."""
    return _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _in_reading_order(text: str) -> str:
    """Return the text with the lines that are stored from left to right, as they look, put in reading order."""
    if not _ARABIC.search(text) and not _FORMS.search(text):
        return text
    lines = text.split("\n")
    gains = [gain_of_reversal(_without_forms(line)) for line in lines]
    whole, pairs = sum(gain for gain, _ in gains), sum(count for _, count in gains)
    if max((gain for gain, _ in gains), default=0.0) <= 0:
        return text
    is_reversed = pairs >= _PAIRS and whole / pairs > _GAIN_A_PAIR and whole > _GAIN
    is_reversed = is_reversed and likelihood(_without_forms(text)[::-1]) > _WORDS_ARE
    turned = [
        _turned(line) if _is_reversed(line, gain, count, is_reversed) else line
        for line, (gain, count) in zip(lines, gains, strict=True)
    ]
    return "\n".join(turned)


def _is_reversed(line: str, gain: float, pairs: int, whole_is: bool) -> bool:
    """Tell whether a line is reversed: by its own letters where they tell, by the whole text's where they are few."""
    if pairs == 0:
        return False
    if whole_is:
        return gain > -_GAIN / 4
    # In a text that is not reversed a line is so only where it is surer still: verses read strangely too.
    if pairs < _PAIRS or gain <= _GAIN or gain / pairs <= _GAIN_A_PAIR_OF_LINE:
        return False
    return likelihood(_without_forms(line)[::-1]) > _WORDS_ARE


def _turned(line: str) -> str:
    # Signs above a letter stay behind it.
    parts = re.findall(r"[^\u064b-\u065f\u0670][\u064b-\u065f\u0670]*|.", line)
    turned = _LEFT_TO_RIGHT.sub(lambda found: found[0][::-1], "".join(reversed(parts)))
    opening, closing = turned.find("("), turned.find(")")
    return turned.translate(_MIRRORED) if closing >= 0 and (opening < 0 or closing < opening) else turned


# What nothing can put right


def _is_lost(line: str) -> bool:
    """Tell whether the letters of a line are lost: question marks in their place, or garbled ones that no table explains."""
    if not _MAY_BE_LOST.search(line):
        return False
    found = line.split()
    lost = sum(_LOST_WORD.fullmatch(word) is not None for word in found)
    if lost >= 2 and lost >= _LOST_SHARE * len(found):
        return True
    letters = Counter(character.isascii() for character in line if character.isalpha() or _LOST_BYTES.match(character))
    garbled = len(_LETTERS_OF_1252.findall(line)) + len(_LOST_BYTES.findall(line))
    return garbled >= 6 and garbled >= _GARBLED_SHARE * sum(letters.values())


_STEPS: tuple[tuple[Callable[[str], str], str], ...] = (
    (_without_escapes, "its letters were written as numbers (&#1575;) and were read"),
    (_from_arabic, "its letters were garbled (ط§ظ„) and were repaired"),
    (_from_latin, "its letters were garbled (Ø§Ù„) and were repaired"),
    (_in_reading_order, "its text was stored in reverse and was turned round"),
    (_without_forms, ""),
)
