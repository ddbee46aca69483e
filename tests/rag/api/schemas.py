"""The documented JSON of an answer, field by field."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.types import Language


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ArticleRefSchema(Strict):
    article_id: str
    path: str
    title: str
    outlet: str | None
    published: str | None
    language: Language
    url: str | None


class SourceSchema(ArticleRefSchema):
    quote: str
    start: int
    end: int


class CitationSchema(SourceSchema):
    number: int
    passage: str
    phrase: Annotated[list[int], Field(min_length=2, max_length=2)] | None
    also: list[SourceSchema]
    agency: str | None


class DisagreementSchema(Strict):
    kind: Literal["number", "date", "place", "person"]
    citations: list[int]
    values: list[str]


class DirectSchema(Strict):
    text: str
    language: Language
    citation: int
    start: int
    end: int
    rendered: str | None
    others: list[DirectSchema]


class DraftCountSchema(Strict):
    supported: int
    dropped: int
    replaced: int


class FilterSchema(Strict):
    outlets: list[str]
    languages: list[Language]
    since: str | None
    until: str | None


class ListingSchema(Strict):
    count: int
    first: str | None
    last: str | None
    articles: list[ArticleRefSchema]


class Models(Strict):
    embedder: str
    reader: str
    generator: str


class Timings(Strict):
    retrieve_ms: float
    answer_ms: float
    wait_ms: float | None = None
    write_ms: float | None = None
    remembered_ms: float | None = None


class AnswerSchema(Strict):
    """The documented JSON of an answer: these keys, no other."""

    question: str
    language: Language
    answer: str
    mode: Literal["quotes", "written"]
    abstained: bool
    citations: list[CitationSchema]
    related: list[ArticleRefSchema]
    confidence: Annotated[float, Field(ge=0, le=1)]
    as_of: str | None
    disagreements: list[DisagreementSchema]
    overtaken: list[int]
    missing: list[str]
    notices: list[str]
    drafted: DraftCountSchema | None
    direct: DirectSchema | None
    request: Literal["summary", "statements", "days", "news", "articles", "unclear", "unserved"] | None
    within: FilterSchema | None
    without_days: str | None
    listing: ListingSchema | None
    models: Models
    timings: Timings
