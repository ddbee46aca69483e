"""The HTTP API: the same answers for programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException as StarletteHTTPException

from index.types import KhabarError
from rag.open import Archive
from rag.question import QuestionError

_MOST_HISTORY = 50


class AskRequest(BaseModel):
    """The body of POST /api/ask: a question and the earlier questions of the conversation, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, StringConstraints(strict=True)]
    history: list[Annotated[str, StringConstraints(strict=True)]] = Field(default_factory=list, max_length=_MOST_HISTORY)


def create_api(archive: Archive) -> FastAPI:
    """Return the API over an open archive; every error is a JSON object with `problem` and `remedy`."""
    api = FastAPI(
        title="Khabar",
        description="Answers about a folder of news articles, every sentence cited.",
        version="1",
        # The pages that FastAPI offers for reading the description load their scripts from another server.
        docs_url=None,
        redoc_url=None,
    )

    @api.post("/api/ask")
    def ask(body: AskRequest) -> dict[str, Any]:
        """Answer a question."""
        return archive.answerer.answer(body.question, body.history).to_json()

    @api.get("/api/articles/{article_id}", response_model=None)
    def article(article_id: str) -> dict[str, Any] | JSONResponse:
        """Return an article; a citation's `start` and `end` count in its `text`."""
        found = archive.catalog.article(article_id)
        if found is None:
            return _error(404, f"there is no article '{article_id[:80]}'", "take the article_id of a citation")
        names = ("article_id", "path", "title", "outlet", "language", "url", "text")
        published = found.published.isoformat() if found.published else None
        return {name: getattr(found, name) for name in names} | {"published": published}

    @api.get("/api/status")
    def status() -> dict[str, Any]:
        """Return the size of the archive and the models in use."""
        return {**archive.catalog.counts(), "models": archive.answerer.models}

    _add_error_handlers(api)
    return api


def _add_error_handlers(api: FastAPI) -> None:
    @api.exception_handler(QuestionError)
    def bad_question(_: Request, error: QuestionError) -> JSONResponse:
        return _error(error.status, error.problem, error.remedy)

    @api.exception_handler(KhabarError)
    def failed(_: Request, error: KhabarError) -> JSONResponse:
        return _error(503, error.problem, error.remedy)

    @api.exception_handler(RequestValidationError)
    def bad_request(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
        return _error(422, f"{where}: {first['msg']}", 'send {"question": "…", "history": ["earlier question", …]} as JSON')

    @api.exception_handler(StarletteHTTPException)
    def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        absent = error.status_code == 404
        problem = "there is nothing there" if absent else str(error.detail)
        where = f"{request.method} {request.url.path}"
        return _error(error.status_code, f"{where}: {problem}", "see /openapi.json for what there is")

    @api.exception_handler(Exception)
    def crashed(_: Request, error: Exception) -> JSONResponse:
        return _error(500, f"an error that should not happen ({type(error).__name__})", "the server's log has the details")


def _error(status: int, problem: str, remedy: str) -> JSONResponse:
    return JSONResponse({"error": {"problem": problem, "remedy": remedy}}, status_code=status)
