"""The maintainer's view: fixed questions chosen, asked, stopped, and what changed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rag.evaluate.check import Check
from rag.evaluate.fixed_question import FixedQuestion
from rag.evaluate.run import judge
from rag.phrases import phrase
from tests.ui import staged
from tests.ui.html_reader import ATTACK, Page
from ui.page.check import QuestionSet, baseline_of, check_html, question_sets, run_html

LOCALES = {"ar": "ar", "fa": "fa-IR", "en": "en-US"}


class NoCatalog:
    def article(self, article_id):
        return None


def row(name, answer, **wanted):
    question = FixedQuestion(id=name, language=answer.language, kind="what", question=answer.question, **wanted)
    return judge(question, answer, NoCatalog(), 0.1)


ROWS = (
    row("a", staged.direct("fa"), any=("۵ ساعت",)),
    row("b", staged.direct("ar"), any=("تسع ساعات",), articles=("news/xx",)),
    row("c", replace(staged.untold("en"), question=ATTACK), any=("x",)),
    row("d", staged.direct("en"), abstain=True),
)


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_a_run_tells_its_shares_what_turned_and_what_each_answer_lacks(language):
    shares = {"correct": 0.5, "cited": None, "verbatim": 0.0, "abstained_rightly": 1.0, "direct": None}
    baseline = {"all": {"questions": 4.0, **shares}}
    before = {"a": False, "b": True, "c": False}
    page = Page(run_html(Check("over", 4, ROWS, before=before), baseline, language))
    assert page.texts("section", "now_right")[0].count(staged.direct("fa").question) == 1
    assert staged.direct("ar").question in page.texts("section", "now_wrong")[0]
    (wrong,) = page.texts("section", "wrong")
    for reason in ("any", "articles", "abstained", "answered"):
        assert phrase(f"check_failed.{reason}", language) in wrong
    worse = page.texts("bdi", "worse")
    assert worse == (["−۲۵", "−۱۰۰"] if language == "fa" else ["−25", "−100"])
    assert ATTACK in wrong and not [name for _, found in page.tags for name in found if name.startswith("on")]


def test_a_run_that_did_not_begin_or_broke_off():
    assert run_html(Check(), {}, "en") == '<div class="run" data-state="none"></div>'
    broken = Page(run_html(Check("failed", 4, (), problem=ATTACK), {}, "fa"))
    assert ATTACK in broken.text and phrase("check.failed", "fa") in broken.text and not broken.texts("table")


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_sets_are_offered_and_a_file_that_cannot_be_read_is_told(language):
    question = FixedQuestion(id="q", language="fa", kind="who", question="چه کسی؟", any=("پوتین",))
    sets = [QuestionSet("arabic", (question,)), QuestionSet("judged", (question,)), QuestionSet("bad", problem=ATTACK)]
    page = Page(check_html(sets, Check(), {}, language))
    assert [found["value"] for tag, found in page.tags if tag == "input"] == ["arabic", "judged"]
    assert ATTACK in page.text and phrase("check.judged", language) in page.text
    assert phrase("check.none", language) in Page(check_html([], Check(), {}, language)).text


class NoFeedback:
    def all(self):
        return []


def test_files_of_the_setting_are_asked_in_place_of_khabars_own(desk, tmp_path):
    own = question_sets(desk, NoFeedback())
    assert "arabic" in {each.name for each in own} and all(each.questions for each in own) and baseline_of(desk)["all"]
    line = {"id": "q", "language": "fa", "kind": "who", "question": "چه کسی؟", "any": ["پوتین"]}
    file = tmp_path / "پرسش‌ها.jsonl"
    file.write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    (tmp_path / "bad.jsonl").write_text("{", "utf-8")
    for questions, names in ((file, ["پرسش‌ها"]), (tmp_path, ["bad", "پرسش‌ها"])):
        chosen = replace(desk, settings=desk.settings.model_copy(update={"questions": questions}))
        found = question_sets(chosen, NoFeedback())
        assert [each.name for each in found] == names and baseline_of(chosen) == {}
        assert [bool(each.problem) for each in found] == [each == "bad" for each in names]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["fa"])
def test_chosen_questions_are_asked_and_told(visits, language):
    page = visits("check", locale=LOCALES[language]).page
    for box in page.locator("[name=set]").all():
        box.set_checked(box.get_attribute("value") == "agreement")
    page.locator("#check-sets [type=submit]").click()
    expect(page.locator(".run")).to_have_attribute("data-state", "over")
    expect(page.locator(".run > p").first).to_contain_text(phrase("check.over", language))
    expect(page.locator("table")).to_contain_text("agreement")
    expect(page.locator("#check-stop")).to_be_hidden()
    page.reload()
    expect(page.locator(".run")).to_have_attribute("data-state", "over")


@pytest.mark.browser
def test_a_check_is_stopped_and_nothing_chosen_is_told(visits):
    one = visits("check")
    page = one.page
    page.locator("#check-sets [type=submit]").click()
    page.locator("#check-stop").click()
    expect(page.locator(".run")).to_have_attribute("data-state", "stopped")
    for box in page.locator("[name=set]").all():
        box.uncheck()
    page.locator("#check-sets [type=submit]").click()
    expect(page.locator(".toast")).to_have_text(phrase("page_shell.failed", "en"))
    one.complaints.clear()
