from __future__ import annotations

import pytest

from rag.server.caller import CALLER, Caller
from tests.rag.api.told import problem


class Known:
    """ASGI: everybody is this caller."""

    def __init__(self, api, caller):
        self._api, self._caller = api, caller

    async def __call__(self, scope, receive, send):
        await self._api({**scope, CALLER: self._caller}, receive, send)


@pytest.fixture
def as_caller(client):
    """A function that returns a client of the API that calls with these scopes."""

    def calling(*scopes, name="key:abc"):
        return type(client)(Known(client.api, Caller(name, frozenset(scopes))))

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
