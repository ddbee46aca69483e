"""What a client returns besides answers and articles: frozen, and made of the JSON of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from index.types import ArticleRef, Entry, Facts, Language

EntityKind = Literal["person", "place", "organisation"]
EventKind = Literal["stage", "direct", "quote", "citation", "token", "drafting", "sentence", "done"]
_REFERENCE = ("article_id", "path", "title", "outlet", "published", "language", "url")


@dataclass(frozen=True, slots=True)
class FoundPassage(ArticleRef):
    """A passage of an article, `article.text[start:end]`: its rank (from 1), its score and what that is made of."""

    rank: int
    score: float
    by_words: float
    nearness: float | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """What is new of an answer that grows, as docs/api.md lists the events; the last one is `done`."""

    kind: EventKind
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an article that was sent: `article_id` is None while it is on its way into the archive.

    `id` is the one to replace and delete it by; `known` says that the same was sent before.
    """

    id: str
    article_id: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place or organisation, by the spelling that most articles have, and how many articles name it when."""

    id: str
    kind: EntityKind
    name: str
    spellings: tuple[str, ...]
    articles: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds, how many of its chunks have a vector (of how many), and the models in use."""

    sources: int
    articles: int
    chunks: int
    languages: Mapping[str, int]
    first: date | None
    last: date | None
    revision: int
    embedded: int
    embeddable: int
    models: Mapping[str, str]


def passage_of(content: Mapping[str, Any]) -> FoundPassage:
    """Return a passage of its JSON."""
    rest = ("rank", "score", "by_words", "nearness", "text", "start", "end")
    return FoundPassage(**_reference(content), **{name: content[name] for name in rest})


def article_fields(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an article of its JSON."""
    return {**_reference(content), "text": content["text"]}


def entry_of(content: Mapping[str, Any]) -> Entry:
    """Return an article as it is listed, of its JSON; a month or year of publication is in its facts."""
    published = content["published"]
    about = published if published and len(published) < len("2025-10-21") else None
    names = ("author", "section", "origin", "stated", "dated_by")
    facts = Facts(tags=tuple(content.get("tags") or ()), about=about, **{name: content.get(name) for name in names})
    return Entry(**_reference({**content, "published": None if about else published}), facts=facts)


def entity_of(content: Mapping[str, Any]) -> Entity:
    """Return an entity of its JSON."""
    spellings = tuple(each["name"] for each in content["spellings"])
    known = {name: content[name] for name in ("id", "kind", "name", "articles")}
    return Entity(**known, spellings=spellings, first=_day(content["first"]), last=_day(content["last"]))


def status_of(content: Mapping[str, Any]) -> Status:
    """Return what an archive holds, of its JSON."""
    known = {name: content[name] for name in ("sources", "articles", "chunks", "languages", "revision", "models")}
    embedded, first, last = content["embedded"], _day(content["first"]), _day(content["last"])
    return Status(**known, first=first, last=last, embedded=embedded["chunks"], embeddable=embedded["of"])


def _reference(content: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {name: content[name] for name in _REFERENCE}
    language: Language = known["language"]
    return known | {"published": _day(known["published"]), "language": language}


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
