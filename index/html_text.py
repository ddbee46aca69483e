"""A page -> the text of its article, and what the page itself says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.text import ZWNJ

# Where a page itself states when it was published; a date that merely stands in its footer is none.
_PAGE_DATE = re.compile(
    r"""<meta\b(?=[^>]*\b(?:published_time|datePublished|pubdate|publish[-_]?date|dc\.date[\w.]*|name=["']?date)\b)"""
    r"""[^>]*\bcontent=["']([^"'>]+)|"datePublished"\s*:\s*"([^"]+)"|<time\b[^>]*\bdatetime=["']([^"'>]+)""",
    re.IGNORECASE,
)
_WRITTEN_ZWNJ = re.compile(f"{ZWNJ}|&zwnj;|&#8204;|&#x0*200c;", re.IGNORECASE)
# Stands for a ZWNJ where a library drops what is not printable.
_ZWNJ_STAND_IN = "\ua7f7"


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page's article, and what the page states of it under the names of a header."""

    text: str
    fields: Mapping[str, str]


def page_text(text: str) -> PageText | str:
    """Return the article that a page holds, or why it has none."""
    import trafilatura

    # trafilatura drops the ZWNJ, without which much Persian is misspelt.
    shielded = _WRITTEN_ZWNJ.sub(_ZWNJ_STAND_IN, text)
    extracted = trafilatura.bare_extraction(shielded, favor_recall=True, include_comments=False, with_metadata=True)
    body = getattr(extracted, "text", None)
    if not body or not body.strip():
        return "no article text found in the page; save the article's text as .txt"
    stated = _PAGE_DATE.search(text)
    published = next(filter(None, stated.groups())) if stated else None
    found = {"title": extracted.title, "outlet": extracted.sitename, "published": published, "url": extracted.url}
    language = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z]{2})", text, re.IGNORECASE)
    if language:
        found["language"] = language.group(1)
    fields = {key: value.replace(_ZWNJ_STAND_IN, ZWNJ) for key, value in found.items() if value}
    return PageText(body.replace(_ZWNJ_STAND_IN, ZWNJ), fields)
