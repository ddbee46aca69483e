"""Which names a server answers to, and which other sites' pages may ask it."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.server.hosts import HostCheck, hosts_of
from rag.server.refusal import program_response

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]


class Told:
    """Says a refusal of the page by its code."""

    def page_response(self, request, refusal):
        return PlainTextResponse(refusal.code, refusal.status)


def client(hosts="", origins="", bound="127.0.0.1", base="http://127.0.0.1:7860"):
    async def reached(request: Request):
        return PlainTextResponse("reached")

    application = Starlette(routes=[Route("/{path:path}", reached, methods=METHODS)])
    return TestClient(HostCheck(application, hosts_of(hosts, origins, bound), Told()), base_url=base)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:7860",
        "localhost",
        "LOCALHOST:1",
        "news.localhost:7860",
        "localhost.",
        "[::1]",
        "[::1]:7860",
        "10.1.2.3",
        "[fe80::1]:80",
        "news.example.org",
        "NEWS.example.org:443",
        "xn--ngblk.example:8443",
        "desk",
        "desk:7860",
    ],
)
def test_a_name_of_ours_is_served(host):
    ours = client("news.example.org, خبر.example:8443", "https://خبر.example", bound="desk")
    assert ours.get("/", headers={"Host": host}).text == "reached"
    assert ours.post("/api/ask", headers={"Origin": "https://xn--ngblk.example"}).text == "reached"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "evil.example:7860",
        "",
        " ",
        "127.0.0.1/",
        "a@127.0.0.1",
        "127.0.0.1:7860:1",
        "127.0.0.1:99999999",
        "[::1",
        "::1]",
        "[evil]",
        "news.example.org.evil.example",
        "0x7f000001",
        "127.1",
        "localhost\t",
        "localhost,evil.example",
        "x" * 5000,
    ],
)
def test_another_name_gets_nothing(host):
    ours = client("news.example.org")
    for path, door in (
        ("/", "page"),
        ("/page/conversations", "page"),
        ("/api/ask", "api"),
        ("/v1/models", "openai"),
        ("/healthz", "health"),
    ):
        for method in ("GET", "POST", "OPTIONS"):
            refused = ours.request(method, path, headers={"Host": host})
            assert refused.status_code == 421 and "reached" not in refused.text
            if door == "page":
                assert refused.text == "unknown-host"
            elif door == "openai":
                assert refused.json()["error"]["code"] == "unknown_host"
            else:
                assert refused.json()["code"] == "unknown-host" and "--hosts" in refused.json()["remedy"]
            assert "access-control-allow-origin" not in refused.headers


def test_two_names_and_none_are_no_name():
    ours = client()
    assert ours.get("/", headers=[("Host", "127.0.0.1"), ("Host", "evil.example")]).status_code == 400


OWN = "http://127.0.0.1:7860"


@pytest.mark.parametrize("origin", [OWN, "https://127.0.0.1:7860", "HTTP://127.0.0.1:7860"])
@pytest.mark.parametrize("path", ["/page/conversations", "/api/ask"])
def test_our_own_page_asks(origin, path):
    assert client().post(path, headers={"Origin": origin}).text == "reached"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:3000",
        "http://localhost:7860",
        "file://",
        "",
        "127.0.0.1:7860",
        "http://127.0.0.1:7860.evil.example",
        "http://evil.example#http://127.0.0.1:7860",
        "ftp://127.0.0.1:7860",
        "http://127.0.0.1:7860/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_page_of_another_origin_is_refused(origin, method):
    for path in ("/page/conversations", "/api/ask", "/mcp", "/gradio_api/upload"):
        refused = client().request(method, path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert refused.status_code == 403 and "reached" not in refused.text
        assert "access-control-allow-origin" not in refused.headers


def test_what_a_browser_says_of_its_own_is_believed():
    ours = client()
    assert ours.post("/page/x", headers={"Origin": "https://proxy.example", "Sec-Fetch-Site": "same-origin"}).text == "reached"
    assert ours.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).text == "reached"
    for site in ("cross-site", "same-site"):
        assert ours.get("/api/status", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status_code == 403
        assert ours.post("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}).status_code == 403
    assert ours.get("/api/status", headers={"Sec-Fetch-Site": "none"}).text == "reached"


def test_the_forms_of_a_page_that_tells_nobody_where_it_is():
    ours = client()
    assert ours.post("/login", headers={"Origin": "null"}).text == "reached"
    assert ours.post("/login", headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert ours.post("/page/ask", headers={"Origin": "null"}).status_code == 403


def test_behind_a_proxy_the_named_authority_is_our_own():
    ours = client("news.example.org:8443")
    headers = {"Host": "news.example.org", "Origin": "https://news.example.org:8443"}
    assert ours.post("/page/ask", headers=headers).text == "reached"
    assert ours.post("/page/ask", headers=headers | {"Origin": "https://news.example.org:9000"}).status_code == 403


@pytest.mark.parametrize(("named", "origin"), [("خبر.example:443", "https://"), ("خبر.example:80", "http://")])
def test_the_port_that_a_browser_leaves_out_may_be_named(named, origin):
    origin += "xn--ngblk.example"
    behind = client(named, base="http://127.0.0.1:7860").post("/page/ask", headers={"Origin": origin})
    allowed = client(origins=f"{origin.partition(':')[0]}://{named}").post("/api/ask", headers={"Origin": origin})
    assert behind.text == allowed.text == "reached"
    assert allowed.headers["access-control-allow-origin"] == origin


def test_an_origin_that_is_allowed_asks_the_api_and_not_the_page():
    ours = client(origins="https://desk.example.org, http://localhost:3000")
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for origin in ("https://desk.example.org", "http://localhost:3000"):
        for path in ("/api/ask", "/v1/chat/completions", "/mcp"):
            before = ours.options(path, headers={"Origin": origin, **asked})
            assert before.status_code == 200 and before.headers["access-control-allow-origin"] == origin
            assert "authorization" in before.headers["access-control-allow-headers"]
            assert "access-control-allow-credentials" not in before.headers
            got = ours.post(path, headers={"Origin": origin})
            assert got.text == "reached" and "Retry-After" in got.headers["access-control-expose-headers"]
        assert ours.post("/page/ask", headers={"Origin": origin}).status_code == 403
    assert ours.options("/api/ask", headers={"Origin": "https://evil.example", **asked}).status_code == 403
    assert "access-control-allow-origin" not in ours.get("/api/ask").headers


def test_a_refusal_of_openais_door_has_its_form():
    from rag.server.refusal import Refusal

    told = program_response(Refusal(401, "wrong-key", "الف", "ب"), "openai")
    assert set(told.headers) >= {"cache-control"} and b'"invalid_api_key"' in told.body
