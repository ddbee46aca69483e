"""An article of the archive as a page of its own, for those that stand nowhere on the web."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from index.types import Article
from rag.archive import Archive
from rag.phrases import written_date
from ui.direction import closed, direction
from ui.path_view import path_html

if TYPE_CHECKING:
    from fastapi import FastAPI

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:44rem;padding:2rem 1.2rem 4rem;font:1.1rem/1.7 Georgia,'Noto Serif',serif}"
    ":lang(ar),:lang(fa){font-family:'Noto Naskh Arabic','Vazirmatn',Tahoma,serif;line-height:1.95}"
    "body{overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.45}.origin,.where{font-size:.9rem;opacity:.75}"
    ".where bdi{font-family:ui-monospace,monospace}"
)


def add_article_page(api: FastAPI, archive: Archive) -> None:
    """Let GET /article/ID show the stored text of an article."""
    from fastapi import HTTPException  # slow to load, and a question at the command line needs links alone
    from fastapi.responses import HTMLResponse

    @api.get("/article/{article_id}", include_in_schema=False, response_class=HTMLResponse)
    def article_page(article_id: str) -> str:
        found = archive.article(article_id)
        if found is None:
            raise HTTPException(404, f"there is no article '{article_id[:80]}'")
        return article_page_html(found)


def article_page_html(article: Article) -> str:
    """Return the page of an article, in its own language and direction; every text in it is escaped."""
    origin = [article.outlet, written_date(article.published, article.language) if article.published else None]
    told = " · ".join(f"<bdi>{escape(closed(part))}</bdi>" for part in origin if part)
    # A headline that stands over the text, too, is shown once.
    lines = article.text.removeprefix(f"{article.title}\n").split("\n")
    text = "".join(f'<p dir="auto">{escape(line)}</p>' for line in lines if line.strip())
    return (
        f'<!DOCTYPE html><html lang="{article.language}" dir="{direction(article.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(article.title)}</title>'
        f"<style>{_STYLE}</style></head>"
        f'<body><p class="origin">{told}</p><h1 dir="auto">{escape(article.title)}</h1>{text}'
        f'<p class="where">{path_html(article.path)}</p></body></html>'
    )


def article_link(article_id: str) -> str:
    """Return the address of an article's page, seen from the chat page."""
    return f"article/{escape(article_id)}"
