"""Articles -> HTML: the sources of an answer, a row of a list, and the page of an article that is not on the web."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse

from index.types import Article, ArticleRef, Language
from rag.archive import Archive
from rag.phrases import written_date
from rag.types import Answer, Citation, Source
from ui.answer_parts import phrase_in
from ui.direction import direction
from ui.page.markup import apart, filled, heading, marked, path_html
from ui.page.quote import agency_html, anchor, day_html, outlet_html

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:44rem;padding:2rem 1.2rem 4rem;font:1.1rem/1.7 Georgia,'Noto Serif',serif}"
    ":lang(ar),:lang(fa){font-family:'Noto Naskh Arabic','Vazirmatn',Tahoma,serif;line-height:1.95}"
    "body{overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.45}.origin,.where{font-size:.9rem;opacity:.75}"
    ".where bdi{font-family:ui-monospace,monospace}"
)


def sources_html(answer: Answer, turn: int) -> str:
    """Return the cards of an answer's sources, nothing where it has none."""
    if not answer.citations:
        return ""
    cards = "".join(_card_html(item, answer, turn) for item in answer.citations)
    return f'<aside class="sources" aria-live="off"><h3>{heading("sources", answer.language)}</h3><ol>{cards}</ol></aside>'


def _card_html(item: Citation, answer: Answer, turn: int) -> str:
    language, place = answer.language, anchor(turn, item.number)
    # A written sentence is not the article's own: there the quote behind it is in sight at once.
    opened = " open" if answer.mode == "written" else ""
    others = "".join(_other_html(other, language, anchor(turn, item.number, count)) for count, other in enumerate(item.also, 1))
    return (
        f'<li class="source" id="{place}" tabindex="-1"><span class="number"><bdi>{item.number}</bdi></span><div class="card">'
        f"{_origin_html(item, language)}{_title_html(item)}"
        f'<details id="{place}-passage"{opened}><summary>{filled("passage", language)}</summary>'
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
    """Return another outlet's report of the same: its own words, title and path, for the user to open."""
    lang = f'lang="{other.language}" dir="{direction(other.language)}"'
    return (
        f'<details class="other" id="{place}"><summary>+ {outlet_html(other)} {day_html(other.published, language)}'
        f" {_badge_html(other.language, language)}</summary>"
        f'<p class="passage" {lang}><mark class="quoted">{escape(other.quote)}</mark></p>{_title_html(other)}'
        f"{where_html(other, language)}</details>"
    )


def row_html(item: ArticleRef, language: Language) -> str:
    """Return an article as a row of a list: its title, who published it and when, where it lies."""
    return f"<li>{_title_html(item)}{_origin_html(item, language)}{where_html(item, language)}</li>"


def _origin_html(item: ArticleRef, language: Language) -> str:
    """Return who published an article, on what day and in which language."""
    outlet = outlet_html(item) if item.outlet else ""
    told = f"{outlet}{agency_html(item, language)}{day_html(item.published, language)}"
    return f'<p class="origin">{told}{_badge_html(item.language, language)}</p>'


def _title_html(item: ArticleRef) -> str:
    return f'<p class="title" lang="{item.language}" dir="{direction(item.language)}">{escape(item.title)}</p>'


def _badge_html(language: Language, reader: Language) -> str:
    """Return the name of an article's language, in the user's."""
    return f'<span class="badge">{filled(f"language.{language}", reader)}</span>'


def where_html(item: ArticleRef, language: Language) -> str:
    """Return the article's path, and a link to it on the web, or else to its page in the archive."""
    path = path_html(item.path)
    if item.url is None or not is_web_address(item.url):
        link = f'<a class="original" href="article/{escape(item.article_id)}" target="_blank" rel="noopener">'
        return f'<p class="where">{path} {link}{filled("whole_article", language)}</a></p>'
    return (
        f'<p class="where">{path} <a class="original" href="{escape(item.url)}" target="_blank" rel="noopener noreferrer">'
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
    """Let GET /article/ID show the stored text of an article."""

    @api.get("/article/{article_id}", include_in_schema=False, response_class=HTMLResponse)
    def article_page(article_id: str) -> str:
        found = archive.article(article_id)
        if found is None:
            raise HTTPException(404, f"there is no article '{article_id[:80]}'")
        return article_page_html(found)


def article_page_html(article: Article) -> str:
    """Return the page of an article, in its own language and direction; every text in it is escaped."""
    origin = [article.outlet, written_date(article.published, article.language) if article.published else None]
    told = " · ".join(apart(part) for part in origin if part)
    # A headline that also opens the text is shown once.
    lines = article.text.removeprefix(f"{article.title}\n").split("\n")
    text = "".join(f'<p dir="auto">{escape(line)}</p>' for line in lines if line.strip())
    return (
        f'<!DOCTYPE html><html lang="{article.language}" dir="{direction(article.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(article.title)}</title>'
        f"<style>{_STYLE}</style></head>"
        f'<body><p class="origin">{told}</p><h1 dir="auto">{escape(article.title)}</h1>{text}'
        f'<p class="where">{path_html(article.path)}</p></body></html>'
    )
