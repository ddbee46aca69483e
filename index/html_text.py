"""A page -> the text of its article, and what the page itself says about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.cleaning.list_page import list_page_reason
from index.cleaning.removed import Removed
from index.html_tree import blocks_of
from index.main_content import MainContent, main_content
from index.page_facts import page_facts
from index.text import ZWNJ, words

_WRITTEN_ZWNJ = re.compile(f"{ZWNJ}|&zwnj;|&#8204;|&#x0*200c;", re.IGNORECASE)
# Stands for a ZWNJ where a library drops what is not printable.
_ZWNJ_STAND_IN = "\ua7f7"


# A larger page is read without the second opinion, whose time and memory grow faster than the page.
_SECOND_OPINION = 1_000_000
# Where the other finds so much more, the page is built as this one does not know.
_MUCH_MORE = 2
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_NO_TEXT = "no article text found in the page; save the article's text as .txt"
_BROKEN = "its elements are nested too deep or broken, so that its text cannot be told; save the article's text as .txt"
_BROKEN_WORDS = 20
# A page without a single element is the text that it is; a word or two of that are no article.
_ELEMENT = re.compile("<[a-zA-Z]")
_BARE_WORDS = 5


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page's article, what the page states of it under the names of a header, and what was left out."""

    text: str
    fields: Mapping[str, str]
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why a page has no article, with its remedy, and the kind of that reason in a report."""

    reason: str
    kind: str = "no text"


def page_text(text: str) -> PageText | NoArticle:
    """Return the article that a page holds, or why it has none."""
    root = _parsed(text)
    if root is None:
        return NoArticle(_NO_TEXT)
    stated = _stated(root)
    found = main_content(blocks_of(root), stated.get("title"))
    if found.headlines:
        return NoArticle(list_page_reason(found.headlines), "list page")
    second = _second_opinion(text) if len(text) <= _SECOND_OPINION else None
    lines, removed = _chosen(found, second)
    if not any(words(line) for line in lines):
        return _why_empty(text, removed)
    if not _ELEMENT.search(text) and sum(len(words(line)) for line in lines) < _BARE_WORDS:
        return NoArticle(_NO_TEXT)
    if second is not None:
        stated = {"title": second.title, "outlet": second.sitename, "url": second.url}
    fields = {**stated, "title": found.headline or stated.get("title"), **page_facts(text)}
    known = {key: _shown(value) for key, value in fields.items() if value}
    return PageText("\n\n".join(lines), known, removed)


def _why_empty(text: str, removed: tuple[Removed, ...]) -> NoArticle:
    """Return why a page has no article: there is none, or its words are not in the tree."""
    told = sum(len(words(item.text)) for item in removed)
    lost = len(words(_TAG.sub(" ", text))) > told + _BROKEN_WORDS
    return NoArticle(_BROKEN, "nested") if lost else NoArticle(_NO_TEXT)


def _chosen(found: MainContent, second: Any) -> tuple[tuple[str, ...], tuple[Removed, ...]]:
    """Return the lines of the article as this module finds them, or the second opinion's where it finds far more."""
    if second is None or not second.text:
        return found.lines, found.removed
    own = sum(len(words(line)) for line in found.lines)
    others = tuple(_shown(line) for line in second.text.split("\n") if line.strip())
    if sum(len(words(line)) for line in others) > _MUCH_MORE * own + 20:
        return others, ()
    return found.lines, found.removed


def _second_opinion(text: str) -> Any:
    """Return what trafilatura takes for the article and its metadata, None where it finds nothing."""
    import trafilatura

    # What it finds wrong with a page is no news to a reader; a page without text is told of by its own Problem.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    # trafilatura drops the ZWNJ, without which much Persian is misspelt.
    shielded = _WRITTEN_ZWNJ.sub(_ZWNJ_STAND_IN, text)
    return trafilatura.bare_extraction(shielded, favor_recall=True, include_comments=False, with_metadata=True)


def _shown(text: str) -> str:
    return text.replace(_ZWNJ_STAND_IN, ZWNJ)


def _parsed(text: str) -> Any:
    """Return the root of a page's tree, None for what is no page."""
    import lxml.html

    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return None


def _stated(root: Any) -> dict[str, str]:
    """Return title, outlet and address as the head of a page states them."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        key = {"og:title": "title", "og:site_name": "outlet", "og:url": "url"}.get(name)
        content = " ".join((meta.get("content") or "").split())
        if key and content:
            found.setdefault(key, content)
    for title in root.iter("title"):
        found.setdefault("title", " ".join((title.text or "").split()))
        break
    return found
