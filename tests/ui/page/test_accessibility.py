"""axe-core finds nothing against WCAG (A, AA) or its best practice: every view, at a desk and on a phone, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.page.served import ARABIC, PERSIAN, UNTOLD

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}


def violations(visit):
    """What axe finds, each with the elements that it finds it in.

    What happens to lie half under the foot at this moment is no smaller for it: the foot does not float meanwhile.
    """
    style = visit.page.add_style_tag(content="#khabar :is(#foot, #masthead) { position: static !important }")
    found = Axe().run(visit.page, options=RULES).response["violations"]
    style.evaluate("element => element.remove()")
    return [(rule["id"], [element["html"][:160] for element in rule["nodes"][:3]]) for rule in found]


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [("ar", "light", 1280), ("fa-IR", "dark", 390)],
    ids=["ar", "fa"],
)
def test_no_view_has_a_violation(visits, locale, scheme, width):
    visit = visits(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = visit.page
    assert violations(visit) == [], "the first visit"
    language = locale[:2]
    for name in ("several", "differing", "written", "foreign", "untold", "as_of"):
        visit.ask(f"staged {name} {language}")
    for question in (ARABIC, PERSIAN, UNTOLD, "🙂", "Break"):
        visit.ask(question)
    assert violations(visit) == [], "answers"
    page.locator("#filter-button").click()
    assert violations(visit) == [], "the filter"
    page.keyboard.press("Escape")
    if width > 1000:
        page.locator("#conversations li").first.hover()
        page.locator("#conversations [data-more]").first.click()
        assert violations(visit) == [], "the menu of a conversation"
        page.keyboard.press("Escape")
    page.locator("[data-article]").first.click()
    expect(page.locator("#reader")).to_be_visible()
    assert violations(visit) == [], "the article beside the answer"
    page.keyboard.press("Escape")
    for view in ("archive", "check"):
        page.evaluate("view => document.querySelector(`a[data-view=${view}]`).click()", view)
        page.locator(f"#view[data-shown={view}]").wait_for()
        assert violations(visit) == [], view
