"""The page under a path of another server, and behind a login, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from playwright.sync_api import expect

from rag.api.application import create_api
from rag.phrases import phrase
from rag.server.entrance import behind_entrance
from rag.server.keys import KeyFile
from tests.ui.login.cheap import cheap_line
from tests.ui.page.proxy import proxy
from tests.ui.page.served import ARABIC, Visit, opened, serving, watched
from ui.login.attempts import Attempts
from ui.login.login import Login
from ui.login.sessions import Sessions
from ui.login.users import UserFile, keep_line
from ui.page.app import mount_page
from ui.page.guard import COOKIE, PagePeople
from ui.page.login import add_login_page
from ui.page.under_path import UnderPath

pytestmark = pytest.mark.browser

ROOT = "/khabar"


@pytest.mark.parametrize(("strips", "tells"), [(False, True), (True, False)])
def test_all_of_the_page_works_under_a_path(browser, application, strips, tells):
    with serving(UnderPath(application, ROOT)) as inside, serving(proxy(inside, ROOT, strips, tells)) as outside:
        address = f"{outside}khabar/"
        context = browser.new_context(locale="ar")
        page = context.new_page()
        visit = Visit(page, watched(page, address))
        opened(page, address.rstrip("/"))
        assert page.url == address, "the slash is put there"
        visit.complaints.remove(address.rstrip("/"))
        visit.ask(ARABIC)
        expect(page.locator(".turn blockquote").first).to_be_visible()
        conversation = page.url
        assert conversation.startswith(f"{address}c/")
        # The address of the conversation, its files and its fonts, once more from the outside.
        page.reload()
        page.locator("html[data-ready]").wait_for()
        expect(page.locator(".turn")).to_have_count(1)
        page.go_back()
        expect(page.locator(".welcome")).to_be_visible()
        page.go_forward()
        expect(page.locator(".turn")).to_have_count(1)
        assert page.url == conversation
        whole = page.locator("a[href^='article/']").first.get_attribute("href")
        assert page.request.get(f"{address}{whole}").ok
        # Its cookie goes to no other site of that server.
        assert {cookie["path"] for cookie in context.cookies()} == {ROOT}
        api = httpx.post(f"{address}api/ask", json={"question": ARABIC}, timeout=60)
        assert api.status_code == 200 and api.json()["citations"]
        assert httpx.get(f"{address}api/articles/none").json()["remedy"]
        context.close()
        assert not visit.complaints


@pytest.fixture
def login(tmp_path) -> Iterator[Login]:
    for name in ("سارة", "بهرام"):
        keep_line(tmp_path / "users", cheap_line(name, "password of the desk"))
    made = Login(UserFile(tmp_path / "users"), Sessions(tmp_path / "data"), Attempts())
    yield made
    made.close()


def log_in(page, name="سارة", password="password of the desk"):
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")


def test_the_page_behind_a_login(browser, desk, login):
    settings = desk.settings.model_copy(update={"login": "users"})
    application = create_api(desk)
    add_login_page(application, login)
    mount_page(application, replace(desk, settings=settings))
    entered = behind_entrance(application, settings, KeyFile(settings.data), PagePeople(login))
    with serving(UnderPath(entered, ROOT)) as inside:
        address = f"{inside}{ROOT.strip('/')}/"
        context = browser.new_context(locale="fa-IR")
        page = context.new_page()
        visit = Visit(page, watched(page, address))
        page.goto(f"{address}archive")
        expect(page.locator("h1")).to_have_text(phrase("login.title", "fa"))
        log_in(page, password="wrong")
        expect(page.get_by_role("alert")).to_have_text(phrase("login.wrong", "fa"))
        visit.complaints.clear()
        log_in(page)
        page.wait_for_url(f"{address}archive")
        opened(page, address)
        visit.ask(ARABIC)
        conversation = page.url
        # Another user does not see it, the same one in another browser does.
        for name, turns in (("بهرام", 0), ("سارة", 1)):
            other = browser.new_context(locale="ar").new_page()
            other.goto(conversation)
            log_in(other, name)
            other.locator("html[data-ready]").wait_for()
            expect(other.locator(".turn")).to_have_count(turns)
            other.context.close()
        # The session ends elsewhere: what was typed stays, and the way back is offered.
        login.end(next(cookie["value"] for cookie in context.cookies() if cookie["name"] == COOKIE))
        page.locator("#box").fill("لم يُرسل بعد")
        page.locator("#box").press("Enter")
        expect(page.locator(".toast")).to_contain_text(phrase("page_login.ended", "fa"))
        page.locator(".toast button").click()
        log_in(page)
        page.wait_for_url(conversation)
        page.locator("html[data-ready]").wait_for()
        page.locator("#settings-button").click()
        page.locator("#settings form[action=logout] button").click()
        expect(page.locator("h1")).to_have_text(phrase("login.title", "fa"))
        assert page.goto(conversation).url.startswith(f"{address}login")
        context.close()
