"""The documentation of the API as one page of HTML, made here of the OpenAPI document: it loads nothing, from nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-bottom: 1px solid; margin-top: 3rem; }
h3 { font-family: ui-monospace, monospace; font-size: 1rem; overflow-wrap: anywhere; }
h3 b { display: inline-block; min-width: 4.5rem; }
pre { background: color-mix(in srgb, currentColor 8%, transparent); overflow-x: auto; padding: .75rem; white-space: pre-wrap; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .25rem .5rem; text-align: start; }
td { unicode-bidi: plaintext; vertical-align: top; }
code { font-family: ui-monospace, monospace; }
nav a { display: inline-block; margin-inline-end: 1rem; }
"""
# It runs and loads nothing, whatever an example says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


@router.get("/docs", response_class=HTMLResponse)
async def documentation(request: Request) -> HTMLResponse:
    """Return the documentation."""
    return HTMLResponse(page_of(request.app.openapi()), headers={"Content-Security-Policy": _POLICY})


def page_of(document: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    reader = _Reader(document)
    nouns = reader.nouns()
    links = "".join(f'<a href="#{escape(noun)}">{escape(noun)}</a>' for noun in nouns)
    info = document["info"]
    parts = "".join(f'<h2 id="{escape(noun)}">{escape(noun)}</h2>{"".join(told)}' for noun, told in nouns.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style>"
        f"<h1>{escape(info['title'])} API</h1>{_paragraphs(info['description'])}"
        f'<p>For programs: <a href="../openapi.json">openapi.json</a>.</p><nav>{links}</nav>{parts}'
    )


class _Reader:
    """Reads a document, whose schemas refer to each other."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def nouns(self) -> dict[str, list[str]]:
        """Return the HTML of the operations under each noun, in the document's order."""
        found: dict[str, list[str]] = {}
        for path, operations in self._document["paths"].items():
            for method, operation in operations.items():
                told = "".join(self._operation(method, path, operation))
                found.setdefault(operation.get("tags", ["other"])[0], []).append(told)
        return found

    def _operation(self, method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
        yield f"<section><h3><b>{method.upper()}</b> {escape(path)}</h3>{_paragraphs(operation.get('description', ''))}"
        parameters = operation.get("parameters", ())
        if parameters:
            rows = [
                (each["name"], self._kind(each["schema"]), _need(each), each.get("description") or _told(each["schema"]))
                for each in parameters
            ]
            yield _table(("parameter", "type", "", "meaning"), rows)
        for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
            yield f"<p>Body: <code>{escape(media_type)}</code></p>{self._fields(body['schema'])}"
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                yield f"<p>{status}: {escape(response.get('description', ''))}</p>"
                for media_type, body in response.get("content", {}).items():
                    yield f"<p><code>{escape(media_type)}</code></p>{self._fields(body.get('schema', {}))}"
                    yield _example(body.get("example"))
        errors = [
            (status, response["content"]["application/problem+json"]["example"]["code"], response.get("description", ""))
            for status, response in operation["responses"].items()
            if "application/problem+json" in response.get("content", {})
        ]
        yield f"<details><summary>Errors</summary>{_table(('status', 'such as', 'meaning'), errors)}</details></section>"

    def _fields(self, schema: Mapping[str, Any]) -> str:
        """Return the table of an object's fields, and its examples."""
        whole = self._resolved(schema)
        fields = whole.get("properties", {})
        required = whole.get("required", ())
        rows = [
            (name, self._kind(field), "required" if name in required else "", _told(field)) for name, field in fields.items()
        ]
        examples = "".join(map(_example, whole.get("examples", ())))
        return (_table(("field", "type", "", "meaning"), rows) if rows else "") + examples

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        name = schema.get("$ref", "").removeprefix("#/components/schemas/")
        found: Mapping[str, Any] = self._document["components"]["schemas"][name] if name else schema
        return found

    def _kind(self, schema: Mapping[str, Any]) -> str:
        """Return what a value is, in words."""
        if "$ref" in schema:
            return str(schema["$ref"]).rpartition("/")[2]
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self._kind(each) for each in schema["anyOf"]))
        if "enum" in schema:
            return " | ".join(map(str, schema["enum"]))
        if "const" in schema:
            return str(schema["const"])
        if schema.get("type") == "array":
            return f"list of {self._kind(schema.get('items', {}))}"
        return str(schema.get("format") or schema.get("type", "any"))


def _need(parameter: Mapping[str, Any]) -> str:
    return "required" if parameter.get("required") else ""


def _told(schema: Mapping[str, Any]) -> str:
    bounds = {
        "minimum": "at least", "maximum": "at most", "minLength": "characters: at least", "maxLength": "characters: at most",
        "maxItems": "entries: at most",
    }  # fmt: skip
    parts = [str(schema["description"])] if "description" in schema else []
    parts += [f"{words} {schema[name]}" for name, words in bounds.items() if name in schema]
    if schema.get("default") not in (None, [], ""):
        parts.append(f"default {json.dumps(schema['default'])}")
    return "; ".join(parts)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip())


def _example(example: Any) -> str:
    if example is None:
        return ""
    text = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
    return f'<pre dir="auto">{escape(text)}</pre>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}" for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}' for cell in row)}" for row in rows)
    return f"<table><tr>{head}{body}</table>"
