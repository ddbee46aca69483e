"""Page noise out, metadata in: a raw document becomes an article, or several where a page carries a second story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b

from index.cleaning.headline import opens_with, take_title, tells_more
from index.cleaning.lines import SortedLines, sort_lines
from index.cleaning.list_page import list_page_reason
from index.cleaning.removed import Removed
from index.cleaning.wrapped import unwrapped
from index.dates import parse_date
from index.language import detect_language
from index.load import RawDocument, readable
from index.text import words
from index.types import LANGUAGES, Article, Language, Problem

__all__ = ["Cleaned", "article_id", "clean", "cleaned", "opens_with"]

_REFERENCE = re.compile(r"[^\S\n]*[\[［【]\s*\d{1,3}(?:\s*[,،;–-]\s*\d{1,3})*\s*[\]］】]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of a raw document: articles, problems, and what was taken away."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    removed: tuple[Removed, ...]


def clean(raw: RawDocument) -> Iterator[Article | Problem]:
    """Yield the article of a raw document, and after it the story under its "read also" line, if there is one.

    That story comes from another article of an unknown outlet and date: it stands alone, as `path#read-also`. A Problem
    that is not `skipped` tells of metadata that could not be understood.
    """
    done = cleaned(raw)
    yield from done.problems
    yield from done.articles


def cleaned(raw: RawDocument) -> Cleaned:
    """Return the articles of a raw document, the problems met, and what was taken away as noise."""
    lines = unwrapped(_REFERENCE.sub("", readable(raw.text)).split("\n"))
    # A text with a header was put in order by somebody; only where there is none may its edges be menus.
    page = sort_lines(lines, with_menus=not raw.metadata)
    removed = (*raw.removed, *page.removed)
    if page.headlines:
        return Cleaned((), (Problem(raw.path, list_page_reason(page.headlines)),), removed)
    title, body = take_title(raw.metadata.get("title"), list(page.body))
    text = "\n".join(body)
    if not words(text):
        reason = "no words are left once headings and page noise are out; put the article's text in it"
        return Cleaned((), (Problem(raw.path, reason),), removed)
    published, problem = _published(raw, page)
    main = Article(
        article_id=article_id(raw.path),
        path=raw.path,
        title=title,
        outlet=raw.metadata.get("outlet") or page.outlet,
        published=published,
        language=_language(raw.metadata.get("language"), text),
        url=raw.metadata.get("url"),
        text=_with_headline(title, text),
    )
    second = _second_story(main, list(page.second_story))
    return Cleaned((main, *second), (problem,) if problem else (), removed)


def _with_headline(title: str, text: str) -> str:
    """Return the text under its headline where that says what the text does not, so that it can be quoted."""
    return f"{title}\n{text}" if not opens_with(text, title) and tells_more(title, text) else text


def article_id(path: str) -> str:
    """Return the id of the article at a path: 12 hexadecimal digits that stay the same from one run to the next."""
    return blake2b(path.encode(), digest_size=6).hexdigest()


def _published(raw: RawDocument, page: SortedLines) -> tuple[date | None, Problem | None]:
    given = raw.metadata.get("published")
    if not given:
        return page.published, None
    parsed = parse_date(given)
    if parsed:
        return parsed, None
    reason = f"the date '{given}' is not understood, so the article has none; write it like 2025-10-21"
    return page.published, Problem(raw.path, reason, skipped=False)


def _language(given: str | None, text: str) -> Language:
    code = (given or "").lower()[:2]
    for language in LANGUAGES:
        if code == language:
            return language
    return detect_language(text)


def _second_story(main: Article, lines: list[str]) -> tuple[Article, ...]:
    title, body = take_title(None, lines)
    if not body:
        return ()
    path = f"{main.path}#read-also"
    text = "\n".join(body)
    return (
        replace(main, article_id=article_id(path), path=path, title=title, outlet=None, published=None, url=None, text=text),
    )
