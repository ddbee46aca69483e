"""A conversation -> HTML: questions, the filter they were asked under, and what is no answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES, Filter
from rag.conversation.types import Fault, Turn
from rag.filter import FilterInput
from rag.phrases import filter_in_words, not_told, phrase, written_date
from tests.ui.html_reader import ATTACK, TAGS, Page
from tests.ui.staged import HOURS, WITHIN, quoting, untold
from ui.page.conversation import fault_html, turn_html

CHOSEN = FilterInput(outlets=("جريدة الرواق",))
NO_DATE = Fault("filter", "p", "r", "no_date", "؟")


def turn(question, answer=None, number=1, state="over", **more):
    return Turn("a" * 22, number, question, answer=answer, state=state, **more)


def test_no_text_becomes_markup():
    turns = [
        turn(ATTACK, quoting("en", HOURS["en"])),
        turn(ATTACK, state="failed", fault=Fault("away", ATTACK, ATTACK)),
        turn(ATTACK, state="waiting"),
        turn("q", state="failed", fault=Fault("filter", "p", "r", "no_date", ATTACK)),
    ]
    for page in map(Page, map(turn_html, turns)):
        assert {tag for tag, _ in page.tags} <= TAGS and ATTACK in page.text
        assert not [name for _, found in page.tags for name in found if name.startswith("on")]


@pytest.mark.parametrize("abstained", [True, False])
def test_no_outlet_of_a_filter_becomes_markup(abstained):
    answer = untold("ar") if abstained else quoting("ar", HOURS["ar"])
    page = Page(turn_html(turn("q", answer, within=Filter(frozenset({ATTACK})))))
    assert {tag for tag, _ in page.tags} <= TAGS and ATTACK in page.text


@given(st.text())
def test_any_question_is_shown_as_it_is(question):
    page = Page(turn_html(turn(question, quoting("fa", HOURS["fa"]))))
    # A parser reads these as the line end and the replacement character that they stand for.
    plain = {ord("\r"): "\n", 0: "\ufffd"}
    assert question.translate(plain) in page.text.translate(plain)


@pytest.mark.parametrize(("language", "side"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_a_question_has_the_direction_of_its_answer(language, side):
    page = Page(turn_html(turn("NATO؟", quoting(language, HOURS["en"]), 3)))
    assert page.having(class_="question", dir=side, lang=language) and page.having(class_="turn", dir=side)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_under_a_filter_tells_the_filter_once(language):
    for answer in (quoting(language, HOURS["en"]), untold(language)):
        page = Page(turn_html(turn("كم؟", answer, within=WITHIN)))
        assert all(page.text.count(piece) >= 1 for piece in filter_in_words(WITHIN, language))
        assert page.text.count(written_date(WITHIN.since, language)) >= 1
        assert bool(page.having(class_="within")) is not answer.abstained
    assert not_told(language, WITHIN) in page.text and phrase("not_told", language) not in page.text


def test_a_question_without_a_filter_tells_none():
    assert not Page(turn_html(turn("كم؟", quoting("ar", HOURS["ar"])))).having(class_="within")


def test_a_fault_of_the_archive_is_told_to_a_reader_and_its_details_are_tucked_away():
    page = Page(fault_html(Fault("away", "'/data/catalog.sqlite' cannot be read", "check the disk")))
    assert page.having(role="alert") and page.having(lang="en", dir="ltr")
    assert "'/data/catalog.sqlite' cannot be read; check the disk." in page.text
    for language in LANGUAGES:
        assert phrase("page_fault.away", language) in page.text


@pytest.mark.parametrize("kind", ["too_long", "no_words", "broken"])
def test_a_fault_is_told_in_each_language_and_names_no_remedy_of_an_administrator(kind):
    page = Page(fault_html(Fault(kind, "the problem", "see the terminal")))
    assert all(phrase(f"page_fault.{kind}", language) in page.text for language in LANGUAGES)
    assert "the terminal" not in page.text


def test_a_filter_that_was_refused_is_told_in_each_language():
    page = Page(fault_html(Fault("filter", "p", "r", "unknown_outlet", "نداء البحر")))
    assert page.having(role="alert") and page.text.count("نداء البحر") == 3
    for language in LANGUAGES:
        assert phrase("fault.unknown_outlet", language).replace("{value}", "نداء البحر") in page.text


def test_a_fault_half_way_keeps_what_was_said():
    page = Page(turn_html(turn("q", quoting("fa", HOURS["fa"]), state="failed", fault=Fault("away", "p", "r"))))
    assert page.having(class_="quote") and page.having(class_="problem")


def test_a_turn_says_whether_it_is_being_worked_on():
    assert 'aria-busy="true"' in turn_html(turn("q", state="working"))
    for state, key in (("waiting", "page_turn.waiting"), ("working", "searching"), ("stopped", "stopped")):
        assert all(phrase(key, language) in turn_html(turn("q", state=state)) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("made", "ways"),
    [
        (turn("q", state="failed", fault=Fault("broken", "p", "r")), {"data-retry"}),
        (turn("q", state="stopped"), {"data-retry"}),
        (turn("q", state="failed", fault=NO_DATE, choice=CHOSEN), {"data-retry", "data-unfiltered"}),
        (turn("q", untold("fa"), within=WITHIN, choice=CHOSEN), {"data-unfiltered"}),
        (turn("q", untold("fa")), set()),
        (turn("q", quoting("ar", HOURS["ar"]), within=WITHIN, choice=CHOSEN), set()),
    ],
)
def test_what_can_be_done_where_a_question_came_to_nothing(made, ways):
    found = {name for name in ("data-retry", "data-unfiltered") if name in turn_html(made)}
    assert found == ways


def test_an_answer_that_no_disk_took_says_so():
    for language in LANGUAGES:
        assert phrase("page_turn.not_kept", language) in turn_html(turn("q", quoting("en", HOURS["en"]), kept=False))
