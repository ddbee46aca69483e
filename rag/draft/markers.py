"""A draft, piece by piece -> its sentences, each with the markers that stand behind it.

Reads character by character, so that it does not matter where a draft is cut. A bracket is held back until it has closed: what
it was is known then, and a user never sees half of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.text import fold
from rag.draft import tuning

_CLOSES = {"[": "]", "［": "］", "【": "】"}
_STOPS = ".!?؟۔…"
_QUOTES = "»”\"')’"
_TAGS = re.compile(r"\s*(?:[a-z]\d|\d{1,3})(?:(?:\s*[,،;؛]\s*|\s+)(?:[a-z]\d|\d{1,3}))*\s*")
_TAG = re.compile(r"[a-z]\d|\d+")
# A full stop behind these ends no sentence: initials, titles.
_ABBREVIATED = re.compile(r"(?:^|[\s(«“\"])(?:[^\W\d_]|[MD]rs?|Ms|St|Gen|Sen|Lt|Col|vs)\.$")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft without its markers, and the tags in them: `k3`, `1`, in the order of their first use.

    `broken` where a bracket never closed: the draft stopped in the midst of a marker.
    """

    text: str
    tags: tuple[str, ...]
    broken: bool = False


def draft_sentences(pieces: Iterable[str]) -> Iterator[DraftSentence]:
    """Yield the sentences of a draft as it is written, each when the next one has begun with a letter."""
    reader = DraftReader()
    for piece in pieces:
        for character in piece:
            yield from reader.read(character)
    yield from reader.close()


class DraftReader:
    """Takes in a draft by characters and gives its sentences out."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._text = ""
        self._tags: dict[str, None] = {}
        self._bracket = ""
        # Whether the sentence has ended, as it seems, and whether something stands between its end and what comes.
        self._ended = False
        self._parted = False

    def read(self, character: str) -> Iterator[DraftSentence]:
        """Take in one character; yields a sentence where it begins the next one."""
        if self._bracket:
            yield from self._read_bracket(character)
        elif character in _CLOSES:
            self._bracket = character
        else:
            yield from self._read_text(character)

    @property
    def unfinished(self) -> str:
        """What of the sentence at work has been read so far, a bracket that is open included."""
        return self._text + self._bracket

    def close(self) -> Iterator[DraftSentence]:
        """Yield what is left when the draft ends."""
        broken, self._bracket = bool(self._bracket), ""
        yield from self._sentence(broken)

    def _read_bracket(self, character: str) -> Iterator[DraftSentence]:
        self._bracket += character
        if character == _CLOSES[self._bracket[0]]:
            bracket, self._bracket = self._bracket, ""
            tags = fold(bracket[1:-1])
            if _TAGS.fullmatch(tags):
                self._tags |= dict.fromkeys(_plain(tag) for tag in _TAG.findall(tags))
                self._parted = True
                self._text += " "
                return
            for part in bracket:
                yield from self._read_text(part)
        elif character == "\n" or character in _CLOSES or len(self._bracket) > tuning.LONGEST_MARKER:
            text, self._bracket = self._bracket[:-1], ""
            for part in text:
                yield from self._read_text(part)
            yield from self.read(character)

    def _read_text(self, character: str) -> Iterator[DraftSentence]:
        if character.isspace():
            self._ended = self._ended or (character in "\r\n" and bool(self._text.strip()))
            self._parted = True
            self._text += " "
        elif self._ended and character in _STOPS + _QUOTES and not (self._parted and character not in _STOPS):
            if not self._parted:
                self._text += character
        else:
            if self._ended and self._parted:
                yield from self._sentence()
            self._parted = False
            self._text += character
            self._ended = character in _STOPS and not _ABBREVIATED.search(self._text[-6:])

    def _sentence(self, broken: bool = False) -> Iterator[DraftSentence]:
        text = re.sub(r"\s+([.,!?؟،])", r"\1", " ".join(self._text.split()))
        unpaired = any(text.count(opening) != text.count(closing) for opening, closing in _CLOSES.items())
        if text or self._tags:
            yield DraftSentence(text, tuple(self._tags), broken or unpaired)
        self._text, self._tags, self._ended, self._parted = "", {}, False, False


def _plain(tag: str) -> str:
    return str(int(tag)) if tag.isdecimal() else tag
