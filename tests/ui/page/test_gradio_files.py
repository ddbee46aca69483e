"""Of Gradio's own routes, all are closed but the few that the page loads."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route, WebSocketRoute

from ui.page.gradio_files import close_gradio, is_needed

# What of Gradio the page in Chromium asks for, and the icon that browsers ask for by themselves.
NEEDED = {"/", "/assets/{path:path}", "/static/{path:path}", "/theme.css", "/favicon.ico"}
GIVEN = {
    "path": "index.js",
    "path_or_url": "/etc/passwd",
    "url_path": "http://127.0.0.1:1/",
    "session_hash": "abc",
    "run": "1",
    "ext": "ts",
}


def mounted() -> FastAPI:
    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML("خبر")
        button = gr.Button("x")
        button.click(lambda: "ran", outputs=gr.Textbox(), api_name="run")
    made: FastAPI = gr.mount_gradio_app(FastAPI(openapi_url=None), page, path="/", ssr_mode=False, enable_monitoring=True)
    close_gradio(made)
    return made


@pytest.fixture(scope="module")
def application():
    async def made() -> FastAPI:
        return mounted()

    # Where no event loop runs, Gradio makes some that nobody closes.
    with ThreadPoolExecutor() as threads:
        return threads.submit(lambda: asyncio.run(made())).result()


@dataclass
class Reached:
    """Stands in Gradio's place and notes what comes to it."""

    paths: list[str] = field(default_factory=list)

    async def __call__(self, scope, receive, send):
        self.paths.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"reached"})


def routes_in(routes):
    for route in routes:
        if isinstance(route, Mount):
            yield from ((route.path + path, methods) for path, methods in routes_in(route.routes))
        elif isinstance(route, Route):
            yield route.path, route.methods or {"GET"}
        elif isinstance(route, WebSocketRoute):
            yield route.path, set()
        elif nested := getattr(route, "original_router", None) or getattr(route, "router", None):
            yield from routes_in(nested.routes)
        else:
            raise AssertionError(f"what is {route!r}?")


def test_every_route_of_gradio_is_needed_or_closed(application):
    gradio = application.routes[-1].app._gradio
    found = list(routes_in(gradio.routes))
    assert len(found) > 60 and {path for path, _ in found} >= NEEDED
    assert {"/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/file={path_or_url:path}"} <= {
        path for path, _ in found
    }
    client = TestClient(application)
    for path, methods in found:
        address = re.sub(r"{(\w+)(:\w+)?}", lambda gap: GIVEN.get(gap[1], "x"), path)
        for method in methods | {"POST", "PUT", "DELETE", "OPTIONS"}:
            if path in NEEDED and method in {"GET", "HEAD"}:
                assert is_needed({"type": "http", "method": method, "path": address})
                continue
            refused = client.request(method, address)
            assert refused.status_code == 404, (method, address)
            assert method == "HEAD" or refused.json()["code"] == "no-address"
            assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/upload",
        "/gradio_api/file=/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/call/run",
        "/call/run",
        "/gradio_api/queue/join",
        "/queue/join",
        "/gradio_api/run/run",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/config",
        "/monitoring",
        "/assets/../config",
        "/assets/%2e%2e/config",
        "/assets/a/b",
        "/static/..%5c..%5cx",
        "/static/%00",
        "/theme.css/",
        "/خبر",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_outsiders_reach_nothing_of_gradio(application, path, method, monkeypatch):
    reached = Reached()
    monkeypatch.setattr(application.routes[-1].app, "_gradio", reached)
    refused = TestClient(application).request(method, path, files={"files": ("x", b"x")} if method == "POST" else None)
    assert (refused.status_code, reached.paths) == (404, []) or reached.paths == ["/config"] and path.startswith("/assets/..")


def test_what_the_page_loads_is_there(application):
    client = TestClient(application)
    document = client.get("/")
    assert document.status_code == 200 and "gradio" in document.text
    loaded = re.findall(r'(?:src|href)="\./((?:assets|static)/[^"?]+|theme\.css)', document.text)
    assert loaded and {client.get(f"/{name}").status_code for name in loaded} == {200}


def test_a_websocket_is_closed(application):
    with pytest.raises(Exception) as error, TestClient(application).websocket_connect("/queue/join"):
        pass
    assert getattr(error.value, "code", None) == 1008
