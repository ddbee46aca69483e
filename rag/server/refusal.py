"""Why a request is turned away before a door, and that as each door says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from rag.server.doors import PROGRAMS, Door, door_of, path_within
from rag.server.openai_problem import openai_problem
from rag.server.problem import problem_response


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with a request, as `problem_response` tells it."""

    status: int
    code: str
    detail: str
    remedy: str
    value: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class PageRefusals(Protocol):
    """Says refusals as a person at the page reads them."""

    def page_response(self, request: Request, refusal: Refusal) -> Response:
        """Return a refusal as the page shows it, or as its scripts read it."""
        ...


def refused(request: Request, refusal: Refusal, pages: PageRefusals) -> Response:
    """Return a refusal in the form of the door that was knocked at."""
    door = door_of(path_within(request.scope))
    if door in PROGRAMS or door == "health":
        return program_response(refusal, door)
    return pages.page_response(request, refusal)


def program_response(refusal: Refusal, door: Door = "api") -> Response:
    """Return a refusal as programs read it: problem details, or OpenAI's form."""
    if door == "openai":
        # A client of OpenAI's knows these names.
        code = {401: "invalid_api_key", 429: "rate_limit_exceeded"}.get(refusal.status, refusal.code)
        return openai_problem(refusal.status, code, f"{refusal.detail}; {refusal.remedy}", headers=refusal.headers)
    return problem_response(refusal.status, refusal.code, refusal.detail, refusal.remedy, refusal.value, refusal.headers)
