"""An article beside the answer that cites it: its text with the quote marked, where it is from, whom it names, its copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from index.copies.store import CopyGroup, CopyStore
from index.entities.store import Entity
from index.text import squash
from index.types import Article, Language
from rag.desk import Desk
from rag.entities.lookup import Entities
from rag.filter import outlets_of
from rag.phrases import counted, say
from rag.text.glossary import load_glossary
from rag.text.origin import byline_origin
from ui.answer_parts import Span
from ui.direction import direction
from ui.page.articles import link_html, original_html, print_of, text_html
from ui.page.markup import apart, filled, path_html
from ui.page.quote import day_html, outlet_html
from ui.page.tools import named_source
from ui.page.visitor import language_of

# Names of an article that are shown.
_MOST_NAMES = 14


def add_reader(application: FastAPI, desk: Desk) -> None:
    """Serve GET page/article/ID, an article as the side panel shows it, and page/article/ID/around, what is known around it."""
    archive = desk.archive
    names = Entities(archive.catalog, load_glossary(desk.settings.glossary))
    copies = CopyStore(archive.catalog)

    @application.get("/page/article/{article_id}", include_in_schema=False, response_class=HTMLResponse)
    def article(request: Request, article_id: str, start: int = 0, end: int = 0, print: str = "") -> str:
        found = archive.article(article_id)
        if found is None:
            return f'<p class="hint gone">{filled("page_reader.gone", language_of(request))}</p>'
        wanted = squash(found.outlet or "")
        outlet = next((each.name for each in outlets_of(archive.catalog) if squash(each.name) == wanted), None)
        return article_html(found, language_of(request), (start, end), print, outlet)

    @application.get("/page/article/{article_id}/around", include_in_schema=False, response_class=HTMLResponse)
    def around(request: Request, article_id: str) -> str:
        language = language_of(request)
        named = [(entity, names.name_in(entity, language)) for entity in names.of_article(article_id, _MOST_NAMES)]
        group = copies.of_article(article_id)
        return "".join([*_names_html(named, language), *_copies_html(article_id, group, language)])


def article_html(
    article: Article, language: Language, quoted: Span = (0, 0), quote_print: str = "", outlet: str | None = None
) -> str:
    """Return an article for a reader of a language, a quote of it marked; of one that has changed, where the quote is now.

    `quote_print` knows the quote again (see print_of); without one the places are believed. `outlet` is the article's as the
    filter names it.
    """
    found = place_of(article.text, quoted, quote_print)
    hint = "" if found else f'<p class="hint">{filled("page_reader.changed", language)}</p>'
    lang = f'lang="{article.language}" dir="{direction(article.language)}"'
    published_by = outlet_html(article) if article.outlet else ""
    return (
        f'<article class="whole" data-article="{escape(article.article_id)}">'
        f'<p class="origin">{published_by}{day_html(article.published, language)}</p>'
        f'<h2 id="reader-title" tabindex="-1" {lang}>{escape(article.title)}</h2>'
        f'<div class="doors">{_asking_html(article, language, outlet)}</div>{hint}'
        f'<div class="text" {lang} {named_source(article, language)}>{text_html(article, found or (0, 0))}</div>'
        f'{_facts_html(article, language)}<div class="around"></div></article>'
    )


def place_of(text: str, quoted: Span, quote_print: str) -> Span | None:
    """Return where a quote stands in a text that may have changed since it was quoted; None where it is no longer in it."""
    start, end = quoted
    if not quote_print or print_of(text[start:end]) == quote_print:
        return quoted
    length = end - start
    moved = (at for at in range(len(text) - length + 1) if print_of(text[at : at + length]) == quote_print)
    at = next(moved, None) if 0 < length <= len(text) else None
    return None if at is None else (at, at + length)


# What can be asked of it


def _asking_html(article: Article, language: Language, outlet: str | None) -> str:
    """Return what can be asked of an article: a summary, or a question to the articles of its outlet on its day."""
    summary = escape(say("page_reader.summary_question", language, title=" ".join(article.title.split())))
    doors = [_door_html("summary", f'data-question="{summary}"', language)]
    if outlet or article.published:
        doors.append(_door_html("ask_within", f'data-within="{escape(_filter_json(article, outlet))}"', language))
    return "".join([*doors, original_html(article, language)])


def _door_html(name: str, does: str, language: Language) -> str:
    return f'<button type="button" class="door" {does}>{filled(f"page_reader.{name}", language)}</button>'


def _filter_json(article: Article, outlet: str | None) -> str:
    """Return the filter that comes nearest to an article: its outlet, its language and its day."""
    day = article.published.isoformat() if article.published else None
    within = {"outlets": [outlet] if outlet else [], "languages": [article.language], "since": day, "until": day}
    return json.dumps(within, ensure_ascii=False)


# Where it is from


def _facts_html(article: Article, language: Language) -> str:
    rows = "".join(
        f'<div><dt>{filled(f"page_reader.fact_{name}", language)}</dt><dd>{told}</dd></div>'
        for name, told in _facts(article, language)
    )
    own_page = f'<a href="article/{escape(article.article_id)}" target="_blank" rel="noopener">'
    return (
        f'<section class="facts"><h3>{filled("page_reader.origin", language)}</h3><dl>{rows}</dl>'
        f"<p>{own_page}{filled('page_reader.own_page', language)}</a></p></section>"
    )


def _facts(article: Article, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what is known of an article (as HTML), each with the name of its label."""
    facts = article.facts
    if article.outlet:
        yield "outlet", apart(article.outlet)
    yield "day", day_html(article.published, language)
    if facts.author:
        yield "author", apart(facts.author)
    source = byline_origin(article)
    agency = facts.origin or (source.name(language) if source else None)
    if agency and agency != article.outlet:
        yield "agency", apart(agency)
    if facts.section:
        yield "section", apart(facts.section)
    yield "language", filled(f"language.{article.language}", language)
    yield "file", path_html(article.path)


# What is around it


def _names_html(named: list[tuple[Entity, str]], language: Language) -> Iterator[str]:
    """Yield the names of an article, each as a button that puts a question into the box, and a link to its articles."""
    rows = "".join(_name_html(entity, name, language) for entity, name in named)
    if rows:
        title = filled("page_reader.names", language)
        yield f'<section class="names"><h3>{title}</h3><ul>{rows}</ul></section>'


def _name_html(entity: Entity, name: str, language: Language) -> str:
    question = escape(say("page_reader.name_question", language, name=name))
    count = escape(counted("article", entity.articles, language))
    address = escape(f"archive?{urlencode({'entity': f'{entity.kind}:{entity.keys[0]}'})}")
    return (
        f'<li><button type="button" class="name" data-fill="{question}">{apart(name)}</button> '
        f'<a data-view="{address}" href="{address}">{count}</a></li>'
    )


def _copies_html(article_id: str, group: CopyGroup | None, language: Language) -> Iterator[str]:
    """Yield the articles that have the same text, or nearly."""
    if group is None:
        return
    same = {copy.entry.article_id for copy in group.copies if copy.kind == "exact"} | {group.first.article_id}
    rows: list[str] = []
    for entry in group.entries:
        if entry.article_id == article_id:
            continue
        kind = "same_text" if {entry.article_id, article_id} <= same else "near_text"
        outlet = outlet_html(entry) if entry.outlet else ""
        rows.append(
            f'<li><p class="title" lang="{entry.language}" dir="{direction(entry.language)}">'
            f'{link_html(entry, "opens", escape(entry.title))}</p><p class="origin">{outlet}'
            f'{day_html(entry.published, language)}<span>{filled(f"page_reader.{kind}", language)}</span></p></li>'
        )
    yield f'<section class="copies"><h3>{filled("page_reader.copies", language)}</h3><ul>{"".join(rows)}</ul></section>'
