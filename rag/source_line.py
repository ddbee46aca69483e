"""How an article is named as a source: who published it, under which title, on what day, and where it stands on the web."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from index.types import ArticleRef, Language
from rag.phrases import COMMA, in_quotation_marks, written_date

# XML takes none of the first; embeddings, overrides and isolates would reorder what stands around what is pasted.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def named(source: ArticleRef, language: Language) -> str:
    """Return an article as a source is named: who published it, under which title, and when in the user's words."""
    outlet, title = (in_one_line(part or "") for part in (source.outlet, source.title))
    parts = (outlet, title and in_quotation_marks(title, source.language), written_date(source.published, language))
    return f"{COMMA[source.language]} ".join(part for part in parts if part)


def link_of(source: ArticleRef) -> str | None:
    """Return where a source stands on the web; an address of another kind, or of no host, is no link."""
    if not source.url or not source.url.lower().startswith(("http://", "https://")):
        return None
    try:
        return shown(source.url) if urlsplit(source.url).netloc else None
    except ValueError:
        return None


def in_one_line(text: str) -> str:
    """Return a text in one line, without the characters that nobody sees."""
    return " ".join(shown(text).split())


def shown(text: str) -> str:
    """Return a text without the characters that no document takes and nobody sees."""
    return _UNSEEN.sub("", text)
