"""The HTTP API: a Desk -> the application that answers programs, every error as {"error": {problem, remedy}}."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException as StarletteHTTPException

from index.report import last_report
from index.status import embedded_json, holdings_of
from index.types import EVERYTHING, Filter, KhabarError, Language
from rag.answering.types import Asked
from rag.api.openai.doors import add_openai
from rag.archive import Archive
from rag.ask.question import QuestionError, QuestionTooLong
from rag.desk import Desk
from rag.filter import FilterError, filter_of, outlets_of
from rag.server.caller import caller_of
from rag.types import Answer

# Limits of safety: earlier questions, and names in a filter.
_MOST_HISTORY = 50
_MOST_OUTLETS = 1000
# Characters of a request that an error quotes.
_SHOWN = 80
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUESTION_FORM = 'send {"question": "…", "history": ["earlier question", …]} as JSON'
_FILTER_FORM = 'a filter is {"outlets": ["…"], "languages": ["ar", "fa", "en"], "since": "2025-10-01", "until": "2025-10-31"}'


def _iso_day(value: object) -> date | None:
    """Return a day that is written as 2025-10-21; pydantic itself would take numbers and times for days as well."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("no_day", "input should be a day such as 2025-10-21")


_Day = Annotated[date, BeforeValidator(_iso_day)]


class AskFilter(BaseModel):
    """The articles to answer from. What is left out or empty matches all; an undated article matches no range of days."""

    model_config = ConfigDict(extra="forbid")

    outlets: list[Annotated[str, StringConstraints(strict=True)]] = Field(
        default_factory=list, max_length=_MOST_OUTLETS, description="Names as GET /api/outlets lists them."
    )
    languages: list[Language] = Field(default_factory=list, max_length=_MOST_OUTLETS)
    since: _Day | None = Field(None, description="The first day.", examples=["2025-10-01"])
    until: _Day | None = Field(None, description="The last day.", examples=["2025-10-31"])


class AskRequest(BaseModel):
    """The body of POST /api/ask: a question, the earlier questions of the conversation (oldest first), and a filter."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, StringConstraints(strict=True)]
    history: list[Annotated[str, StringConstraints(strict=True)]] = Field(default_factory=list, max_length=_MOST_HISTORY)
    filter: AskFilter | None = None


class ErrorBody(BaseModel):
    """What is wrong, with the value, and what to do about it."""

    problem: str
    remedy: str


class Failure(BaseModel):
    """The body of every error."""

    error: ErrorBody


class _NoArticle(KhabarError):
    """An article that the archive does not hold."""


# What is wrong with a request has the first status that fits; any other KhabarError is the archive's or a model's, 503.
_STATUSES: dict[type[KhabarError], int] = {_NoArticle: 404, QuestionTooLong: 413, QuestionError: 422, FilterError: 422}


def create_api(desk: Desk) -> FastAPI:
    """Return the API over an open archive; every error is a JSON object with `problem` and `remedy`."""
    archive = desk.archive
    api = FastAPI(
        title="Khabar",
        description="Answers about a folder of news articles, every sentence cited.",
        version="1",
        # The pages that FastAPI offers for reading the description load their scripts from another server.
        docs_url=None,
        redoc_url=None,
    )

    # The answer goes out as to_json writes it; the response model only tells the description which fields it has.
    @api.post("/api/ask", response_model=Answer, responses=_failures(413, 422, 503))
    async def ask(request: Request, body: AskRequest) -> JSONResponse:
        """Answer a question, from the articles that pass the filter where there is one."""
        asker = caller_of(request).name
        within = await desk.answering.run(lambda: _within(body.filter, archive), asker)
        answer = await desk.answering.answer(Asked(body.question, tuple(body.history), within), asker)
        return JSONResponse(answer.to_json())

    @api.get("/api/outlets")
    def outlets() -> dict[str, Any]:
        """Return the outlets that a filter can name, each with its number of articles and the first and last day of them."""
        return {"outlets": [outlet.to_json() for outlet in outlets_of(archive.catalog)]}

    @api.get("/api/articles/{article_id}", response_model=None, responses=_failures(404, 422))
    def article(article_id: str) -> dict[str, Any]:
        """Return an article; a citation's `start` and `end` count in its `text`."""
        found = archive.article(article_id)
        if found is None:
            raise _NoArticle(f"there is no article '{article_id[:_SHOWN]}'", "use the article_id of a citation")
        return found.to_json() | {"text": found.text}

    @api.get("/api/status")
    def status() -> dict[str, Any]:
        """Return what the archive holds, how much of it can be searched by meaning so far, and the models in use."""
        holdings = holdings_of(archive.catalog)
        return {
            **archive.catalog.counts(),
            "languages": dict(holdings.articles),
            "first": holdings.first.isoformat() if holdings.first else None,
            "last": holdings.last.isoformat() if holdings.last else None,
            "embedded": embedded_json(archive.embedded(), archive.embedder.name),
            "models": archive.answerer.models,
        }

    @api.get("/api/report")
    def report() -> dict[str, Any]:
        """Return what the last indexing did and left out, by reason, with a remedy for each; `report` is null before it."""
        found = last_report(archive.catalog.meta("report"))
        return {"report": found.to_json() if found else None}

    _add_error_handlers(api)
    add_openai(api, desk)
    return api


def _within(wanted: AskFilter | None, archive: Archive) -> Filter:
    if wanted is None:
        return EVERYTHING
    return filter_of(wanted.outlets, wanted.languages, wanted.since, wanted.until, archive.catalog)


def _failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the description says of these statuses; it would else promise FastAPI's own 422, which is never sent."""
    return {status: {"model": Failure} for status in statuses}


def _add_error_handlers(api: FastAPI) -> None:
    @api.exception_handler(KhabarError)
    def failed(_: Request, error: KhabarError) -> JSONResponse:
        status = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 503)
        where = "filter: " if isinstance(error, FilterError) else ""
        return _error(status, f"{where}{error.problem}", error.remedy)

    @api.exception_handler(RequestValidationError)
    def bad_request(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        path = [str(part) for part in first["loc"] if part != "body"]
        if path[:1] == ["filter"]:
            given = f" is {str(first['input'])[:_SHOWN]!r}" if isinstance(first["input"], (str, int, float)) else ""
            return _error(422, f"{'.'.join(path)[:_SHOWN]}{given}: {first['msg']}", _FILTER_FORM)
        return _error(422, f"{'.'.join(path) or 'body'}: {first['msg']}", _QUESTION_FORM)

    @api.exception_handler(StarletteHTTPException)
    def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        absent = error.status_code == 404
        problem = "there is no such address" if absent else str(error.detail)
        where = f"{request.method} {request.url.path}"
        return _error(error.status_code, f"{where}: {problem}", "/openapi.json lists the addresses")

    @api.exception_handler(Exception)
    def crashed(_: Request, error: Exception) -> JSONResponse:
        return _error(500, f"an error that should not happen ({type(error).__name__})", "the server's log has the details")


def _error(status: int, problem: str, remedy: str) -> JSONResponse:
    return JSONResponse(Failure(error=ErrorBody(problem=problem, remedy=remedy)).model_dump(), status_code=status)
