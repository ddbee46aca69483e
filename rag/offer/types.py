"""A question made of an article before it is asked, and one that was asked and found answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.types import Article, Language

OfferKind = Literal["who", "when", "where", "howmany", "why", "said", "news"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question made of one sentence of an article, `article.text[start:end]` being what must answer it."""

    question: str
    language: Language
    kind: OfferKind
    article: Article
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OfferedQuestion:
    """A question that the archive answers, and the article that it was made from."""

    question: str
    language: Language
    kind: OfferKind
    article_id: str
    article_language: Language
    outlet: str | None
    published: date | None
