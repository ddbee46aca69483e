"""The login page and the guard before an application, as browsers and programs meet them."""

from __future__ import annotations

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from index.types import LANGUAGES
from rag.phrases import phrase
from rag.server.caller import caller_of
from rag.server.guard import Guard
from rag.server.keys import KeyFile
from rag.server.rates import Rates
from tests.ui.html_reader import ATTACK, Page
from tests.ui.login.cheap import cheap_line
from ui.login.attempts import Attempts
from ui.login.login import Login, Refusal
from ui.login.sessions import Sessions
from ui.login.users import UserFile, keep_line
from ui.page.guard import COOKIE, PagePeople
from ui.page.login import Form, add_login_page, login_page_html, refusal_in_words, safe_following
from ui.page.under_path import UnderPath

PASSWORD = "كلمة السر الأولى"
CONVERSATION = "c/abcdefghijklmnop"


@pytest.fixture
def login(tmp_path):
    keep_line(tmp_path / "users", cheap_line("سارة", PASSWORD))
    made = Login(UserFile(tmp_path / "users"), Sessions(tmp_path / "data"), Attempts())
    yield made
    made.close()


def guarded(login):
    application = FastAPI()
    add_login_page(application, login)

    @application.api_route("/{path:path}", methods=["GET", "POST"])
    def told(path: str, request: Request):
        return {"user": caller_of(request).name, "path": path}

    return Guard(application, KeyFile(Path("no keys")), PagePeople(login), Rates(0))


@pytest.fixture
def browser(login):
    with TestClient(guarded(login), follow_redirects=False, base_url="http://khabar.test") as client:
        yield client


def log_in(browser, following="", password=PASSWORD, name="سارة", language="en", **more):
    page = browser.get("login", params={"next": following, "language": language})
    secret = re.search(r'name="secret" value="([^"]+)"', page.text)[1]
    fields = {"name": name, "password": password, "next": following, "secret": secret, "language": language}
    return browser.post("login", data=fields | more)


def test_who_is_not_logged_in_sees_the_login_page_and_goes_on_where_he_was_going(browser):
    sent = browser.get(f"/{CONVERSATION}")
    assert (sent.status_code, sent.headers["location"]) == (303, "../login?next=c/abcdefghijklmnop")
    entered = log_in(browser, CONVERSATION)
    assert (entered.status_code, entered.headers["location"]) == (303, f"./{CONVERSATION}")
    assert browser.get(f"/{CONVERSATION}").json() == {"user": "user:سارة", "path": CONVERSATION}
    assert browser.get("/login").headers["location"] == "./"


@pytest.mark.parametrize(
    ("path", "location"), [("/", "./login"), ("/archive", "./login?next=archive"), ("/check", "./login?next=check")]
)
def test_each_place_of_the_page_is_led_from(browser, path, location):
    assert browser.get(path).headers["location"] == location


@pytest.mark.parametrize(
    "path",
    ["/page/conversations", "/config", "/gradio_api/info", "/assets/x.js", "/page/static", "/logins"],
)
def test_all_else_is_refused(browser, path):
    refused = browser.get(path, headers={"X-Khabar-Language": "fa"})
    assert refused.status_code == 401 and refused.json()["error"]["problem"] == phrase("login.ended", "fa")
    assert browser.post("/").status_code == browser.post("/page/ask").status_code == 401


@pytest.mark.parametrize("path", ["/api/ask", "/api/status", "/api/anything", "/openapi.json", "/page/../api"])
def test_a_program_is_refused_as_the_api_refuses(browser, path):
    for method in ("get", "post"):
        refused = getattr(browser, method)(path)
        assert refused.status_code == 401 and refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "who-asks" and "khabar keys create" in refused.json()["remedy"]
        assert refused.headers["www-authenticate"] == 'Bearer realm="khabar", Basic realm="khabar", charset="UTF-8"'


def test_a_program_sends_name_and_password(browser):
    assert browser.get("/api/status", auth=("سارة".encode(), PASSWORD.encode())).json()["user"] == "user:سارة"
    assert "wrong" in browser.get("/api/status", auth=("سارة".encode(), b"no")).json()["detail"]
    assert browser.get("/page/x", auth=("سارة".encode(), PASSWORD.encode())).status_code == 401, "the page wants a session"
    for _ in range(4):
        browser.get("/api/status", auth=("سارة".encode(), b"no"))
    refused = browser.get("/api/status", auth=("سارة".encode(), b"no"))
    assert refused.status_code == 429 and refused.headers["retry-after"] == "1"


def run(asking):
    """What a coroutine comes to, in a thread of its own: in this one the loop of the tests' browser may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def at_once(application, count, **asked):
    """What so many requests at once are answered with, all from one address."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(application, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://khabar.test") as client:
            return await asyncio.gather(*(client.request(**asked) for _ in range(count)))

    return run(ask())


def test_many_wrong_passwords_at_once_are_counted_before_they_are_checked(login):
    named = ("سارة".encode(), b"wrong")
    answers = at_once(guarded(login), 60, method="GET", url="/api/status", auth=named)
    assert sorted(answer.status_code for answer in answers) == [401] * 4 + [429] * 56
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers if answer.status_code == 429)
    fields = {"name": "بهرام", "password": "wrong", "secret": "s"}
    form = at_once(guarded(login), 60, method="POST", url="/login", data=fields, headers={"Cookie": "khabar_login=s"})
    # Six of the address's ten are left, and four of the name's.
    assert sorted(answer.status_code for answer in form) == [401] * 4 + [429] * 56


def test_whoever_waits_for_a_check_keeps_no_thread_from_others(login, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr("ui.login.login.is_right", lambda *_: go_on.wait(20) and False)

    async def ask() -> int:
        transport = httpx.ASGITransport(guarded(login), client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://khabar.test") as client:
            named = [client.get("/api/status", auth=(f"name {number}".encode(), b"wrong")) for number in range(60)]
            waiting = [asyncio.create_task(each) for each in named]
            await asyncio.sleep(0)
            served = (await client.get("/login")).status_code
            go_on.set()
            await asyncio.gather(*waiting)
            return served

    assert run(ask()) == 200


def test_the_cookie_is_for_this_server_alone(browser, login):
    kept = log_in(browser).headers.get_list("set-cookie")
    [session] = [cookie for cookie in kept if cookie.startswith(COOKIE)]
    assert "HttpOnly" in session and "SameSite=lax" in session and "Path=/" in session and "Secure" not in session
    with TestClient(guarded(login), follow_redirects=False, base_url="https://khabar.test") as client:
        assert all("Secure" in cookie for cookie in log_in(client).headers.get_list("set-cookie"))
    with TestClient(guarded(login), follow_redirects=False, headers={"X-Forwarded-Proto": "https"}) as client:
        assert "Secure" in client.get("login").headers["set-cookie"]


def test_log_out_ends_the_session_and_not_only_the_cookie(browser):
    log_in(browser)
    token = browser.cookies[COOKIE]
    out = browser.post("/logout")
    assert out.headers["location"] == "./login" and COOKIE not in browser.cookies
    assert browser.get("/api/status", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "'; DROP TABLE session; --"])
def test_a_cookie_that_nobody_gave_is_no_session(browser, token):
    assert browser.get("/api/status", headers={"Cookie": f'{COOKIE}="{token}"'}).status_code == 401


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_is_told_in_the_language_of_the_page_and_the_name_stays(browser, language):
    refused = log_in(browser, "archive", "wrong", language=language)
    page = Page(refused.text)
    assert refused.status_code == 401 and phrase("login.wrong", language) in page.text and page.having(role="alert")
    assert page.having(name="name")[0][1]["value"] == "سارة" and page.having(name="next")[0][1]["value"] == "archive"
    assert page.having(name="password")[0][1].get("value") is None and "wrong" not in str(refused.headers)


def test_after_too_many_the_wait_is_told(browser):
    statuses = [log_in(browser, password="wrong").status_code for _ in range(5)]
    assert statuses == [401] * 4 + [429]
    assert refusal_in_words(Refusal(1), "ar").endswith("ثانية واحدة.") and "۶۰ ثانیه" not in refusal_in_words(Refusal(60), "fa")
    waits = [refusal_in_words(Refusal(wait), "en").split(" in ")[1] for wait in (32, 60, 61)]
    assert waits == ["32 seconds.", "1 minute.", "2 minutes."]


def test_a_form_of_another_site_logs_nobody_in(browser, login):
    fields = {"name": "سارة", "password": PASSWORD, "secret": "theirs", "next": ""}
    refused = browser.post("/login", data=fields)
    assert refused.status_code == 400 and COOKIE not in browser.cookies
    # So is one of a browser without cookies, and told what to do.
    assert phrase("login.cookies", "en") in Page(refused.text).text
    log_in(browser, secret="theirs")
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "following",
    [
        "//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "c/../../evil", "c/short",
        "archive?x=//evil.test", "archive\r\nSet-Cookie: a=b", "archive#x", "login", "logout", "page/export", "%2F%2Fevil.test",
        "x" * 5000, "article/" + ATTACK,
    ],
)  # fmt: skip
def test_an_address_elsewhere_is_not_gone_to(browser, following):
    assert safe_following(following) == ""
    assert log_in(browser, following).headers["location"] == "./"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * 30_000, b"name=%FF&password=%00", b"&".join([b"a=b"] * 100), b""])
def test_a_form_that_is_none_is_refused(browser, content):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/login", content=content, headers=kind).status_code == 400


def test_a_broken_file_of_users_lets_nobody_in_and_says_so_to_users(browser, tmp_path):
    log_in(browser)
    (tmp_path / "users").chmod(0o644)
    assert browser.get("/api/status").status_code == browser.get("/").status_code == 503
    assert "users" not in browser.get("/api/status").text and browser.get("/login").status_code == 200
    broken = log_in(browser)
    assert broken.status_code == 503 and phrase("login.broken", "en") in Page(broken.text).text and "users" not in broken.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_one_language_and_nothing_typed_becomes_markup(language):
    content = login_page_html(language, Form("archive", ATTACK, ATTACK), ATTACK)
    page = Page(content)
    assert {"script", "img", "iframe"}.isdisjoint({tag for tag, _ in page.tags}) and ATTACK in page.text
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert page.having(lang=language, dir="ltr" if language == "en" else "rtl")
    assert [found["href"] for tag, found in page.tags if tag == "a"] == [
        f"login?language={each}&next=archive" for each in LANGUAGES
    ]
    assert phrase("login.enter", language) in page.text and len([1 for _, found in page.tags if "autofocus" in found]) == 1


@pytest.mark.parametrize("strips", [True, False])
def test_under_a_path_the_cookie_is_kept_there(login, strips):
    application = UnderPath(guarded(login), "/khabar")
    base = "http://proxy.test" if strips else "http://proxy.test/khabar"
    with TestClient(application, base_url=base, follow_redirects=False) as client:
        assert client.get(f"{base}/archive").headers["location"] == "./login?next=archive"
        page = client.get(f"{base}/login")
        assert "Path=/khabar" in page.headers["set-cookie"]
    with TestClient(application, follow_redirects=False) as client:
        assert client.get("/khabar").headers["location"] == "/khabar/"


def test_a_request_says_who_asks(login):
    application = guarded(login)
    with TestClient(application, follow_redirects=False) as client:
        log_in(client)
        assert client.get("/page/anything", headers={"khabar.caller": "somebody"}).json()["user"] == "user:سارة"
