"""What is read as a request and what is not, in three languages, dialect and colloquial wordings among them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.kind import kind_of
from rag.request.days import Days
from rag.request.request import Request, read_open_question, read_request
from rag.text.glossary import Glossary, load_glossary

QUESTIONS = Path(__file__).parents[2] / "questions"
NEWEST, TODAY = date(2025, 11, 5), date(2026, 11, 26)
# Fixed questions for what somebody said are requests for statements; where none is attributed, the search answers them.
SAID = {"x06", "nm01", "nm08", "nm10", "nm14", "un10"}


def read(text: str, conversation: bool = False, today: date = TODAY, newest: date = NEWEST) -> Request | None:
    return read_request(text, load_glossary(), newest, today, conversation)


def wanted(request: Request | None) -> tuple[str, str, str] | None:
    """Return the kind of a request, its topic, and whose words are wanted."""
    return (request.kind, request.topic, request.person) if request else None


def questions(language: str) -> list[tuple[str, str, bool]]:
    rows = [json.loads(line) for file in QUESTIONS.glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]
    return [(row["id"], row["question"], bool(row.get("history"))) for row in rows if row["language"] == language]


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_no_fixed_question_is_taken_for_a_request_but_those_for_what_somebody_said(language):
    asked = questions(language)
    read_as = {number: read(text, conversation) for number, text, conversation in asked}
    taken = {number: request.kind for number, request in read_as.items() if request}
    assert len(asked) > 50
    assert taken == {number: "statements" for number in SAID & read_as.keys()}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("summarise the article on the Louvre theft", "the Louvre theft"), ("Summarize this", ""), ("tl;dr", ""),
        ("Can you summarise the article about Mamdani, please?", "Mamdani"),
        ("give me a short summary of the Alaska summit", "the Alaska summit"),
        ("لخص هذا المقال", ""), ("لخّص لي المقالَ عن سرقة اللوفر", "سرقة اللوفر"), ("ممكن تلخص المقال؟", ""),
        ("لخصلي الخبر عن ميليسا", "ميليسا"), ("أعطني ملخصا عن قمة ألاسكا", "قمة ألاسكا"),
        ("مقاله‌ی سرقت لوور را خلاصه کن", "سرقت لوور"), ("اینو خلاصه کن", ""), ("خلاصه کن", ""),
        ("خلاصه مقاله تاکائیچی رو بگو", "تاکائیچی"), ("این مقاله را برایم خلاصه كنيد", ""),
        ("خلاصه‌ای از نشست آلاسکا بده", "نشست آلاسکا"),
    ],
)  # fmt: skip
def test_a_summary(text, topic):
    assert wanted(read(text)) == ("summary", topic, "")


@pytest.mark.parametrize(
    ("text", "person", "topic"),
    [
        ("What did Peskov say?", "Peskov", ""), ("list all statements by Orbán", "Orbán", ""),
        ("what did Trump say about the Budapest summit?", "Trump", "the Budapest summit"),
        ("show me Lavrov’s remarks on Alaska", "Lavrov", "Alaska"), ("summarise what Lavrov said", "Lavrov", ""),
        ("What did Putin say about the number of dead?", "Putin", "the number of dead"),
        ("ماذا قال بيسكوف؟", "بيسكوف", ""), ("اذكر كل تصريحات أوربان", "أوربان", ""),
        ("هات تصريحات لافروف عن ألاسكا", "لافروف", "ألاسكا"), ("شو قال أوربان؟", "أوربان", ""),
        ("ترامب قال ايه عن بودابست؟", "ترامب", "بودابست"),
        ("پسکوف چی گفت؟", "پسکوف", ""), ("لاوروف درباره آلاسکا چه گفت؟", "لاوروف", "آلاسکا"),
        ("همه اظهارات لاوروف را فهرست کن", "لاوروف", ""),
        ("همه‌ی حرف‌های ترامپ درباره تاماهاک رو بگو", "ترامپ", "تاماهاک"),
    ],
)  # fmt: skip
def test_statements(text, person, topic):
    assert wanted(read(text)) == ("statements", topic, person)


MEHR = Days(date(2025, 10, 17), date(2025, 10, 22))
OCTOBER = Days(date(2025, 10, 16), date(2025, 10, 21))
MONTH = Days(date(2025, 10, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    ("text", "days", "topic"),
    [
        ("what happened between 16 and 21 October", OCTOBER, ""), ("What happened from October 16 to 21, 2025?", OCTOBER, ""),
        ("What happened in October 2025 in Paris?", MONTH, "Paris"),
        ("list the articles from 16 to 21 October", OCTOBER, ""),
        ("what happened from 2025-10-16 to 2025-10-21", OCTOBER, ""),
        ("ماذا حدث بين 16 و21 أكتوبر؟", OCTOBER, ""), ("ايش صار بين ١٦ و٢١ أكتوبر؟", OCTOBER, ""),
        ("أهم الأخبار في أكتوبر/تشرين الأول 2025", MONTH, ""), ("ماذا حدث بين ٢٤ و٢٩ ربيع الآخر؟", OCTOBER, ""),
        ("أخبار أوكرانيا في أكتوبر 2025", MONTH, "أوكرانيا"),
        ("بین ۲۵ و ۳۰ مهر چه اتفاقی افتاد؟", MEHR, ""), ("چه اتفاقی بین ۲۵ و ۳۰ مهر افتاد؟", MEHR, ""),
        ("از ۲۵ تا ۳۰ مهر ۱۴۰۴ در پاریس چه شد؟", MEHR, "پاریس"),
        ("خبرهای مهر ۱۴۰۴", Days(date(2025, 9, 23), date(2025, 10, 22)), ""),
        ("در مهرماه چی شد؟", Days(date(2025, 9, 23), date(2025, 10, 22)), ""),
    ],
)  # fmt: skip
def test_the_news_of_some_days(text, days, topic):
    request = read(text)
    assert request and (request.kind, request.days, request.topic) == ("days", days, topic)
    assert not any(character.isdecimal() for character in request.without_days)


def test_days_narrow_other_requests_too():
    said = read("What did Lavrov say between 16 and 25 October?")
    assert said and (said.kind, said.person) == ("statements", "Lavrov")
    assert said.days == Days(date(2025, 10, 16), date(2025, 10, 25))
    counted = read("چند مقاله از پوتین در مهر ۱۴۰۴ نام می‌برند؟")
    assert counted and (counted.kind, counted.days) == ("articles", Days(date(2025, 9, 23), date(2025, 10, 22)))


@pytest.mark.parametrize("text", ["what happened last week", "ماذا حصل الأسبوع الماضي؟", "هفته گذشته چه شد؟"])
def test_last_week_is_read_only_of_an_archive_that_reaches_to_it(text):
    assert read(text) is None
    request = read(text, today=date(2025, 11, 8))
    assert request and request.days == Days(date(2025, 11, 1), date(2025, 11, 7))


@pytest.mark.parametrize(
    "text", ["What happened on 7 October?", "ماذا حدث يوم 7 أكتوبر؟", "۱۵ مهر چه اتفاقی افتاد؟", "What may happen in May?"]
)
def test_a_day_without_its_year_is_not_certain(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How many articles mention Putin?", "Putin"), ("which articles mention the Louvre?", "the Louvre"),
        ("In how many articles is Rubio mentioned?", "Rubio"), ("list all articles about Melissa", "Melissa"),
        ("how many articles are there?", ""),
        ("كم مقالًا يذكر بوتين؟", "بوتين"), ("كم مقال عن بوتين؟", "بوتين"), ("ما المقالات التي تذكر أوربان؟", "أوربان"),
        ("كم عدد المقالات التي تذكر بوتين؟", "بوتين"), ("أي المقالات تتحدث عن اللوفر؟", "اللوفر"),
        ("چند مقاله از پوتین نام می‌برند؟", "پوتین"), ("چندتا مقاله درباره پوتين هست؟", "پوتين"),
        ("کدام مقاله‌ها به لوور اشاره کرده‌اند؟", "لوور"), ("نام پوتین در چند مقاله آمده است؟", "پوتین"),
        ("مقاله‌های مربوط به پوتین رو فهرست کن", "پوتین"),
    ],
)  # fmt: skip
def test_articles_that_mention(text, topic):
    assert wanted(read(text)) == ("articles", topic, "")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Tell me about Putin", "Putin"), ("What do you know about the Louvre theft?", "the Louvre theft"),
        ("what do the articles say about Melissa?", "Melissa"), ("Is there anything about Orbán?", "Orbán"),
        ("حدّثني عن بوتين", "بوتين"), ("ماذا تعرف عن سرقة اللوفر؟", "سرقة اللوفر"), ("ايش تعرف عن لافروف؟", "لافروف"),
        ("ماذا تقول المقالات عن ميليسا؟", "ميليسا"), ("ما قصة اللوفر؟", "اللوفر"), ("أعطني معلومات عن أوربان", "أوربان"),
        ("درباره‌ی پوتین بگو", "پوتین"), ("دربارهٔ سرقت لوور چه می‌دانید؟", "سرقت لوور"),
        ("از لاوروف چی میدونی؟", "لاوروف"), ("ماجرای لوور چیست؟", "لوور"), ("مقاله‌ها دربارهٔ لوور چه می‌گویند؟", "لوور"),
        ("در مورد ملیسا توضیح بده", "ملیسا"),
    ],
)  # fmt: skip
def test_all_that_is_told_of_a_topic(text, topic):
    assert wanted(read(text)) == ("news", topic, "")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What happened in the Louvre?", "the Louvre"), ("ماذا حدث في اللوفر؟", "اللوفر"),
        ("در لوور چه اتفاقی افتاد؟", "لوور"),
        ("Who is Lavrov?", "Lavrov"), ("من هو سيرغي لافروف؟", "سيرغي لافروف"), ("لاوروف کیست؟", "لاوروف"),
    ],
)  # fmt: skip
def test_an_open_question_is_a_request_too_where_the_search_does_not_answer(text, topic):
    assert read(text) is None
    assert wanted(read_open_question(text, load_glossary())) == ("news", topic, "")


@pytest.mark.parametrize(
    "text",
    [
        "What happened?", "What happened there?", "Who is the president of Brazil?", "Who is Trump's lawyer?",
        "Who met Lavrov?", "ماذا حدث؟", "ماذا حدث هناك؟", "من هو رئيس البرازيل؟", "من هو الوزير؟", "چه شد؟", "وزیر کیست؟",
        "چه کسی با لاوروف دیدار کرد؟",
    ],
)  # fmt: skip
def test_a_question_after_a_fact_is_not_open(text):
    assert read_open_question(text, load_glossary()) is None


@pytest.mark.parametrize(
    "text",
    [
        "How many people were killed?", "what did the ministry say about the number of dead?", "What did Trump's lawyer say?",
        "how many articles does the treaty have?", "Which articles of the treaty mention nuclear weapons?",
        "What did Trump tell reporters when the summit was put off?", "What is the news?",
        "List the European leaders who signed the statement", "What is the summary offence act?",
        "ماذا قالت الوزارة عن عدد القتلى؟", "ماذا قال محامي ترامب؟", "كم قتيلا سقط؟", "حدثني عن ذلك",
        "اذكر الزعماء الذين وقعوا البيان", "ماذا حدث في اللوفر؟", "كم مادة في الاتفاق؟",
        "وزارت بهداشت درباره شمار کشته‌ها چه گفت؟", "وکیل ترامپ چه گفت؟", "چند نفر کشته شدند؟", "درباره آن بگو",
        "Tell me about it",
        "خلاصه چی شد؟", "در لوور چه اتفاقی افتاد؟", "چند ماده در توافق هست؟",
    ],
)  # fmt: skip
def test_what_is_no_request(text):
    assert read(text) is None


@pytest.mark.parametrize("word", ["yes", "OK!", "Thanks", "نعم", "نَعَم", "أيوه", "شكرًا", "بله", "آره", "مرسی", "باشه."])
@pytest.mark.parametrize("conversation", [False, True])
def test_an_assent_asks_nothing(word, conversation):
    request = read(word, conversation)
    assert request and request.kind == "unclear" and not request.single_word


@pytest.mark.parametrize("word", ["Putin", "بوتين", "پوتین", "زلزال", "آتش‌بس"])
def test_a_word_alone_is_no_question_but_may_follow_one(word):
    request = read(word)
    assert request and wanted(request) == ("unclear", word, "") and request.single_word
    assert read(word, conversation=True) is None


@pytest.mark.parametrize("text", ["2025", "۱۴۰۴", "٢٠٢٥", "why?", "ليه؟", "لماذا؟", "چرا؟"])
def test_digits_and_a_question_word_alone(text):
    request = read(text)
    assert request and request.kind == "unclear" and not request.single_word
    if not text[0].isdecimal():
        assert read(text, conversation=True) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ليه ألغيت القمة؟", "why"), ("علاش سكروا المتحف؟", "why"), ("إيش صار في باريس؟", "what"), ("شو قال ترامب؟", "what"),
        ("وين انعقدت القمة؟", "where"), ("فين راحت المجوهرات؟", "where"), ("قداش عدد القتلى؟", "howmany"),
        ("قديش كلف المتحف؟", "howmany"), ("كيفاش سرقوا اللوفر؟", "how"), ("شكون فاز؟", "who"), ("امتى القمة؟", "when"),
        ("چندتا کشته داشت؟", "howmany"), ("واسه چی لغو شد؟", "why"), ("چجوری دزدیدن؟", "how"), ("چرا لغو شد؟", "why"),
    ],
)  # fmt: skip
def test_dialect_question_words_have_their_kind(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("word", "language"), [("بَله", "fa"), ("نَعَم", "ar"), ("OK", "en"), ("chand nafar koshte shodand?", "fa")]
)
def test_what_cannot_be_read_has_the_language_of_its_answer(word, language):
    request = read(word)
    assert request and request.language == language


@given(st.text(max_size=120))
def test_nothing_typed_breaks_it(text):
    request = read_request(text, Glossary([]), NEWEST, TODAY)
    assert request is None or request.kind
