"""Statements over seeds/: attributed sentences, newest first."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rag.request.asking import ask, is_verbatim


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("What did Peskov say?", ["پسکوف پیش‌تر گفته بود", "دميتري پسكوف"]),
        ("ماذا قال بيسكوف؟", ["پسکوف پیش‌تر گفته بود", "دميتري پسكوف"]),
        ("پسکوف چی گفت؟", ["پسکوف پیش‌تر گفته بود", "دميتري پسكوف"]),
        ("list all statements by Orbán", ["ورحب رئيس الوزراء المجري فيكتور أوربان", "He said that preparations"]),
        ("ماذا قال لافروف عن موقف روسيا من تفاهمات ألاسكا؟", ["لاوروف روز سه‌شنبه در مسکو گفت"]),
        ("همه اظهارات لاوروف را فهرست کن", ["لاوروف روز سه‌شنبه در مسکو گفت", "او آتش‌بس فوری را راه‌حل ندانست"]),
        ("what did Beccuau say about the arrests?", ["Prosecutor Laure Beccuau complained"]),
    ],
)
def test_statements_are_attributed_sentences_newest_first(archive, text, quotes):
    answer = ask(archive, text)
    assert answer.request == "statements" and is_verbatim(archive, answer)
    for item, beginning in zip(answer.citations, quotes, strict=False):
        assert beginning in item.quote, item.quote
    days = [item.published or date.min for item in answer.citations]
    assert days == sorted(days, reverse=True) and len(answer.citations) >= len(quotes)


def test_a_name_in_what_another_says_is_no_speaker(archive):
    quotes = [item.quote for item in ask(archive, "what did Putin say?").citations]
    assert not any("واتهم الموقعون" in quote or quote.startswith("سخنگوي كرملين") for quote in quotes)


@pytest.mark.parametrize(
    "text",
    [
        "What did Orbán say about the sanctions on Rosneft?",
        "ماذا قال ماكرون عن القمة؟",
        "مرتس درباره توفان ملیسا چه گفت؟",
    ],
)
def test_without_an_attributed_sentence_the_search_answers(archive, text):
    answer = ask(archive, text)
    assert answer.abstained and answer.request is None
