"""The page in Chromium: answers, their sources, the box for a question, and what surrounds them."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from index.embedding import Embedded
from index.report import BuildReport, kept
from index.types import EVERYTHING, Filter, Problem
from rag.phrases import phrase
from tests.ui import staged
from tests.ui.page.served import ARABIC, ENGLISH, NAME, PERSIAN, UNDISPUTED, UNTOLD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("question", "language", "side"),
    [(ARABIC, "ar", "rtl"), (PERSIAN, "fa", "rtl"), (ENGLISH, "en", "ltr")],
    ids=["ar", "fa", "en"],
)
def test_a_question_is_answered_in_its_direction(visits, question, language, side):
    visit = visits()
    visit.ask(question)
    answer = visit.page.locator(".answer")
    expect(answer).to_have_attribute("lang", language)
    assert "quotes" in answer.get_attribute("class")
    assert (
        visit.style(".question", "direction")
        == visit.style(".answer", "direction")
        == visit.style(".line", "direction")
        == side
    )
    for block in visit.page.locator("blockquote, .title, p.passage").all():
        own = "ltr" if block.get_attribute("lang") == "en" else "rtl"
        assert block.evaluate("element => getComputedStyle(element).direction") == own
    assert visit.page.locator(".evidence").count() == visit.page.locator(".quote").count() >= 1
    visit.page.locator("summary").first.click()
    marked = visit.page.locator(".source mark").first
    expect(marked).to_be_visible()
    assert marked.inner_text() in visit.page.locator("blockquote").first.inner_text()


def test_marker_dash_outlet_and_date_stand_in_reading_order(visits):
    visit = visits()
    for question, sign in ((UNDISPUTED, -1), (ENGLISH, 1)):
        visit.ask(question)
        caption = visit.page.locator(".turn:last-child figcaption:has(.dash)").first
        parts = [caption.locator(part).first for part in (".chip", ".dash", ".outlet", "time")]
        lefts = [sign * part.bounding_box()["x"] for part in parts]
        assert lefts == sorted(lefts)


def test_sources_stand_beside_the_answer_and_below_it_on_a_phone(visits):
    for width, beside in ((1280, True), (390, False)):
        visit = visits(viewport={"width": width, "height": 844})
        visit.ask(ARABIC)
        # Read at one moment: the page may still be scrolling to the question.
        said, sources = visit.page.evaluate(
            "parts => parts.map(part => document.querySelector(part).getBoundingClientRect().toJSON())", [".said", ".sources"]
        )
        assert (abs(said["y"] - sources["y"]) < 5) is beside
        assert (sources["y"] >= said["y"] + said["height"]) is not beside


def test_a_marker_leads_to_its_source(visits):
    visit = visits()
    visit.ask(ARABIC)
    visit.page.locator("a.chip").last.click()
    card = visit.page.locator(".evidence").last
    expect(card).to_be_focused()
    expect(card.locator("mark")).to_be_in_viewport()
    # The conversation is drawn anew with each question; what the reader opened stays open.
    visit.ask(UNTOLD)
    expect(card.locator("details")).to_have_attribute("open", "")


# What stands in an answer


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answering_phrase_is_seen_without_colours_too(visits, scheme):
    visit = visits(color_scheme=scheme)
    for language, words in (("ar", "ثلاث ساعات ونصف الساعة"), ("fa", "۵ ساعت"), ("en", "four hours")):
        visit.ask(f"staged merged {language}")
        mark = visit.page.locator(".turn").last.locator("blockquote mark")
        expect(mark).to_have_text(words)
        colours = [
            mark.evaluate(f"element => getComputedStyle(element).{name}") for name in ("color", "backgroundColor")
        ]
        dark, light = sorted(_luminance(colour) for colour in colours)
        assert (light + 0.05) / (dark + 0.05) >= 7
        assert mark.evaluate("element => getComputedStyle(element).textDecorationLine") == "underline"
        assert mark.evaluate("element => getComputedStyle(element).paddingInlineStart") == "0px", "letters would not join"


@pytest.mark.parametrize("scheme", ["dark"])
def test_the_short_answer_is_the_largest_text_and_can_be_read(visits, scheme):
    visit = visits(color_scheme=scheme)
    for language in ("ar", "fa", "en"):
        visit.ask(f"staged several {language}")
        turn = visit.page.locator(".turn").last
        sizes = [float(visit.style(part, "fontSize")[:-2]) for part in (".direct .first", ".quote blockquote", ".direct .own")]
        assert sizes[0] > sizes[1] and sizes[2] >= 14
        background = visit.style("body", "backgroundColor")
        for part in ("h3", ".first", ".own", ".between", "a.chip"):
            colour = turn.locator(f".direct {part}").first.evaluate("element => getComputedStyle(element).color")
            dark, light = sorted(map(_luminance, (colour, background)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, part


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_short_answer_is_read_in_order_copied_and_leads_to_its_card(visits, language):
    visit = visits(viewport={"width": 390, "height": 844})
    visit.ask(f"staged several {language}")
    direct = visit.page.locator(".direct")
    expect(visit.page.get_by_role("heading", name=phrase("short_answer", language))).to_be_visible()
    for words in direct.locator(".first, .own").all():
        own = "ltr" if words.get_attribute("lang") == "en" else "rtl"
        assert words.evaluate("element => getComputedStyle(element).direction") == own
    sign = 1 if language == "en" else -1
    first = direct.locator(".value").first
    lefts = [sign * first.locator(part).bounding_box()["x"] for part in (".first", ".chip")]
    assert lefts == sorted(lefts)
    visit.page.evaluate("getSelection().selectAllChildren(document.querySelector('.said'))")
    copied = visit.page.evaluate("`${getSelection()}`")
    answer = staged.several(language)
    values = [value.text if value.rendered is None else value.rendered for value in (answer.direct, *answer.direct.others)]
    line = next(line for line in copied.splitlines() if values[0] in line)
    assert all(value in line for value in values) and line.count("[") == line.count("·") + 1 == 3
    assert copied.index(line) < copied.index(answer.citations[0].quote)
    # Beside a narrow answer there is no room for cards.
    direct.locator("a.chip").nth(1).click()
    other = next(item for item in answer.citations if item.number == answer.direct.others[0].citation)
    expect(visit.page.locator("#reader")).to_contain_text(other.quote)


def test_a_short_answer_that_comes_last_takes_no_focus_away(visits, answerer):
    visit = visits()
    answerer.go_on.clear()
    visit.page.locator("#box").fill("Growing several fa")
    visit.page.keyboard.press("Enter")
    chip = visit.page.locator(".quote a.chip").nth(1)
    chip.focus()
    expect(visit.page.locator(".direct")).to_have_count(0)
    answerer.go_on.set()
    expect(visit.page.locator(".direct")).to_be_visible()
    expect(visit.page.locator(".turn")).to_have_attribute("aria-busy", "false")
    expect(chip).to_be_focused()
    expect(chip).to_be_in_viewport()


def _luminance(colour: str) -> float:
    """Return the relative luminance (0 to 1) of a colour such as rgb(1, 2, 3), as the Web Content Accessibility Guidelines."""
    shares = [int(part) / 255 for part in colour[4:-1].split(",")]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("language", "locale"), [("fa", "fa-IR"), ("en", "en-US")])
def test_quotes_that_differ_stand_side_by_side_and_stacked_on_a_phone(visits, language, locale):
    for width, columns in ((1280, 2), (390, 1)):
        visit = visits(viewport={"width": width, "height": 844}, locale=locale)
        visit.ask(f"staged differing {language}")
        figures = visit.page.locator(".differing .quote")
        boxes = figures.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
        assert len(boxes) == 3 and len({round(box["y"]) for box in boxes[:2]}) == 3 - columns
        if columns == 2:
            assert (boxes[0]["x"] > boxes[1]["x"]) is (language != "en")
        for block in figures.locator("blockquote").all():
            own = "ltr" if block.get_attribute("lang") == "en" else "rtl"
            assert block.evaluate("element => getComputedStyle(element).direction") == own
        expect(figures.locator("mark.value")).to_have_text(list(staged.SIDES.values()))
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("language", ["fa"])
def test_another_outlet_s_words_are_reached_by_keyboard(visits, language):
    visit = visits()
    visit.ask(f"staged merged {language}")
    others = visit.page.locator(".source .other")
    expect(others.nth(1).locator(".passage")).to_be_hidden()
    visit.page.locator(".also a").nth(1).focus()
    visit.page.keyboard.press("Enter")
    expect(others.nth(1).locator("mark")).to_be_in_viewport()
    expect(others.nth(1).locator("summary")).to_be_focused()
    expect(others.nth(0).locator(".passage")).to_be_hidden()
    visit.page.keyboard.press("Enter")
    expect(others.nth(1).locator(".passage")).to_be_hidden()


@pytest.mark.parametrize(("scheme", "locale"), [("dark", "fa-IR")])
def test_every_kind_of_answer_fits_a_phone(visits, scheme, locale):
    visit = visits(viewport={"width": 390, "height": 844}, color_scheme=scheme, locale=locale)
    for name in ("merged", "differing", "as_of", "untold", "written", "rendered", "foreign", "several", "wordy"):
        for language in ("ar", "fa", "en"):
            visit.ask(f"staged {name} {language}")
    for other in visit.page.locator("summary").all():
        other.click()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    expect(visit.page.locator(".notices[role=status]")).to_have_count(3)
    expect(visit.page.locator(".missing")).to_have_count(3)


def test_a_follow_up_comes_with_the_earlier_questions(visits, answerer):
    visit = visits()
    for question in (ARABIC, "🙂", "ومن استقبله؟"):
        visit.ask(question)
    assert answerer.asked[-1] == ("ومن استقبله؟", [ARABIC])
    visit.page.locator("#new").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(visit.page.locator(".welcome")).to_be_visible()
    visit.ask(PERSIAN)
    assert answerer.asked[-1] == (PERSIAN, [])


def test_an_abstention_is_calm_and_names_articles_nearby(visits):
    visit = visits()
    visit.ask(UNTOLD)
    expect(visit.page.locator(".abstention .untold")).to_be_visible()
    assert visit.page.locator(".sources, .problem").count() == 0


def test_a_question_without_words_gets_a_message(visits):
    visit = visits()
    visit.ask("🙂🙂")
    expect(visit.page.locator(".problem")).to_contain_text("no words")
    assert visit.page.locator(".question").inner_text() == "🙂🙂"


def test_a_bug_becomes_a_message_and_no_traceback(visits, caplog):
    visit = visits()
    visit.ask("Break")
    expect(visit.page.locator(".problem")).to_contain_text("Something broke")
    assert "Traceback" not in visit.page.content() and "a bug" not in visit.page.content()
    assert "a question from the page failed" in caplog.text
    visit.ask(ARABIC)
    expect(visit.page.locator(".quote").first).to_be_visible()


def test_an_answer_grows_while_the_next_question_waits_its_turn(visits, answerer):
    answerer.go_on.clear()
    visit = visits()
    page, box = visit.page, visit.page.locator("#box")
    visit.send("Slowly, please")
    expect(page.locator(".sentences")).to_have_text("One.\u00a0[1]")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "true")
    expect(box).to_have_value("")
    visit.send(ARABIC)
    expect(page.locator(".turn").nth(1)).to_have_attribute("data-state", "waiting")
    expect(box).to_have_value("")
    answerer.go_on.set()
    expect(page.locator(".sentences")).to_have_text("One.\u00a0[1] Two.\u00a0[1]")
    expect(page.locator(".turn[data-state=over]")).to_have_count(2)
    assert answerer.asked[-1] == (ARABIC, ["Slowly, please"])


def test_an_answer_can_be_stopped(visits, answerer):
    answerer.go_on.clear()
    visit = visits()
    page = visit.page
    expect(page.locator("#stop")).to_be_hidden()
    visit.send("Slowly, please")
    expect(page.locator(".sentences")).to_be_visible()
    page.locator("#stop").click()
    expect(page.locator("#stop")).to_be_hidden()
    # The next question does not wait for what was stopped.
    visit.ask(UNTOLD)
    answerer.go_on.set()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".sentences")).to_have_text("One.\u00a0[1]")
    expect(page.locator(".turn").first).to_have_attribute("data-state", "stopped")


def test_readers_do_not_wait_for_each_other(visits, answerer):
    answerer.go_on.clear()
    slow, quick = visits(), visits()
    slow.page.locator("#box").fill("Slowly, please")
    slow.page.keyboard.press("Enter")
    expect(slow.page.locator(".sentences")).to_be_visible()
    quick.ask(ARABIC)
    answerer.go_on.set()
    expect(slow.page.locator(".turn")).to_have_attribute("aria-busy", "false")


def test_keys_send_and_break_lines_and_the_focus_stays(visits):
    visit = visits()
    box = visit.page.locator("#box")
    box.focus()
    visit.page.keyboard.type("one")
    visit.page.keyboard.press("Shift+Enter")
    visit.page.keyboard.type("two")
    expect(box).to_have_value("one\ntwo")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".question")).to_have_text("one\ntwo")
    expect(box).to_be_focused()
    # An empty box asks nothing: what is asked behind it is the second question.
    visit.page.keyboard.press("Enter")
    visit.ask("three")
    expect(visit.page.locator(".question")).to_have_text(["one\ntwo", "three"])


def test_the_box_has_the_direction_of_what_is_typed(visits):
    visit = visits()
    box = visit.page.locator("#box")
    for text, side in ((PERSIAN, "rtl"), (ENGLISH, "ltr")):
        box.fill(text)
        assert visit.style("#box", "direction") == side
    expect(box).to_have_attribute("dir", "auto")


def test_the_days_that_were_read_are_taken_away_by_a_button(visits):
    visit = visits()
    visit.ask("ماذا حدث بين 16 و21 أكتوبر 2025؟")
    visit.page.locator(".read-days .clear").click()
    expect(visit.page.locator(".question").nth(1)).to_have_text("ماذا حدث؟")
    expect(visit.page.locator(".turn").nth(1)).to_have_attribute("aria-busy", "false")
    expect(visit.page.locator(".read-days")).to_have_count(1)


@pytest.mark.parametrize(("locale", "scheme"), [("ar", "dark")])
def test_nothing_runs_over_the_edge_of_a_phone(visits, locale, scheme):
    visit = visits(viewport={"width": 390, "height": 844}, color_scheme=scheme, locale=locale)
    for question in (ARABIC, ENGLISH, UNTOLD, "🙂", "w" * 300):
        visit.ask(question)
    visit.page.locator("summary").first.click()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    background = visit.style("body", "backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 3 * 80) is (scheme == "dark")


@pytest.mark.parametrize(
    ("locale", "side", "send"), [("ar-EG", "rtl", "إرسال"), ("fa", "rtl", "ارسال"), ("de-DE", "ltr", "Send")]
)
def test_the_page_speaks_the_language_of_the_browser(visits, locale, side, send):
    visit = visits(locale=locale)
    expect(visit.page.get_by_role("button", name=send, exact=True)).to_be_visible()
    assert visit.page.locator("#send").inner_text() == send
    assert visit.style(".welcome", "direction") == side


def test_the_newest_question_is_brought_into_view(visits):
    visit = visits()
    for question in (ARABIC, ENGLISH, PERSIAN):
        visit.ask(question)
    visit.page.wait_for_function("document.querySelector('.turn:last-child').getBoundingClientRect().top < 120")
    expect(visit.page.locator(".turn").last.locator(".question")).to_be_in_viewport()


def test_the_page_tells_what_answers_and_allows_nothing_from_elsewhere(visits, address, archive):
    visit = visits()
    expect(visit.page.locator(".status")).to_contain_text(f"{archive.catalog.counts()['articles']} articles")
    expect(visit.page.locator(".status")).to_contain_text(phrase("about.quotes", "en"))
    assert "Gradio" not in visit.page.locator("body").inner_text()
    headers = visit.page.request.get(address).headers
    assert "img-src 'self' data: blob:" in headers["content-security-policy"]
    assert "form-action 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("fa-IR", "جست‌وجوی معنایی: ۴۴٪ از بایگانی"),
    ],
    ids=["fa"],
)
def test_the_foot_tells_how_much_can_be_searched_by_meaning_until_all_can(visits, archive, monkeypatch, locale, told):
    share = [Embedded(25, 56)]
    monkeypatch.setattr(archive.coverage, "now", lambda: share[0])
    visit = visits(viewport={"width": 390, "height": 844}, locale=locale)
    meaning = visit.page.locator(".status .meaning")
    expect(meaning).to_be_visible()
    assert meaning.inner_text().strip() == told
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    share[0] = Embedded(56, 56)
    # The next answer brings the news, without a reload.
    visit.ask(ARABIC)
    expect(meaning).to_have_count(0)
    expect(visit.page.locator(".status")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "told"),
    [("ar", "لم يدخل الأرشيف: ملف واحد")],
    ids=["ar"],
)
def test_what_the_last_indexing_left_out_opens_above_the_edge_of_a_phone(visits, archive, monkeypatch, locale, told):
    problem = Problem("news/أخبار/9.txt", "the file is empty (0 words); put the article's text in it", kind="empty")
    report = kept(BuildReport(added=2, problems=[problem], hidden=1), date(2025, 10, 21))
    meta = archive.catalog.meta
    monkeypatch.setattr(archive.catalog, "meta", lambda key: report if key == "report" else meta(key))
    visit = visits(viewport={"width": 390, "height": 844}, locale=locale)
    door, reasons = visit.page.locator(".report summary"), visit.page.locator(".report .reasons")
    assert told in door.inner_text().strip() and not reasons.is_visible()
    door.click()
    expect(reasons).to_be_in_viewport(ratio=0.99)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    assert visit.style(".report .reasons", "direction") == ("ltr" if locale == "en-US" else "rtl")
    places = visit.page.locator(".report .path bdi").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert places == sorted(places), "folders stand before what they hold"
    door.click()
    expect(reasons).to_be_hidden()


def test_an_article_without_a_link_is_opened_by_the_page_whatever_its_name(visits):
    visit = visits()
    visit.ask("What was mended?")
    visit.page.locator(".source a.opens").first.click()
    with visit.page.context.expect_page() as opened:
        visit.page.locator('#reader a[href^="article/"]').first.click()
    expect(opened.value.locator("h1")).to_have_text("Mill")
    expect(opened.value.locator("body")).to_contain_text("A mill was mended.")
    places = opened.value.locator(".where .path bdi").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert len(places) > 1 and places == sorted(places) and NAME in opened.value.locator(".where").inner_text()


def test_boxes_buttons_and_answers_have_names_for_screen_readers(visits):
    visit = visits()
    expect(visit.page.get_by_label("Your question")).to_be_visible()
    for name in ("Send", "New conversation"):
        expect(visit.page.get_by_role("button", name=name)).to_be_visible()
    visit.ask(ENGLISH)
    expect(visit.page.get_by_role("log")).to_contain_text("This is what the articles say")
    expect(visit.page.get_by_role("link", name="Source 1")).to_be_visible()


# The filter


def test_a_filter_stays_on_until_it_is_cleared(visits, answerer):
    visit = visits()
    page = visit.page
    expect(page.locator(".sign")).to_have_count(0)
    visit.choose("جريدة الرواق", "Northgate Wire", languages=["ar"], since="1404/07/01", until="21 October 2025")
    expect(page.locator(".sign[role=status]")).to_contain_text(
        "Filter: Northgate Wire, جريدة الرواق, in Arabic, from 23 September 2025 to 21 October 2025"
    )
    chosen = Filter(frozenset({"جريدة الرواق", "Northgate Wire"}), frozenset({"ar"}), date(2025, 9, 23), date(2025, 10, 21))
    visit.ask(ARABIC)
    expect(page.locator("#filter-panel")).to_be_hidden()
    visit.ask(UNTOLD)
    expect(page.locator(".untold").last).to_contain_text(
        "نطاق البحث: Northgate Wire، جريدة الرواق، بالعربية، من 23 سبتمبر 2025"
    )
    page.locator("#new").click()
    expect(page.locator(".turn")).to_have_count(0)
    visit.ask(ENGLISH)
    assert answerer.within[-3:] == [chosen] * 3
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator(".sign")).to_have_count(0)
    expect(page.locator("#filter-button")).to_be_focused()
    visit.ask(ARABIC)
    assert answerer.within[-1] == EVERYTHING
    page.locator("#filter-button").click()
    assert page.locator("#filter-panel :checked").count() == 0
    expect(page.locator("#filter-since")).to_have_value("")


def test_a_question_goes_with_the_choice_of_its_moment(visits, answerer):
    visit = visits()
    visit.choose("Northgate Wire")
    visit.page.locator("#filter-since").fill("2025-10-01")
    # Sent before the field was left, and before the sign told of it.
    visit.ask(ENGLISH)
    assert answerer.within[-1] == Filter(frozenset({"Northgate Wire"}), since=date(2025, 10, 1))


def test_what_is_no_date_is_told_and_not_passed_over(visits, answerer):
    visit = visits(locale="fa-IR")
    visit.choose(since="دیروز")
    expect(visit.page.get_by_role("alert")).to_contain_text("این تاریخ نیست: دیروز.")
    asked = len(answerer.asked)
    visit.ask(PERSIAN)
    expect(visit.page.locator(".problem")).to_contain_text("این تاریخ نیست: دیروز.")
    assert len(answerer.asked) == asked
    visit.choose(since="۱ مهر ۱۴۰۴", until="2025-01-01")
    expect(visit.page.locator(".fault")).to_contain_text("روز آغاز پس از روز پایان است.")
    visit.choose(until="")
    expect(visit.page.locator(".sign")).to_contain_text("از ۱ مهر ۱۴۰۴ (۲۳ سپتامبر ۲۰۲۵)")
    visit.ask(PERSIAN)
    assert answerer.within[-1] == Filter(since=date(2025, 9, 23))


def test_the_filter_by_keyboard(visits):
    visit = visits()
    page, button, panel = (
        visit.page,
        visit.page.get_by_role("button", name="Filter", exact=True),
        visit.page.locator("#filter-panel"),
    )
    button.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name=language][value=ar]")).to_be_checked()
    expect(page.locator(".sign")).to_contain_text("in Arabic")
    page.locator("#filter-until").focus()
    page.keyboard.type("1999-01-01")
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    expect(page.locator(".sign")).to_contain_text("until 1 January 1999")
    page.keyboard.press("Space")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_day_can_be_chosen_from_the_browser_s_calendar(visits):
    visit = visits()
    visit.choose()
    visit.page.get_by_role("button", name="Choose from a calendar").first.click()
    visit.page.locator("#filter-panel [type=date]").first.fill("2025-10-21")
    expect(visit.page.locator("#filter-since")).to_have_value("2025-10-21")
    expect(visit.page.locator(".sign")).to_contain_text("since 21 October 2025")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("تارنماى", ["تارنمای سپیدار"]),
        ("صحيفه ", ["صحيفة نداء الساحل", "صحيفة الطاحونة"]),
        ("NORTH gate", ["Northgate Wire"]),
        ("؟", 9),
        ("zzz", []),
    ],
)
def test_an_outlet_is_found_by_typing_whatever_the_keyboard(visits, typed, found):
    visit = visits()
    visit.choose()
    visit.page.get_by_label("Find an outlet").fill(typed)
    shown = visit.page.locator("#filter-panel .outlets li:visible label > span:not(.count)")
    if isinstance(found, int):
        expect(shown).to_have_count(found)
    else:
        expect(shown).to_have_text(found)
    visit.page.get_by_role("button", name="Clear the filter").click()
    expect(shown).to_have_count(9)


@pytest.mark.parametrize(("locale", "side"), [("fa", "rtl"), ("en", "ltr")])
@pytest.mark.parametrize(("width", "scheme"), [(390, "light")])
def test_the_filter_fits_its_reader(visits, locale, side, width, scheme):
    visit = visits(viewport={"width": width, "height": 844}, locale=locale, color_scheme=scheme)
    page = visit.page
    visit.choose("جريدة الرواق", "The Harbour Courier", "Northgate Wire", since="2025-01-01", until="۲۹ مهر ۱۴۰۴")
    expect(page.locator(".sign")).to_be_visible()
    assert visit.style("#filter-panel", "direction") == visit.style(".sign p", "direction") == side
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for part in page.locator("#filter-panel, #filter-panel :is(label, button, legend), .sign, #filter-button").all():
        box = part.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    expect(page.locator("#filter-panel .ends button").last).to_be_in_viewport()
    expect(page.locator("#box")).to_be_in_viewport()
    cross, text = page.locator(".sign .clear").bounding_box(), page.locator(".sign p").bounding_box()
    assert (cross["x"] > text["x"]) is (side == "ltr")
    shown = page.locator("#filter-panel legend .spoken > :visible").all()
    assert [span.get_attribute("lang") for span in shown] == [locale] * 3
    colours = [visit.style("#filter-panel", name) for name in ("backgroundColor", "color")]
    dark, light = (sum(map(int, colour[4:-1].split(","))) for colour in colours)
    assert (dark < light) is (scheme == "dark")
