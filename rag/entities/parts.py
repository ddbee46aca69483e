"""What names are read from: a text goes in, the parts of its words and what stands between them come out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.entities.types import EntityKind
from index.text import ZWNJ, fold

# U.S., O'Brien, then any letters and digits with the signs above them; a ZWNJ parts a word in two.
_PART = re.compile(r"(?:[A-Z]\.){2,}|[A-Z]['’][A-Z]\w+|[^\W_][\w\u0610-\u061a\u064b-\u065f\u0670\u0640]*")
_MARKS = " \"\u00ab\u00bb\u201c\u201d\u2018\u2019'"
_DOTS = re.compile(r"['’.]")


@dataclass(frozen=True, slots=True)
class Part:
    """A folded piece of a word without a ZWNJ in it, where it stands in the text, and what stands before it there.

    `case` is A for capitals only, a for one capital first, p for the preposition that folding makes the name علي (على), and
    empty for anything else.
    """

    text: str
    start: int
    end: int
    gap: str
    case: str

    @property
    def is_joined(self) -> bool:
        """Whether it is one word with the part before it."""
        return self.gap == ZWNJ

    @property
    def follows(self) -> bool:
        """Whether it is another word right behind the part before it: nothing but a space or a hyphen is between."""
        return self.gap in (" ", "-", ZWNJ, "  ", "\u00a0", "‑")

    @property
    def is_near(self) -> bool:
        """Whether nothing but spaces and quotation marks is between it and the part before it."""
        return self.follows or not self.gap.strip(_MARKS)


@dataclass(frozen=True, slots=True)
class Found:
    """The parts `first` to `last` (not included) are a name of this kind, by their pattern."""

    first: int
    last: int
    kind: EntityKind


def parts_of(text: str) -> list[Part]:
    """Return the parts of a text in reading order."""
    found: list[Part] = []
    end = 0
    for match in _PART.finditer(text):
        start, stop = match.span()
        folded, case = _folded(match[0])
        if folded:
            found.append(Part(folded, start, stop, text[end:start], case))
            end = stop
    return found


@lru_cache(maxsize=100_000)
def _folded(piece: str) -> tuple[str, str]:
    bare = _DOTS.sub("", piece)
    case = "p" if bare == "على" else ""
    if bare[:1].isupper() or (bare.isascii() and not bare.islower() and bare.isalpha()):  # eBay, too
        case = "A" if len(bare) > 1 and bare.isupper() else "a"
    return fold(bare), case
