"""The filter -> HTML: what there is to choose, the sign that it is on, and what is wrong with a choice."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from index.types import EVERYTHING, LANGUAGES, Filter
from rag.filter import Fault, FilterError, Outlet
from rag.phrases import filter_in_words, phrase
from tests.ui.html_reader import ATTACK, TAGS, Page
from tests.ui.staged import WITHIN
from ui.page.filter import filter_button_html, filter_fault_html, filter_panel_html, filter_sign_html

OUTLETS = [Outlet("نداء الساحل", 1200, date(2025, 3, 17), date(2025, 10, 21)), Outlet("Northgate Wire", 7, None, None)]
FORM_TAGS = TAGS | {"form", "fieldset", "legend", "label", "input", "svg", "path"}


def test_the_panel_offers_what_there_is():
    page = Page(filter_panel_html(OUTLETS))
    assert [found["value"] for _, found in page.having(name="outlet")] == ["نداء الساحل", "Northgate Wire"]
    assert [found["value"] for _, found in page.having(name="language")] == list(LANGUAGES)
    assert [found["name"] for _, found in page.having(type="text")] == ["since", "until"]
    assert {(found["min"], found["max"]) for _, found in page.having(type="date")} == {("2025-03-17", "2025-10-21")}
    assert page.text.count("1,200") == 2 and "۱٬۲۰۰" in page.text and "hidden" in page.having(id="filter-panel")[0][1]
    assert not page.having(type="search")
    assert page.having(for_="filter-since") and page.having(id="filter-since") and page.having(id="filter-hint")


def test_many_outlets_can_be_sought_by_their_folded_letters():
    page = Page(filter_panel_html([Outlet(f"صحيفةُ {number}", 1, None, None) for number in range(20)]))
    assert page.having(type="search")
    assert [found["data-folded"] for _, found in page.tags if "data-folded" in found][:2] == ["صحيفه0", "صحيفه1"]


def test_without_outlets_there_are_languages_and_days():
    page = Page(filter_panel_html([]))
    assert not page.having(name="outlet") and len([tag for tag, _ in page.tags if tag == "fieldset"]) == 2


def test_the_sign_tells_the_filter_in_each_language():
    assert filter_sign_html(EVERYTHING) == ""
    page = Page(filter_sign_html(WITHIN))
    assert page.having(role="status") and page.having(class_="clear")
    for language in LANGUAGES:
        assert all(piece in page.text for piece in (phrase("clear", language), *filter_in_words(WITHIN, language)))


@pytest.mark.parametrize("fault", get_args(Fault))
def test_a_fault_is_told_in_each_language(fault):
    page = Page(filter_fault_html(FilterError(fault, ATTACK, "p", "r")))
    assert {tag for tag, _ in page.tags} <= FORM_TAGS and page.having(role="alert") and page.having(class_="clear")
    assert page.text.count(ATTACK) == (0 if fault == "days_reversed" else 3)
    assert "{" not in page.text


def test_no_outlet_becomes_markup():
    within = Filter(frozenset({ATTACK}))
    for content in (filter_panel_html([Outlet(ATTACK, 1, None, None)]), filter_sign_html(within)):
        page = Page(content)
        assert {tag for tag, _ in page.tags} <= FORM_TAGS and ATTACK in page.text
        assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert Page(filter_panel_html([Outlet(ATTACK, 1, None, None)])).having(name="outlet")[0][1]["value"] == ATTACK


def test_the_button_leads_to_the_panel():
    [(_, button)] = Page(filter_button_html()).having(id="filter-button")
    assert Page(filter_panel_html([])).having(id=button["aria-controls"]) and button["aria-expanded"] == "false"
