"""Questions that the page offers, in Chromium: examples in the user's language first, follow-ups under the last answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from index.types import LANGUAGES
from rag.api.application import create_api
from rag.archive import Archive
from rag.desk import open_desk
from rag.offer.kept import FILE_NAME, Examples, write_examples
from rag.offer.offers import Offers
from rag.offer.types import OfferedQuestion
from rag.settings import Settings
from tests.ui.page.served import ARABIC, PERSIAN, StagedAnswerer, Visit, opened, serving, watched
from tests.ui.page.windows import Windows
from ui.page.app import mount_page

HOSTILE = "Who is <img src=x onerror=alert(1)>\u202e?"
QUESTIONS = {
    "ar": ["ماذا قال أوشاكوف عن بوتين؟", "متى أقرت دول الاتحاد الأوروبي الحزمة التاسعة عشرة؟"],
    "fa": ["دونالد ترامپ و ولادیمیر پوتین چه زمانی تلفنی گفت‌وگو کردند؟", "اوشاکوف دربارهٔ پوتین چه گفت؟"],
    "en": ["Who was elected mayor of New York?", HOSTILE],
}
FOLLOWUPS = {"ar": ("ماذا قال ترامب عن روبيو؟", "أين وقع ذلك؟"), "fa": ("ترامپ چه گفت؟", HOSTILE)}


class Staged(Offers):
    """Offers whose follow-ups are told by the language of the answer, and which say what they were asked."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: list[tuple[str, list[str]]] = []

    def followups(self, turn_id, answer, earlier=(), within=None):  # noqa: ANN001, ANN201
        self.asked.append((answer.question, list(earlier)))
        return FOLLOWUPS.get(answer.language, ()) if answer.citations else ()


@pytest.fixture(scope="module")
def offers(archive: Archive, settings: Settings) -> Iterator[Staged]:
    """Offers over the archive of all tests, with examples kept in its folder."""
    article = next(archive.catalog.articles()).article_id
    kept = [OfferedQuestion(text, language, "who", article, language, "O", date(2025, 1, 1))
            for language in LANGUAGES for text in QUESTIONS[language]]  # fmt: skip
    made = open_desk(replace(archive, answerer=StagedAnswerer(archive.answerer)), settings)  # type: ignore[arg-type]
    file = archive.catalog.file.parent / FILE_NAME
    write_examples(file, Examples("kept", tuple(kept)))
    offers = Staged(archive, made.offers._reader, made.offers._glossary)
    file.unlink()  # read already; the archive is that of other tests, too
    with serving(mount_page(create_api(made), replace(made, offers=offers))) as address:
        offers.address = address  # type: ignore[attr-defined]
        yield offers
    made.close()


@pytest.fixture
def visit(offers: Staged, windows: Windows) -> Iterator[Any]:
    lent, complaints = [], []

    def visit(locale: str = "en-US", **options: Any) -> Visit:
        lent.append(windows.lend({"viewport": {"width": 1280, "height": 900}, "locale": locale, **options}))
        page = lent[-1].page
        complaints.append(watched(page, offers.address))
        opened(page, offers.address)
        return Visit(page, complaints[-1])

    yield visit
    told = [each for found in complaints for each in found]
    for window in lent:
        windows.take_back(window, offers.address)
    assert not told


@pytest.mark.parametrize(("locale", "language"), [("ar", "ar"), ("fa-IR", "fa"), ("en-US", "en")])
def test_examples_in_the_readers_language_come_first_and_each_is_asked_by_a_click(visit, offers, locale, language):
    page = visit(locale).page
    examples = page.locator(".welcome .example")
    expect(examples).to_have_count(6)
    shown = [examples.nth(at).inner_text() for at in range(6)]
    assert set(shown[:2]) == set(QUESTIONS[language]) and set(shown) == {each for own in QUESTIONS.values() for each in own}
    sides = {"en": "ltr", "ar": "rtl", "fa": "rtl"}
    for at in range(6):
        own = next(each for each in LANGUAGES if shown[at] in QUESTIONS[each])
        expect(examples.nth(at)).to_have_attribute("dir", sides[own])
        expect(examples.nth(at)).to_have_attribute("lang", own)
    assert page.locator(".welcome img").count() == 0, "a question is text"
    chosen = QUESTIONS[language][0]
    page.locator(".example", has_text=chosen).click()
    expect(page.locator(".turn .question")).to_have_text(chosen)
    expect(page.locator(".welcome")).to_have_count(0)


def test_another_language_brings_its_own_examples_first(visit):
    page = visit("en-US").page
    expect(page.locator(".example").first).to_have_attribute("lang", "en")
    kit = page.locator("script[src*='main.js']").evaluate("(one) => one.src.replace('main.js', 'kit.js')")
    page.evaluate("(kit) => import(kit).then((kit) => kit.setLanguage('fa'))", kit)
    expect(page.locator(".example").first).to_have_attribute("lang", "fa")
    expect(page.locator(".example")).to_have_count(6)


@pytest.mark.parametrize(("question", "language", "name"), [
    (ARABIC, "ar", "أسئلة قد تهمك"), (PERSIAN, "fa", "پرسش‌های بعدی"),
])  # fmt: skip
def test_followups_stand_under_the_last_answer_alone(visit, offers, question, language, name):
    one = visit({"ar": "ar", "fa": "fa-IR"}[language])
    page = one.page
    one.ask(question)
    block = page.locator(".turn").last.locator(".followups")
    expect(block.locator(".followup")).to_have_text(list(FOLLOWUPS[language]))
    expect(block.locator(".followups-name")).to_have_text(name)
    expect(block.locator(".followup").first).to_have_attribute("dir", "rtl")
    block.locator(".followup").first.click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").nth(1).locator(".question")).to_have_text(FOLLOWUPS[language][0])
    expect(page.locator(".turn").nth(0).locator(".followups")).to_have_count(0)
    expect(page.locator(".turn").last).to_have_attribute("aria-busy", "false")
    with page.expect_response("**/followups"):
        page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").first.locator(".followups")).to_have_count(0)
    assert offers.asked[-1] == (FOLLOWUPS[language][0], [question]), "the questions before it are its conversation"


def test_followups_can_be_touched(visit):
    one = visit("fa-IR", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    one.ask(PERSIAN)
    followup = one.page.locator(".followup").last
    expect(followup).to_have_text(HOSTILE)
    box = followup.bounding_box()
    assert box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_an_abstention_has_none(visit):
    one = visit("ar")
    one.ask("كيف سيكون الطقس في القاهرة غدا؟")
    with one.page.expect_response(lambda reply: reply.url.endswith("/followups")) as reply:
        one.ask("كيف كان الطقس في القاهرة أمس؟")
    assert reply.value.json() == []
    expect(one.page.locator(".followups")).to_have_count(0)


def test_nobody_elses_followups(visit, offers):
    one = visit("fa-IR")
    one.ask(PERSIAN)
    expect(one.page.locator(".followup")).to_have_count(2)
    turn = one.page.locator(".turn").get_attribute("data-turn")
    path = f"page/conversations/{one.page.url.rsplit('/', 1)[1]}/turns/{turn}/followups"
    other = visit("fa-IR")
    told = "(path) => fetch(path, {headers: {'X-Khabar': 'page'}}).then((reply) => reply.status)"
    assert one.page.evaluate(told, path) == 200
    assert other.page.evaluate(told, path) == 404
    other.complaints.clear()  # the browser complains of the 404


def test_nothing_is_offered_before_it_is_started(application):
    """The tests of other parts are asked nothing that they did not ask."""
    from fastapi.testclient import TestClient

    with TestClient(application) as client:
        assert client.get("/page/examples").json() == {"questions": [], "looking": False}


