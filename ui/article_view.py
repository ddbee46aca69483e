"""An article, and what was taken away from its file, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from index.cleaning.removed import Removed
from index.types import Article
from ui.direction import closed

_ISOLATE, _END = "\u2068\u2069"


def article_text(article: Article, copies: Sequence[str] = ()) -> str:
    """Return what is known of an article, the lines on its copies, and its text, each piece in its own direction."""
    told = {
        "id": article.article_id,
        "path": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published,
        "language": article.language,
        "url": article.url,
    }
    lines = [f"{name}: {_isolated(str(value))}" for name, value in told.items() if value is not None]
    return "\n".join([*lines, *copies, "", *map(_isolated, article.text.split("\n"))])


def removed_text(removed: Sequence[Removed]) -> str:
    """Return what was taken away, in its order, a line each with the reason before it."""
    if not removed:
        return "\nNothing was taken away."
    return "\n".join(["", "Taken away:", *(f"- {item.reason}: {_isolated(' '.join(item.text.split()))}" for item in removed)])


def _isolated(text: str) -> str:
    return f"{_ISOLATE}{closed(text)}{_END}" if text else ""
