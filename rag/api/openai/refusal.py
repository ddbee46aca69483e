"""What is refused of a request under /v1: which status and code each failure has."""

from __future__ import annotations

import logging

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from index.types import KhabarError
from rag.answering.types import Overloaded, Stopping
from rag.api.leaving import Gone
from rag.api.problems import without_places
from rag.ask.question import QuestionError, QuestionTooLong
from rag.filter import FilterError
from rag.server.caller import NotAllowed
from rag.server.openai_problem import openai_error, openai_problem

_LOGGER = logging.getLogger(__name__)
# The first that fits; any other failure is the archive's or a model's.
_STATUSES: dict[type[KhabarError], tuple[int, str]] = {
    NotAllowed: (403, "scope_missing"),
    QuestionTooLong: (413, "question_too_long"),
    QuestionError: (400, "invalid_question"),
    FilterError: (400, "invalid_filter"),
    Overloaded: (503, "overloaded"),
    Stopping: (503, "stopping"),
}
_FAILED = (503, "archive_failed")
_STATUSES_IN_WORDS = {404: "not_found", 405: "method_not_allowed"}


class Refused(KhabarError):
    """A request that this door does not serve; `param` is the field at fault."""

    def __init__(
        self, problem: str, remedy: str, param: str | None = None, status: int = 400, code: str = "invalid_value"
    ) -> None:
        """Keep the field, the status and the code beside problem and remedy."""
        super().__init__(problem, remedy)
        self.param = param
        self.status = status
        self.code = code


def status_and_code(error: Exception) -> tuple[int, str]:
    """Return the status and the code of a failure; of one that should not happen, 500."""
    if isinstance(error, Refused):
        return error.status, error.code
    if isinstance(error, KhabarError):
        return next((found for kind, found in _STATUSES.items() if isinstance(error, kind)), _FAILED)
    return 500, "internal_error"


def error_event(error: Exception) -> dict[str, dict[str, str | None]]:
    """Return a failure as a stream that has begun tells it; a bug is logged, and told by its kind alone."""
    if not isinstance(error, KhabarError):
        _LOGGER.error("a stream broke off", exc_info=error)
    return openai_error(*status_and_code(error), _told(error), getattr(error, "param", None))


def failed(_: Request, error: Exception) -> Response:
    """Answer a request that an expected failure ended, saying when to come back where that is known."""
    status, code = status_and_code(error)
    headers = {"Retry-After": str(error.wait)} if isinstance(error, Overloaded) else {}
    return openai_problem(status, code, _told(error), getattr(error, "param", None), headers)


def not_there(request: Request, error: Exception) -> JSONResponse:
    """Answer a request for an address that is not there, or not asked so."""
    status: int = getattr(error, "status_code", 404)
    problem = "there is no such address" if status == 404 else "this address is not asked so"
    headers: dict[str, str] = getattr(error, "headers", None) or {}
    message = f"{request.method} {request.url.path[:80]}: {problem}; docs/openai.md lists what there is"
    return openai_problem(status, _STATUSES_IN_WORDS.get(status, "refused"), message, headers=headers)


def gone(_: Request, __: Exception) -> Response:
    """Answer nobody."""
    return Response(status_code=499)


def _told(error: Exception) -> str:
    if isinstance(error, KhabarError):
        return str(error) if isinstance(error, Refused) else without_places(str(error))
    return f"an error that should not happen ({type(error).__name__}); the server's log has the details"


HANDLERS = {KhabarError: failed, Exception: failed, 404: not_there, 405: not_there, ClientDisconnect: gone, Gone: gone}
