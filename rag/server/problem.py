"""Errors as programs read them: problem details, application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

from rag.server.request_id import CURRENT

# Characters that an error repeats of what it was given.
SHOWN = 80


class ProblemResponse(JSONResponse):
    """A response that says what is wrong."""

    media_type = "application/problem+json"


def problem_response(
    status: int,
    code: str,
    detail: str,
    remedy: str,
    value: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """Return an error: a short stable `code` ("question-too-long"), what is wrong, what to do, and the `value` given.

    The `type` is a name in the form of an address; nothing lies there. `request_id` is the request's, where it has one.
    """
    content: dict[str, object] = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "value": None if value is None else value[:SHOWN],
        "remedy": remedy,
    }
    if name := CURRENT.get():
        content["request_id"] = name
    return ProblemResponse(content, status, dict(headers or {}) | {"Cache-Control": "no-store"})
