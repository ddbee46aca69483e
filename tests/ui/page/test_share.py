"""Copying, saving, printing and judging in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, expect

from rag.phrases import phrase
from tests.ui import staged
from tests.ui.page.served import ARABIC

pytestmark = pytest.mark.browser

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (type) => item.types.includes(type) ? (await item.getType(type)).text() : null;
  return { plain: await read("text/plain"), rich: await read("text/html") };
}"""
SELECT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
LOCALES = {"ar": "ar", "fa": "fa-IR", "en": "en-US"}


@pytest.fixture
def visit(visits):
    """A function that opens the page for a reader of a language, with the clipboard allowed."""

    def open_for(language="en", allowed=True, **options):
        one = visits(locale=LOCALES[language], accept_downloads=True, **options)
        if allowed:
            one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        return one

    return open_for


def copied(page):
    """What the clipboard holds; one that is written to at this moment is read again."""
    for _ in range(10):
        try:
            return page.evaluate(READ)
        except Error as error:
            assert "Clipboard data has changed" in str(error)
    return page.evaluate(READ)


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_a_quote_and_an_answer_are_copied_with_their_sources(visit, language):
    page = (one := visit(language)).page
    one.ask(f"staged direct {language}")
    item = staged.HOURS[language]
    page.locator("figure.quote").hover()
    page.locator("[data-copy=quote]").click()
    expect(page.locator(".toast")).to_have_text(phrase("page_share.copied", language))
    taken = copied(page)
    for text in taken.values():
        assert item.quote in text and item.outlet in text and item.title in text and item.url in text
    assert f'lang="{language}"' in taken["rich"]
    page.locator(".tools [data-form=markdown]").click()
    page.wait_for_function(
        "async url => { const text = await navigator.clipboard.readText();"
        " return text.startsWith('**') && text.includes(`<${url}>`); }",
        arg=item.url,
    )


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_what_is_copied_by_hand_carries_its_source_once(visit, language):
    page = (one := visit(language)).page
    one.ask(f"staged differing {language}")
    page.locator("blockquote").nth(1).evaluate(SELECT)
    page.keyboard.press("Control+c")
    taken = copied(page)
    item = staged.HOURS["fa"]
    words, cite, *_ = taken["plain"].split("\n\n")
    assert words == f"«{item.quote}»" and cite.startswith(f"— {item.outlet}، «{item.title}»") and cite.endswith(f"\n{item.url}")
    assert taken["plain"].count(item.outlet) == 1 and staged.HOURS["ar"].outlet not in taken["plain"]
    assert item.url in taken["rich"] and "<button" not in taken["rich"]
    page.locator(".said").evaluate(SELECT)
    page.keyboard.press("Control+c")
    assert all(copied(page)["plain"].count(f"— {staged.HOURS[each].outlet}") == 1 for each in ("ar", "fa", "en"))


def test_a_sentence_carries_the_source_of_the_marker_behind_it(visit):
    page = (one := visit()).page
    one.ask("staged written en")
    page.locator("p.sentences").evaluate(
        """(element) => {
          const range = document.createRange();
          range.setStart(element.firstChild, 0);
          range.setEnd(element.firstChild, 10);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    page.keyboard.press("Control+c")
    assert copied(page)["plain"].startswith("The meetin\n\n— Northgate Wire, ")


def test_what_is_copied_from_the_article_itself_names_it_too(visit):
    page = (one := visit("ar")).page
    one.ask(ARABIC)
    page.locator(".source .opens").first.click()
    text = page.locator("#reader .text p").first
    text.evaluate(SELECT)
    page.keyboard.press("Control+c")
    words, cite, *_ = copied(page)["plain"].split("\n\n")
    assert words == text.inner_text().strip() and cite.startswith("— ") and page.locator("#reader-title").inner_text() in cite


def test_what_no_article_says_is_copied_as_it_is(visit):
    page = (one := visit()).page
    one.ask("staged direct en")
    page.locator(".question h2").evaluate(SELECT)
    page.keyboard.press("Control+c")
    assert copied(page)["plain"] == "staged direct en"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_clipboard_that_is_refused_is_told_and_the_text_offered(visit, language):
    page = (one := visit(language)).page
    one.ask(f"staged direct {language}")
    page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }")
    page.locator(".tools [data-copy=answer]").first.click()
    dialog = page.locator("dialog.offered")
    expect(dialog).to_contain_text(phrase("page_share.refused", language))
    chosen = page.evaluate("getSelection().toString() || document.activeElement.value")
    assert staged.HOURS[language].quote in chosen
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_over_plain_http_there_is_another_way(visit):
    page = (one := visit()).page
    one.ask("staged direct en")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.locator(".tools [data-copy=answer]").first.click()
    expect(page.locator(".toast")).to_have_text(phrase("page_share.copied", "en"))
    page.evaluate("delete navigator.clipboard")
    taken = copied(page)
    assert staged.HOURS["en"].quote in taken["plain"] and "<blockquote" in taken["rich"]


@pytest.mark.parametrize(
    ("language", "form", "suffix"), [("ar", "docx", ".docx"), ("fa", "markdown", ".md"), ("en", "ris", ".ris")]
)
def test_an_answer_and_a_conversation_become_files(visit, language, form, suffix, tmp_path):
    page = (one := visit(language)).page
    one.ask(f"staged direct {language}")
    one.ask(f"staged merged {language}")
    tools = page.locator(".tools").last
    for which in ("answer", "conversation"):
        tools.locator("[data-exports]").click()
        tools.locator(f"[data-which={which}]").click()
        with page.expect_download() as download:
            tools.locator(f"[data-export={form}]").click()
        expect(tools.locator(".exports")).to_have_count(0)
        asked = staged.direct(language).question.rstrip("؟?")
        assert download.value.suggested_filename == f"{asked}{suffix}"
        assert download.value.path().stat().st_size
    tools.locator("[data-exports]").click()
    page.keyboard.press("Escape")
    expect(tools.locator(".exports")).to_have_count(0)
    expect(tools.locator("[data-exports]")).to_be_focused()


@pytest.mark.parametrize("language", ["fa"])
def test_a_judgement_stays_is_changed_and_taken_back(visit, language):
    page = (one := visit(language)).page
    one.ask(f"staged direct {language}")
    right, wrong = (page.locator(f"[data-verdict={verdict}]") for verdict in ("right", "wrong"))
    note = page.locator(".judging textarea")
    expect(note).to_have_count(0)
    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    note.fill("لأن المقال يقول ذلك")
    page.locator(".judging [type=submit]").click()
    expect(page.locator(".toast")).to_have_text(phrase("page_judge.kept", language))
    page.reload()
    expect(right).to_have_attribute("aria-pressed", "true")
    expect(note).to_have_value("لأن المقال يقول ذلك")
    wrong.click()
    expect(right).to_have_attribute("aria-pressed", "false")
    page.locator("[data-unjudge]").click()
    expect(wrong).to_have_attribute("aria-pressed", "false")
    expect(note).to_have_count(0)
    page.reload()
    expect(page.locator(".judging")).to_be_visible()
    expect(wrong).to_have_attribute("aria-pressed", "false")


def test_a_judgement_that_cannot_be_kept_is_told(visit):
    one = visit()
    one.ask("staged direct en")
    one.page.route("**/judgement", lambda route: route.abort())
    one.page.locator("[data-verdict=right]").click()
    expect(one.page.locator(".toast")).to_have_text(phrase("page_judge.not_kept", "en"))
    expect(one.page.locator("[data-verdict=right]")).to_have_attribute("aria-pressed", "false")
    one.complaints.clear()


def test_on_paper_there_is_the_conversation_alone(visit):
    page = (one := visit(alone=True)).page
    one.ask("staged rendered en")
    page.emulate_media(media="print")
    for gone in ("#masthead", "#side", "#foot", ".tools", ".copy", ".edit"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("blockquote")).to_be_visible()
    expect(page.locator(".source").first).to_be_visible()
    link = page.locator("a.original").first
    assert staged.HOURS["ar"].url in link.evaluate("link => getComputedStyle(link, '::after').content + link.href")
    assert link.evaluate("link => getComputedStyle(link, '::after').content") != "none"
