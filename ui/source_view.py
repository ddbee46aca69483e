"""The sources of an answer -> HTML: a card each, with its passage, its path, and the other outlets that say the same."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from index.types import ArticleRef, Language
from rag.phrases import SOURCES
from rag.types import Answer, Citation, Source
from ui.article_page import article_link
from ui.direction import direction
from ui.labels import LABELS
from ui.marks import marked, phrase_in
from ui.path_view import path_html
from ui.quote_view import agency_html, anchor, day_html, heading, outlet_html


def sources_html(answer: Answer, turn: int) -> str:
    """Return the cards of an answer's sources, nothing where it has none."""
    if not answer.citations:
        return ""
    cards = "".join(_card_html(item, answer, turn) for item in answer.citations)
    return f'<aside class="sources" aria-live="off"><h3>{heading(SOURCES[answer.language])}</h3><ol>{cards}</ol></aside>'


def _card_html(item: Citation, answer: Answer, turn: int) -> str:
    language, place = answer.language, anchor(turn, item.number)
    # A written sentence is not the article's own: there the quote behind it is in sight at once.
    opened = " open" if answer.mode == "written" else ""
    others = "".join(_other_html(other, language, anchor(turn, item.number, count)) for count, other in enumerate(item.also, 1))
    return (
        f'<li class="source" id="{place}" tabindex="-1"><span class="number"><bdi>{item.number}</bdi></span><div class="card">'
        f"{origin_html(item, language)}{title_html(item)}"
        f'<details id="{place}-passage"{opened}><summary>{escape(LABELS[language].passage)}</summary>'
        f'<p class="passage" lang="{item.language}" dir="{direction(item.language)}">{marked_passage(item)}</p></details>'
        f"{where_html(item, language)}{others}</div></li>"
    )


def marked_passage(item: Citation) -> str:
    """Return a citation's passage, escaped, with the quote marked where it first stands, and in it the phrase."""
    if not item.quote or item.quote not in item.passage:
        return escape(item.passage)
    before, quote, after = item.passage.partition(item.quote)
    return f'{escape(before)}<mark class="quoted">{marked(quote, phrase_in(item), "phrase")}</mark>{escape(after)}'


def _other_html(other: Source, language: Language, place: str) -> str:
    """Return another outlet's report of the same: its own words, title and path, for the reader to open."""
    lang = f'lang="{other.language}" dir="{direction(other.language)}"'
    return (
        f'<details class="other" id="{place}"><summary>+ {outlet_html(other)} {day_html(other.published, language)}'
        f" {badge_html(other.language, language)}</summary>"
        f'<p class="passage" {lang}><mark class="quoted">{escape(other.quote)}</mark></p>{title_html(other)}'
        f"{where_html(other, language)}</details>"
    )


def origin_html(item: ArticleRef, language: Language) -> str:
    """Return who published an article, on what day and in which language; its title stands below."""
    outlet = outlet_html(item) if item.outlet else ""
    told = f"{outlet}{agency_html(item, language)}{day_html(item.published, language)}"
    return f'<p class="origin">{told}{badge_html(item.language, language)}</p>'


def title_html(item: ArticleRef) -> str:
    """Return the title of an article in its own direction."""
    return f'<p class="title" lang="{item.language}" dir="{direction(item.language)}">{escape(item.title)}</p>'


def badge_html(language: Language, reader: Language) -> str:
    """Return the name of an article's language."""
    return f'<span class="badge">{escape(LABELS[reader].languages[language])}</span>'


def where_html(item: ArticleRef, language: Language) -> str:
    """Return the article's path, and a link to it on the web, or else to its page in the archive."""
    path = path_html(item.path)
    if item.url is None or not is_web_address(item.url):
        link = f'<a class="original" href="{article_link(item.article_id)}" target="_blank" rel="noopener">'
        return f'<p class="where">{path} {link}{escape(LABELS[language].whole)}</a></p>'
    return (
        f'<p class="where">{path} <a class="original" href="{escape(item.url)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(LABELS[language].original)}</a></p>"
    )


def is_web_address(url: str) -> bool:
    """Tell whether a link may lead there: over http or https, to a named host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)
