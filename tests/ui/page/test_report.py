"""What the last `khabar index` left out, as the page tells it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from index.report import TITLES, BuildReport, kept, last_report
from index.types import LANGUAGES, Problem
from rag.phrases import phrase, phrases, say
from tests.ui.html_reader import ATTACK, Page
from ui.page.report import report_html

DAY = date(2025, 10, 21)
TEXTS = {
    "ar": ("لم يدخل الأرشيف: 1,203", "21 أكتوبر 2025", "فارغ", "ضع نص المقال فيه", "‎.mp4: لا يُقرأ", "و1,195 ملفًا آخر"),
    "fa": ("به بایگانی نیامد: ۱٬۲۰۳", "۲۹ مهر ۱۴۰۴", "خالی", "متن مقاله را در آن", "‎.mp4: خوانده نمی‌شود",
           "و ۱٬۱۹۵ پروندهٔ دیگر"),
    "en": ("Left out of the archive: 1,203", "21 October 2025", "empty", "put the article's text in it", ".mp4: not read",
           "and 1,195 more files"),
}  # fmt: skip


def report() -> BuildReport:
    problems = [
        Problem("news/خالی.txt", "the file is empty (0 words); put the article's text in it or remove it", kind="empty"),
        Problem(f"news/{ATTACK}.pdf", "it is locked by a password; save it without one", kind="locked"),
        Problem("news/a.txt", "the date 'x' names no day; write it like 2025-10-21", skipped=False, kind="date"),
        Problem("news/b.txt", "the date 'y' names no day; write it like 1997-02-03", skipped=False, kind="date"),
        Problem("news/رياضة/9.csv", "no column is known; tell with --columns text=NAME which does", kind="no text"),
    ]
    films = [f"news/{number}.mp4" for number in range(1_200)]
    return BuildReport(added=7, unchanged=2_000, problems=problems, unread={".mp4": films}, hidden=3)


def html(told: BuildReport) -> str:
    return report_html(last_report(kept(told, DAY)))


def test_what_is_kept_is_small_and_read_back():
    stored = kept(report(), DAY)
    found = last_report(stored)
    assert found and len(stored) < 4_000 and found.left_out == 1_203
    assert found.day == DAY and found.files == {"added": 7, "changed": 0, "unchanged": 2_000, "removed": 0}
    assert [(group.kind, group.suffix, group.files) for group in found.groups] == [
        ("empty", None, 1), ("locked", None, 1), ("no text", None, 1), ("not read", ".mp4", 1_200), ("date", None, 2),
    ]  # fmt: skip
    assert all(group.remedy and len(group.paths) <= 20 for group in found.groups)


@pytest.mark.parametrize("stored", [None, "", "{}", '{"files": {"added": 3}, "problems": []}'])
def test_no_report_or_one_of_an_earlier_khabar_shows_nothing(stored):
    assert last_report(stored or None) is None and report_html(last_report(stored or None)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_language_of_the_page_with_a_remedy_for_each_reason(language):
    page = html(report())
    shown = "".join(re.findall(rf'<span lang="{language}" dir="\w+">(.*?)</span>', page))
    text = Page(f"<div>{shown}</div>").text
    for told in TEXTS[language]:
        assert told in text, (told, text)
    assert "<script" not in page and "news/a.txt" not in page, "an attack is text, a path stands in pieces"
    assert page.count('class="remedy"') == 5 and Page(page).tags


def test_nothing_left_out_is_nothing_shown_and_notes_alone_are_told_as_notes():
    assert html(BuildReport(added=3)) == ""
    noted = BuildReport(added=3, problems=[Problem("a.txt", "x; rename it", skipped=False, kind="wrong kind")])
    assert "With a note: <bdi>1 file</bdi>" in html(noted) and "Left out of the archive" not in html(noted)


def test_every_kind_of_reason_has_words_in_arabic_and_persian():
    named = {key.split(".", 1)[1] for key in phrases() if key.startswith("reason.")}
    assert named == {*TITLES, "other"}
    used = {kind for file in Path(report_html.__code__.co_filename).parents[2].glob("index/**/*.py")
            for kind in re.findall(r'kind="([a-z ]+)"', file.read_text(encoding="utf-8"))}  # fmt: skip
    assert used <= set(TITLES), "a kind without a title in the table"


def test_a_kind_of_tomorrow_is_told_as_another_reason():
    page = html(BuildReport(problems=[Problem("a.txt", "it melted; cool it", kind="melted")]))
    for language in ("ar", "fa"):
        assert phrase("reason.other", language) in page and phrase("remedy.other", language) in page
    assert "cool it" in page


def test_a_remedy_that_names_a_suffix_names_it_in_each_language():
    page = html(BuildReport(unread={".doc": ["a.doc"]}))
    assert "save it as .docx" in page and page.count(".doc") >= 6
    for language in ("ar", "fa"):
        assert say("save_as", language, suffix=".docx") in page and say("unread_suffix", language, suffix=".doc") in page
