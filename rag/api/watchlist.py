"""The watchlist: names and questions that are watched, and which articles came on them since that was last told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from index.catalog import Catalog
from index.failures import told
from index.text import squash
from index.watching.store import Watched, WatchStore
from rag.api.access import AtDesk, Reader, Writer
from rag.api.door import door
from rag.api.problems import Refused, problems
from rag.desk import Desk
from rag.watchlist import Watchlist, WatchNews

router = door("watchlist")

Result = TypeVar("Result")
# Watched at a time.
_MOST = 1000
_Number = Annotated[int, Path(ge=1, le=2**53)]


class WatchedTold(BaseModel):
    """What is watched."""

    id: int
    text: str = Field(examples=["قمة المناخ"])
    added: str = Field(description="The day.", examples=["2025-10-21"])


class WatchedList(BaseModel):
    """What is watched, in the order in which it was added."""

    watched: list[WatchedTold]


class WatchBody(BaseModel):
    """What is to be watched."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "قمة المناخ"}, {"text": "Vladimir Putin"}]}
    )

    text: str = Field(strict=True, min_length=1, max_length=500, pattern=r"\S", description="A name, or a question.")


class WatchAdded(WatchedTold):
    """What is watched now, and how many articles are on it already."""

    articles: int


class NewOn(BaseModel):
    """The articles that came on what is watched, newest first."""

    id: int
    text: str
    articles: list[dict[str, Any]]


class WatchNewsTold(BaseModel):
    """What came; what nothing came on is left out."""

    news: list[NewOn]


@router.get("/watchlist", response_model=WatchedList, responses=problems())
async def watchlist(caller: Reader, desk: AtDesk) -> Response:
    """Return what is watched."""
    found = await desk.answering.run(lambda: WatchStore(desk.archive.catalog).all(), caller.name)
    return JSONResponse({"watched": [_json(each) for each in found]})


@router.post("/watchlist", response_model=WatchAdded, status_code=201, responses=problems(409))
async def watch(body: WatchBody, caller: Writer, desk: AtDesk) -> Response:
    """Watch a name or a question, in whatever spelling and language articles have it."""
    watched, known = await desk.answering.run(lambda: _add(desk, body.text), caller.name)
    return JSONResponse(_json(watched) | {"articles": known}, 201)


# Numbers alone, so that /watchlist/news is no number that is wrong.
@router.delete("/watchlist/{number:int}", response_model=WatchedTold, responses=problems(404))
async def unwatch(number: _Number, caller: Writer, desk: AtDesk) -> Response:
    """Watch something no longer."""
    return JSONResponse(_json(await desk.answering.run(lambda: _remove(desk, number), caller.name)))


@router.get("/watchlist/news", response_model=WatchNewsTold, responses=problems())
async def news(caller: Reader, desk: AtDesk) -> Response:
    """Return the articles that came on what is watched since that was last told."""
    found = await desk.answering.run(lambda: _list(desk).news(), caller.name)
    return JSONResponse({"news": [_news_json(each) for each in found]})


@router.post("/watchlist/news/told", response_model=WatchNewsTold, responses=problems())
async def tell(
    caller: Writer,
    desk: AtDesk,
    revision: Annotated[
        int | None, Query(ge=0, le=2**53, description="Up to which revision (GET /stats) it was told; without one, all.")
    ] = None,
) -> Response:
    """Note that the news was told: return it, and begin anew."""
    found = await desk.answering.run(lambda: _tell(desk, revision), caller.name)
    return JSONResponse({"news": [_news_json(each) for each in found]})


def _list(desk: Desk) -> Watchlist:
    return _over(desk, desk.archive.catalog)


def _over(desk: Desk, catalog: Catalog) -> Watchlist:
    return Watchlist(catalog, desk.glossary, entities=desk.entities)


def _add(desk: Desk, text: str) -> tuple[Watched, int]:
    text = " ".join(text.split())
    known = WatchStore(desk.archive.catalog).all()
    if any(squash(each.text) == squash(text) for each in known):
        raise Refused(409, "watched", f"'{text[:80]}' is watched already", "see GET /api/v1/watchlist", text)
    if len(known) >= _MOST:
        raise Refused(409, "watchlist-full", f"{_MOST} names and questions are watched, the most there can be", "remove some")
    return _written(desk, lambda catalog: _over(desk, catalog).add(text, desk.archive.lexical))


def _remove(desk: Desk, number: int) -> Watched:
    if not any(each.watch_id == number for each in WatchStore(desk.archive.catalog).all()):
        raise Refused(404, "not-watched", f"nothing is watched under {number}", "list it: GET /api/v1/watchlist", str(number))
    return _written(desk, lambda catalog: WatchStore(catalog).remove(str(number)))


def _tell(desk: Desk, revision: int | None) -> list[WatchNews]:
    watchlist = _list(desk)
    at = desk.archive.catalog.revision
    found = watchlist.news()
    up_to = at if revision is None else min(revision, at)
    _written(desk, lambda catalog: _over(desk, catalog).tell(found, up_to))
    return found


def _written(desk: Desk, write: Callable[[Catalog], Result]) -> Result:
    """Return what a change of the reader's own tables comes to. Raises KhabarError where they cannot be written."""
    file = desk.archive.catalog.file
    with closing(Catalog(file, writable=True)) as catalog, told(file, writing=True):
        return write(catalog)


def _json(watched: Watched) -> dict[str, Any]:
    return {"id": watched.watch_id, "text": watched.text, "added": watched.added.isoformat()}


def _news_json(news: WatchNews) -> dict[str, Any]:
    return {"id": news.watched.watch_id, "text": news.watched.text, "articles": [each.to_json() for each in news.articles]}
