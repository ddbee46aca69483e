"""The frozen types that pass between the stages of an answer: Passage -> Evidence -> Citation -> Answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from index.types import Article, ArticleRef, Chunk, Filter, Language

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Mode = Literal["quotes", "written"]
Differing = Literal["number", "date", "place", "person"]
RequestKind = Literal["summary", "statements", "days", "news", "articles", "unclear", "unserved"]
Kind = Literal["who", "when", "where", "howmany", "why", "how", "what", "yesno"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as retrieved: its rank (from 1), its score (about the share of what the query could reach) and its article.

    `by_words` is the part of the score that its words alone make (0: none was met), and `nearness` how much nearer than the
    average chunk of its language it is to the question, in spreads of the embedder's cosines; None where meaning was not asked.
    """

    chunk: Chunk
    article: Article
    rank: int
    score: float
    by_words: float = 0.0
    nearness: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage that bears on the question: `article.text[start:end]`, and how well (about 0 to 1).

    `phrase` is the part of it that answers, where one was found, counted in the article's text as well.
    """

    passage: Passage
    start: int
    end: int
    score: float
    phrase: tuple[int, int] | None = None

    @property
    def quote(self) -> str:
        """The sentence, verbatim."""
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Source(ArticleRef):
    """An article and what it says, verbatim: `article.text[start:end]`."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation(Source):
    """A source under the number of its marker, with the passage that the quote stands in.

    `phrase` is the part of the quote that answers the question, counted like `start` and `end`; `also` are other articles
    that say the same in almost the same words; `agency` is the news agency that the article took it from, where it names one.
    """

    number: int
    passage: str
    phrase: tuple[int, int] | None = None
    also: tuple[Source, ...] = ()
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two or more citations, by number, that give different values (verbatim, in the same order) for the same thing."""

    kind: Differing
    citations: tuple[int, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The short answer: `text` stands verbatim in the quote of a citation (its number), `article.text[start:end]`.

    `rendered` says it in the question's language, where that is certain; `others` are further answers that differ from it.
    """

    text: str
    language: Language
    citation: int
    start: int
    end: int
    rendered: str | None = None
    others: tuple[ShortAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Articles counted in the whole archive: how many, the first and the last day, and the newest of them."""

    count: int
    first: date | None
    last: date | None
    articles: tuple[ArticleRef, ...]


@dataclass(frozen=True, slots=True)
class DraftCount:
    """How many sentences of a model's draft a passage supports, and how many were dropped or gave way to a quote."""

    supported: int = 0
    dropped: int = 0
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What every door shows. An abstention is an answer too: no citations; `related` are articles near its subject.

    `confidence` (0 to 1) is how sure Khabar is that the articles answer. `as_of` is the day of the newest article cited, where
    the answer says so. `overtaken` are the citations, by number, that newer ones replace. `missing` are the words of the
    question that even the nearest articles lack. `notices` tell how the answer came to be: a model that failed, sentences of a
    draft that were dropped. `drafted` counts a draft's sentences; None where no model was asked. `direct` is the short answer
    that stands above the quotes; None where the reader model is unsure of it. `request` is what was asked for where that is no
    fact (a summary, statements, the news of some days or of a topic, articles) or cannot be read; `within` is the filter that
    was read from the words of the request, `without_days` the request without those words, for a user who takes the filter
    away, and `listing` what was counted in the archive.
    """

    question: str
    language: Language
    answer: str
    mode: Mode
    abstained: bool
    citations: tuple[Citation, ...] = ()
    related: tuple[ArticleRef, ...] = ()
    confidence: float = 0.0
    as_of: date | None = None
    disagreements: tuple[Disagreement, ...] = ()
    overtaken: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    drafted: DraftCount | None = None
    direct: ShortAnswer | None = None
    request: RequestKind | None = None
    within: Filter | None = None
    without_days: str | None = None
    listing: Listing | None = None
    models: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the JSON object of the API, dates in ISO form."""
        content: dict[str, Any] = as_json(self)
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Answer:
        """Return the answer that a JSON object of the API is; fields of a later Khabar are passed over. Raises ValueError."""
        return _reading().validate_python(content)


@cache
def _reading() -> TypeAdapter[Answer]:
    """Return what reads an answer: made at the first one, for it takes a moment."""
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def as_json(value: Any) -> Any:
    """Return an answer, or a part of one, as the API's JSON has it: dates in ISO form, sets in order."""
    if is_dataclass(value):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def source(evidence: Evidence) -> Source:
    """Return the article of a piece of evidence with what it says there."""
    return Source(*evidence.passage.article.reference, evidence.quote, evidence.start, evidence.end)


def citation(number: int, evidence: Evidence) -> Citation:
    """Return the citation of a piece of evidence."""
    passage, article = evidence.passage.chunk.text, evidence.passage.article
    return Citation(
        *article.reference, evidence.quote, evidence.start, evidence.end, number, passage, evidence.phrase
    )
