from __future__ import annotations

import json
import re

import pytest

from tests.rag.api.schemas import (
    AnswerSchema,
    ArticleRefSchema,
    CitationSchema,
    DirectSchema,
    DisagreementSchema,
    DraftCountSchema,
    SourceSchema,
)


def test_the_schema_is_published(client):
    content = client.request("GET", "/openapi.json").json()
    assert {"/api/v1/ask", "/api/v1/articles/{article_id}", "/api/v1/stats", "/api/v1/report"} <= set(content["paths"])


def test_the_schema_tells_of_the_filter_and_of_the_errors_that_there_are(client):
    content = client.request("GET", "/openapi.json").json()
    schemas = content["components"]["schemas"]
    assert set(schemas["AskFilter"]["properties"]) == {"outlets", "languages", "since", "until"}
    assert schemas["AskFilter"]["additionalProperties"] is False and "required" not in schemas["AskFilter"]
    assert {"type": "string", "format": "date"} in schemas["AskFilter"]["properties"]["since"]["anyOf"]
    assert schemas["AskFilter"]["properties"]["languages"]["items"]["enum"] == ["ar", "fa", "en"]
    asked = schemas["AskBody"]
    assert asked["required"] == ["question"] and asked["additionalProperties"] is False
    assert asked["properties"]["question"]["minLength"] == 1 and asked["examples"]
    assert "/api/v1/outlets" in content["paths"]
    for path, operations in content["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if not status.startswith("2"):
                    told = response["content"]["application/problem+json"]
                    assert told["schema"]["$ref"].endswith("/Problem") and told["example"]["remedy"], path


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Answer", AnswerSchema),
        ("Citation", CitationSchema),
        ("Source", SourceSchema),
        ("ArticleRef", ArticleRefSchema),
        ("Disagreement", DisagreementSchema),
        ("ShortAnswer", DirectSchema),
        ("DraftCount", DraftCountSchema),
    ],
)
def test_the_schema_tells_of_an_answer_as_it_is(client, name, schema):
    content = client.request("GET", "/openapi.json").json()
    told = content["components"]["schemas"][name]
    assert set(told["properties"]) == set(schema.model_fields)
    ok = content["paths"]["/api/v1/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert ok == {"$ref": "#/components/schemas/Answer"}


def test_every_operation_is_described_with_its_errors_and_examples(client):
    content = client.request("GET", "/openapi.json").json()
    schemas = content["components"]["schemas"]
    for path, operations in content["paths"].items():
        for method, operation in operations.items():
            told = f"{method} {path}"
            assert operation["description"].strip() and operation["tags"], told
            assert {"400", "401", "403", "413", "422", "429", "500", "503"} <= set(operation["responses"]), told
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                asked = schemas[body["schema"]["$ref"].rpartition("/")[2]]
                assert asked["examples"] and asked["additionalProperties"] is False, told


def test_no_pattern_of_the_schema_knows_ascii_alone(client):
    """In the patterns of JSON Schema, which are those of JavaScript, no letter of Arabic is one."""
    assert not re.search(r'"pattern": "[^"]*\\\\[wWdDbB]', json.dumps(client.request("GET", "/openapi.json").json()))


def test_no_schema_is_there_twice(client):
    assert not [name for name in client.request("GET", "/openapi.json").json()["components"]["schemas"] if "-" in name]
