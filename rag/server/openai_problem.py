"""Errors as clients of OpenAI's protocol read them: what is refused under /v1, by whoever refuses it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

# What the protocol calls a kind of error; any other that is the client's is an invalid request.
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def openai_problem(
    status: int, code: str, message: str, param: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return an error: what is wrong and what to do in one `message`, a short stable `code`, the field `param` at fault."""
    return JSONResponse(openai_error(status, code, message, param), status, dict(headers or {}) | {"Cache-Control": "no-store"})


def openai_error(status: int, code: str, message: str, param: str | None = None) -> dict[str, dict[str, str | None]]:
    """Return the JSON object of an error, which a stream that has begun sends as one of its events.

    The words of a `code` are joined as OpenAI joins them: body_too_large.
    """
    kind = "server_error" if status >= 500 else _TYPES.get(status, "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code.replace("-", "_")}}
