"""Articles -> HTML: the sources of an answer, a row of a list, and the page of an article that is not on the web."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from html import escape
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse

from index.types import Article, ArticleRef, Language
from rag.archive import Archive
from rag.phrases import written_date
from rag.types import Answer, Citation, Source
from ui.answer_parts import Span, phrase_in
from ui.direction import direction
from ui.page.assets import faces_css
from ui.page.markup import apart, filled, heading, marked, path_html
from ui.page.quote import agency_html, anchor, day_html, outlet_html
from ui.page.timeline import timeline_html
from ui.page.tools import named_source

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:44rem;padding:2rem 1.2rem 4rem;font:1.1rem/1.7 Georgia,'Noto Serif',serif}"
    ":lang(ar),:lang(fa){font-family:'Khabar Naskh','Noto Naskh Arabic',Tahoma,serif;line-height:1.95}"
    ":lang(fa){font-family:'Khabar Sans','Vazirmatn',Tahoma,serif}"
    "body{overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.45}.origin,.where{font-size:.9rem;opacity:.75}"
    ".where bdi{font-family:ui-monospace,monospace}mark{background:#fbe9a9;color:#1d1b18}#quoted{scroll-margin-top:30vh}"
)


def sources_html(answer: Answer, turn: int) -> str:
    """Return the cards of an answer's sources, one an article, over them who reported what when; nothing without sources."""
    if not answer.citations:
        return ""
    by_article: dict[str, list[Citation]] = {}
    for item in answer.citations:
        by_article.setdefault(item.article_id, []).append(item)
    cards = "".join(_card_html(items, answer, turn) for items in by_article.values())
    title = heading("sources", answer.language)
    return (
        f'<aside class="sources" aria-live="off">{timeline_html(answer, turn)}'
        f'<h3>{title}</h3><ol class="cards">{cards}</ol></aside>'
    )


def _card_html(items: Sequence[Citation], answer: Answer, turn: int) -> str:
    """Return the card of an article: who published it and when, its title, and under their numbers the quotes from it."""
    first, language = items[0], answer.language
    quotes = "".join(_cited_html(item, answer, turn) for item in items)
    return (
        f'<li class="source">{_origin_html(first, language)}{_title_html(first)}'
        f'<ol class="cited">{quotes}</ol>{original_html(first, language)}</li>'
    )


def _cited_html(item: Citation, answer: Answer, turn: int) -> str:
    language, place = answer.language, anchor(turn, item.number)
    # A written sentence is not the article's own: there the quote behind it is in sight at once, also where it stood closed
    # under the quotes before; under another id it is another one.
    passage, opened = (f"{place}-shown", " open") if answer.mode == "written" else (f"{place}-passage", "")
    others = "".join(_other_html(other, language, anchor(turn, item.number, count)) for count, other in enumerate(item.also, 1))
    return (
        f'<li class="evidence" id="{place}" tabindex="-1" {opening(item)}>'
        f'<span class="number"><bdi>{item.number}</bdi></span>'
        f'<div><details id="{passage}"{opened}><summary>{filled("passage", language)}</summary>'
        f'<p class="passage" lang="{item.language}" dir="{direction(item.language)}" {named_source(item, language)}>'
        f"{marked_passage(item)}</p>"
        f"{_whole_html(item, language)}</details>{others}</div></li>"
    )


def opening(item: ArticleRef) -> str:
    """Return the attributes by which the page opens an article, at its quote where one is known."""
    if not isinstance(item, Source):
        return f'data-article="{escape(item.article_id)}"'
    place = f'data-start="{item.start}" data-end="{item.end}" data-print="{print_of(item.quote)}"'
    return f'data-article="{escape(item.article_id)}" {place}'


def print_of(quote: str) -> str:
    """Return by which a quote is known again in an article that has changed since."""
    return blake2b(quote.encode(), digest_size=6).hexdigest()


def link_html(item: ArticleRef, kind: str, content: str) -> str:
    """Return a link that opens an article beside the answer; in a new tab it leads to the article's own page."""
    place = f"?start={item.start}&amp;end={item.end}#quoted" if isinstance(item, Source) else ""
    return f'<a class="{kind}" href="article/{escape(item.article_id)}{place}" {opening(item)}>{content}</a>'


def _whole_html(item: Source, language: Language) -> str:
    return f'<p class="whole-link">{link_html(item, "opens", filled("whole_article", language))}</p>'


def marked_passage(item: Citation) -> str:
    """Return a citation's passage, escaped, with the quote marked where it first stands, and in it the phrase."""
    if not item.quote or item.quote not in item.passage:
        return escape(item.passage)
    before, quote, after = item.passage.partition(item.quote)
    return f'{escape(before)}<mark class="quoted">{marked(quote, phrase_in(item), "phrase")}</mark>{escape(after)}'


def _other_html(other: Source, language: Language, place: str) -> str:
    """Return another outlet's report of the same: its own words, title and path, for the user to open."""
    lang = f'lang="{other.language}" dir="{direction(other.language)}" {named_source(other, language)}'
    return (
        f'<details class="other" id="{place}" {opening(other)}><summary>+ {outlet_html(other)} '
        f"{day_html(other.published, language)}</summary>"
        f'<p class="passage" {lang}><mark class="quoted">{escape(other.quote)}</mark></p>{_title_html(other)}'
        f"{original_html(other, language)}</details>"
    )


def row_html(item: ArticleRef, language: Language) -> str:
    """Return an article as a row of a list: its title, which opens it, and who published it when."""
    return f"<li>{_title_html(item)}{_origin_html(item, language)}{original_html(item, language)}</li>"


def _origin_html(item: ArticleRef, language: Language) -> str:
    """Return who published an article, and on what day."""
    outlet = outlet_html(item) if item.outlet else ""
    return f'<p class="origin">{outlet}{agency_html(item, language)}{day_html(item.published, language)}</p>'


def _title_html(item: ArticleRef) -> str:
    told = link_html(item, "opens", escape(item.title))
    return f'<p class="title" lang="{item.language}" dir="{direction(item.language)}">{told}</p>'


def original_html(item: ArticleRef, language: Language) -> str:
    """Return the link to an article on the web; nothing where it has no address there."""
    if item.url is None or not is_web_address(item.url):
        return ""
    return (
        f'<p class="where"><a class="original" href="{escape(item.url)}" target="_blank" rel="noopener noreferrer">'
        f"{filled('original', language)}</a></p>"
    )


def is_web_address(url: str) -> bool:
    """Tell whether a link may lead there: over http or https, to a named host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)


# An article's own page


def add_article_page(api: FastAPI, archive: Archive) -> None:
    """Let GET /article/ID show the stored text of an article, a quote of it marked."""

    @api.get("/article/{article_id}", include_in_schema=False, response_class=HTMLResponse)
    def article_page(article_id: str, start: int = 0, end: int = 0) -> str:
        found = archive.article(article_id)
        if found is None:
            raise HTTPException(404, f"there is no article '{article_id[:80]}'")
        return article_page_html(found, (start, end))


def article_page_html(article: Article, quoted: Span = (0, 0)) -> str:
    """Return the page of an article, in its own language and direction; every text in it is escaped."""
    origin = [article.outlet, written_date(article.published, article.language) if article.published else None]
    told = " · ".join(apart(part) for part in origin if part)
    return (
        f'<!DOCTYPE html><html lang="{article.language}" dir="{direction(article.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(article.title)}</title>'
        f"<style>{faces_css('../')}{_STYLE}</style></head>"
        f'<body><p class="origin">{told}</p><h1 dir="auto">{escape(article.title)}</h1>{text_html(article, quoted)}'
        f'<p class="where">{path_html(article.path)}</p></body></html>'
    )


def text_html(article: Article, quoted: Span = (0, 0)) -> str:
    """Return an article's paragraphs, its quote `article.text[start:end]` marked, in however many of them it stands.

    A headline that also opens the text is shown once, above it, unless the quote is of it.
    """
    headline = f"{article.title}\n"
    at = len(headline) if article.text.startswith(headline) and not 0 <= quoted[0] < min(len(headline), quoted[1]) else 0
    pieces: list[str] = []
    # Where a link to the quote leads: the paragraph of its first words.
    place = ' id="quoted"'
    for line in article.text[at:].split("\n"):
        spans = _within(quoted, at, at + len(line))
        at += len(line) + 1
        if line.strip():
            pieces.append(f'<p dir="auto"{place if spans else ""}>{marked(line, spans, "quoted")}</p>')
            place = "" if spans else place
    return "".join(pieces)


def _within(span: Span, start: int, end: int) -> list[Span]:
    """Return what of a span lies between two places, counted from the first."""
    first, last = max(span[0], start), min(span[1], end)
    return [(first - start, last - start)] if first < last else []
