"""A quote -> HTML: its words with the answering phrase marked, its marker, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from index.text import squash
from index.types import ArticleRef, Language
from rag.phrases import COMMA, QUOTATION_MARKS, QUOTED_FROM, SOURCES_DIFFER, written_date
from rag.types import Citation
from ui.direction import closed, direction
from ui.labels import LABELS
from ui.marks import marked, phrase_in, values_in


def quote_html(item: Citation, language: Language, turn: int, overtaken: bool = False) -> str:
    """Return a quote over its marker, outlet and date, and the other outlets that say the same.

    One that a newer report has overtaken steps back.
    """
    words = _blockquote(item, marked(item.quote, phrase_in(item), "phrase"))
    kind = "quote overtaken" if overtaken else "quote"
    return f'<figure class="{kind}">{words}{_caption(item, language, turn)}</figure>'


def contrast_html(items: Sequence[Citation], values: Sequence[Sequence[str]], language: Language, turn: int) -> str:
    """Return quotes that contradict each other side by side: who says so, and when, over the words, the values marked."""
    figures = "".join(
        f'<figure class="quote">{_head(item, language, turn)}'
        f"{_blockquote(item, marked(item.quote, values_in(item, told), 'value'))}</figure>"
        for item, told in zip(items, values, strict=True)
    )
    return f'<div class="differing" role="group" aria-label="{heading(SOURCES_DIFFER[language])}">{figures}</div>'


def _blockquote(item: Citation, words: str) -> str:
    opening, closing = QUOTATION_MARKS[item.language]
    return f'<blockquote lang="{item.language}" dir="{direction(item.language)}">{opening}{words}{closing}</blockquote>'


def _caption(item: Citation, language: Language, turn: int) -> str:
    outlet = escape(QUOTED_FROM[language]).replace("{where}", outlet_html(item))
    parts = [outlet, agency_html(item, language), day_html(item.published, language)]
    told = f"{COMMA[language]} ".join(part for part in parts if part)
    marker = chip_html(item.number, language, turn)
    return f'<figcaption><p>{marker} <span class="dash">—</span> {told}</p>{_also_html(item, language, turn)}</figcaption>'


def _head(item: Citation, language: Language, turn: int) -> str:
    """Return what stands over a quote beside others: the outlet in one line, the day in the next."""
    agency = agency_html(item, language)
    day = f"{agency}{COMMA[language] if agency else ''} {day_html(item.published, language)}"
    return (
        f'<figcaption><p class="who">{chip_html(item.number, language, turn)} {outlet_html(item)}</p>'
        f'<p class="when">{day.strip()}</p>{_also_html(item, language, turn)}</figcaption>'
    )


def chip_html(marker: int, language: Language, turn: int) -> str:
    """Return a marker that leads to its source card."""
    return (
        f'<a class="chip" href="#{anchor(turn, marker)}" aria-label="{escape(LABELS[language].source)} {marker}">'
        f"<bdi>[{marker}]</bdi></a>"
    )


def anchor(turn: int, marker: int, other: int = 0) -> str:
    """Return the id of a source card, or of another outlet (counted from 1) in it."""
    return f"turn-{turn}-source-{marker}" + (f"-also-{other}" if other else "")


def _also_html(item: Citation, language: Language, turn: int) -> str:
    """Return the other outlets of a quote, each leading to its own words."""
    rows = "".join(
        f'<li><a href="#{anchor(turn, item.number, count)}">+ {outlet_html(other)}</a>{COMMA[language]} '
        f"{day_html(other.published, language)}</li>"
        for count, other in enumerate(item.also, 1)
    )
    return f'<ul class="also" aria-label="{escape(LABELS[language].also)}">{rows}</ul>' if rows else ""


def outlet_html(item: ArticleRef) -> str:
    """Return the outlet; an article of no known outlet goes by its title."""
    opening, closing = QUOTATION_MARKS[item.language]
    return f'<bdi class="outlet">{escape(closed(item.outlet or f"{opening}{item.title}{closing}"))}</bdi>'


def agency_html(item: ArticleRef, language: Language) -> str:
    """Return the news agency that a report rests on, where it is not the outlet itself."""
    agency = item.agency if isinstance(item, Citation) else None
    if not agency or squash(agency) == squash(item.outlet or ""):
        return ""
    return f'<span class="agency">{filled(LABELS[language].via, "{agency}", agency)}</span>'


def day_html(day: date | None, language: Language) -> str:
    """Return a day as the readers of a language write it."""
    written = escape(written_date(day, language))
    if day is None:
        return f"<bdi>{written}</bdi>"
    return f'<bdi><time datetime="{day.isoformat()}">{written}</time></bdi>'


def filled(template: str, gap: str, value: str) -> str:
    """Return one of Khabar's own lines with a value in its gap, isolated."""
    return escape(template).replace(gap, f"<bdi>{escape(closed(value))}</bdi>")


def heading(text: str) -> str:
    """Return one of Khabar's lines that ends with a colon as a heading."""
    return escape(text.rstrip(":"))
