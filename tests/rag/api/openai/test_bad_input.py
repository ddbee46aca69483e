"""What is no request at all is refused in OpenAI's form, and nothing of the machine is told."""

from __future__ import annotations

import httpx
import pytest

from rag.server.caller import Caller
from tests.rag.api.guard import Guard
from tests.rag.api.openai.conftest import application
from tests.serving import serving

JSON = {"content-type": "application/json"}
DOORS = ["chat/completions", "responses", "embeddings"]


def refused(response, status, code):
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"} and error["code"] == code
    assert error["message"] and "Traceback" not in response.text and "/rag/" not in response.text
    assert response.headers["cache-control"] == "no-store"
    return error


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", JSON, 400, "no_json"),
        (b"{", JSON, 400, "no_json"),
        (b"[]", JSON, 400, "no_json"),
        (b'"khabar"', JSON, 400, "no_json"),
        (b"null", JSON, 400, "no_json"),
        (b"{}", JSON, 400, "missing_field"),
        (b'{"model": "khabar"}', JSON, 400, "missing_field"),
        (b'{"model": "khabar", "input": "\xff", "messages": []}', JSON, 400, "no_json"),
        (b'{"model": 7, "input": "x", "messages": []}', JSON, 400, "wrong_type"),
        (b'{"model": ["khabar"], "input": "x", "messages": []}', JSON, 400, "wrong_type"),
        (b'{"model": "khabar", "input": ' + b"[" * 200_000 + b', "messages": []}', JSON, 400, "no_json"),
        (b'{"model":"khabar"}', {"content-type": "text/plain"}, 415, "no_json"),
        (b'{"model":"khabar"}', {"content-type": "application/x-www-form-urlencoded"}, 415, "no_json"),
        (b'{"model":"khabar"}', {}, 415, "no_json"),
    ],
)
def test_bodies(address, door, body, headers, status, code):
    refused(httpx.post(f"{address}/v1/{door}", content=body, headers=headers), status, code)


@pytest.mark.parametrize(
    ("door", "body", "param"),
    [
        ("chat/completions", {"messages": "متى"}, "messages"),
        ("chat/completions", {"messages": {"role": "user"}}, "messages"),
        ("chat/completions", {"messages": [], "stream": "yes"}, "stream"),
        ("chat/completions", {"messages": [], "stream": 1}, "stream"),
        ("chat/completions", {"messages": [], "n": "2"}, "n"),
        ("chat/completions", {"messages": [], "stream_options": {"include_usage": "x"}}, "stream_options.include_usage"),
        ("responses", {"input": 7}, "input.str"),
        ("responses", {"input": "متى", "metadata": []}, "metadata"),
    ],
)
def test_wrong_types(address, door, body, param):
    error = refused(httpx.post(f"{address}/v1/{door}", json={"model": "khabar"} | body), 400, "wrong_type")
    assert error["param"].startswith(param.removesuffix(".str"))


def test_a_lone_surrogate_is_no_character(address):
    body = b'{"model": "khabar", "messages": [{"role": "user", "content": "\\ud800 \xd9\x85\xd8\xaa\xd9\x89"}]}'
    response = httpx.post(f"{address}/v1/chat/completions", content=body, headers=JSON)
    assert response.status_code in (200, 400) and "error" in response.json() or "choices" in response.json()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "chat/completions", 405), ("DELETE", "models", 405), ("GET", "files", 404), ("POST", "audio/speech", 404),
        ("GET", "responses/resp_1", 404), ("GET", "خبر", 404), ("GET", "%00", 404),
        ("POST", "chat/completions/..%2f..%2fetc", 404),
    ],
)  # fmt: skip
def test_addresses_that_are_not_there(address, method, path, status):
    response = httpx.request(method, f"{address}/v1/{path}")
    refused(response, status, "not_found" if status == 404 else "method_not_allowed")
    assert status != 405 or response.headers["allow"]


def test_a_key_without_the_scope(desk):
    with serving(Guard(application(desk), Caller("key:1", frozenset({"write"})))) as address:
        for door in DOORS:
            error = refused(httpx.post(f"{address}/v1/{door}", json={}), 403, "scope_missing")
            assert error["type"] == "permission_error" and "read" in error["message"]
        refused(httpx.get(f"{address}/v1/models"), 403, "scope_missing")


def test_a_bug_is_told_by_its_kind_alone(staged, caplog):
    _, client = staged(RuntimeError("/somewhere/secret"))
    asked = {"model": "khabar", "messages": [{"role": "user", "content": "متى"}]}
    error = refused(httpx.post(f"{client.base_url}chat/completions", json=asked), 500, "internal_error")
    assert error["type"] == "server_error" and "secret" not in error["message"]


def test_the_address_itself(address):
    refused(httpx.get(f"{address}/v1"), 404, "not_found")
    refused(httpx.post(f"{address}/v1", json={}), 404, "not_found")
