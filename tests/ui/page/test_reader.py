"""The article beside an answer: its HTML, and in Chromium how it opens, where it leads, and the way back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from index.catalog import Catalog
from index.entities.update import update_entities
from index.types import LANGUAGES, Article, Facts
from rag.entities.extraction import GlossaryNames
from rag.phrases import phrase, say, written_date
from rag.text.glossary import load_glossary
from tests.ui.html_reader import ATTACK, TAGS, Page
from tests.ui.page.served import ARABIC, ENGLISH, PERSIAN, UNTOLD, Quiet
from ui.page.articles import print_of
from ui.page.reader import article_html, place_of

TEXTS = {
    "ar": "وصل الوزير إلى الميناء صباحًا.\nقال إنّ القمة لن تعقد هذا الشهر.\nثم غادر.",
    "fa": "وزیر بامداد به بندر رسید.\nاو می‌گوید نشست این ماه برگزار نمی‌شود.\nسپس رفت.",
    "en": "The minister reached the harbour at dawn.\nHe said that the summit is off this month.\nThen he left.",
}
FACTS = Facts(author="ليلى <b>", section="World", origin="Reuters")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def article(language, **changes) -> Article:
    day, url = date(2025, 3, 17), "https://x.example/1"
    whole = Article("a1", "news/خبر ١.txt", "عنوان", "صحيفة المرفأ", day, language, url, TEXTS[language])
    return replace(whole, **changes)


def quote_of(language) -> tuple[str, int, int]:
    quote = TEXTS[language].split("\n")[1]
    start = TEXTS[language].index(quote)
    return quote, start, start + len(quote)


# What the server writes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", LANGUAGES)
def test_an_article_is_shown_whole_in_its_own_direction_around_it_the_words_of_its_reader(language, reader):
    quote, start, end = quote_of(language)
    page = Page(article_html(article(language, facts=FACTS), reader, (start, end), print_of(quote)))
    [(_, text)] = page.having(class_="text")
    assert (text["lang"], text["dir"]) == (language, "ltr" if language == "en" else "rtl")
    assert page.texts("mark", "quoted") == [quote] and page.texts("p")[2:5] == TEXTS[language].split("\n")
    told = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert told == {
        phrase("page_reader.fact_outlet", reader): "صحيفة المرفأ",
        phrase("page_reader.fact_day", reader): written_date(date(2025, 3, 17), reader),
        phrase("page_reader.fact_author", reader): "ليلى <b>",
        phrase("page_reader.fact_agency", reader): "Reuters",
        phrase("page_reader.fact_section", reader): "World",
        phrase("page_reader.fact_language", reader): phrase(f"language.{language}", reader),
        phrase("page_reader.fact_file", reader): "news/خبر ١.txt",
    }
    assert phrase("page_reader.changed", reader) not in page.text
    assert [found["href"] for _, found in page.having(class_="original")] == ["https://x.example/1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_offers_its_summary_and_a_filter_to_ask_within(language):
    page = Page(article_html(article(language), language, outlet="صحيفة المرفأ"))
    [summary, within] = [found for _, found in page.having(class_="door")]
    assert summary["data-question"] == say("page_reader.summary_question", language, title="عنوان")
    assert json.loads(within["data-within"]) == {
        "outlets": ["صحيفة المرفأ"], "languages": [language], "since": "2025-03-17", "until": "2025-03-17",
    }  # fmt: skip
    nowhere = Page(article_html(article(language, outlet=None, published=None), language))
    assert len(nowhere.having(class_="door")) == 1, "no filter comes near an article of no outlet and no day"


def test_nothing_of_an_article_becomes_markup():
    facts = Facts(author=ATTACK, section=ATTACK, origin=ATTACK)
    hostile = Article("<i>", ATTACK, ATTACK, ATTACK, None, "en", f"https://x.example/{ATTACK}", f"{ATTACK}\n{ATTACK}", facts)
    page = Page(article_html(hostile, "ar", (3, 9), outlet=ATTACK))
    assert {tag for tag, _ in page.tags} <= TAGS | {"dl", "dt", "dd"}
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    links = [found["href"] for tag, found in page.tags if tag == "a"]
    assert links and all(link.startswith(("https://x.example/", "article/")) for link in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quote_is_found_again_in_an_article_that_has_changed(language):
    quote, start, end = quote_of(language)
    known = print_of(quote)
    assert place_of(TEXTS[language], (start, end), known) == (start, end)
    moved = "٠" * 7 + TEXTS[language]
    assert place_of(moved, (start, end), known) == (start + 7, end + 7)
    gone = TEXTS[language].replace(quote, "")
    assert place_of(gone, (start, end), known) is None
    assert place_of("", (start, end), known) is None and place_of("x", (5, 3), known) is None
    assert place_of(gone, (start, end), "") == (start, end), "without a print the places are believed"
    page = Page(article_html(article(language, text=gone), "fa", (start, end), known))
    assert phrase("page_reader.changed", "fa") in page.text and not page.texts("mark")


# In the browser


@pytest.fixture(scope="module")
def named(archive):
    """The names of all articles, read as khabar index reads them."""
    catalog = Catalog(archive.catalog.file, writable=True)
    update_entities(catalog, GlossaryNames(load_glossary(None)), Quiet())
    catalog.close()


@pytest.mark.browser
@pytest.mark.parametrize("question", [ARABIC, PERSIAN, ENGLISH], ids=["ar", "fa", "en"])
def test_a_marker_shows_its_words_and_one_key_leads_back(visits, question):
    visit = visits()
    visit.ask(question)
    chip = visit.page.locator(".said a.chip").last
    chip.click()
    expect(visit.page.locator(".evidence.found mark").first).to_be_in_viewport()
    visit.page.keyboard.press("Escape")
    expect(chip).to_be_focused()
    expect(visit.page.locator("#reader")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize("question", [PERSIAN], ids=["fa"])
def test_an_article_opens_at_its_quote_and_leads_through_the_quotes_of_the_answer(visits, named, question):
    visit = visits()
    visit.ask(question)
    page, panel = visit.page, visit.page.locator("#reader")
    quotes = page.locator(".quote blockquote").all_inner_texts()
    title = page.locator(".source a.opens").first
    title.click()
    expect(panel.locator("h2")).to_be_focused()
    expect(panel.locator("mark.quoted").first).to_be_in_viewport()
    assert panel.locator("mark.quoted").first.inner_text().strip() in quotes[0]
    assert panel.locator(".facts .path").inner_text()
    expect(panel.locator(".names li").first).to_be_visible()
    assert len(quotes) > 1
    expect(panel.locator("[data-step=previous]")).to_be_disabled()
    panel.locator("[data-step=next]").click()
    expect(panel.locator(".at")).to_contain_text("2")
    expect(panel.locator("mark.quoted").first).to_be_in_viewport()
    assert panel.locator("mark.quoted").first.inner_text().strip() in quotes[1]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(title).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("way", ["back", "button", "key", "beside"])
def test_on_a_phone_the_article_is_a_sheet_and_every_way_out_leads_back_to_the_marker(visits, way):
    visit = visits(**PHONE)
    visit.ask(ARABIC)
    page, sheet = visit.page, visit.page.locator("#reader")
    address = page.url
    chip = page.locator(".said a.chip").last
    chip.scroll_into_view_if_needed()
    page.wait_for_function("new Promise(done => { const y = scrollY; setTimeout(() => done(y === scrollY), 150) })")
    before = page.evaluate("scrollY")
    chip.tap()
    expect(sheet.locator("mark.quoted").first).to_be_in_viewport()
    box = sheet.bounding_box()
    assert box["width"] == 390 and box["height"] > 700 and page.locator("#middle").get_attribute("inert") is not None
    if way == "back":
        page.go_back()
    elif way == "button":
        sheet.locator("[data-close]").tap()
    elif way == "key":
        page.keyboard.press("Escape")
    else:
        page.touchscreen.tap(195, 15)
    expect(sheet).to_be_hidden()
    expect(chip).to_be_focused()
    expect(chip).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - before) < 2 and page.url == address
    assert page.locator("#middle").get_attribute("inert") is None
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.browser
def test_markers_are_as_large_as_a_finger_and_the_lines_stay_as_far_apart(visits):
    heights = []
    for options in ({"viewport": {"width": 390, "height": 844}}, PHONE):
        visit = visits(**options)
        visit.ask("staged several fa")
        heights.append(visit.page.locator(".direct p").first.evaluate("line => line.getBoundingClientRect().height"))
        heights.append(visit.page.locator(".differing .who").first.evaluate("line => line.getBoundingClientRect().height"))
    for chip in visit.page.locator("a.chip").all():
        box = chip.bounding_box()
        assert box["width"] >= 44 and box["height"] >= 44
    assert all(touch <= plain + 2 for plain, touch in zip(heights[:2], heights[2:], strict=True)), "no line is farther apart"
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.browser
def test_the_border_of_a_selected_card_stays_inside_its_column(visits):
    visit = visits()
    visit.ask(ENGLISH)
    visit.page.locator(".said a.chip").first.click()
    shadow = visit.page.locator(".source:has(.found)").evaluate("card => getComputedStyle(card).boxShadow")
    assert "inset" in shadow


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_bar_and_caption_of_a_quote_stand_on_one_side(visits, language):
    visit = visits()
    visit.ask(f"staged merged {language}")
    visit.ask(f"staged rendered {language}")
    expect(visit.page.locator(".direct .own")).to_be_visible()
    for figure in visit.page.locator("figure.quote").all():
        sides = figure.evaluate(
            """figure => {
                const bar = getComputedStyle(figure.querySelector('blockquote'));
                const told = getComputedStyle(figure.querySelector('figcaption'));
                const padded = [told.paddingLeft, told.paddingRight].map(parseFloat);
                const starts = told.textAlign === 'start' ? 'ltr' : 'rtl';
                return [parseFloat(bar.borderLeftWidth) > 0, told.direction === starts, padded[0] > padded[1]];
            }"""
        )
        assert sides[0] == sides[1] == sides[2]


@pytest.mark.browser
def test_an_article_that_is_gone_leaves_the_words_of_the_answer(visits):
    visit = visits(locale="fa-IR")
    visit.ask("staged rendered fa")
    visit.page.locator(".source a.opens").first.click()
    expect(visit.page.locator("#reader")).to_contain_text(phrase("page_reader.gone", "fa"))
    expect(visit.page.locator("#reader mark.quoted")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_an_article_can_be_summarised_and_asked_about(visits, answerer, options):
    visit = visits(**options)
    visit.ask(ENGLISH)
    page, panel = visit.page, visit.page.locator("#reader")
    page.locator(".source a.opens").first.click()
    title = panel.locator("h2").inner_text()
    panel.locator("[data-question]").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last).to_have_attribute("aria-busy", "false")
    assert {link.inner_text() for link in page.locator(".turn").last.locator(".source a.opens").all()} >= {title}
    if options:
        expect(panel).to_be_hidden()
        page.locator(".turn").first.locator(".source a.opens").first.click()
    panel.locator("[data-within]").click()
    expect(page.locator("#filter-sign .sign")).to_be_visible()
    expect(page.locator("#box")).to_be_focused()
    visit.ask(ENGLISH)
    assert answerer.within[-1].outlets and answerer.within[-1].since == answerer.within[-1].until


@pytest.mark.browser
def test_a_name_puts_a_question_into_the_box(visits, named):
    visit = visits(locale="ar")
    visit.ask(ARABIC)
    visit.page.locator(".source a.opens").first.click()
    name = visit.page.locator("#reader .name").first
    told = say("page_reader.name_question", "ar", name=name.inner_text())
    name.click()
    expect(visit.page.locator("#box")).to_have_value(told)


@pytest.mark.browser
def test_an_abstention_off_every_subject_lists_no_article(visits):
    visit = visits()
    visit.ask(UNTOLD)
    expect(visit.page.locator(".abstention")).to_be_visible()
    expect(visit.page.locator(".related")).to_have_count(0)
    visit.ask("ماذا قال ماكرون عن سرقة اللوفر؟")
    near = visit.page.locator(".related a.opens").first
    title = near.inner_text()
    near.click()
    expect(visit.page.locator("#reader h2")).to_have_text(title)


@pytest.mark.browser
def test_the_panel_speaks_the_language_of_the_page(visits):
    visit = visits(locale="fa-IR")
    visit.ask(ENGLISH)
    visit.page.locator(".source a.opens").first.click()
    panel = visit.page.locator("#reader")
    expect(panel).to_have_attribute("aria-label", phrase("page_reader.panel", "fa"))
    expect(panel).to_contain_text(phrase("page_reader.origin", "fa"))
