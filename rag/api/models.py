"""The models: which are in use, for which languages, and which others are recommended."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from index.models import RECOMMENDED, TITLES
from index.types import Language
from rag.api.access import AtDesk, Reader
from rag.api.door import door
from rag.api.problems import problems
from rag.desk import Desk

router = door("models")


class ModelInUse(BaseModel):
    """A model that works on this archive."""

    role: str = Field(description="embedder, reader, reranker or generator.", examples=["embedder"])
    name: str = Field(examples=["multilingual-e5-small-int8"])
    languages: list[Language] = Field(description="Those that it serves; none where it is 'none'.")


class ModelRecommended(BaseModel):
    """A model that `khabar models download` fetches."""

    role: str
    name: str
    repository: str
    languages: list[Language]
    megabytes: int
    licence: str


class Models(BaseModel):
    """The models in use and those that are recommended."""

    in_use: list[ModelInUse]
    recommended: list[ModelRecommended]


@router.get("/models", response_model=Models, responses=problems())
async def models(caller: Reader, desk: AtDesk) -> Response:
    """Return which models are in use, and which others are recommended."""
    return JSONResponse(await desk.answering.run(lambda: _told(desk), caller.name))


def _told(desk: Desk) -> dict[str, Any]:
    archive = desk.archive
    found = {"embedder": archive.embedder, "generator": archive.answerer.generator}
    in_use = [
        {"role": role, "name": name, "languages": sorted(getattr(found.get(role), "languages", ()))}
        for role, name in archive.answerer.models.items()
    ]
    recommended = [
        {
            "role": TITLES[each.role], "name": each.name, "repository": each.repo, "languages": sorted(each.languages),
            "megabytes": each.megabytes, "licence": each.licence,
        }
        for each in RECOMMENDED
    ]  # fmt: skip
    return {"in_use": in_use, "recommended": recommended}
