"""The frozen types that the index passes on: ArticleRef, Article, Entry, Chunk, Filter and Problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias, get_args

Language = Literal["ar", "fa", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class KhabarError(Exception):
    """An expected failure: what is wrong (with the value) and what the user can do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Keep both halves; `str()` joins them into the one line that a user reads, also where a path is not UTF-8."""
        problem = problem.encode("utf-8", "backslashreplace").decode()
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


_Reference: TypeAlias = tuple[str, str, str, str | None, date | None, Language, str | None]


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """What an article is referred to by, without its text: every type that tells of an article begins with these fields."""

    article_id: str
    path: str
    title: str
    outlet: str | None
    published: date | None
    language: Language
    url: str | None

    @property
    def reference(self) -> _Reference:
        """The seven fields in their order, with which another type that begins with them is made."""
        return self.article_id, self.path, self.title, self.outlet, self.published, self.language, self.url

    @property
    def day(self) -> str | None:
        """The day of publication in ISO form."""
        return self.published.isoformat() if self.published else None

    def to_json(self) -> dict[str, Any]:
        """Return the seven fields as a JSON object; what is not known is null."""
        return {
            "article_id": self.article_id, "path": self.path, "title": self.title, "outlet": self.outlet,
            "published": self.day, "language": self.language, "url": self.url,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What else is known of an article: listed and filtered by, in no answer, so that a change of it re-indexes nothing.

    `origin` is the agency that a text was taken from. `about` is the month or year of publication (2025-10, 2025) where no day
    is known, `stated` the date as its file writes it, `dated_by` what stated it.
    """

    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    origin: str | None = None
    about: str | None = None
    stated: str | None = None
    dated_by: str | None = None


@dataclass(frozen=True, slots=True)
class Article(ArticleRef):
    """A news article as stored. Every offset in Khabar counts code points of `text`; `facts` make no article another one."""

    text: str
    facts: Facts = field(default=Facts(), compare=False)


@dataclass(frozen=True, slots=True)
class Entry(ArticleRef):
    """An article as it is listed: everything of it but its text."""

    facts: Facts

    @property
    def day(self) -> str | None:
        """The day of publication in ISO form, or the month or year where no day is known."""
        return self.published.isoformat() if self.published else self.facts.about


@dataclass(frozen=True, slots=True)
class Chunk:
    """The stored unit: `article.text[start:end]`, whole sentences of one article, with what is filtered by."""

    chunk_id: int
    article_id: str
    language: Language
    title: str
    start: int
    end: int
    text: str
    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """The articles that a question is asked of: of these outlets (none: any), in these languages, of these days.

    Outlets are compared by their folded letters; `since` and `until` belong to the span, in which an undated article is not.
    Raises KhabarError where the span ends before it begins, or no language is left.
    """

    outlets: frozenset[str] = frozenset()
    languages: frozenset[Language] = frozenset(LANGUAGES)
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what no article could pass."""
        if self.since and self.until and self.since > self.until:
            raise KhabarError(
                f"the days from {self.since} to {self.until} end before they begin", "give the earlier day as the first"
            )
        if not self.languages:
            raise KhabarError("no language is left to search in", "give one or more of ar, fa and en")

    @property
    def passes_all(self) -> bool:
        """Whether every article of these languages passes."""
        return not (self.outlets or self.since or self.until)


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Problem:
    """A file (or a line of one) that could not be read, or was read with a reservation; `kind` groups them in a report."""

    path: str
    reason: str
    skipped: bool = True
    kind: str = field(default="other", compare=False)

    def __str__(self) -> str:
        """Return the line that a user reads."""
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Unserved(Problem):
    """A text in a language that Khabar does not serve: what an earlier run took it for is dropped."""
