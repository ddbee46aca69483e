"""A page -> the text of its article, and what the page itself says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.page_facts import page_facts
from index.text import ZWNJ

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
    found = {"title": extracted.title, "outlet": extracted.sitename, "url": extracted.url}
    fields = {key: value.replace(_ZWNJ_STAND_IN, ZWNJ) for key, value in found.items() if value} | page_facts(text)
    return PageText(body.replace(_ZWNJ_STAND_IN, ZWNJ), fields)
