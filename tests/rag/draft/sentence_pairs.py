"""Reads sentence_pairs.txt: sources, and what a draft may and may not make of them."""

from __future__ import annotations

from dataclasses import dataclass
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


def read_pairs(file: Path = _FILE) -> list[Pair]:
    """Return all pairs of the file in its order."""
    pairs: list[Pair] = []
    language: Language | None = None
    source, held_out = "", False
    for line in file.read_text(encoding="utf-8").splitlines():
        if line in ("held out", "developed"):
            held_out = line == "held out"
        elif line[:4] in ("ar: ", "fa: ", "en: "):
            language, source = line[:2], line[4:]
        elif line.startswith("+ "):
            pairs.append(Pair(language, source, line[2:], "", held_out))
        elif line.startswith("- "):
            kind, claim = line[2:].split(": ", 1)
            pairs.append(Pair(language, source, claim, kind, held_out))
    return pairs
