"""The body of a request -> the form of a door. Fields that a form does not name are accepted: clients send new ones."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from rag.api.openai.refusal import Refused

Form = TypeVar("Form", bound=BaseModel)

_REMEDY = "docs/openai.md lists the fields that are read"


async def read_body(request: Request, form: type[Form]) -> Form:
    """Return what a request asks. Raises Refused for what is no JSON object, or has a field of another type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        given = f"'{kind[:80]}'" if kind else "of no type"
        raise Refused(
            f"the body is {given}", "send JSON with the header content-type: application/json", status=415, code="no_json"
        )
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        raise _refused(error) from error


def _refused(error: ValidationError) -> Refused:
    first = error.errors(include_url=False, include_context=False)[0]
    param = ".".join(map(str, first["loc"]))
    if first["type"] == "json_invalid":
        return Refused("the body is not JSON", f"send a JSON object in UTF-8 ({first['msg'].lower()})", code="no_json")
    if not param:
        return Refused("the body is no JSON object", 'send {"model": "khabar", …}', code="no_json")
    if first["type"] == "missing":
        return Refused(f"'{param}' is missing", _REMEDY, param, code="missing_field")
    return Refused(f"'{param[:80]}': {first['msg'].lower()}", _REMEDY, param[:80], code="wrong_type")
