"""The models that a client can name: the archive with its written answers, the archive in quotes alone, and its embedder."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from rag.api.openai.refusal import Refused
from rag.desk import Desk
from rag.server.caller import caller_of, require

# Answers that a language model may write, and answers made of quotes alone.
WRITTEN = "khabar"
QUOTED = "khabar-quotes"


async def list_models(desk: Desk, request: Request) -> JSONResponse:
    """GET /v1/models: every model there is."""
    require(caller_of(request), "read")
    return JSONResponse({"object": "list", "data": [_model(name) for name in _names(desk)]})


async def read_model(desk: Desk, request: Request) -> JSONResponse:
    """GET /v1/models/NAME: one of them."""
    require(caller_of(request), "read")
    name = request.path_params["name"]
    if name not in _names(desk):
        raise _unknown(name, desk)
    return JSONResponse(_model(name))


def writes(name: str, desk: Desk) -> bool:
    """Tell whether a model that answers may write. Raises Refused for any other."""
    if name not in (WRITTEN, QUOTED):
        raise _unknown(name, desk)
    return name == WRITTEN


def require_embedder(name: str, desk: Desk) -> None:
    """Refuse any other model than the embedder. Raises Refused."""
    if name != desk.archive.embedder.name or name not in _names(desk):
        raise _unknown(name, desk)


def _names(desk: Desk) -> list[str]:
    embedder = desk.archive.embedder
    return [WRITTEN, QUOTED, *([embedder.name] if embedder.languages else [])]


def _unknown(name: str, desk: Desk) -> Refused:
    told = ", ".join(_names(desk))
    return Refused(f"there is no model '{name[:80]}' for this", f"name one of {told}", "model", 404, "model_not_found")


def _model(name: str) -> dict[str, Any]:
    # Nobody asks when it was made, but clients of the protocol want a number.
    return {"id": name, "object": "model", "created": 0, "owned_by": "khabar"}
