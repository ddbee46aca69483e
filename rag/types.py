"""The frozen types that answering hands on: Passage -> Evidence -> Citation -> Answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from index.types import Article, Chunk, Language

Mode = Literal["quotes", "written"]
Kind = Literal["who", "when", "where", "howmany", "why", "how", "what", "yesno"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as retrieved: its rank (from 1), its score (about the share of what the query could reach) and its article."""

    chunk: Chunk
    article: Article
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage that bears on the question: `article.text[start:end]`, and how well (0 to 1)."""

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def quote(self) -> str:
        """The sentence, verbatim."""
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker's number and the verbatim quote that it stands for; `start` and `end` count in the article's text."""

    number: int
    article_id: str
    path: str
    title: str
    outlet: str | None
    published: date | None
    language: Language
    url: str | None
    passage: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Related:
    """An article near the question that does not answer it."""

    article_id: str
    path: str
    title: str
    outlet: str | None
    published: date | None
    language: Language
    url: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What every door shows. An abstention is an answer too: no citations, the nearest articles as `related`."""

    question: str
    language: Language
    answer: str
    mode: Mode
    abstained: bool
    citations: tuple[Citation, ...] = ()
    related: tuple[Related, ...] = ()
    models: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the JSON object of the API, dates in ISO form."""
        content = asdict(self)
        for row in [*content["citations"], *content["related"]]:
            row["published"] = row["published"].isoformat() if row["published"] else None
        content["citations"], content["related"] = list(content["citations"]), list(content["related"])
        return content


def citation(number: int, evidence: Evidence) -> Citation:
    """Return the citation of a piece of evidence."""
    article = evidence.passage.article
    return Citation(
        number, article.article_id, article.path, article.title, article.outlet, article.published, article.language,
        article.url, evidence.passage.chunk.text, evidence.quote, evidence.start, evidence.end,
    )  # fmt: skip


def related(article: Article) -> Related:
    """Return an article as a related one."""
    return Related(
        article.article_id, article.path, article.title, article.outlet, article.published, article.language, article.url
    )
