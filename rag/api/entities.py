"""The people, places and organisations of the archive: who they are, how they are spelt, where and with whom they stand."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from index.entities.store import Entity
from index.entities.types import KINDS, EntityKind
from index.types import Language
from rag.api.access import AtDesk, Reader
from rag.api.door import door
from rag.api.paging import Paged, Paging
from rag.api.problems import Refused, problems
from rag.api.reference import Reference
from rag.desk import Desk

router = door("entities")

# Names that stand together with one, and articles that it stands in, told at most; names suggested in place of an unknown one.
_TOGETHER = 30
_ARTICLES = 200
_NEAREST = 3


class SpellingTold(BaseModel):
    """One way in which articles of a language write a name."""

    name: str
    language: Language
    articles: int


class EntityTold(BaseModel):
    """Somebody, some place or some body of people."""

    id: str = Field(description="What it is named by here.", examples=["person:vladimir putin"])
    kind: EntityKind
    name: str = Field(description="The spelling that most articles have.")
    names: dict[str, str] = Field(description="What it is called in each language.", examples=[{"ar": "بوتين", "fa": "پوتین"}])
    spellings: list[SpellingTold]
    articles: int = Field(description="Articles that name it.")
    first: str | None
    last: str | None


class Entities(Paged):
    """Entities, those in most articles first."""

    complete: bool = Field(description="Whether the names of every article are read; indexing reads them.")
    entities: list[EntityTold]


class Beside(BaseModel):
    """Another that stands in the same articles."""

    id: str
    kind: EntityKind
    name: str
    articles: int = Field(description="Articles that name both.")


class WholeEntity(EntityTold):
    """An entity with the articles that name it, newest first, and with whom it stands in them."""

    listed: list[Reference]
    together: list[Beside]


class EntityQuery(Paging):
    """Which entities are wanted."""

    kind: EntityKind | None = Field(None, description="person, place or organisation.")
    find: str | None = Field(
        None, min_length=1, max_length=200, pattern=r"\S", description="A name or a part of one, in any spelling or script."
    )


@router.get("/entities", response_model=Entities, responses=problems())
async def entities(wanted: Annotated[EntityQuery, Query()], caller: Reader, desk: AtDesk) -> Response:
    """Return the people, places and organisations that the articles name, those in most articles first."""

    def read() -> dict[str, Any]:
        known = desk.entities
        found = known.all(wanted.kind) if wanted.find is None else _meant(desk, wanted.find, wanted.kind)
        told = [_entity_json(desk, each) for each in wanted.part_of(found)]
        page = {"total": len(found), "limit": wanted.limit, "offset": wanted.offset}
        return {**page, "complete": known.are_read, "entities": told}

    return JSONResponse(await desk.answering.run(read, caller.name))


@router.get("/entities/{entity_id}", response_model=WholeEntity, responses=problems(404))
async def entity(entity_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Return one of them by its id or by a name, with its spellings, its articles, and who stands beside it."""
    return JSONResponse(await desk.answering.run(lambda: _whole(desk, entity_id), caller.name))


def _meant(desk: Desk, name: str, kind: EntityKind | None) -> list[Entity]:
    """Return what a name means, and then what is spelt nearly so or has it as a part."""
    known = desk.entities
    found = [*known.named(name, kind), *known.near(name, kind)]
    return list({each.entity_id: each for each in found}.values())


def _whole(desk: Desk, entity_id: str) -> dict[str, Any]:
    found = _entity(desk, entity_id)
    ids = desk.entities.store.article_ids(found)
    listed = sorted(
        desk.archive.catalog.entries_of(sorted(ids)).values(), key=lambda each: (each.day or "", each.path), reverse=True
    )
    together = [
        {"id": other.entity_id, "kind": other.kind, "name": other.name, "articles": count}
        for other, count in desk.entities.store.together(found, _TOGETHER)
    ]
    return _entity_json(desk, found) | {"listed": [each.to_json() for each in listed[:_ARTICLES]], "together": together}


def _entity(desk: Desk, entity_id: str) -> Entity:
    """Return the entity of an id or of a name. Raises Refused where no article names it."""
    known = desk.entities
    kind, _, key = entity_id.partition(":")
    if key and kind in KINDS:
        for each in (key, f"={key}"):
            if found := known.of_key(kind, each):
                return found
    named = known.named(entity_id)
    if not named:
        near = ", ".join(f"'{each.name}'" for each in known.near(entity_id)[:_NEAREST])
        told = f"no article names '{entity_id[:80]}'"
        remedy = f"the nearest are {near}" if near else "list them: GET /api/v1/entities"
        raise Refused(404, "no-entity", told, remedy, entity_id)
    return named[0]


def _entity_json(desk: Desk, entity: Entity) -> dict[str, Any]:
    languages = dict.fromkeys(each.language for each in entity.spellings)
    return entity.to_json() | {"names": {language: desk.entities.name_in(entity, language) for language in languages}}
