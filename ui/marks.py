"""What is marked in a quote: the phrase that answers, or the values in which sources differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from rag.types import Citation

Span = tuple[int, int]


def phrase_in(item: Citation) -> list[Span]:
    """Return where in a citation's quote the answering phrase stands: one span, or none."""
    if item.phrase is None:
        return []
    start, end = (place - item.start for place in item.phrase)
    return [(start, end)] if 0 <= start < end <= len(item.quote) else []


def values_in(item: Citation, values: Iterable[str]) -> list[Span]:
    """Return where in a citation's quote the values stand, in their order in it; those in the answering phrase first."""
    phrase = phrase_in(item) or [(0, 0)]
    found: list[Span] = []
    for value in values:
        places = [(match.start(), match.end()) for match in _occurrences(value, item.quote)]
        free = [place for place in places if not any(_overlap(place, taken) for taken in found)]
        if free:
            found.append(max(free, key=lambda place: _overlap(place, phrase[0])))
    return sorted(found)


def marked(text: str, spans: Sequence[Span], kind: str) -> str:
    """Return a text as HTML with some of its spans marked; they are in order and do not overlap."""
    pieces: list[str] = []
    rest = 0
    for start, end in spans:
        pieces.append(f'{escape(text[rest:start])}<mark class="{kind}">{escape(text[start:end])}</mark>')
        rest = end
    return "".join(pieces) + escape(text[rest:])


def _occurrences(value: str, quote: str) -> list[re.Match[str]]:
    """Return the places of a value as a whole word; of one that is never whole, as in بخمسة, all its places."""
    if not value:
        return []
    sought = re.escape(value)
    return list(re.finditer(rf"(?<!\w){sought}(?!\w)", quote)) or list(re.finditer(sought, quote))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
