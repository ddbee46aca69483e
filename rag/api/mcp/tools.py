"""What an assistant can do with an archive: ask it, search it, read an article, list who and what it names.

This module needs the extra khabar[mcp]; it is imported where the door opens.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, Field, RootModel

from index.entities.store import Entity
from index.entities.types import EntityKind
from index.types import EVERYTHING, ArticleRef, Filter, KhabarError, Language
from rag.answering.types import Answering, Asked
from rag.api.ask import answer_json
from rag.api.leaving import unless_gone
from rag.api.problems import without_places
from rag.api.readable import told
from rag.archive import Archive
from rag.entities.lookup import Entities
from rag.filter import FilterInput, read_filter
from rag.server.caller import LOCAL, caller_of
from rag.source_line import link_of
from rag.types import Answer, Passage

Result = TypeVar("Result")

# Characters of an article that are read at once, where nobody asks for fewer.
_LONGEST = 20_000
# Articles that are listed with an entity that was asked for by its name.
_NAMING = 20

_Outlets = Annotated[list[str], Field(description="Only articles of these outlets, by name.", max_length=100)]
_Languages = Annotated[list[Language], Field(description="Only articles in these languages: ar, fa, en.", max_length=3)]
_Day = Annotated[
    str | None, Field(description="A day in any of three calendars: 2025-10-21, ۱۴۰۴/۰۷/۲۹, 21 أكتوبر 2025.", max_length=80)
]


class WholeAnswer(RootModel[Answer]):
    """An answer with all that belongs to it; docs/api.md explains its fields."""


class _Piece(BaseModel):
    """A piece of an article: `text` stands in it from `start` to `end`."""

    article_id: str
    title: str
    outlet: str | None
    published: date | None
    language: Language
    url: str | None
    text: str
    start: int
    end: int


class FoundPassage(_Piece):
    """A passage of an article: `text` stands in the article from `start` to `end`; the best has rank 1."""

    rank: int
    score: float


class FoundPassages(BaseModel):
    """The passages nearest to a query, best first."""

    passages: list[FoundPassage]


class ArticleText(_Piece):
    """A piece of an article's text, from `start` to `end` of its `characters`."""

    characters: int


class NamedEntity(BaseModel):
    """A person, place or organisation: its spellings, how many articles name it, and, asked for by name, some of those."""

    id: str
    kind: EntityKind
    name: str
    spellings: list[str]
    articles: int
    first: date | None
    last: date | None
    article_ids: list[str]


class NamedEntities(BaseModel):
    """Entities, those in most articles first."""

    entities: list[NamedEntity]


class Tools:
    """The tools, over an open archive; whoever has a key may use each, for none changes anything."""

    def __init__(self, archive: Archive, answering: Answering, entities: Entities) -> None:
        """Keep what answers."""
        self._archive = archive
        self._answering = answering
        self._entities = entities

    async def ask(
        self,
        context: Context[Any, Any],
        question: Annotated[str, Field(description="The question, in Arabic, Persian or English.")],
        history: Annotated[
            list[str], Field(description="Earlier questions of the conversation, oldest first.", max_length=50)
        ] = [],  # noqa: B006
        outlets: _Outlets = [],  # noqa: B006
        languages: _Languages = [],  # noqa: B006
        since: _Day = None,
        until: _Day = None,
    ) -> Annotated[CallToolResult, WholeAnswer]:
        """Answer a question from the archive, every sentence with its source.

        Where the articles do not say, the answer says so (`abstained`): that is an answer, not a failure.
        """

        async def answered() -> Answer:
            within = await self._within(context, outlets, languages, since, until)
            return await self._answering.answer(Asked(question, tuple(history), within), _asker(context))

        answer = await _shielded(context, answered())
        text = TextContent(type="text", text=told(answer, _address_of).text)
        return CallToolResult(content=[text], structured_content=answer_json(answer))

    async def search_articles(
        self,
        context: Context[Any, Any],
        query: Annotated[str, Field(description="What to look for: a question, names or words, in any of the languages.")],
        top_k: Annotated[int, Field(description="Passages to return, at most.", ge=1, le=50)] = 10,
        outlets: _Outlets = [],  # noqa: B006
        languages: _Languages = [],  # noqa: B006
        since: _Day = None,
        until: _Day = None,
    ) -> FoundPassages:
        """Return the passages nearest to a query, by words and by meaning, in all languages of the archive."""

        async def found() -> list[Passage]:
            within = await self._within(context, outlets, languages, since, until)
            return await self._answering.search(Asked(query, within=within), top_k, _asker(context))

        return FoundPassages(passages=list(map(_found_passage, await _shielded(context, found()))))

    async def read_article(
        self,
        context: Context[Any, Any],
        article_id: Annotated[str, Field(description="The article_id of a citation or a passage.", max_length=128)],
        start: Annotated[int, Field(description="The first character to read.", ge=0)] = 0,
        most: Annotated[int, Field(description="Characters to read, at most.", ge=1, le=200_000)] = _LONGEST,
    ) -> ArticleText:
        """Return the text of an article as it is stored; of a long one read on with `start`."""
        found = await self._run(context, lambda: self._archive.article(article_id))
        if found is None:
            raise ToolError(f"there is no article '{article_id[:80]}'; use the article_id of a citation or a passage")
        text = found.text[start : start + most]
        begin, characters = min(start, len(found.text)), len(found.text)
        return ArticleText(**_reference(found), text=text, start=begin, end=begin + len(text), characters=characters)

    async def list_entities(
        self,
        context: Context[Any, Any],
        name: Annotated[str | None, Field(description="A name in any spelling; all where left out.", max_length=200)] = None,
        kind: Annotated[EntityKind | None, Field(description="Only a person, a place or an organisation.")] = None,
        limit: Annotated[int, Field(description="Entities to return, at most.", ge=1, le=500)] = 50,
    ) -> NamedEntities:
        """List the people, places and organisations that the articles name, or what a name means in them."""
        return NamedEntities(entities=await self._run(context, lambda: self._entities_of(name, kind, limit)))

    def _entities_of(self, name: str | None, kind: EntityKind | None, limit: int) -> list[NamedEntity]:
        if name is None:
            return [_named_entity(each, ()) for each in self._entities.all(kind)[:limit]]
        found = self._entities.named(name, kind)[:limit]
        return [_named_entity(each, sorted(self._entities.store.article_ids(each))[:_NAMING]) for each in found]

    async def _within(
        self, context: Context[Any, Any], outlets: Sequence[str], languages: Sequence[str], since: str | None, until: str | None
    ) -> Filter:
        if not (outlets or languages or since or until):
            return EVERYTHING
        typed = FilterInput(tuple(outlets), tuple(languages), since, until)
        return await self._answering.run(lambda: read_filter(typed, self._archive.catalog), _asker(context))

    async def _run(self, context: Context[Any, Any], work: Callable[[], Result]) -> Result:
        return await _shielded(context, self._answering.run(work, _asker(context)))


async def _shielded(context: Context[Any, Any], work: Coroutine[Any, Any, Result]) -> Result:
    """Return what work comes to; it is given up where the client goes away. Raises ToolError for an expected failure."""
    request = context.request_context.request
    try:
        return await (unless_gone(request, work) if request else work)
    except KhabarError as error:
        raise ToolError(without_places(str(error))) from error


def _asker(context: Context[Any, Any]) -> str:
    request = context.request_context.request
    return caller_of(request).name if request else LOCAL.name


def _address_of(item: ArticleRef) -> str:
    """Return where an article can be read: on the web, or else by which call of a tool."""
    return link_of(item) or f"read_article {item.article_id}"


def _found_passage(passage: Passage) -> FoundPassage:
    chunk = passage.chunk
    place = {"text": chunk.text, "start": chunk.start, "end": chunk.end}
    return FoundPassage(rank=passage.rank, score=passage.score, **_reference(passage.article), **place)


def _reference(article: ArticleRef) -> dict[str, Any]:
    """Return what an article is referred to by; where its file lies is nothing to an assistant."""
    known = article.to_json()
    return {name: known[name] for name in ("article_id", "title", "outlet", "published", "language", "url")}


def _named_entity(entity: Entity, article_ids: Sequence[str]) -> NamedEntity:
    known = entity.to_json() | {"spellings": [each.name for each in entity.spellings], "article_ids": list(article_ids)}
    return NamedEntity(**known)
