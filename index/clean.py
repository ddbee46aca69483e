"""Page noise out, metadata in: a raw document becomes an article, or several where a page carries a second story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from index.cleaning.headline import opens_with, take_title, tells_more, under_title
from index.cleaning.lines import sort_lines
from index.cleaning.list_page import list_page_reason
from index.cleaning.removed import Removed
from index.cleaning.wrapped import unwrapped
from index.dating.publication import Publication, publication
from index.language import language_name, tongue_of
from index.load import RawDocument, readable
from index.repair import repaired
from index.text import words
from index.types import LANGUAGES, Article, Facts, Problem, Unserved

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
    mended, repairs = repaired(raw)
    if mended is None:
        return Cleaned((), tuple(repairs), raw.removed)
    raw = mended
    lines = unwrapped(_REFERENCE.sub("", readable(raw.text)).split("\n"))
    # A text with a header was put in order by somebody; only where there is none may its edges be menus.
    page = sort_lines(lines, with_menus=not raw.metadata)
    removed = (*raw.removed, *page.removed)
    if page.headlines:
        return Cleaned((), (Problem(raw.path, list_page_reason(page.headlines), kind="list page"),), removed)
    title, body = take_title(raw.metadata.get("title"), list(page.body))
    text = "\n".join(body)
    if not words(text):
        reason = "no words are left once headings and page noise are out; put the article's text in it"
        return Cleaned((), (Problem(raw.path, reason, kind="no text"),), removed)
    language = next((code for code in LANGUAGES if code == _tongue(raw, text)), None)
    if language is None:
        return Cleaned((), (_unserved(raw, text),), removed)
    told = publication(raw.metadata, page.published, language)
    dating = [Problem(raw.path, told.reason, skipped=False, kind="date")] if told.reason else []
    main = Article(
        article_id=article_id(raw.path),
        path=raw.path,
        title=title,
        outlet=raw.metadata.get("outlet") or page.outlet,
        published=told.day,
        language=language,
        url=raw.metadata.get("url"),
        text=_with_headline(title, text),
        facts=_facts(raw.metadata, told),
    )
    second = _second_story(main, list(page.second_story))
    return Cleaned((main, *second), (*repairs, *dating), removed)


def _with_headline(title: str, text: str) -> str:
    """Return the text under its headline where that says what the text does not, so that it can be quoted."""
    return under_title(title, text) if not opens_with(text, title) and tells_more(title, text) else text


def article_id(path: str) -> str:
    """Return the id of the article at a path: 12 hexadecimal digits that stay the same from one run to the next."""
    return blake2b(path.encode(), digest_size=6).hexdigest()


def _tongue(raw: RawDocument, text: str) -> str:
    return tongue_of(text, raw.metadata.get("language"), raw.metadata.get("page_language"))


def _unserved(raw: RawDocument, text: str) -> Unserved:
    code = _tongue(raw, text)
    reason = f"its text is in {language_name(code)} ({code}), and Khabar reads Arabic, Persian and English"
    remedy = "take it out, or write language: ar, fa or en in its header where that is wrong"
    return Unserved(raw.path, f"{reason}; {remedy}", kind="language")


def _facts(metadata: Mapping[str, str], told: Publication) -> Facts:
    tags = (tag.strip(" []\"'#") for tag in re.split(r"[,،;|؛]", metadata.get("tags", "")))
    return Facts(
        author=metadata.get("author"),
        section=metadata.get("section"),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        origin=metadata.get("origin"),
        about=told.about,
        stated=told.stated,
        dated_by=told.by,
    )


def _second_story(main: Article, lines: list[str]) -> tuple[Article, ...]:
    title, body = take_title(None, lines)
    if not body:
        return ()
    path = f"{main.path}#read-also"
    text = "\n".join(body)
    alone = replace(main, article_id=article_id(path), path=path, title=title, text=text)
    return (replace(alone, outlet=None, published=None, url=None, facts=Facts()),)
