"""A conversation -> HTML: questions, the filter they were asked under, and what is no answer."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES, Filter, KhabarError
from rag.filter import FilterError, FilterInput
from rag.phrases import filter_in_words, not_told, phrase, written_date
from tests.ui.html_reader import ATTACK, TAGS, Page
from tests.ui.staged import HOURS, WITHIN, quoting, untold
from ui.page.answer import answer_html
from ui.page.app import growing_conversation
from ui.page.conversation import Turn, conversation_html, problem_html, turn_html


def test_no_text_becomes_markup():
    pages = [
        Page(conversation_html([Turn(ATTACK, quoting("en", HOURS["en"])), Turn(ATTACK, error=KhabarError(ATTACK, ATTACK))])),
        Page(conversation_html([Turn(ATTACK), Turn("q", error=FilterError("no_date", ATTACK, "p", "r"))])),
    ]
    for page in pages:
        assert {tag for tag, _ in page.tags} <= TAGS and ATTACK in page.text
        assert not [name for _, found in page.tags for name in found if name.startswith("on")]


@pytest.mark.parametrize("abstained", [True, False])
def test_no_outlet_of_a_filter_becomes_markup(abstained):
    answer = untold("ar") if abstained else quoting("ar", HOURS["ar"])
    page = Page(turn_html(Turn("q", answer, within=Filter(frozenset({ATTACK}))), 1))
    assert {tag for tag, _ in page.tags} <= TAGS and ATTACK in page.text


@given(st.text())
def test_any_question_is_shown_as_it_is(question):
    page = Page(turn_html(Turn(question, quoting("fa", HOURS["fa"])), 1))
    # A parser reads these as the line end and the replacement character that they stand for.
    plain = {ord("\r"): "\n", 0: "\ufffd"}
    assert question.translate(plain) in page.text.translate(plain)


@pytest.mark.parametrize(("language", "side"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_a_question_has_the_direction_of_its_answer(language, side):
    page = Page(turn_html(Turn("NATO؟", quoting(language, HOURS["en"])), 3))
    assert page.having(class_="question", dir=side, lang=language) and page.having(class_="turn", dir=side)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_under_a_filter_tells_the_filter_once(language):
    for answer in (quoting(language, HOURS["en"]), untold(language)):
        page = Page(turn_html(Turn("كم؟", answer, within=WITHIN), 1))
        assert all(page.text.count(piece) >= 1 for piece in filter_in_words(WITHIN, language))
        assert page.text.count(written_date(WITHIN.since, language)) >= 1
        assert bool(page.having(class_="within")) is not answer.abstained
    assert not_told(language, WITHIN) in page.text and phrase("not_told", language) not in page.text


def test_a_question_without_a_filter_tells_none():
    assert not Page(turn_html(Turn("كم؟", quoting("ar", HOURS["ar"])), 1)).having(class_="within")


def test_a_problem_comes_with_its_remedy():
    page = Page(problem_html(KhabarError("the question '🙂' has no words", "ask with words")))
    assert page.text == "The question '🙂' has no words.Ask with words."
    assert page.having(role="alert")


def test_a_filter_that_was_refused_is_told_in_each_language():
    page = Page(problem_html(FilterError("unknown_outlet", "نداء البحر", "p", "r")))
    assert page.having(role="alert") and page.text.count("نداء البحر") == 3
    for language in LANGUAGES:
        assert phrase("fault.unknown_outlet", language).replace("{value}", "نداء البحر") in page.text


def test_a_problem_half_way_keeps_what_was_said():
    page = Page(turn_html(Turn("q", quoting("fa", HOURS["fa"]), KhabarError("p", "r")), 1))
    assert page.having(class_="quote") and page.having(class_="problem")


def test_a_turn_says_whether_it_is_being_worked_on():
    assert 'aria-busy="true"' in turn_html(Turn("q", working=True), 1)
    assert phrase("searching", "en") in turn_html(Turn("q", working=True), 1)
    assert phrase("stopped", "en") in turn_html(Turn("q"), 1)


def test_a_turn_that_is_over_is_not_rendered_again(monkeypatch):
    rendered: Counter[int] = Counter()
    real = answer_html

    def counting(answer, number, *more):
        rendered[number] += 1
        return real(answer, number, *more)

    monkeypatch.setattr("ui.page.conversation.answer_html", counting)
    answers = {"کی؟": quoting("fa", HOURS["fa"]), "متى؟": untold("ar"), "When?": quoting("en", HOURS["en"])}
    answerer = SimpleNamespace(stream=lambda question, *_: iter([answers[question]] * 2))
    archive, turns = SimpleNamespace(answerer=answerer, catalog=None), ()
    for question in answers:
        for turns in growing_conversation(archive, question, turns, threading.Event(), FilterInput()):  # noqa: B020
            page = Page(conversation_html(turns))
    assert rendered == {1: 3, 2: 3, 3: 3}, "each as it grows, and once when it is over"
    assert all(page.text.count(question) == 1 for question in answers) and len(page.having(class_="turn")) == 3
    assert conversation_html(turns) == conversation_html([replace(turn, html="") for turn in turns])
