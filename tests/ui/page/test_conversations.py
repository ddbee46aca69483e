"""Conversations that stay, and a box that is never busy: in Chromium, through the real server."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rag.api.application import create_api
from rag.desk import open_desk
from rag.phrases import phrase, say
from tests.serving import free_port
from tests.ui.page.served import ARABIC, ENGLISH, PATIENCE, PERSIAN, UNTOLD, Visit, opened, serving
from ui.page.app import mount_page

pytestmark = pytest.mark.browser


def listed(visit):
    return visit.page.locator("#conversations li a")


def act(visit, title, action):
    """Open the menu of a conversation and choose from it."""
    item = visit.page.locator("#conversations li").filter(has_text=title)
    item.hover()
    item.locator("[data-more]").click()
    visit.page.get_by_role("menuitem", name=action, exact=True).click()


# Addresses


def test_a_conversation_has_an_address_that_reload_back_and_a_bookmark_understand(visits, address):
    visit = visits()
    page = visit.page
    for question in (ARABIC, PERSIAN):
        visit.ask(question)
    first = page.url
    assert re.fullmatch(f"{address}c/[A-Za-z0-9_-]{{22}}", first)
    page.reload()
    expect(page.locator(".question h2")).to_have_text([ARABIC, PERSIAN])
    expect(page.locator(".turn").first.locator(".quote").first).to_be_visible()
    page.locator("#new").click()
    expect(page.locator(".turn")).to_have_count(0)
    assert page.url == address
    visit.ask(ENGLISH)
    second = page.url
    page.go_back()
    page.go_back()
    expect(page.locator(".question h2")).to_have_text([ARABIC, PERSIAN])
    assert page.url == first
    page.go_forward()
    page.go_forward()
    expect(page.locator(".question h2")).to_have_text([ENGLISH])
    assert page.url == second
    bookmark = visits(first.removeprefix(address), within=page.context)
    expect(bookmark.page.locator(".question h2")).to_have_text([ARABIC, PERSIAN])


@pytest.mark.parametrize(("locale", "language"), [("ar", "ar")])
def test_a_stolen_address_shows_nothing(visits, locale, language):
    owner, thief = visits(), visits(locale=locale)
    owner.ask(ARABIC)
    thief.page.goto(owner.page.url)
    expect(thief.page.get_by_role("alert")).to_have_text(phrase("page_shell.gone", language))
    expect(thief.page.locator(".welcome")).to_be_visible()
    assert thief.page.locator(".turn, #conversations li").count() == 0
    found = [complaint for complaint in thief.complaints if "404" in complaint]
    assert found and thief.page.url != owner.page.url
    thief.complaints.clear()


def test_two_tabs_are_two_conversations(visits, answerer):
    one = visits()
    other = visits(within=one.page.context)
    one.ask(ARABIC)
    other.ask(PERSIAN)
    one.ask("ومن استقبله؟")
    assert answerer.asked[-1] == ("ومن استقبله؟", [ARABIC])
    expect(one.page.locator(".turn")).to_have_count(2)
    expect(other.page.locator(".turn")).to_have_count(1)
    expect(listed(one)).to_have_count(2)


# The list


def test_the_list_is_searched_and_its_conversations_renamed_pinned_deleted_and_brought_back(visits):
    visit = visits()
    page = visit.page
    for question in (ARABIC, PERSIAN, ENGLISH):
        visit.ask(question)
        page.locator("#new").click()
    expect(listed(visit)).to_have_text([ENGLISH, PERSIAN, ARABIC])
    page.locator("#side-find").fill("آلاسكا")
    expect(listed(visit)).to_have_text([PERSIAN])
    page.locator("#side-find").fill("لا شيء كهذا")
    expect(page.locator("#side-empty")).to_have_text(phrase("page_side.none_found", "en"))
    page.locator("#side-find").fill("")
    act(visit, ARABIC, phrase("page_side.pin", "en"))
    expect(listed(visit)).to_have_text([ARABIC, ENGLISH, PERSIAN])
    act(visit, PERSIAN, phrase("page_side.rename", "en"))
    page.keyboard.type("آلاسکا، برای فردا")
    page.keyboard.press("Enter")
    expect(listed(visit)).to_have_text([ARABIC, ENGLISH, "آلاسکا، برای فردا"])
    act(visit, ENGLISH, phrase("page_side.delete", "en"))
    expect(listed(visit)).to_have_count(2)
    page.get_by_role("button", name=phrase("page_side.undo", "en")).click()
    expect(listed(visit)).to_have_count(3)
    expect(page.locator(".question h2")).to_have_text([ENGLISH])
    page.reload()
    expect(listed(visit)).to_have_text([ARABIC, ENGLISH, "آلاسکا، برای فردا"])


def test_the_menu_of_a_conversation_by_keyboard(visits):
    visit = visits()
    visit.ask(ARABIC)
    door = visit.page.locator("#conversations [data-more]")
    assert ARABIC in door.get_attribute("aria-label")
    door.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".menu button").first).to_be_focused()
    visit.page.keyboard.press("ArrowDown")
    expect(visit.page.locator(".menu button").nth(1)).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".menu")).to_have_count(0)
    expect(door).to_be_focused()


def test_the_list_opens_over_a_phone_and_closes_again(visits):
    visit = visits(viewport={"width": 390, "height": 844}, locale="fa-IR")
    visit.ask(PERSIAN)
    side, button = visit.page.locator("#side"), visit.page.locator("#side-button")
    expect(side).to_be_hidden()
    visit.page.evaluate("scrollTo(0, 0)")
    button.click()
    expect(side).to_be_visible()
    box = side.bounding_box()
    assert box["x"] > 0 and round(box["x"] + box["width"]) == 390, "on the side where Persian begins"
    visit.page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(button).to_be_focused()


# What is kept


def test_a_draft_and_a_filter_stay_with_their_conversation(visits):
    visit = visits()
    page = visit.page
    visit.ask(ARABIC)
    with page.expect_request(lambda request: request.method == "PATCH" and "نیمه" in (request.post_data or "")):
        visit.choose(languages=["ar"], since="1404/07/01")
        page.locator("#box").fill("نیمه‌کاره")
    page.reload()
    expect(page.locator("#box")).to_have_value("نیمه‌کاره")
    expect(page.locator(".sign")).to_contain_text("in Arabic")
    page.locator("#new").click()
    expect(page.locator("#box")).to_have_value("")
    page.locator("#box").fill("a beginning")
    listed(visit).click()
    expect(page.locator("#box")).to_have_value("نیمه‌کاره")
    page.locator("#new").click()
    expect(page.locator("#box")).to_have_value("a beginning")


@pytest.mark.parametrize(("locale", "language"), [("fa-IR", "fa")])
def test_after_a_restart_the_page_goes_on_and_the_unfinished_answer_is_taken_up(
    browser, archive, answerer, settings, tmp_path, locale, language
):
    answerer.go_on.clear()
    port = free_port()
    own = replace(archive, answerer=answerer, catalog=archive.catalog)
    context = browser.new_context(locale=locale)
    page = context.new_page()
    visit = Visit(page, [])
    for start in (1, 2):
        desk = open_desk(own, settings)
        with serving(mount_page(create_api(desk), desk), port) as address:
            if start == 1:
                opened(page, address)
                visit.ask(ARABIC)
                visit.send("Slowly, please")
                expect(page.locator(".sentences")).to_be_visible()
                page.locator("#box").fill("نیمه‌کاره")
            else:
                expect(page.locator(".toast")).to_have_count(0)
                answerer.go_on.set()
                expect(page.locator(".turn[data-state=over]")).to_have_count(2)
                expect(page.locator(".sentences")).to_have_text("One.\u00a0[1] Two.\u00a0[1]")
                expect(page.locator("#box")).to_have_value("نیمه‌کاره")
        desk.close()
        if start == 1:
            expect(page.locator(".toast")).to_have_text(phrase("page_shell.reconnecting", language))
            page.locator("#box").press("Home")
    context.close()


def test_a_closed_browser_loses_no_answer(visits, answerer):
    answerer.go_on.clear()
    visit = visits()
    visit.send("Slowly, please")
    expect(visit.page.locator(".sentences")).to_be_visible()
    place = visit.page.url
    other = visits(within=visit.page.context)
    visit.page.close()
    answerer.go_on.set()
    other.page.goto(place)
    expect(other.page.locator(".sentences")).to_have_text("One.\u00a0[1] Two.\u00a0[1]")


def test_without_cookies_a_conversation_lasts_as_long_as_its_page(browser, address):
    context = browser.new_context(locale="ar")
    page = context.new_page()

    def without_cookie(route):
        reply = route.fetch()
        context.clear_cookies()  # the fetch itself keeps what it gets
        route.fulfill(response=reply, headers={key: value for key, value in reply.headers.items() if key != "set-cookie"})

    page.route(address, without_cookie)
    opened(page, address)
    assert context.cookies() == []
    expect(page.locator(".toast")).to_have_text(phrase("page_shell.no_cookies", "ar"))
    Visit(page, []).ask(ARABIC)
    Visit(page, []).ask("ومن استقبله؟")
    expect(page.locator("#conversations li")).to_have_count(1)
    context.close()


def test_the_cookie_is_read_by_no_script_and_sent_to_no_other_site(visits, address):
    visit = visits()
    (cookie,) = visit.page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["expires"] > 0
    assert visit.page.evaluate("document.cookie") == ""


def test_what_another_site_could_send_changes_nothing(visits, address):
    visit = visits()
    visit.ask(ARABIC)
    place = f"{address}page/conversations/{visit.page.url.rsplit('/', 1)[1]}"
    reply = visit.page.context.request.delete(place)
    assert reply.status == 403 and "X-Khabar" in reply.json()["error"]["problem"]
    visit.page.reload()
    expect(visit.page.locator(".turn")).to_have_count(1)


# Only what changed


def test_with_the_tenth_turn_no_more_is_sent_and_drawn_than_with_the_first(visits):
    visit = visits()
    asked, requests = [], []
    visit.page.on("request", lambda request: requests.append(request.url))
    # Nobody touches what is shown already.
    visit.page.evaluate(
        "new MutationObserver(all => { for (const one of all) { const turn = one.target.closest?.('.turn');"
        " if (turn && turn !== turn.parentElement.lastElementChild) window.touched = turn.id; } })"
        ".observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true })"
    )
    for _ in range(10):
        visit.ask("staged untold fa")
        asked += [url for url in requests if url.endswith("/events")][len(asked) :]
    assert visit.page.evaluate("window.touched") is None
    assert len(asked) == 10
    first, last = (
        visit.page.evaluate("async url => (await (await fetch(url)).text()).length", asked[place]) for place in (0, 9)
    )
    assert abs(last - first) < first / 10


def test_what_a_reader_opened_or_chose_stays_while_an_answer_grows(visits, answerer):
    answerer.go_on.clear()
    visit = visits()
    page = visit.page
    visit.send("Growing several fa")
    page.locator(".source summary").first.click()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.quote blockquote'))")
    chosen = page.evaluate("`${getSelection()}`")
    answerer.go_on.set()
    expect(page.locator(".direct")).to_be_visible()
    expect(page.locator(".source details").first).to_have_attribute("open", "")
    assert chosen and page.evaluate("`${getSelection()}`") == chosen


# Races


def test_in_sixty_tries_no_question_is_lost_and_none_asked_twice(visits, answerer):
    visit = visits()
    page = visit.page
    before = len(answerer.asked)
    # Two questions at once; Enter twice; a new conversation and a question in it at once. Twenty to a conversation.
    page.evaluate(
        """async () => {
          const box = document.querySelector("#box");
          const type = (text) => { box.value = text; box.dispatchEvent(new Event("input", { bubbles: true })); };
          const enter = () => box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
          const pause = (time) => new Promise((done) => setTimeout(done, time));
          for (let turn = 0; turn < 60; turn++) {
            if (turn % 20 === 0) document.querySelector("#new").click();
            type(`staged untold en ${turn}`);
            enter();
            if (turn % 2) enter();
            await pause(turn % 3 ? 0 : 30);
          }
        }"""
    )
    expect(page.locator(".turn[data-state=over]")).to_have_count(20, timeout=90_000)
    expect(listed(visit)).to_have_count(3)
    asked = [question for question, _ in answerer.asked[before:]]
    assert sorted(asked) == sorted(f"staged untold en {turn}" for turn in range(60))
    shown = []
    for place in range(3):
        listed(visit).nth(place).click()
        expect(page.locator(".turn[data-state=over]")).to_have_count(20)
        shown += page.locator(".question h2").all_inner_texts()
    assert sorted(shown) == sorted(asked)


# What comes in between


class Held:
    """Requests of an open page that wait until they are let go: what a slow line does."""

    def __init__(self, page, pattern, method="GET"):
        self.page, self.method, self.routes, self.is_over = page, method, [], False
        page.route(pattern, self._meet)

    def _meet(self, route):
        if self.is_over or route.request.method != self.method:
            route.continue_()
        else:
            self.routes.append(route)

    def come(self, count=1):
        """Wait until so many are there. Raises AssertionError where they do not come."""
        for _ in range(PATIENCE // 20):
            if len(self.routes) >= count:
                return self
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{len(self.routes)} of {count} requests came")

    def let_go(self, status=None):
        """Answer them, with this status or as the server does; nothing is held any more."""
        self.is_over = True
        for route in self.routes:
            if status is None:
                route.continue_()
            else:
                route.fulfill(status=status, json={"error": {"problem": "p", "remedy": "r"}})


def is_opening(request):
    return request.method == "GET" and re.search("/conversations/[^/?]+$", request.url)


def two_conversations(visit):
    """Ask in two conversations, and return their links in the list."""
    visit.ask(ARABIC)
    visit.page.locator("#new").click()
    visit.ask(PERSIAN)
    expect(listed(visit)).to_have_text([PERSIAN, ARABIC])
    return listed(visit).nth(1), listed(visit).nth(0)


@pytest.mark.parametrize("status", [None, 404, 500])
def test_what_comes_late_of_a_conversation_that_was_left_is_nobodys_matter(visits, status):
    visit = visits()
    page = visit.page
    arabic, persian = two_conversations(visit)
    place = page.url
    slow = Held(page, f"**/{arabic.get_attribute('href').replace('c/', 'page/conversations/')}")
    arabic.click()
    slow.come()
    page.locator("#box").fill("a beginning")
    persian.click()
    expect(page.locator(".question h2")).to_have_text([PERSIAN])
    with page.expect_response(lambda reply: "page/conversations/" in reply.url):
        slow.let_go(status)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.locator(".question h2")).to_have_text([PERSIAN])
    expect(page.locator(".toast")).to_have_count(0)
    assert page.url == place and page.title().startswith(PERSIAN)
    visit.complaints.clear()


def test_what_is_asked_while_a_conversation_loads_stands_behind_what_it_holds(visits, answerer):
    visit = visits()
    page = visit.page
    visit.ask(ARABIC)
    slow = Held(page, page.url.replace("/c/", "/page/conversations/"))
    page.reload()
    slow.come()
    visit.send(PERSIAN)
    page.locator("#box").fill("نیمه‌کاره")
    slow.let_go()
    expect(page.locator(".question h2")).to_have_text([ARABIC, PERSIAN])
    expect(page.locator(".turn[data-state=over]")).to_have_count(2)
    expect(page.locator("#box")).to_have_value("نیمه‌کاره")


def test_a_lost_line_is_asked_for_by_one_request_at_a_time_and_then_followed_on(visits, answerer):
    answerer.go_on.clear()
    visit = visits(locale="fa-IR")
    page = visit.page
    away = True

    def gone(route):
        return route.abort("connectionrefused") if away else route.continue_()

    for pattern in ("**/events", "**/page/status"):
        page.route(pattern, gone)
    visit.send("Slowly, please")
    visit.send(PERSIAN)
    expect(page.locator(".toast")).to_have_text(phrase("page_shell.reconnecting", "fa"))
    opened = []
    page.on("request", lambda request: opened.append(request.url) if is_opening(request) else None)
    with page.expect_event("requestfailed"):
        pass
    assert opened == []
    away = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".toast")).to_have_count(0)
    answerer.go_on.set()
    expect(page.locator(".turn[data-state=over]")).to_have_count(2)
    assert len(opened) == 1
    visit.complaints.clear()


class Failing:
    """Requests of an open page that a proxy answers with 502, while its clock stands still and the server answers others."""

    def __init__(self, page, pattern, method="GET"):
        self.page, self.pattern, self.method, self.tries = page, pattern, method, 0
        page.clock.install(time="2026-01-01T00:00:00")
        page.clock.pause_at("2026-01-01T00:00:10")
        page.route(pattern, self._meet)

    def _meet(self, route):
        if route.request.method != self.method:
            route.fallback()
            return
        self.tries += 1
        route.fulfill(status=502)

    def are_tried_once_in(self, milliseconds):
        """Let the clock run, and wait for the next try and for what a page that did not wait would do after it."""
        before = self.tries
        with self.page.expect_response(lambda reply: reply.status == 502):
            self.page.clock.run_for(milliseconds)
        self.page.evaluate("async () => { for (let each = 0; each < 5; each++) await fetch('/page/status'); }")
        return self.tries == before + 1

    def end(self):
        """Let them through from now on."""
        self.page.unroute(self.pattern)
        self.page.clock.resume()


def test_a_question_that_a_proxy_does_not_pass_on_is_sent_again_after_waits(visits):
    visit = visits(alone=True, locale="ar")
    page = visit.page
    failing = Failing(page, "**/turns", "POST")
    with page.expect_response("**/turns"):
        visit.send(ARABIC)
    assert failing.are_tried_once_in(300) and failing.are_tried_once_in(600)
    failing.end()
    expect(page.locator(".turn[data-state=over] .question h2")).to_have_text(ARABIC)
    visit.complaints.clear()


def test_a_conversation_that_a_proxy_does_not_pass_on_is_opened_again_after_waits(visits):
    visit = visits(alone=True, locale="fa-IR")
    page = visit.page
    visit.ask(PERSIAN)
    page.locator("#new").click()
    failing = Failing(page, re.compile("/page/conversations/[^/?]+$"))
    with page.expect_response(lambda reply: reply.status == 502):
        listed(visit).click()
    assert failing.are_tried_once_in(300) and failing.are_tried_once_in(600)
    failing.end()
    expect(page.locator(".question h2")).to_have_text([PERSIAN])
    visit.complaints.clear()


def test_what_breaks_over_one_question_holds_up_none_behind_it(visits):
    visit = visits(alone=True, locale="ar")
    page = visit.page
    visit.ask(ARABIC)
    page.route("**/turns", lambda route: route.fulfill(json={"id": "x", "state": "over", "html": ""}), times=1)
    with page.expect_response("**/turns"):
        visit.send(UNTOLD)
    visit.send(PERSIAN)
    expect(page.locator(".turn").last.locator(".quote").first).to_be_visible()
    expect(page.locator("#stumbled")).to_be_visible()
    visit.complaints.clear()


def test_what_breaks_while_a_turn_is_drawn_is_told_and_not_asked_for_again(visits, answerer):
    answerer.go_on.clear()
    visit = visits(alone=True, locale="fa-IR")
    page = visit.page
    page.clock.install()
    asked = []

    def broken(route):
        asked.append(route.request.url)
        route.fulfill(body='data: {"id": "x", "state": "working", "html": ""}\n\n', content_type="text/event-stream")

    page.route("**/events", broken)
    visit.send("Slowly, please")
    expect(page.locator("#stumbled")).to_be_visible()
    page.clock.run_for(60_000)
    assert len(asked) == 1
    answerer.go_on.set()
    visit.complaints.clear()


def test_a_draft_that_was_typed_while_its_conversation_came_is_kept(visits):
    visit = visits(alone=True)
    page = visit.page
    visit.ask(ARABIC)
    page.clock.install()
    slow = Held(page, page.url.replace("/c/", "/page/conversations/"))
    page.reload()
    slow.come()
    page.locator("#box").fill("نیمه‌کاره")
    page.clock.run_for(1000)
    with page.expect_response(lambda reply: reply.request.method == "PATCH" and "نیمه" in (reply.request.post_data or "")):
        slow.let_go()
    page.reload()
    expect(page.locator("#box")).to_have_value("نیمه‌کاره")


def test_whoever_is_logged_out_follows_nothing_any_more(visits, answerer):
    answerer.go_on.clear()
    visit = visits(alone=True)
    page = visit.page
    page.clock.install()
    asked = []

    def refused(route):
        asked.append(route.request.url)
        route.fulfill(status=401, json={"error": {"problem": "p", "remedy": "r"}})

    page.route("**/events", refused)
    with page.expect_response("**/events"):
        visit.send("Slowly, please")
    page.clock.run_for(60_000)
    assert len(asked) == 1
    page.unroute("**/events")
    answerer.go_on.set()
    page.reload()
    expect(page.locator(".turn")).to_have_attribute("data-state", "over")
    visit.complaints.clear()


def test_a_question_that_is_stopped_on_its_way_is_stopped_where_it_has_come_to(visits, answerer):
    answerer.go_on.clear()
    visit = visits()
    page = visit.page
    slow = Held(page, "**/turns", "POST")
    visit.send("Slowly, please")
    slow.come()
    page.locator("#stop").click()
    expect(page.locator(".turn")).to_have_attribute("data-state", "stopped")
    with page.expect_response("**/stop"):
        slow.let_go()
    expect(page.locator(".turn [data-retry]")).to_be_visible()
    page.reload()
    expect(page.locator(".turn")).to_have_attribute("data-state", "stopped")
    answerer.go_on.set()


def test_a_question_that_was_not_sent_is_offered_beside_what_was_typed_since(visits):
    visit = visits(locale="fa-IR")
    page = visit.page
    slow = Held(page, "**/turns", "POST")
    visit.send(PERSIAN)
    slow.come()
    page.locator("#box").fill("نیمه‌کاره")
    slow.let_go(503)
    expect(page.locator(".toast p")).to_have_text(say("page_box.set_aside", "fa", question=PERSIAN))
    expect(page.locator("#box")).to_have_value("نیمه‌کاره")
    expect(page.locator(".turn")).to_have_count(0)
    page.get_by_role("button", name=phrase("page_box.bring_back", "fa")).click()
    expect(page.locator("#box")).to_have_value(f"{PERSIAN}\nنیمه‌کاره")
    visit.complaints.clear()


def test_a_question_that_was_not_sent_waits_in_the_conversation_that_was_left(visits):
    visit = visits(locale="ar")
    page = visit.page
    visit.ask(ARABIC)
    slow = Held(page, "**/turns", "POST")
    visit.send(UNTOLD)
    slow.come()
    page.locator("#new").click()
    page.locator("#box").fill("a beginning")
    slow.let_go(500)
    expect(page.locator(".toast p")).to_have_text(phrase("page_box.kept_as_draft", "ar"))
    expect(page.locator("#box")).to_have_value("a beginning")
    page.get_by_role("button", name=phrase("page_box.bring_back", "ar")).click()
    expect(page.locator("#box")).to_have_value(UNTOLD)
    expect(page.locator(".question h2")).to_have_text([ARABIC])
    visit.complaints.clear()


def test_the_filter_that_was_chosen_is_that_of_new_conversations_and_kept_with_the_first_question(visits):
    visit = visits()
    page = visit.page
    visit.choose(languages=["ar"])
    expect(page.locator(".sign")).to_contain_text("in Arabic")
    with page.expect_response(lambda reply: reply.request.method == "PATCH"):
        visit.ask(ARABIC)
    page.reload()
    expect(page.locator(".sign")).to_contain_text("in Arabic")
    page.locator("#new").click()
    page.reload()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".sign")).to_contain_text("in Arabic")
    page.locator(".sign .clear").click()
    expect(page.locator(".sign")).to_have_count(0)
    page.reload()
    expect(page.locator(".welcome")).to_be_visible()
    assert page.locator("#filter-panel :checked").count() == 0


def test_a_draft_of_any_length_is_kept(visits):
    visit = visits()
    visit.ask(PERSIAN)
    draft = "پیش‌نویس " * 9_000
    with visit.page.expect_response(lambda reply: reply.request.method == "PATCH") as reply:
        visit.page.locator("#box").fill(draft)
    assert reply.value.status == 204
    visit.page.reload()
    expect(visit.page.locator("#box")).to_have_value(draft)


def test_a_screen_reader_hears_of_answers_that_came_while_it_was_there(visits):
    visit = visits(alone=True)
    page = visit.page
    visit.ask(ARABIC)
    expect(page.locator("#announced")).to_have_text(phrase("page_turn.answered", "en"))
    log = page.locator("#conversation")
    page.add_init_script(
        "new MutationObserver(() => { const log = document.querySelector('#conversation');"
        " if (log?.children.length && !window.then) window.then = log.getAttribute('aria-live'); })"
        ".observe(document, { childList: true, subtree: true })"
    )
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(log).to_have_attribute("aria-live", "polite")
    assert page.evaluate("window.then") == "off" and page.locator("#announced").inner_text() == ""


def test_of_two_replies_to_the_list_the_later_question_counts(visits):
    visit = visits()
    page = visit.page
    two_conversations(visit)
    slow = Held(page, "**/conversations?find=*")
    page.locator("#side-find").fill("ترامب")
    slow.come()
    page.locator("#side-find").fill("بوتين")
    slow.come(2)
    late, soon = slow.routes
    soon.continue_()
    expect(listed(visit)).to_have_text([ARABIC])
    with page.expect_response(lambda reply: "find=" in reply.url):
        late.fulfill(json={"conversations": []})
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(listed(visit)).to_have_text([ARABIC])


def test_bringing_back_is_tried_again_where_it_failed(visits):
    visit = visits()
    page = visit.page
    visit.ask(ARABIC)
    act(visit, ARABIC, phrase("page_side.delete", "en"))
    page.route("**/restore", lambda route: route.abort("connectionrefused"))
    undo = page.get_by_role("button", name=phrase("page_side.undo", "en"))
    undo.click()
    expect(page.locator(".toast p")).to_have_text(phrase("page_shell.failed", "en"))
    page.unroute("**/restore")
    undo.click()
    expect(listed(visit)).to_have_text([ARABIC])
    expect(page.locator(".question h2")).to_have_text([ARABIC])
    visit.complaints.clear()


def test_the_list_is_drawn_again_under_the_focus_and_not_under_a_name_that_is_typed(visits):
    visit = visits()
    page = visit.page
    two_conversations(visit)
    kit = page.locator("script[src*='main.js']").evaluate("(one) => one.src.replace('main.js', 'side.js')")
    redraw = "async (kit) => { const side = await import(kit); await side.refresh(); }"
    door = page.locator("#conversations [data-more]").nth(1)
    door.focus()
    page.evaluate("document.querySelectorAll('#conversations li').forEach((each) => (each.old = true))")
    page.evaluate(redraw, kit)
    assert page.evaluate("document.querySelector('#conversations li').old") is None
    expect(door).to_be_focused()
    act(visit, ARABIC, phrase("page_side.rename", "en"))
    page.keyboard.type("للغد")
    page.evaluate(redraw, kit)
    expect(page.locator("#conversations .rename")).to_have_value("للغد")
    page.keyboard.press("Escape")
    expect(listed(visit)).to_have_text([PERSIAN, ARABIC])
    expect(listed(visit).nth(1)).to_be_focused()


def test_escape_closes_what_is_on_top_and_then_stops_the_answer_wherever_one_is(visits, answerer):
    answerer.go_on.clear()
    visit = visits()
    page = visit.page
    visit.send("Slowly, please")
    expect(page.locator(".sentences")).to_be_visible()
    turn = page.locator(".turn")
    page.locator("#conversations [data-more]").click()
    page.keyboard.press("Escape")
    expect(page.locator("#conversations .menu")).to_have_count(0)
    page.locator("#settings-button").click()
    page.keyboard.press("Escape")
    expect(page.locator("#settings")).to_be_hidden()
    page.locator("#filter-button").click()
    page.keyboard.press("Escape")
    expect(page.locator("#filter-panel")).to_be_hidden()
    expect(turn).to_have_attribute("data-state", "working")
    page.locator("#new").focus()
    page.keyboard.press("Escape")
    expect(turn).to_have_attribute("data-state", "stopped")
    answerer.go_on.set()


def test_a_menu_of_the_list_is_in_sight_on_a_phone(visits):
    visit = visits(viewport={"width": 390, "height": 480}, locale="ar")
    visit.ask(ARABIC)
    visit.page.locator("#side-button").click()
    visit.page.locator("#conversations [data-more]").last.click()
    expect(visit.page.locator("#conversations .menu button").last).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize(("locale", "language"), [("ar", "ar"), ("fa-IR", "fa"), ("en-US", "en")])
def test_what_breaks_in_a_script_is_told_in_a_line(browser, address, locale, language):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.route("**/judge.js", lambda route: route.abort())
    page.goto(address)
    expect(page.locator("#stumbled")).to_be_visible()
    assert page.locator("#stumbled").inner_text() == phrase("page_shell.stumbled", language)
    page.unroute("**/judge.js")
    opened(page, address)
    expect(page.locator("#stumbled")).to_be_hidden()
    kit = page.locator("script[src*='main.js']").evaluate("(one) => one.src.replace('main.js', 'kit.js')")
    page.evaluate("(kit) => { import(kit).then(({ say }) => say('no.text')); }", kit)
    expect(page.locator("#stumbled")).to_be_visible()
    context.close()


# The box


def test_arrows_bring_earlier_questions_back(visits):
    visit = visits()
    box = visit.page.locator("#box")
    for question in (UNTOLD, PERSIAN):
        visit.ask(question)
    box.press("ArrowUp")
    expect(box).to_have_value(PERSIAN)
    box.press("ArrowUp")
    expect(box).to_have_value(UNTOLD)
    box.press("ArrowDown")
    expect(box).to_have_value(PERSIAN)
    box.press("ArrowDown")
    expect(box).to_have_value("")
    box.fill("چند خط")
    box.press("ArrowUp")
    expect(box).to_have_value("چند خط")


def test_a_slash_goes_to_the_box_and_is_typed_in_it(visits):
    visit = visits()
    visit.page.locator("#new").focus()
    visit.page.keyboard.press("/")
    expect(visit.page.locator("#box")).to_be_focused()
    visit.page.keyboard.type("1/2")
    expect(visit.page.locator("#box")).to_have_value("1/2")


def test_a_question_is_edited_and_asked_again_with_what_stood_before_it(visits, answerer):
    visit = visits()
    page = visit.page
    for question in (ARABIC, PERSIAN):
        visit.ask(question)
    page.locator(".turn").nth(1).hover()
    page.locator(".turn").nth(1).locator("[data-edit]").click()
    box = page.locator("#box")
    expect(box).to_have_value(PERSIAN)
    expect(box).to_be_focused()
    box.fill(ENGLISH)
    box.press("Enter")
    expect(page.locator(".turn[data-state=over]")).to_have_count(3)
    assert answerer.asked[-1] == (ENGLISH, [ARABIC])


def test_what_broke_is_asked_again_in_its_place(visits, answerer):
    visit = visits()
    visit.ask("Break")
    before = len(answerer.asked)
    visit.page.get_by_role("button", name=phrase("page_turn.retry", "en"), exact=True).click()
    expect(visit.page.locator(".problem")).to_be_visible()
    expect(visit.page.locator(".turn")).to_have_count(1)
    assert [question for question, _ in answerer.asked[before:]] == ["Break"]


def test_an_abstention_under_a_filter_is_asked_again_without_it(visits, answerer):
    visit = visits()
    visit.choose(languages=["ar"])
    visit.ask(UNTOLD)
    visit.page.get_by_role("button", name=phrase("page_turn.without_filter", "en")).click()
    expect(visit.page.locator(".turn[data-state=over]")).to_have_count(2)
    assert answerer.within[-1].passes_all and answerer.asked[-1][0] == UNTOLD
    expect(visit.page.locator(".sign")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "count", "most"), [("fa-IR", "۵۰٬۰۰۰", "۲٬۰۰۰")]
)
def test_a_question_that_is_too_long_stays_in_the_box(visits, locale, count, most):
    visit = visits(locale=locale)
    text = "خبر " * 12_500
    visit.page.locator("#box").fill(text.strip() + "خبر"[:1])
    visit.page.locator("#box").press("Enter")
    alert = visit.page.locator("#composer-fault [role=alert]")
    expect(alert).to_have_text(say("page_box.too_long", locale[:2], count=count, most=most))
    expect(visit.page.locator("#box")).to_have_value(text.strip() + "خ")
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.page.locator("#box").fill("کوتاه")
    expect(alert).to_have_count(0)


@pytest.mark.parametrize(("status", "key"), [(503, "busy"), (500, "not_sent")])
def test_a_question_that_the_server_refuses_goes_back_into_the_box(visits, status, key):
    visit = visits(locale="fa-IR")
    page = visit.page
    page.route("**/turns", lambda route: route.fulfill(status=status, json={"error": {"problem": "p", "remedy": "r"}}))
    visit.send(PERSIAN)
    expect(page.locator("#composer-fault")).to_have_text(phrase(f"page_box.{key}", "fa"))
    expect(page.locator("#box")).to_have_value(PERSIAN)
    expect(page.locator(".turn")).to_have_count(0)
    visit.complaints.clear()


def test_a_full_disk_shows_the_answer_and_says_that_it_is_not_kept(visits, desk, monkeypatch):
    from index.types import KhabarError

    visit = visits(locale="ar")

    def full(*_):
        raise KhabarError("the disk is full", "free some space")

    monkeypatch.setattr(desk.store, "connection", full)
    visit.ask(ARABIC)
    expect(visit.page.locator(".quote").first).to_be_visible()
    expect(visit.page.locator(".turn")).to_contain_text(phrase("page_turn.not_kept", "ar"))
    visit.complaints.clear()
