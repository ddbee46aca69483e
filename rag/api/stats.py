"""What the archive holds: counts, days, outlets, the models in use, how far it is embedded, and what was left out of it."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from index.report import last_report
from index.status import embedded_json, holdings_of
from rag.api.access import AtDesk, Reader
from rag.api.door import door
from rag.api.problems import problems, without_places
from rag.archive import Archive
from rag.filter import outlets_of

router = door("archive")


class EmbeddedShare(BaseModel):
    """How much of the archive can be searched by meaning."""

    chunks: int = Field(description="Chunks that have a vector.")
    of: int = Field(description="Chunks that should have one.")
    embedder: str


class Stats(BaseModel):
    """What an archive holds."""

    sources: int = Field(description="Files.")
    articles: int
    chunks: int
    languages: dict[str, int] = Field(description="Articles by language.", examples=[{"ar": 16, "fa": 11, "en": 9}])
    outlets: int = Field(description="Outlets that some article names.")
    first: str | None = Field(description="The day of the first article.", examples=["2025-02-13"])
    last: str | None = Field(description="The day of the last article.", examples=["2025-11-05"])
    revision: int = Field(description="The number of the last change: a cache of answers is stale once it rises.")
    embedded: EmbeddedShare
    models: dict[str, str] = Field(examples=[{"embedder": "multilingual-e5-small-int8", "reader": "e5-reader"}])


class OutletCount(BaseModel):
    """An outlet that a filter can name."""

    outlet: str
    articles: int
    first: str | None
    last: str | None


class Outlets(BaseModel):
    """The outlets of an archive, those of the most articles first."""

    outlets: list[OutletCount]


class LastReport(BaseModel):
    """What the last indexing did and left out; null before it."""

    report: dict[str, Any] | None


@router.get("/stats", response_model=Stats, responses=problems())
async def stats(caller: Reader, desk: AtDesk) -> Response:
    """Return what the archive holds, how much of it can be searched by meaning so far, and the models in use."""
    return JSONResponse(await desk.answering.run(lambda: stats_json(desk.archive), caller.name))


@router.get("/outlets", response_model=Outlets, responses=problems())
async def outlets(caller: Reader, desk: AtDesk) -> Response:
    """Return the outlets that a filter can name, each with its number of articles and the first and last day of them."""
    found = await desk.answering.run(lambda: outlets_of(desk.archive.catalog), caller.name)
    return JSONResponse({"outlets": [outlet.to_json() for outlet in found]})


@router.get("/report", response_model=LastReport, responses=problems())
async def report(caller: Reader, desk: AtDesk) -> Response:
    """Return what the last indexing did and left out, by reason, with a remedy for each; `report` is null before it."""
    found = await desk.answering.run(lambda: last_report(desk.archive.catalog.meta("report")), caller.name)
    content = found.to_json() if found else None
    for group in content["groups"] if content else ():
        group["remedy"] = without_places(group["remedy"])
    return JSONResponse({"report": content})


def stats_json(archive: Archive) -> dict[str, Any]:
    """Return what an archive holds as a JSON object."""
    holdings = holdings_of(archive.catalog)
    return {
        **archive.catalog.counts(),
        "languages": dict(holdings.articles),
        "outlets": holdings.outlets,
        "first": holdings.first.isoformat() if holdings.first else None,
        "last": holdings.last.isoformat() if holdings.last else None,
        "revision": archive.catalog.revision,
        "embedded": embedded_json(archive.embedded(), archive.embedder.name),
        "models": archive.answerer.models,
    }
