"""Requests served from an archive in three languages: the seeds, and small archives made for a case."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold, grams, words
from index.types import Article, Filter
from rag.ask.term import Term
from rag.request.attribution import sayings
from rag.request.desk import RequestDesk
from rag.request.naming import naming_of
from rag.request.recognition import speaker_of
from rag.types import Answer
from tests.rag.scripted import archive_of


def ask(archive, text: str, *history: str, within: Filter | None = None) -> Answer:
    return archive.answerer.answer(text, history, within or Filter())


def is_verbatim(archive, answer: Answer) -> bool:
    """Tell whether each quote stands in its article where the citation says so, and in the answer with its marker."""
    return bool(answer.citations) and all(
        archive.article(item.article_id).text[item.start : item.end] == item.quote
        and item.quote in item.passage
        and f"{item.quote}" in answer.answer
        and f"[{item.number}]" in answer.answer
        for item in answer.citations
    )


# Summaries


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("summarise the article about Hurricane Melissa", "seeds/en/2025-11-05-melissa"),
        ("Summarize the article on Mamdani", "seeds/en/2025-11-05-mamdani"),
        ("لخّص المقال عن الإعصار ميليسا", "seeds/ar/2025-10-31-melissa"),
        ("اعطيني ملخص المقال عن المتحف المصري الكبير", "seeds/ar/2025-11-02-egyptian-museum"),
        ("مقاله تاکائیچی را خلاصه کن", "seeds/fa/2025-10-21-takaichi"),
        ("خلاصه‌ای از توفان ملیسا بده", "seeds/fa/2025-11-02-melissa"),
    ],
)
def test_a_summary_quotes_key_sentences_of_one_article_in_its_order(archive, text, path):
    answer = ask(archive, text)
    assert answer.request == "summary" and not answer.abstained and is_verbatim(archive, answer)
    assert {item.path.split(".")[0] for item in answer.citations} == {path} and 3 <= len(answer.citations) <= 5
    starts = [item.start for item in answer.citations]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "text",
    [
        "summarise the article on Mamdani",
        "لخص المقال عن المتحف المصري الكبير",
        "مقاله تاکائیچی را خلاصه کن",
    ],
)
def test_an_order_to_a_model_is_in_no_summary(archive, text):
    told = ask(archive, text).answer
    assert "98 percent" not in told and "خمسون دولارا" not in told and "۹۹۹" not in told


@pytest.mark.parametrize(
    ("text", "before", "path"),
    [
        ("summarise it", "How did Trump rate his meeting with Putin in Alaska?", "seeds/en/2025-08-17"),
        ("لخص هذا المقال", "كم وفدا حضر حفل افتتاح المتحف المصري الكبير؟", "seeds/ar/2025-11-02"),
        ("این مقاله رو خلاصه کن", "تاکائیچی با چند رأی نخست‌وزیر ژاپن شد؟", "seeds/fa/2025-10-21-takaichi"),
        ("summarise this", "What did Peskov say?", "seeds/fa/2025-03-16"),
    ],
)
def test_this_article_is_the_one_that_the_conversation_cited(archive, text, before, path):
    answer = ask(archive, text, before)
    assert answer.request == "summary" and all(item.path.startswith(path) for item in answer.citations)


@pytest.mark.parametrize("text", ["summarise this", "لخص هذا", "اینو خلاصه کن"])
def test_a_summary_of_nothing_asks_which_article(archive, text):
    answer = ask(archive, text)
    assert answer.abstained and answer.request == "unclear" and not answer.missing


@pytest.mark.parametrize(
    "text",
    [
        "summarise the article on sourdough bread",
        "لخص المقال عن المريخ",
        "مقاله قورمه‌سبزی را خلاصه کن",
    ],
)
def test_a_topic_of_no_article_is_left_to_the_search_and_asking_words_are_not_missed(archive, text):
    answer = ask(archive, text)
    assert answer.abstained and answer.request is None
    assert not {"summarise", "article", "لخص", "المقال", "مقاله", "خلاصه", "کن"} & set(answer.missing) and answer.missing


# Statements


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


@pytest.mark.parametrize(
    ("sentence", "person", "says_it"),
    [
        ("وقال المتحدث باسم الكرملين دميتري بيسكوف إن الزيارة ناجحة.", "بيسكوف", True),
        ("وقالت المتحدثة باسم البيت الأبيض كارولين ليفيت إن ترامب غاضب.", "ليفيت", True),
        ("وقالت المتحدثة باسم البيت الأبيض كارولين ليفيت إن ترامب غاضب.", "ترامب", False),
        ("وأعلن الناطق باسم الجيش الإسرائيلي أفيخاي أدرعي أن الغارة انتهت.", "أدرعي", True),
        ("وقال المبعوث الأمريكي إلى المنطقة ستيف ويتكوف إن المحادثات مثمرة.", "ويتكوف", True),
        ("وقال المتحدث باسم الرئيس الأمريكي دونالد ترامب إن القرار نهائي.", "ترامب", False),
        ("قال المتحدث باسم حكومة بنيامين نتنياهو إن القرار نهائي.", "نتنياهو", False),
        ("قال مسؤول في إدارة ترامب إن القرار نهائي.", "ترامب", False),
        ("دمیتری پسکوف، سخنگوی کرملین، گفت سفر موفق بود.", "پسکوف", True),
        ("سخنگوی ترامپ گفت تصمیم نهایی است.", "ترامپ", False),
        ("Kremlin spokesman Dmitry Peskov said the visit went well.", "Peskov", True),
        ("A spokesman for Trump said the decision was final.", "Trump", False),
    ],
)
def test_who_speaks_for_an_office_speaks_himself_and_who_speaks_for_a_person_does_not(glossary, sentence, person, says_it):
    language = "ar" if "ال" in sentence else "en" if sentence.isascii() else "fa"
    speaker = speaker_of(person, language, glossary)
    said = list(sayings(Article("a", "a.txt", "", None, None, language, None, sentence), naming_of(speaker)))
    assert bool(said) == says_it


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


# The news of some days


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


# The news of a topic


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


# Articles that mention


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
    ("sentence", "counts"),
    [
        ("وتحدث لبوتين.", True), ("سافر وبوتين معه.", True), ("پوتین‌ها رفتند.", True), ("بُوتِينُ قال.", True),
        ("Putin's plane", True),
        ("Putinism grew", False), ("روبوتين", False), ("Computing", False),
    ],
)  # fmt: skip
def test_clitics_endings_and_borders_of_a_name(tmp_path, sentence, counts):
    language = "en" if sentence.isascii() else "ar"
    rows = [{"id": "a", "title": "t", "text": f"{sentence} Rest of it.", "language": language, "date": "2025-08-01"}]
    assert ask(archive_of(tmp_path, rows), "how many articles mention Putin?").listing.count == int(counts)


@given(st.sampled_from(["بوتين", "پوتین", "putin", "غزه", "قم", "un", "الأمم المتحدة", "روس‌نفت", "زلزله", "القدس"]), st.data())
def test_the_grams_of_a_name_are_in_every_text_that_names_it(name, data):
    naming = naming_of(Term(tuple(words(name)), is_name=True))
    prefix = data.draw(st.sampled_from(["", "و", "ل", "ب", "وال", "لل", "the "]))
    text = f"{prefix}{name}{data.draw(st.sampled_from(['', '‌ها', ' ', '.', 'ي', '-x']))}"
    if naming.stands_in(fold(text)):
        held = {gram for word in words(text) for gram in grams(word)}
        assert any(group <= held for group in naming.groups), (text, naming.groups, held)


# What cannot be read


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
    desk = RequestDesk(archive.retriever, glossary, archive.answerer.stream)
    for text in (
        "كم وفدا حضر الافتتاح؟", "چند نفر متهم شدند؟", "Who won the race?", "", "؟", "x" * 400,
        "كم مرة زار بوتين الهند؟", "چند بار به ایران حمله شد؟", "How often did Trump call Putin?",
    ):  # fmt: skip
        assert desk.serve(text, (), Filter()) is None
