"""The guard before all doors: who comes in, with what rights, and what everybody else is told."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from index.types import KhabarError
from rag.server.caller import Caller, caller_of
from rag.server.guard import Guard
from rag.server.keys import KeyFile
from rag.server.rates import Rates
from rag.server.refusal import Refusal

PROGRAMS = ["/api/ask", "/api/v1/articles", "/openapi.json", "/v1/models", "/mcp", "/mcp/", "/metrics"]
PAGES = ["/", "/page/conversations", "/archive", "/config", "/apiary", "/v10", "/metrics/x"]
HERE, ELSEWHERE = ("127.0.0.1", 5000), ("192.0.2.7", 5000)


class Staged:
    """People of whom one has the session "sara"."""

    def __init__(self, log_in=False):
        self.log_in = log_in
        self.is_broken = False

    def at_session(self, request):
        if self.is_broken:
            raise KhabarError("'/secret/users' cannot be read", "chmod")
        return Caller("user:سارة", frozenset({"read", "write"})) if request.cookies.get("session") == "sara" else None

    async def by_password(self, request):
        given = request.headers.get("authorization")
        if self.log_in and given == "Basic wrong":
            return Refusal(401, "wrong-password", "wrong", "")
        return Caller("user:سارة", frozenset({"read", "write"})) if self.log_in and given == "Basic right" else None

    def is_open(self, path):
        return path == "/login"

    def to_login(self, request):
        return None

    def page_response(self, request, refusal):
        return PlainTextResponse(refusal.code, refusal.status)


@pytest.fixture
def keys(tmp_path):
    return KeyFile(tmp_path)


def client(keys, people=None, address=HERE, rate=0):
    async def told(request: Request):
        caller = caller_of(request)
        return JSONResponse({"name": caller.name, "scopes": sorted(caller.scopes), "address": caller.address})

    application = Starlette(routes=[Route("/{path:path}", told, methods=["GET", "POST"])])
    guarded = Guard(application, keys, people or Staged(), Rates(rate))
    return TestClient(guarded, client=address, base_url="http://127.0.0.1:7860")


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("path", PROGRAMS + PAGES)
def test_without_key_and_login_this_machine_alone_comes_in(keys, path):
    assert client(keys).get(path).json() == {"name": "local", "scopes": ["admin", "read", "write"], "address": "127.0.0.1"}
    assert client(keys).get(path, headers=bearer("sk-anything")).json()["name"] == "local", "OpenAI's clients always send one"
    assert client(keys, address=("::ffff:127.0.0.1", 1)).get(path).status_code == 200
    for address in (ELSEWHERE, ("2001:db8::1", 1), ("", 1), ("testclient", 1)):
        assert client(keys, address=address).get(path).status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_is_not_of_this_machine(keys, header):
    for path in ("/api/ask", "/"):
        assert client(keys).get(path, headers={header: "for=127.0.0.1"}).status_code == 401


@pytest.mark.parametrize("path", PROGRAMS)
@pytest.mark.parametrize("address", [HERE, ELSEWHERE])
def test_once_there_is_a_key_programs_need_one(keys, path, address):
    whole = keys.create("مكتب الأخبار", ["read"])
    name = f"key:{whole.split('_')[1]}"
    ours = client(keys, address=address)
    for headers in (bearer(whole), {"X-Api-Key": whole}, {"authorization": f"bearer   {whole}"}):
        assert ours.get(path, headers=headers).json() == {"name": name, "scopes": ["read"], "address": address[0]}
    refused = ours.get(path)
    assert refused.status_code == 401 and refused.headers["www-authenticate"] == 'Bearer realm="khabar"'
    keys.revoke("مكتب الأخبار")
    assert ours.get(path, headers=bearer(whole)).status_code == 401 == ours.get(path).status_code, "what is closed stays so"


def test_the_page_stays_this_machines_where_there_are_only_keys(keys):
    whole = keys.create("a", ["read"])
    for path in PAGES:
        assert client(keys).get(path).json()["name"] == "local"
        assert client(keys, address=ELSEWHERE).get(path, headers=bearer(whole)).text == "login-off"


def test_every_wrong_key_is_refused_in_the_same_words(keys, tmp_path):
    keys.create("a", ["read"])
    revoked, expired = keys.create("b", ["read"]), keys.create("c", ["read"], days=-1)
    keys.revoke("b")
    foreign = KeyFile(tmp_path / "other").create("a", ["admin"])
    for path in ("/api/ask", "/v1/models"):
        ours = client(keys)
        wrong = [
            revoked,
            expired,
            foreign,
            revoked[:-1],
            "khabar_",
            "sk-123",
            "",
            "\u00e9" * 9,
            "a b c",
            "x" * 5000,
            "' OR 1=1 --",
        ]
        answers = [ours.get(path, headers={"Authorization": f"Bearer {key}".encode("latin-1")}) for key in wrong]
        assert {answer.status_code for answer in answers} == {401}
        assert len({(answer.text, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert answers[0].json()["error"]["code"] == "invalid_api_key"


def test_a_key_in_an_address_is_refused_with_a_hint(keys):
    whole = keys.create("a", ["read"])
    for query in (f"key={whole}", f"api_key={whole.replace('_', '%5F')}", whole[:30]):
        refused = client(keys).get(f"/api/status?{query}", headers=bearer(whole))
        assert refused.status_code == 400 and refused.json()["code"] == "key-in-address" and whole not in refused.text
    assert client(keys).get("/api/status?q=khabar_خبر", headers=bearer(whole)).status_code == 200


def test_with_a_login_sessions_and_passwords_come_in(keys):
    ours = client(keys, Staged(log_in=True))
    session = {"Cookie": "session=sara"}
    for path in PROGRAMS + PAGES:
        assert ours.get(path, headers=session).json()["name"] == "user:سارة"
        assert ours.get(path, headers=session).json()["scopes"] == ["read", "write"], "admin is a key's"
    assert ours.get("/api/ask", headers={"Authorization": "Basic right"}).json()["name"] == "user:سارة"
    assert ours.get("/page/x", headers={"Authorization": "Basic right"}).text == "login-needed"
    assert ours.get("/api/ask").status_code == ours.get("/").status_code == 401, "at this machine too"
    assert (
        "Basic" in ours.get("/api/ask").headers["www-authenticate"] and "curl --user" in ours.get("/api/ask").json()["remedy"]
    )
    assert ours.get("/api/ask", headers={"Authorization": "Basic wrong"}).json()["code"] == "wrong-password"
    assert ours.get("/login").json() == {"name": "nobody", "scopes": [], "address": "127.0.0.1"}


def test_a_wrong_key_is_refused_beside_a_right_session(keys):
    for made in (False, True):
        if made:
            keys.create("a", ["read"])
        headers = {"Cookie": "session=sara", **bearer("khabar_00000000_" + "0" * 64)}
        assert client(keys, Staged(log_in=True)).get("/api/ask", headers=headers).json()["code"] == "wrong-key"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_the_server_lives_is_told_to_everybody_and_nobody_is_counted(keys, path):
    whole = keys.create("a", ["read"])
    assert client(keys, address=ELSEWHERE).get(path, headers=bearer(whole)).json()["scopes"] == ["read"]
    ours = client(keys, address=ELSEWHERE, rate=1)
    for _ in range(3):
        answer = ours.get(path)
        assert answer.json()["name"] == "nobody" and answer.json()["scopes"] == [] and "ratelimit" not in answer.headers
    assert ours.get(path, headers=bearer("wrong")).json()["name"] == "nobody"


def test_a_broken_file_lets_nobody_in_and_its_path_is_not_told(keys, tmp_path, caplog):
    whole = keys.create("a", ["read"])
    (tmp_path / "keys").write_text("{")
    refused = client(keys).get("/api/ask", headers=bearer(whole))
    assert refused.status_code == 503 and str(tmp_path) not in refused.text and str(tmp_path) in caplog.text
    people = Staged(log_in=True)
    people.is_broken = True
    ours = client(KeyFile(tmp_path / "none"), people)
    assert ours.get("/").status_code == ours.get("/api/ask").status_code == 503 and ours.get("/login").status_code == 200
    assert "secret" not in ours.get("/").text + ours.get("/api/ask").text


def test_a_key_has_a_rate_wherever_it_comes_from(keys):
    one, two = keys.create("a", ["read"]), keys.create("b", ["read"])
    ours = client(keys, rate=2)
    assert [ours.get("/api/ask", headers=bearer(one)).status_code for _ in range(3)] == [200, 200, 429]
    refused = ours.get("/api/ask", headers=bearer(one))
    assert refused.json()["code"] == "too-many-requests" and int(refused.headers["retry-after"]) <= 30
    answer = ours.get("/v1/models", headers=bearer(two))
    assert answer.headers["ratelimit-policy"] == '"minute";q=2;w=60' and answer.headers["ratelimit"].startswith(
        '"minute";r=1;t='
    )
    assert ours.get("/v1/models", headers=bearer(one)).json()["error"]["code"] == "rate_limit_exceeded"


def test_an_address_without_a_key_has_a_rate_and_this_machine_has_none(keys):
    people = Staged(log_in=True)
    ours = client(keys, people, ELSEWHERE, rate=2)
    assert [ours.get("/api/ask").status_code for _ in range(3)] == [401, 401, 429]
    assert ours.get("/page/x").text == "too-many-requests" and ours.get("/page/static/v/page.css").status_code == 401
    assert client(keys, rate=1).get("/api/ask").headers.get("ratelimit") is None
    assert [client(keys, rate=1).get("/").status_code for _ in range(3)] == [200] * 3
    session = {"Cookie": "session=sara"}
    ours = client(keys, people, rate=2)
    assert [ours.get("/page/x", headers=session).status_code for _ in range(3)] == [200, 200, 429], "a user is counted by name"


@pytest.mark.parametrize("path", ["/page/archive/upload?name=خبر.txt", "/page/archive/work?after=3", "/page/archive/check"])
def test_a_user_puts_in_a_folder_of_any_number_of_files(keys, path):
    ours = client(keys, Staged(log_in=True), ELSEWHERE, rate=2)
    session = {"Cookie": "session=sara"}
    assert {ours.get(path, headers=session).status_code for _ in range(5)} == {200}
    assert [ours.get("/page/x", headers=session).status_code for _ in range(3)] == [200, 200, 429]
    assert [ours.get(path).status_code for _ in range(3)] == [401, 401, 429], "nobody without a session does"


def test_addresses_of_one_network_are_one_caller(keys):
    keys.create("a", ["read"])

    class FromAddresses:
        def __init__(self, app):
            self.app, self.number = app, 0

        async def __call__(self, scope, receive, send):
            self.number += 1
            await self.app({**scope, "client": (f"2001:db8::{self.number:x}", 1)}, receive, send)

    ours = TestClient(FromAddresses(client(keys, rate=2).app))
    assert [ours.get("/api/ask").status_code for _ in range(4)] == [401, 401, 429, 429]


def test_a_websocket_is_closed(keys):
    with pytest.raises(Exception) as error, client(keys).websocket_connect("/queue/join"):
        pass
    assert getattr(error.value, "code", None) == 1008
