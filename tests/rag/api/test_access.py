from __future__ import annotations

import pytest

from rag.server.caller import Caller
from tests.rag.api.guard import Guard
from tests.rag.api.told import problem


@pytest.fixture
def as_caller(client):
    """A function that returns a client of the API that calls with these scopes."""

    def calling(*scopes, name="key:abc"):
        return type(client)(Guard(client.api, Caller(name, frozenset(scopes))))

    return calling


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/ask", {"question": "متى؟"}),
        ("POST", "/api/v1/search", {"question": "متى؟"}),
        ("GET", "/api/v1/stats", None),
        ("GET", "/api/v1/outlets", None),
        ("GET", "/api/v1/report", None),
        ("GET", "/api/v1/articles/x", None),
        ("POST", "/api/ask", {"question": "متى؟"}),
    ],
)
def test_reading_needs_its_scope(as_caller, method, path, body):
    problem(as_caller("write").request(method, path, json=body), 403, "not-allowed")
    assert as_caller("read").request(method, path, json=body).status_code in (200, 404)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/articles", {"title": "x", "text": "x"}),
        ("PUT", "/articles/x", {"title": "x", "text": "x"}),
        ("DELETE", "/articles/x", None),
        ("POST", "/articles/x/restore", None),
        ("POST", "/files?name=x.txt", None),
        ("POST", "/jobs", {"kind": "index"}),
        ("POST", "/jobs/x/cancel", None),
        ("POST", "/watchlist", {"text": "x"}),
        ("DELETE", "/watchlist/1", None),
        ("POST", "/watchlist/news/told", None),
        ("POST", "/feedback", {"verdict": "right", "conversation": "x", "turn": "x"}),
    ],
)
def test_changing_needs_its_scope(as_caller, method, path, body):
    problem(as_caller("read", "admin").request(method, f"/api/v1{path}", json=body), 403, "not-allowed")


def test_every_operation_is_let_in_by_a_scope(client, as_caller):
    """Also one that is added tomorrow."""
    for path, operations in client.request("GET", "/openapi.json").json()["paths"].items():
        for method in operations:
            place = path.replace("{number}", "1").replace("{", "").replace("}", "")
            response = as_caller().request(method.upper(), place, json={} if method in ("post", "put", "patch") else None)
            # A body that does not fit is told before the scope, or after it: nothing is done either way.
            assert response.status_code in (403, 422), (method, path, response.text)
