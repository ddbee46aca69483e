"""What goes wrong in a door for programs -> problem details (RFC 9457), with a status that fits and a code that stays."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from index.types import KhabarError
from rag.answering.types import Overloaded
from rag.api.leaving import Gone
from rag.ask.question import QuestionError, QuestionTooLong
from rag.conversation.asking import Busy
from rag.conversation.store import NoConversation, TooManyTurns
from rag.filter import FilterError
from rag.intake.sent import IdTaken
from rag.intake.uploads import UploadRefused
from rag.intake.work import CannotCancel
from rag.server.caller import NotAllowed
from rag.server.problem import SHOWN, problem_response
from rag.watchlist import NothingToWatch

_LOGGER = logging.getLogger(__name__)
# Seconds after which it is worth asking again where nobody knows better.
WAIT = 10
_SEE = "see /api/docs for what is taken here"
_FILTER_FORM = 'a filter is {"outlets": ["…"], "languages": ["ar", "fa", "en"], "since": "2025-10-01", "until": "2025-10-31"}'
# What is wrong with a file that came in, by its kind, and the status.
_REFUSALS = {"too large": 413, "disk": 507, "unwritable": 507, "closed": 409, "being deleted": 409, "not read": 415}
# A path of this machine: from its root, or in quotation marks with a folder in it. Addresses (http://…) are none.
_PLACE = re.compile(r"'([^'\n]*?/)([^'/\n]+)/?'|(?<![\w:/.])(/(?!api/|v1/)(?:[^\s/'\",;:()]+/)+)([^\s/'\",;:()]*)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s'\",;()]+")


class Refused(KhabarError):
    """A request that cannot be met, with its status and its code, and the value that was given."""

    def __init__(
        self,
        status: int,
        code: str,
        problem: str,
        remedy: str,
        value: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the response says."""
        super().__init__(problem, remedy)
        self.status, self.code, self.value, self.headers = status, code, value, headers


class Problem(BaseModel):
    """The body of every error: problem details as of RFC 9457, with a code for programs and a remedy for people."""

    type: str = Field(description="A name for the kind of problem, in the form of an address; nothing lies there.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong.")
    code: str = Field(description="A short word that stays the same, for programs.")
    value: str | None = Field(description=f"What was given, as far as one value is at fault: at most {SHOWN} characters.")
    remedy: str = Field(description="What can be done about it.")
    request_id: str | None = Field(None, description="The request's name, as in the header X-Request-Id and in the log.")


def problem_of(error: Exception) -> Response:
    """Return the response to whatever was raised; a bug is logged and told without its inside."""
    # FastAPI makes an error of its own of a body that breaks off.
    if isinstance(error, Gone | ClientDisconnect) or isinstance(error.__cause__, ClientDisconnect):
        return Response(status_code=499)  # to nobody
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _unread(error)
    if isinstance(error, KhabarError):
        return _expected(error)
    _LOGGER.error("a request broke something in Khabar", exc_info=error)
    return problem_response(500, "bug", f"an error that should not happen ({type(error).__name__})", "see the server's log")


def problem_content(error: Exception) -> dict[str, Any]:
    """Return what the response to whatever was raised says."""
    content: dict[str, Any] = json.loads(bytes(problem_of(error).body))
    return content


def code_of(error: UploadRefused | Refused) -> str:
    """Return the code of why a file is not taken."""
    return error.code if isinstance(error, Refused) else f"file-{error.kind.replace(' ', '-')}"


def without_places(text: str) -> str:
    """Return a text in which no path of this machine and no address of another stands whole: names, not where they lie."""
    return _PLACE.sub(lambda found: f"'{found[2]}'" if found[2] else found[4] or "…", _ADDRESS.sub("a server", text))


def _expected(error: KhabarError) -> Response:
    match error:
        case Refused():
            return problem_response(error.status, error.code, error.problem, error.remedy, _shown(error.value), error.headers)
        case NotAllowed():
            return problem_response(403, "not-allowed", error.problem, error.remedy)
        case Overloaded():
            wait = {"Retry-After": str(error.wait)}
            return problem_response(503, "overloaded", error.problem, error.remedy, headers=wait)
        case Busy():
            return problem_response(503, "overloaded", error.problem, error.remedy, headers={"Retry-After": str(WAIT)})
        case QuestionTooLong():
            return problem_response(413, "question-too-long", error.problem, error.remedy)
        case QuestionError():
            return problem_response(422, "question-without-words", error.problem, error.remedy)
        case FilterError():
            code = f"filter-{error.fault.replace('_', '-')}"
            return problem_response(422, code, f"filter: {error.problem}", error.remedy, _shown(error.value))
        case IdTaken():
            return problem_response(409, "id-taken", error.problem, error.remedy)
        case CannotCancel():
            return problem_response(409, "too-late", error.problem, error.remedy)
        case NothingToWatch():
            return problem_response(422, "nothing-to-watch", error.problem, error.remedy)
        case NoConversation():
            return problem_response(404, "no-conversation", error.problem, "list them: GET /api/v1/conversations")
        case TooManyTurns():
            return problem_response(409, "too-many-turns", error.problem, error.remedy)
        case UploadRefused():
            status = _REFUSALS.get(error.kind, 422)
            return problem_response(status, code_of(error), without_places(error.problem), without_places(error.remedy))
    # The archive or a model: whoever runs Khabar reads the whole of it.
    _LOGGER.warning("%s", error)
    problem, remedy = without_places(error.problem), without_places(error.remedy)
    return problem_response(503, "unavailable", problem, remedy, headers={"Retry-After": str(WAIT)})


def _unread(error: HTTPException) -> Response:
    """Return the response to a body that cannot be read as what it says it is."""
    if error.status_code == 400:
        return problem_response(400, "not-json", "the body is no JSON that can be read", "send one JSON object in UTF-8")
    code = "too-large" if error.status_code == 413 else "refused"
    return problem_response(error.status_code, code, str(error.detail), _SEE, headers=error.headers)


def _invalid(error: RequestValidationError) -> Response:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        told = f"the body is no JSON ({first.get('ctx', {}).get('error', 'cannot be read')})"
        return problem_response(400, "not-json", told, "send one JSON object in UTF-8")
    path = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header")]
    given = first.get("input")
    value = str(given) if isinstance(given, str | int | float) else None
    remedy = _FILTER_FORM if path[:1] == ["filter"] else _SEE
    is_given = f" is {value[:SHOWN]!r}" if value is not None else ""
    detail = _shown(f"{'.'.join(path)[:SHOWN] or 'body'}{is_given}: {first['msg']}") or ""
    return problem_response(422, "invalid", detail, remedy, _shown(value))


def _shown(text: str | None) -> str | None:
    """Return a text as JSON can carry it, also where it holds half of a character."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


_TOLD: Mapping[int, tuple[str, str, str, str]] = {
    400: ("The request cannot be read.", "not-json", "the body is no JSON (Expecting value)", "send one JSON object in UTF-8"),
    401: ("Nobody is known by this key or login.", "who-asks", "this request says not who asks",
          "send Authorization: Bearer KEY"),
    403: ("The caller may not do this.", "not-allowed", "this key has not the scope 'write'", "use a key that has it"),
    404: ("There is no such thing.", "no-article", "there is no article 'x'", "use the article_id of a citation"),
    408: ("The request did not come in time.", "too-slow", "the request took too long to come in", "send it faster"),
    409: ("It cannot be done as things are.", "conflict", "an article of this id says something else", "replace it with PUT"),
    413: ("Too large.", "question-too-long", "the question has 3,000 characters, more than 2,000", "shorten it"),
    415: ("The body is of another kind.", "wrong-content-type", "the body is 'text/plain'", "send application/json"),
    421: ("The server does not answer to this name.", "unknown-host", "this server does not answer to 'evil.example'",
          "use its own name"),
    422: ("Something in the request cannot be used.", "invalid", "question: Field required", _SEE),
    429: ("Too many requests; Retry-After says when to try again.", "too-many", "too many requests", "wait 3 seconds"),
    431: ("The header is too large.", "header-too-large", "the header is too large", "send less of it"),
    500: ("An error that should not happen.", "bug", "an error that should not happen", "see the server's log"),
    503: ("Not now; Retry-After says when to try again.", "overloaded", "more is being asked than can be answered soon",
          "ask again in 3 seconds"),
    507: ("The disk is full; nothing was lost.", "file-disk", "there is no room on the disk", "make room, and add it again"),
}  # fmt: skip
# What can become of any request, whatever it asks for.
_ALWAYS = (400, 401, 403, 408, 413, 421, 422, 429, 431, 500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the description says of the errors of an operation: these beside those that any may have."""
    return {status: _told(status) for status in sorted({*_ALWAYS, *statuses})}


def _told(status: int) -> dict[str, Any]:
    description, code, detail, remedy = _TOLD[status]
    example = {
        "type": f"/problems/{code}", "title": description.split(";")[0].rstrip("."), "status": status, "detail": detail,
        "code": code, "value": None, "remedy": remedy,
    }  # fmt: skip
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema, "example": example}}}


