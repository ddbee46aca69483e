"""Requests answered from an archive in three languages: what is counted, what is asked back, what is left to the search."""

from __future__ import annotations

from datetime import date

import pytest

from index.types import Filter
from rag.request.answer import RequestAnswerer
from tests.rag.request.asking import ask
from tests.rag.scripted import archive_of


@pytest.mark.parametrize(
    "text",
    [
        "how many articles mention Putin?",
        "كم مقالا يذكر بوتين؟",
        "چندتا مقاله درباره پوتین هست؟",
        "How many times is Putin mentioned?",
        "كم مرة ذُكر بوتين؟",
        "از پوتین چند بار نام برده شده؟",
    ],
)
def test_articles_are_counted_in_the_whole_archive_in_every_script(archive, text):
    spellings = ("بوتين", "بوتن", "پوتین", "پوتين", "Putin")
    expected = {
        article.article_id
        for article in archive.catalog.articles()
        if any(spelling in f"{article.title}\n{article.text}" for spelling in spellings)
    }
    answer = ask(archive, text)
    assert answer.request == "articles" and not answer.citations and not answer.abstained
    assert {item.article_id for item in answer.listing.articles} == expected and answer.listing.count == len(expected) > 15
    assert (answer.listing.first, answer.listing.last) == (date(2025, 2, 13), date(2025, 10, 21))


def test_of_what_is_no_name_synonyms_do_not_count(archive):
    found = {ask(archive, text).listing.count for text in ("which articles mention the Louvre?", "كم مقالا يذكر اللوفر؟")}
    assert found == {6}  # not the museum in Giza


def test_all_articles_and_none(archive):
    assert ask(archive, "how many articles are there?").listing.count == archive.catalog.counts()["articles"]
    answer = ask(archive, "how many articles mention Zxqwv?")
    assert answer.listing.count == 0 and "Zxqwv" in answer.answer


def test_many_articles_are_counted_beyond_what_is_listed(tmp_path):
    texts = {"ar": "وزار بوتين المدينة رقم {n}.", "fa": "پوتین به شهر {n} رفت.", "en": "Putin visited town {n}."}
    rows = [
        {"id": f"{language}{n}", "title": f"t{n}", "text": text.format(n=n), "language": language, "date": "2025-08-01"}
        for language, text in texts.items()
        for n in range(30)
    ] + [{"id": "other", "title": "t", "text": "Nobody visited the town.", "language": "en", "date": "2025-08-02"}]
    answer = ask(archive_of(tmp_path, rows), "how many articles mention Putin?")
    assert answer.listing.count == 90 and len(answer.listing.articles) == 50 and "90" in answer.answer


@pytest.mark.parametrize(
    ("word", "language"),
    [("yes", "en"), ("نعم", "ar"), ("بله", "fa"), ("آره", "fa"), ("شكرا", "ar"), ("2025", "en"), ("ليه؟", "ar")],
)
def test_an_assent_repeats_nothing(archive, word, language):
    answer = ask(archive, word, *(("How long did the Alaska summit last?",) if word == "yes" else ()))
    assert answer.abstained and answer.request == "unclear" and answer.language == language
    assert not answer.citations and not answer.missing and not answer.related


@pytest.mark.parametrize("word", ["Putin", "بوتين", "پوتین"])
def test_a_word_alone_is_told_with_what_mentions_it(archive, word):
    answer = ask(archive, word)
    assert answer.abstained and answer.request == "unclear" and word in answer.answer and answer.listing.count > 15


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("chand nafar koshte shodand?", "fa", "حروف لاتین"), ("kam 2atil fel zelzal?", "ar", "بحروف لاتينية"),
        ("Combien de morts dans le séisme ?", "en", "French"), ("زلزلے میں کتنے لوگ ہلاک ہوئے؟", "fa", "اردو"),
    ],
)  # fmt: skip
def test_a_language_that_is_not_served_is_named(archive, text, language, told):
    answer = ask(archive, text)
    assert answer.abstained and answer.request == "unserved" and answer.language == language and told in answer.answer
    assert not answer.related and not answer.missing


def test_a_question_is_left_to_the_search(archive, glossary):
    requests = RequestAnswerer(archive.retriever, glossary, archive.answerer.stream)
    for text in (
        "كم وفدا حضر الافتتاح؟", "چند نفر متهم شدند؟", "Who won the race?", "", "؟", "x" * 400,
        "كم مرة زار بوتين الهند؟", "چند بار به ایران حمله شد؟", "How often did Trump call Putin?",
    ):  # fmt: skip
        assert requests.answer(text, (), Filter()) is None
