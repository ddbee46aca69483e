"""The shell of the page in Chromium: language, appearance, faces, what answers, and what a first visit costs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from index.types import LANGUAGES
from rag.phrases import counted, phrase

pytestmark = pytest.mark.browser

LOCALES = {"ar": "ar", "fa": "fa-IR", "en": "en-US"}
NO_STORAGE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });"
# Notes each colour that the page has had behind it, from its very first frame.
WATCH_PAPER = """
const seen = (window.papers = []);
const look = () => {
  const paper = getComputedStyle(document.body).backgroundColor;
  if (paper !== seen.at(-1)) seen.push(paper);
  requestAnimationFrame(look);
};
addEventListener("DOMContentLoaded", look);
"""
COUNT = "([address, noun, numbers]) => import(address).then((kit) => numbers.map((number) => kit.counted(noun, number)))"
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((one) => one.checkVisibility())"


def open_settings(visit):
    visit.page.locator("#settings-button").click()
    expect(visit.page.locator("#settings")).to_be_visible()


def root(visit, name):
    return visit.page.evaluate(f"document.documentElement.{name}")


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_the_browsers_language_comes_first_and_another_is_chosen_without_a_reload(visits, archive, language):
    visit = visits(locale=LOCALES[language])
    page = visit.page
    expect(page.locator(".welcome h2")).to_have_text(phrase("invitation", language), use_inner_text=True)
    page.locator("#box").fill("لم يُرسل بعد")
    page.evaluate("window.same = true")
    open_settings(visit)
    assert page.locator("[name=page-language]:checked").get_attribute("value") == ""
    for other in (*[other for other in LANGUAGES if other != language], ""):
        page.locator(f"[name=page-language][value='{other}']").check()
        shown = other or language
        expect(page.locator(".welcome h2")).to_have_text(phrase("invitation", shown), use_inner_text=True)
        assert (root(visit, "lang"), root(visit, "dir")) == (shown, "ltr" if shown == "en" else "rtl")
        expect(page.locator("#box")).to_have_attribute("placeholder", phrase("page_box.placeholder", shown))
        for noun, kind in (("article", "articles"), ("passage", "chunks")):
            told = counted(noun, archive.catalog.counts()[kind], shown)
            expect(page.locator(".status")).to_contain_text(told, use_inner_text=True)
    assert page.evaluate("window.same") and page.locator("#box").input_value() == "لم يُرسل بعد"


def test_a_choice_is_remembered_and_another_tab_follows(visits):
    first = visits(locale="en-US", color_scheme="light")
    second = visits(within=first.page.context)
    open_settings(first)
    first.page.locator("[name=page-language][value=fa]").check()
    first.page.locator("[name=page-theme][value=dark]").check()
    for visit in (first, second):
        expect(visit.page.locator("html")).to_have_attribute("lang", "fa")
        expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    first.page.reload()
    first.page.locator("html[data-ready]").wait_for()
    assert (root(first, "lang"), root(first, "dataset.theme")) == ("fa", "dark")
    open_settings(first)
    first.page.locator("[name=page-theme][value='']").check()
    assert root(first, "dataset.theme") == "light"


@pytest.mark.parametrize(("browsers", "chosen"), [("light", "dark"), ("dark", "light"), ("dark", "")])
def test_no_other_theme_flashes_up(visits, browser, browsers, chosen):
    context = browser.new_context(locale="ar", color_scheme=browsers)
    context.add_init_script(f"{WATCH_PAPER} localStorage.setItem('khabar.theme', '{chosen}');")
    visit = visits(within=context)
    papers = {"light": "rgb(250, 248, 243)", "dark": "rgb(22, 23, 26)"}
    assert visit.page.evaluate("window.papers") == [papers[chosen or browsers]]
    dark = (chosen or browsers) == "dark"
    assert visit.page.evaluate("document.body.classList.contains('dark')") == dark


def test_the_browsers_theme_is_followed_while_the_page_is_open(visits):
    visit = visits(color_scheme="light", alone=True)
    visit.page.emulate_media(color_scheme="dark")
    expect(visit.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert visit.style("body", "backgroundColor") == "rgb(22, 23, 26)"


def test_a_browser_that_stores_nothing_has_the_choice_until_the_page_is_closed(visits, browser):
    context = browser.new_context(locale="en-US")
    context.add_init_script(NO_STORAGE)
    visit = visits(within=context)
    open_settings(visit)
    visit.page.locator("[name=page-language][value=ar]").check()
    visit.page.locator("[name=page-theme][value=dark]").check()
    assert (root(visit, "lang"), root(visit, "dataset.theme")) == ("ar", "dark")


def test_the_menu_is_used_by_keyboard_and_closes(visits):
    visit = visits(locale="fa-IR")
    visit.page.locator("#settings-button").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#settings")).to_be_visible()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("ArrowUp")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#settings")).to_be_hidden()
    expect(visit.page.locator("#settings-button")).to_be_focused()


@pytest.mark.parametrize(("language", "width"), [("ar", 390)])
def test_what_answers_is_told_in_plain_words_within_the_window(visits, language, width):
    visit = visits(locale=LOCALES[language], viewport={"width": width, "height": 760}, has_touch=width == 390)
    page = visit.page
    page.locator("#about-button").click()
    for told in ("about.quotes", "about.no_short", "about.no_meaning", "about.remedy"):
        expect(page.locator("#about")).to_contain_text(phrase(told, language), use_inner_text=True)
    expect(page.locator("#about code").last).to_contain_text("khabar serve --llm")
    for opened in ("#about", "#settings"):
        if opened == "#settings":
            page.keyboard.press("Escape")
            page.locator("#settings-button").click()
        box = page.locator(opened).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] >= 0 and box["y"] + box["height"] <= 760
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_browser_counts_as_the_server_does(visits):
    visit = visits()
    numbers = [*range(112), 1_000, 12_345]
    address = visit.page.locator("script[src*='main.js']").evaluate("(one) => one.src.replace('main.js', 'kit.js')")
    for language in LANGUAGES:
        visit.page.evaluate(f"document.documentElement.lang = '{language}'")
        for noun in ("article", "minute"):
            told = visit.page.evaluate(COUNT, [address, noun, numbers])
            assert told == [counted(noun, number, language) for number in numbers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_is_light_and_an_english_one_fetches_no_face(visits, browser, language):
    context = browser.new_context(locale=LOCALES[language])
    fetched = []
    context.on("requestfinished", lambda request: fetched.append((request.url, request.sizes()["responseBodySize"])))
    visit = visits(within=context)
    visit.page.evaluate("document.fonts.ready")
    faces = {url.rsplit("/", 1)[1] for url, _ in fetched if url.endswith(".woff2")}
    assert len(fetched) <= 60 and sum(size for _, size in fetched) <= 400_000
    assert faces == (set() if language == "en" else {"vazirmatn.woff2", "noto-naskh-arabic.woff2"})
    assert visit.page.evaluate("document.fonts.check('1em \"Khabar Sans\"', 'خبر')") == (language != "en")


def test_an_arabic_quote_brings_its_face_to_an_english_page(visits):
    visit = visits(locale="en-US", alone=True)  # a window that has shown Arabic has the face already
    with visit.page.expect_request("**/noto-naskh-arabic.woff2"):
        visit.ask("staged differing ar")


def test_without_the_faces_the_page_stands_all_the_same(visits, browser):
    context = browser.new_context(locale="ar")

    def refuse(route: Route) -> None:
        route.fulfill(status=200, body=b"no font", content_type="font/woff2")

    context.route("**/*.woff2", refuse)
    visit = visits(within=context)
    expect(visit.page.locator(".welcome h2")).to_be_visible()
    visit.complaints[:] = [told for told in visit.complaints if "font" not in told.lower() and "OTS" not in told]


def test_headings_are_in_order(visits):
    visit = visits(locale="fa-IR")
    for name in ("differing", "several", "untold"):
        visit.ask(f"staged {name} fa")
    levels = visit.page.evaluate(f"{HEADINGS}.map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
    assert visit.page.locator(".turn h2").count() == 3


# Days of the filter, and the days that a question named

TOLD = {"ar": ("2025", "1447", "1404"), "fa": ("۱۴۰۴", "۲۰۲۵", "۱۴۴۷"), "en": ("2025", "1404", "1447")}


@pytest.mark.parametrize("language", ["fa"])
def test_days_up_to_today_are_one_button_told_in_three_calendars(visits, desk, language):
    visit = visits(locale=LOCALES[language], timezone_id="Asia/Tehran", alone=True)
    page = visit.page
    page.clock.set_fixed_time("2025-11-30T22:00:00Z")  # in Tehran the first of December already
    page.locator("#filter-button").click()
    page.locator("[data-days='7']").click()
    expect(page.locator("[data-days='7']")).to_have_attribute("aria-pressed", "true")
    days = [page.locator(f"#filter-{name}").input_value() for name in ("since", "until")]
    assert days == (["۱۴۰۴/۹/۴", "۱۴۰۴/۹/۱۰"] if language == "fa" else ["2025-11-25", "2025-12-01"])
    told = page.locator("#filter-told li").all_inner_texts()
    assert len(told) == 3 and all(year in line for year, line in zip(TOLD[language], told, strict=True)), told
    with page.expect_request("**/turns") as asked:
        visit.send(f"staged days_read {language}")
    assert [asked.value.post_data_json["filter"][name] for name in ("since", "until")] == days
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    # The same button again, or another day, takes it back.
    page.locator("#filter-button").click()
    page.locator("#filter-since").fill("2025-10-01")
    page.locator("#filter-since").blur()
    expect(page.locator("[data-days='7']")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#filter-told li")).to_have_count(0)
    page.locator("[data-days='1']").click()
    page.locator("[data-days='1']").click()
    assert page.locator("#filter-until").input_value() == ""


def test_days_that_a_question_named_are_a_chip_between_it_and_its_answer(visits):
    visit = visits(locale="ar")
    visit.ask("ماذا حدث بين 16 و21 أكتوبر 2025؟")
    parts = (".turn .question", ".turn .read-days", ".turn blockquote")
    tops = [visit.page.locator(part).first.bounding_box()["y"] for part in parts]
    assert tops == sorted(tops)
    expect(visit.page.locator(".read-days").get_by_role("button", name=phrase("all_days", "ar"))).to_be_visible()
