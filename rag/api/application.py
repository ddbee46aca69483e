"""The HTTP API: a Desk -> the application that answers programs, every error as problem details."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Route

from rag.api import (
    articles,
    ask,
    batch,
    conversations,
    documentation,
    entities,
    feedback,
    files,
    jobs,
    models,
    older,
    search,
    stats,
    watchlist,
)
from rag.api.description import describe
from rag.api.elsewhere import Elsewhere
from rag.api.mcp.door import add_mcp
from rag.api.openai.doors import add_openai
from rag.desk import Desk

PREFIX = "/api/v1"
# In the order in which the documentation tells of them.
_NOUNS = (ask, batch, search, articles, files, jobs, entities, conversations, feedback, watchlist, stats, models)


def create_api(desk: Desk) -> FastAPI:
    """Return the API over an open archive."""
    api = doors()
    api.state.desk = desk
    add_openai(api, desk)
    add_mcp(api, desk)
    return api


def doors() -> FastAPI:
    """Return the doors under /api, and their description, without anybody behind them."""
    api = FastAPI(
        title="Khabar",
        # The pages that FastAPI offers for reading the description load their scripts from another server.
        docs_url=None,
        redoc_url=None,
        # An address with a slash too many is told as one that is not there, not sent elsewhere.
        redirect_slashes=False,
    )
    for noun in _NOUNS:
        api.include_router(noun.router, prefix=PREFIX)
    api.include_router(older.router, prefix="/api")
    api.include_router(documentation.router, prefix="/api")
    describe(api)
    elsewhere = Elsewhere(tuple(api.router.routes))
    for path in ("/api", "/api/{path:path}", "/openapi.json"):
        api.router.routes.append(Route(path, elsewhere, include_in_schema=False))
    return api
