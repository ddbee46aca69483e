"""The frame of the archive's view -> HTML: what it holds, its parts, the form that narrows the list, and what invites files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from index.embedding import Embedded
from index.status import Holdings
from index.types import LANGUAGES, Language
from rag.phrases import counted, in_percent, phrase, say, written_count, written_date
from ui.direction import closed
from ui.page.archive.asked import PARTS, Asked, Part
from ui.page.archive.refusal import megabytes
from ui.page.markup import apart, filled

_PLUS = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 4v12M4 10h12"/></svg>'
_FOLDER = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5.5h5l1.5 2H17v8H3z"/></svg>'
_TRAY = '<svg viewBox="0 0 48 48" aria-hidden="true"><path d="M24 8v20M16 20l8 8 8-8M8 28v10h32V28"/></svg>'


def head_html(holdings: Holdings, embedded: Embedded, taken: bool, language: Language) -> str:
    """Return the head of the view: its name, what the archive holds, what is still to be embedded, and how files come in."""
    told = [counted("article", sum(holdings.articles.values()), language)]
    if holdings.outlets:
        told.append(counted("outlet", holdings.outlets, language))
    if holdings.first and holdings.last:
        first, last = (written_date(day, language) for day in (holdings.first, holdings.last))
        told.append(say("page_archive.span", language, since=first, until=last) if first != last else first)
    share = "" if embedded.complete else _embedding_html(embedded, language)
    return (
        f'<div class="archive-head"><div><h2>{filled("page_archive.name", language)}</h2>'
        f'<p class="holdings">{" · ".join(map(apart, told))}</p></div>{ways_in_html(taken, language)}</div>{share}'
    )


def ways_in_html(taken: bool, language: Language) -> str:
    """Return the buttons by which files come in; where none can, nothing."""
    if not taken:
        return ""
    return (
        f'<div class="ways-in"><button type="button" class="quiet strong" data-add="files">{_PLUS}'
        f'{filled("page_archive.add_files", language)}</button><button type="button" class="quiet" data-add="folder">{_FOLDER}'
        f"{filled('page_archive.add_folder', language)}</button></div>"
    )


def _embedding_html(embedded: Embedded, language: Language) -> str:
    told = filled("page_archive.embedding", language, share=in_percent(embedded.percent, language))
    name = escape(in_percent(embedded.percent, language))
    bar = f'<progress max="100" value="{embedded.percent}" aria-label="{name}"></progress>'
    return f'<div class="embedding">{bar}<p>{told}</p></div>'


def invitation_html(taken: bool, limit: int, language: Language) -> str:
    """Return what an empty archive shows: that it is empty, and where to put files."""
    if not taken:
        told = f"<p>{filled('page_archive.closed', language)}</p>"
    else:
        kinds = filled("page_archive.kinds_taken", language, limit=apart(megabytes(limit, language)))
        told = f'<p>{filled("page_archive.empty_told", language)}</p>{ways_in_html(taken, language)}<p class="hint">{kinds}</p>'
    return f'<div class="invitation" data-drop>{_TRAY}<h2>{filled("page_archive.empty", language)}</h2>{told}</div>'


def parts_html(asked: Asked, counts: Mapping[Part, int | None], language: Language) -> str:
    """Return the links to the parts of the view that hold something, with how much there is of what is counted."""
    there = [part for part in PARTS if part in counts or part == asked.part]
    items = "".join(f"<li>{_part_html(part, asked, counts.get(part), language)}</li>" for part in there)
    return f'<nav class="parts" aria-label="{filled("page_archive.name", language)}"><ul>{items}</ul></nav>'


def _part_html(part: Part, asked: Asked, count: int | None, language: Language) -> str:
    current = ' aria-current="page"' if part == asked.part else ""
    number = f' <span class="number">{written_count(count, language)}</span>' if count is not None else ""
    address = escape(Asked().address(part=part))
    return f'<a data-archive="part" href="{address}"{current}>{filled(f"page_archive.{part}", language)}{number}</a>'


def form_html(asked: Asked, outlets: Sequence[tuple[str, int]], language: Language) -> str:
    """Return the form that narrows the list: words, outlet, language, days, and whether something came up in reading."""
    options = "".join(
        f'<option value="{escape(outlet)}"{" selected" if outlet == asked.outlet else ""}>'
        f"{escape(closed(outlet))} ({written_count(number, language)})</option>"
        for outlet, number in outlets
    )
    tongues = "".join(
        f'<option value="{own}"{" selected" if own == asked.language else ""}>{filled(f"language.{own}", language)}</option>'
        for own in LANGUAGES
    )
    problems = " checked" if asked.problems else ""
    return (
        f'<form class="narrow" role="search" autocomplete="off">{find_html(asked, "page_archive.find", language)}'
        f'<label><span>{filled("page_archive.outlet", language)}</span><select name="outlet">'
        f'<option value="">{filled("page_archive.all_outlets", language)}</option>{options}</select></label>'
        f'<label><span>{filled("page_archive.language", language)}</span><select name="language">'
        f'<option value="">{filled("page_archive.all_languages", language)}</option>{tongues}</select></label>'
        f"{_day_html('since', asked.since, language)}{_day_html('until', asked.until, language)}"
        f'<label class="only"><input type="checkbox" name="problems" value="1"{problems}>'
        f"<span>{filled('page_archive.only_problems', language)}</span></label></form>"
    )


def find_html(asked: Asked, key: str, language: Language) -> str:
    """Return the field for words."""
    name = escape(phrase(key, language))
    return (
        f'<label class="find"><span class="unseen">{name}</span><input type="search" name="q" value="{escape(asked.words)}" '
        f'placeholder="{name}" dir="auto" maxlength="200" enterkeyhint="search"></label>'
    )


def _day_html(name: str, value: str, language: Language) -> str:
    example = escape(phrase("example_day.numeric", language))
    return (
        f'<label class="day"><span>{filled(f"page_archive.{name}", language)}</span><input type="text" name="{name}" '
        f'value="{escape(value)}" placeholder="{example}" dir="ltr" maxlength="60"></label>'
    )
