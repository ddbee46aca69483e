"""Reads sentence_pairs.txt: sources, and what a draft may and may not make of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

from index.types import Language

_FILE = Path(__file__).with_name("sentence_pairs.txt")


@dataclass(frozen=True)
class Pair:
    """A source and a claim about it; `kind` is what is false in it, or "" where it is true."""

    language: Language
    source: str
    claim: str
    kind: str
    held_out: bool

    def __str__(self) -> str:
        return f"{self.kind or 'true'}: {self.claim}"


@dataclass(frozen=True)
class Frame:
    """A sentence with a gap, and what may stand there: forms of one group say the same, forms of two do not."""

    language: Language
    sentence: str
    groups: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return self.sentence

    def copies(self) -> list[str]:
        """Return the sentence with each form in its gap."""
        return [self.sentence.format(form) for group in self.groups for form in group]

    def false(self) -> list[tuple[str, str]]:
        """Return all sources with the claims that are false of them."""
        return [
            (self.sentence.format(group[0]), self.sentence.format(form))
            for group, other in permutations(self.groups, 2)
            for form in other
        ]


def read_pairs(file: Path = _FILE) -> list[Pair]:
    """Return all pairs of the file in its order, but for those of frames."""
    pairs: list[Pair] = []
    language: Language | None = None
    source, held_out = "", False
    for line in file.read_text(encoding="utf-8").splitlines():
        if "{}" in source and line[:2] in ("= ", "+ ", "- "):
            assert line[0] == "=", "a frame has groups only"
        elif line in ("held out", "developed"):
            held_out = line == "held out"
        elif line[:4] in ("ar: ", "fa: ", "en: "):
            language, source = line[:2], line[4:]
        elif line.startswith("+ "):
            pairs.append(Pair(language, source, line[2:], "", held_out))
        elif line.startswith("- "):
            kind, claim = line[2:].split(": ", 1)
            pairs.append(Pair(language, source, claim, kind, held_out))
    return pairs


def read_frames(file: Path = _FILE) -> list[Frame]:
    """Return all sentences of the file that have a gap."""
    frames: list[Frame] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line[:4] in ("ar: ", "fa: ", "en: ") and "{}" in line:
            frames.append(Frame(line[:2], line[4:], ()))
        elif line.startswith("= "):
            frames[-1] = replace(frames[-1], groups=(*frames[-1].groups, tuple(line[2:].split(" | "))))
    return frames
