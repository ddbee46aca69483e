"""The OpenAPI document: what FastAPI gathers of the doors, with what they have in common."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from rag.api.problems import Problem

_ABOUT = """Answers about a folder of news articles in Arabic, Persian and English, every sentence cited.

Every error is application/problem+json (RFC 9457) with a `code` for programs and a `remedy` for people. Where the server wants
a key, send it as `Authorization: Bearer KEY`. Dates are days in ISO form; every `start` and `end` counts the characters
(code points) of an article's text."""


def describe(api: FastAPI) -> None:
    """Let an application describe itself."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_document(api))
        return made

    api.openapi = openapi  # type: ignore[method-assign]


def _document(api: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="Khabar", version="1", description=_ABOUT, routes=api.routes, separate_input_output_schemas=False
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    # What FastAPI would send for a body that does not fit, and Khabar never does.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "A key of khabar keys create."}}
    document["security"] = [{}, {"key": []}]
    return document
