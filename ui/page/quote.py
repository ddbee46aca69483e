"""Quotes -> HTML: a quote with its phrase marked, quotes side by side, the short answer, a line with what it quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape

from index.text import squash
from index.types import ArticleRef, Language
from rag.phrases import COMMA, QUOTATION_MARKS, in_quotation_marks, written_date
from rag.text.origin import outlet_name
from rag.types import Answer, Citation
from ui.answer_parts import BETWEEN, Value, Words, phrase_in, quotation, short_answer, values_in
from ui.direction import closed, direction
from ui.page.markup import apart, filled, heading, marked
from ui.page.tools import copy_quote_html, named_source

_MARKERS = r"\s*(?:\[\d+\])+"
# No line break between a value and its marker, or the dot after it.
_BETWEEN = f'\u00a0<span class="between">{BETWEEN}</span>'


def quote_html(item: Citation, language: Language, turn: int, overtaken: bool = False) -> str:
    """Return a quote over its marker, outlet and date, and the other outlets that say the same.

    One that a newer report has overtaken steps back.
    """
    words = _blockquote(item, marked(item.quote, phrase_in(item), "phrase"), language)
    kind = f"quote{_across(item, language)}{' overtaken' if overtaken else ''}"
    return f'<figure class="{kind}">{words}{_caption(item, language, turn)}{copy_quote_html(item.number)}</figure>'


def _across(item: Citation, language: Language) -> str:
    """Return the class of a quote that runs against its answer: its bar and its caption both stand where it begins."""
    return "" if direction(item.language) == direction(language) else " across"


def contrast_html(items: Sequence[Citation], values: Sequence[Sequence[str]], language: Language, turn: int) -> str:
    """Return quotes that contradict each other side by side: who says so, and when, over the words, the values marked."""
    figures = "".join(
        f'<figure class="quote">{_head(item, language, turn)}'
        f"{_blockquote(item, marked(item.quote, values_in(item, told), 'value'), language)}"
        f"{copy_quote_html(item.number)}</figure>"
        for item, told in zip(items, values, strict=True)
    )
    return f'<div class="differing" role="group" aria-label="{heading("sources_differ", language)}">{figures}</div>'


def _blockquote(item: Citation, words: str, language: Language) -> str:
    opening, closing = QUOTATION_MARKS[item.language]
    lang = f'lang="{item.language}" dir="{direction(item.language)}"'
    return f"<blockquote {lang} {named_source(item, language)}>{opening}{words}{closing}</blockquote>"


def _caption(item: Citation, language: Language, turn: int) -> str:
    marker = chip_html(item.number, language, turn)
    told = from_html(item, language)
    return f'<figcaption><p>{marker} <span class="dash">—</span> {told}</p>{_also_html(item, language, turn)}</figcaption>'


def from_html(item: Citation, language: Language) -> str:
    """Return where a quote is from, in the language of the answer; of one in another language also that language."""
    if item.language == language:
        outlet = filled("quoted_from", language, where=outlet_html(item))
    else:
        tongue = filled(f"in_language.{item.language}", language)
        where = outlet_html(replace(item, outlet=outlet_name(item.outlet, language)) if item.outlet else item)
        outlet = filled("quoted_in_language", language, tongue=tongue, where=where)
    parts = [outlet, agency_html(item, language), day_html(item.published, language)]
    return f"{COMMA[language]} ".join(part for part in parts if part)


def _head(item: Citation, language: Language, turn: int) -> str:
    """Return what stands over a quote beside others: the outlet; below it the day, behind its language if that is another."""
    tongue = "" if item.language == language else filled(f"in_language.{item.language}", language)
    parts = [tongue, agency_html(item, language), day_html(item.published, language)]
    told = f"{COMMA[language]} ".join(part for part in parts if part)
    return (
        f'<figcaption><p class="who">{chip_html(item.number, language, turn)} {outlet_html(item)}</p>'
        f'<p class="when">{told}</p>{_also_html(item, language, turn)}</figcaption>'
    )


def chip_html(marker: int, language: Language, turn: int) -> str:
    """Return a marker that leads to its source card."""
    return (
        f'<a class="chip" href="#{anchor(turn, marker)}" aria-label="{filled("source", language)} {marker}">'
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
    return f'<ul class="also" aria-label="{filled("also", language)}">{rows}</ul>' if rows else ""


def outlet_html(item: ArticleRef) -> str:
    """Return the outlet; an article of no known outlet goes by its title."""
    return f'<bdi class="outlet">{escape(closed(item.outlet or in_quotation_marks(item.title, item.language)))}</bdi>'


def agency_html(item: ArticleRef, language: Language) -> str:
    """Return the news agency that a report rests on, where it is not the outlet itself."""
    agency = item.agency if isinstance(item, Citation) else None
    if not agency or squash(agency) == squash(item.outlet or ""):
        return ""
    return f'<span class="agency">{filled("via", language, agency=apart(agency))}</span>'


def day_html(day: date | None, language: Language) -> str:
    """Return a day as the readers of a language write it."""
    written = escape(written_date(day, language))
    if day is None:
        return f"<bdi>{written}</bdi>"
    return f'<bdi><time datetime="{day.isoformat()}">{written}</time></bdi>'


# The short answer


def short_answer_html(answer: Answer, turn: int) -> str:
    """Return the short answer under its heading; where there is none, the empty place that it may take later.

    The page keeps what stands in the same place as before: were there no place, the quotes would be drawn anew under a user
    whose focus is in one of them.
    """
    found = short_answer(answer)
    if not found:
        return '<div class="place"></div>'
    after = [_BETWEEN] * (len(found) - 1) + [""]
    told = " ".join(_value_html(value, answer, turn, end) for value, end in zip(found, after, strict=True))
    title = filled("short_answer", answer.language)
    sources = _foreign_html(found, answer)
    return f'<div class="place"><section class="direct"><h3>{title}</h3><p>{told}</p>{sources}</section></div>'


def _foreign_html(values: Sequence[Value], answer: Answer) -> str:
    """Return where the value is from that an article in another language gives; over several quotes below it says so itself."""
    item = next((item for item in answer.citations if item.number == values[0].citation), None)
    if len(values) > 1 or item is None or item.language == answer.language:
        return ""
    return f'<p class="from"><span class="dash">—</span> {from_html(item, answer.language)}</p>'


def _value_html(value: Value, answer: Answer, turn: int, after: str) -> str:
    """Return what is read first, the article's own words beside it if they are others, the marker, and what comes after."""
    known = any(item.number == value.citation for item in answer.citations)
    marker = chip_html(value.citation, answer.language, turn) if known else f"<bdi>[{value.citation}]</bdi>"
    own = f" {_words_html(value.own, 'own')}" if value.own else ""
    return f'<span class="value">{_words_html(value.first, "first")}{own}\u00a0{marker}{after}</span>'


def _words_html(words: Words, kind: str) -> str:
    side = direction(words.language)
    return f'<bdi class="{kind}" lang="{words.language}" dir="{side}">{escape(words.text)}</bdi>'


# A line of the text


def line_html(text: str, answer: Answer, turn: int) -> str:
    """Return a line with its markers as links, and what it takes from articles or the question isolated.

    A marker without a citation stays text.
    """
    quotes = {quotation(item): item for item in answer.citations}
    values = {value for disagreement in answer.disagreements for value in disagreement.values if value.strip()}
    foreign = [re.escape(quote) for quote in sorted(quotes, key=len, reverse=True)]
    foreign += [rf"(?<!\w){re.escape(value)}(?!\w)" for value in sorted(values, key=len, reverse=True)]
    pieces: list[str] = []
    rest = 0
    for match in re.finditer("|".join([*foreign, _MARKERS]), text):
        pieces += [escape(text[rest : match.start()]), _piece(match[0], quotes, answer, turn)]
        rest = match.end()
    return "".join(pieces) + escape(text[rest:])


def _piece(text: str, quotes: Mapping[str, Citation], answer: Answer, turn: int) -> str:
    if item := quotes.get(text):
        return _quote_in_line(item)
    if re.fullmatch(_MARKERS, text):
        return _chips(text, answer, turn)
    return apart(text)


def _quote_in_line(item: Citation) -> str:
    opening, closing = quotation(item)[0], quotation(item)[-1]
    # Once characters are removed to keep the text's direction, the place of the phrase is no longer known.
    whole = closed(item.quote) == item.quote
    words = marked(item.quote, phrase_in(item), "phrase") if whole else escape(closed(item.quote))
    return f'<bdi lang="{item.language}" dir="{direction(item.language)}">{opening}{words}{closing}</bdi>'


def _chips(text: str, answer: Answer, turn: int) -> str:
    known = {item.number for item in answer.citations}
    numbers = map(int, re.findall(r"\d+", text))
    # No line break between a sentence and its marker.
    space = "\u00a0" if text[0].isspace() else ""
    return space + "".join(chip_html(n, answer.language, turn) if n in known else f"[{n}]" for n in numbers)
