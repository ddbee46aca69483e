"""The news of some days and of a topic, over seeds/."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from index.types import Filter
from tests.rag.request.asking import ask, is_verbatim


@pytest.mark.parametrize(
    "text",
    [
        "what happened between 16 and 21 October",
        "ماذا حدث بين 16 و21 أكتوبر؟",
        "بین ۲۴ و ۲۹ مهر چه اتفاقی افتاد؟",
    ],
)
def test_the_days_become_a_filter_that_the_answer_tells(archive, text):
    answer = ask(archive, text)
    assert answer.request == "days" and is_verbatim(archive, answer) and not answer.abstained
    assert (answer.within.since, answer.within.until) == (date(2025, 10, 16), date(2025, 10, 21))
    assert answer.listing.count == 12 and len(answer.listing.articles) == 12
    assert all(date(2025, 10, 16) <= item.published <= date(2025, 10, 21) for item in answer.citations)
    days = [item.published for item in answer.citations]
    assert days == sorted(days) and answer.without_days and not any(map(str.isdecimal, answer.without_days))


def test_the_news_of_some_days_about_a_place(archive):
    answer = ask(archive, "بین ۲۵ و ۳۰ مهر در پاریس چه اتفاقی افتاد؟")
    assert answer.listing.count == 2 and {item.path.split("-")[-1] for item in answer.citations} == {"louvre.txt", "jewels.txt"}


def test_days_of_no_article_are_told_with_the_filter(archive):
    answer = ask(archive, "what happened between 1 and 5 March 2020")
    assert answer.abstained and answer.within and "1 March 2020" in answer.answer
    assert json.loads(json.dumps(answer.to_json()))["within"]["since"] == "2020-03-01"


def test_the_readers_own_filter_stays(archive):
    chosen = Filter(languages=frozenset({"fa"}), since=date(2025, 10, 20))
    answer = ask(archive, "what happened between 16 and 21 October", within=chosen)
    assert {item.language for item in answer.citations} == {"fa"} and answer.within.since == date(2025, 10, 20)
    assert ask(archive, "what happened between 1 and 5 March 2020", within=chosen).abstained


@pytest.mark.parametrize(
    "text",
    [
        "What do you know about Orbán?", "حدثني عن أوربان", "درباره اوربان بگو",
        "who is Orbán?", "من هو أوربان؟", "اوربان کیست؟",
    ],
)  # fmt: skip
def test_what_is_told_of_somebody_comes_newest_first_in_sentences_that_name_him(archive, text):
    answer = ask(archive, text)
    assert not answer.abstained and is_verbatim(archive, answer) and answer.citations
    if answer.request is None:  # a sentence says who he is
        return
    assert answer.request == "news" and answer.listing.count >= len({item.article_id for item in answer.citations})
    assert all(re.search("أوربان|اوربان|اوربن|Orb[aá]n", item.quote) for item in answer.citations)
    days = [item.published or date.min for item in answer.citations]
    assert days == sorted(days, reverse=True) and answer.confidence == 1.0


@pytest.mark.parametrize("text", ["what happened in Budapest?", "ماذا حدث في بودابست؟", "در بوداپست چه اتفاقی افتاد؟"])
def test_an_open_question_is_never_refused_where_its_place_is_told_of(archive, text):
    answer = ask(archive, text)
    assert not answer.abstained and answer.citations and is_verbatim(archive, answer)


@pytest.mark.parametrize("text", ["what happened in Lisbon?", "ماذا حدث في لشبونة؟", "در لیسبون چه شد؟", "tell me about Zxqwv"])
def test_of_what_no_article_tells_there_is_no_news(archive, text):
    answer = ask(archive, text)
    assert answer.abstained and answer.request is None and answer.listing is None
