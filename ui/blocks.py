"""The text of an answer, line by line: which lines are quotes, and which are Khabar's own or a model's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.phrases import QUOTATION_MARKS
from rag.types import Answer, Citation

_MARKER = re.compile(r"\[(\d+)\]")
# What may stand behind a quote and its markers: nothing, or where it comes from.
_BARE = re.compile(r"\s*(?:\[\d+\]\s*)*(?:[—–].*)?", re.DOTALL)
_OPENING = tuple(opening for opening, _ in QUOTATION_MARKS.values())


@dataclass(frozen=True, slots=True)
class Block:
    """A line of an answer, and the numbers of the citations that it quotes: none where it is no quote."""

    text: str
    quoted: tuple[int, ...] = ()


def blocks(answer: Answer) -> list[Block]:
    """Return the lines of an answer; a line break inside a quote ends no line."""
    pattern = re.compile("|".join([*_literal_quotes(answer), r"\n+"]))
    cuts = [match.span() for match in pattern.finditer(answer.answer) if not match[0].strip()]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(answer.answer)]
    lines = (answer.answer[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [Block(line, _quoted(line, answer)) for line in lines if line]


def quotation(item: Citation) -> str:
    """Return a citation's quote in the quotation marks of its language."""
    opening, closing = QUOTATION_MARKS[item.language]
    return f"{opening}{item.quote}{closing}"


def _literal_quotes(answer: Answer) -> list[str]:
    """Return the patterns of an answer's quotes, the longest first, for one may begin like another."""
    return [re.escape(text) for text in sorted(map(quotation, answer.citations), key=len, reverse=True)]


def _quoted(line: str, answer: Answer) -> tuple[int, ...]:
    """Return the citations that a line quotes; a written sentence that begins with a quotation is no quote."""
    if not line.startswith(_OPENING):
        return ()
    rest = re.sub("|".join(_literal_quotes(answer)) or "(?!)", "", line)
    if answer.mode == "written" and not _BARE.fullmatch(rest):
        return ()
    known = {item.number for item in answer.citations}
    return tuple(dict.fromkeys(number for number in map(int, _MARKER.findall(rest)) if number in known))
