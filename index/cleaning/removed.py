"""What is removed from a document, and why, so that a user can see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "menu",
    "keyword row",
    "read also",
    "other stories",
    "links",
    "share line",
    "newsletter",
    "advertisement",
    "comments",
    "footer",
    "credit",
    "byline",
    "outlet line",
    "date line",
    "headline again",
    "stands above already",
    "hidden",
    "beside the article",
    "above the headline",
    "no words",
]


@dataclass(frozen=True, slots=True)
class Removed:
    """A line or block that is not part of the article's text, and what it was taken for."""

    text: str
    reason: Reason
