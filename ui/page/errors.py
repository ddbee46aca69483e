"""What goes wrong at the page's endpoints, as its scripts read it: {"error": {problem, remedy}} with a fitting status."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.types import KhabarError
from rag.ask.question import QuestionError, QuestionTooLong
from rag.conversation.asking import Busy
from rag.conversation.store import NoConversation, TooManyTurns
from rag.evaluate.check import AlreadyRunning
from rag.filter import FilterError
from ui.page.check import NoQuestions
from ui.page.share import NothingToShare
from ui.page.visitor import NotFromThePage, NoVisitor

# The first that fits; whatever else is wrong is the archive's or a model's.
_STATUSES: Mapping[type[KhabarError], int] = {
    NoVisitor: 401, NotFromThePage: 403, NoConversation: 404, TooManyTurns: 409, NothingToShare: 409, AlreadyRunning: 409,
    NoQuestions: 409, Busy: 503, QuestionTooLong: 413, QuestionError: 422, FilterError: 422,
}  # fmt: skip


def add_page_errors(application: FastAPI) -> None:
    """Tell of whatever is raised outside the doors for programs, which tell of it in their own form."""

    @application.exception_handler(KhabarError)
    def failed(_: Request, error: KhabarError) -> JSONResponse:
        status = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 503)
        return _error(status, error.problem, error.remedy)

    @application.exception_handler(RequestValidationError)
    def unfit(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"] if part != "body")
        return _error(422, f"{path or 'body'}: {first['msg']}", "open the page anew")

    @application.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> JSONResponse:
        problem = "there is no such address" if error.status_code == 404 else str(error.detail)
        return _error(error.status_code, f"{request.method} {request.url.path}: {problem}", "open the page anew")

    @application.exception_handler(Exception)
    def crashed(_: Request, error: Exception) -> JSONResponse:
        return _error(500, f"an error that should not happen ({type(error).__name__})", "the server's log has the details")


def _error(status: int, problem: str, remedy: str) -> JSONResponse:
    return JSONResponse({"error": {"problem": problem, "remedy": remedy}}, status_code=status)
