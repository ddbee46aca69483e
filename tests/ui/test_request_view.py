"""What a request adds to an answer, on the page and in a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from index.types import LANGUAGES, ArticleRef, Filter, Language
from rag.phrases import written_count
from rag.request.phrases import ALL_DAYS, AND_MORE, LISTED, READ_DAYS
from rag.types import Answer, Listing
from tests.ui.staged import HOURS, quoting
from ui.answer_view import answer_html
from ui.request_view import with_request_html
from ui.terminal import answer_text

TITLES = {"ar": "خبرٌ عن <الميناء>", "fa": "خبری از <بندر>", "en": "News of the <harbour>"}


def listing(language: Language, count: int) -> Listing:
    item = ArticleRef("a", "news/a.txt", TITLES[language], "O", date(2025, 10, 21), language, None)
    return Listing(count, date(2025, 10, 1), date(2025, 10, 21), (item,) * min(count, 50))


def days_read(language: Language) -> Answer:
    return quoting(
        language, HOURS[language], request="days", within=Filter(since=date(2025, 10, 16), until=date(2025, 10, 21)),
        listing=listing(language, 12),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_days_that_were_read_and_lists_the_articles(language):
    html = answer_html(days_read(language))
    assert READ_DAYS[language].split("{")[0].strip() in html and LISTED[language].rstrip(":") in html
    assert html.count("&lt;") >= 10 and TITLES[language] not in html
    assert html.count('class="title"') >= 10 and AND_MORE[language].format(count=written_count(2, language)) in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_days_can_be_taken_away_where_something_is_left_to_ask(language):
    answer = replace(days_read(language), without_days='ماذا حدث في "القاهرة" <b>؟')
    html = answer_html(answer)
    assert f'data-question="ماذا حدث في &quot;القاهرة&quot; &lt;b&gt;؟">{ALL_DAYS[language]}<' in html
    assert "data-question" not in answer_html(days_read(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_terminal_shows_them_too_and_closes_its_isolates(language):
    told = answer_text(days_read(language))
    assert TITLES[language] in told and LISTED[language] in told
    for line in told.split("\n"):
        assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_read_is_told_in_its_own_words_alone(language):
    answer = Answer("?", language, f"<{TITLES[language]}>\n\nb", "quotes", True, request="unclear")
    html = answer_html(answer)
    assert html.count('<p class="line">') == 2 and "untold" not in html and f"<{TITLES[language]}" not in html


def test_an_ordinary_answer_is_left_as_it_is():
    assert with_request_html("<p>x</p>", quoting("en", HOURS["en"])) == "<p>x</p>"
