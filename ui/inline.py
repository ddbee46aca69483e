"""A line of an answer -> HTML: its markers as links, and what it takes from articles or the question isolated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from rag.types import Answer, Citation
from ui.blocks import quotation
from ui.direction import closed, direction
from ui.marks import marked, phrase_in
from ui.quote_view import chip_html

_MARKERS = r"\s*(?:\[\d+\])+"


def inline_html(text: str, answer: Answer, turn: int) -> str:
    """Return a line as HTML; a marker without a citation stays text."""
    quotes = {quotation(item): item for item in answer.citations}
    values = {value for disagreement in answer.disagreements for value in disagreement.values if value.strip()}
    apart = [re.escape(quote) for quote in sorted(quotes, key=len, reverse=True)]
    apart += [rf"(?<!\w){re.escape(value)}(?!\w)" for value in sorted(values, key=len, reverse=True)]
    pieces: list[str] = []
    rest = 0
    for match in re.finditer("|".join([*apart, _MARKERS]), text):
        pieces += [escape(text[rest : match.start()]), _piece(match[0], quotes, answer, turn)]
        rest = match.end()
    return "".join(pieces) + escape(text[rest:])


def _piece(text: str, quotes: Mapping[str, Citation], answer: Answer, turn: int) -> str:
    if item := quotes.get(text):
        return _quote(item)
    if re.fullmatch(_MARKERS, text):
        return _chips(text, answer, turn)
    return f"<bdi>{escape(closed(text))}</bdi>"


def _quote(item: Citation) -> str:
    opening, closing = quotation(item)[0], quotation(item)[-1]
    # Where characters must go lest the quote turn its sentence round, the phrase's place is no longer known.
    whole = closed(item.quote) == item.quote
    words = marked(item.quote, phrase_in(item), "phrase") if whole else escape(closed(item.quote))
    return f'<bdi lang="{item.language}" dir="{direction(item.language)}">{opening}{words}{closing}</bdi>'


def _chips(text: str, answer: Answer, turn: int) -> str:
    known = {item.number for item in answer.citations}
    numbers = map(int, re.findall(r"\d+", text))
    # A marker is not parted from its sentence at the end of a line.
    space = "\u00a0" if text[0].isspace() else ""
    return space + "".join(chip_html(n, answer.language, turn) if n in known else f"[{n}]" for n in numbers)
