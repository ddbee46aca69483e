"""The short answer -> HTML: its values over the quotes, each with its marker and in its own direction."""

from __future__ import annotations

from html import escape

from rag.types import Answer
from ui.direct import BETWEEN, Value, Words, values
from ui.direction import direction
from ui.labels import LABELS
from ui.quote_view import chip_html

# Neither a marker nor the dot after it is parted from its value at the end of a line.
_BETWEEN = f'\u00a0<span class="between">{BETWEEN}</span>'


def direct_html(answer: Answer, turn: int) -> str:
    """Return the short answer under its heading; where there is none, the empty place that it may take later.

    The page keeps what stands in the same place as before: were there no place, the quotes would be drawn anew under a reader
    whose focus is in one of them.
    """
    found = values(answer)
    if not found:
        return '<div class="place"></div>'
    after = [_BETWEEN] * (len(found) - 1) + [""]
    told = " ".join(_value_html(value, answer, turn, end) for value, end in zip(found, after, strict=True))
    heading = escape(LABELS[answer.language].direct)
    return f'<div class="place"><section class="direct"><h3>{heading}</h3><p>{told}</p></section></div>'


def _value_html(value: Value, answer: Answer, turn: int, after: str) -> str:
    """Return what is read first, the article's own words beside it if they are others, the marker, and what comes after."""
    known = any(item.number == value.citation for item in answer.citations)
    marker = chip_html(value.citation, answer.language, turn) if known else f"<bdi>[{value.citation}]</bdi>"
    own = f" {_words_html(value.own, 'own')}" if value.own else ""
    return f'<span class="value">{_words_html(value.first, "first")}{own}\u00a0{marker}{after}</span>'


def _words_html(words: Words, kind: str) -> str:
    side = direction(words.language)
    return f'<bdi class="{kind}" lang="{words.language}" dir="{side}">{escape(words.text)}</bdi>'
