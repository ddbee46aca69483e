"""What models put around their sentences: harmless marks are taken away, of the rest it is told that it is there.

What is shown is what was checked, so nothing that is taken away here can make a false sentence true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Bold and italics, and code within a line.
_EMPHASIS = re.compile(r"(?<!`)`(?!`)|\*+|__+")
_BULLETS = re.compile(r"^\s*(?:>\s+|[-–—•·▪◦‣●]\s+(?=[^\W\d_]|[«“\"'(])|\(?\d{1,2}[.)]\s+|\(?\d{1,2}[.)]?$|[-–—•·▪◦‣●]+$)+")
_LABEL = re.compile(r"^\s*(?:answer|الجواب|الإجابة|جواب|پاسخ)\s*:\s*", re.IGNORECASE)
_STRUCTURE = re.compile(
    r"^\s*#{1,6}\s|^\s*(?:```|~~~)|```|^\s*\||\|[^|]*\||</?[a-z][^<>]*>|<!--|\]\(", re.IGNORECASE
)
# How models open a thought that they write down before the answer.
_THOUGHT = re.compile(r"<\|?(?:think|thinking|thought|reasoning)\b|<\|channel\|?>|^\s*\[think\]|◁think▷", re.IGNORECASE)
_EMPTY_THOUGHT = "<think></think>"


def plain(sentence: str) -> str:
    """Return a sentence of a draft without the marks of lists and emphasis, and without an "Answer:" before it."""
    bare = _BULLETS.sub("", " ".join(_EMPHASIS.sub("", sentence).split()))
    return _LABEL.sub("", bare)


def is_structure(sentence: str) -> bool:
    """Tell whether a sentence is a heading, a table, code, a link or HTML: what an answer has no place for."""
    return _STRUCTURE.search(sentence) is not None


def is_thought(text: str) -> bool:
    """Tell whether a text opens a thought: what a model tells itself before it answers."""
    return _THOUGHT.search(text) is not None


def without_empty_thought(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of a draft without the empty thought that models write whose thinking is switched off."""
    held: str | None = ""
    for piece in pieces:
        if held is None:
            yield piece
            continue
        held += piece
        bare = "".join(held.split()).lower()
        if _EMPTY_THOUGHT.startswith(bare):
            continue
        begins = bare.startswith(_EMPTY_THOUGHT)
        yield held[held.lower().index("</think>") + len("</think>") :] if begins else held
        held = None
    if held and not held.lower().rstrip().endswith("</think>"):
        yield held
