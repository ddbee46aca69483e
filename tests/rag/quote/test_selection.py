from dataclasses import replace

import pytest

from index.types import LANGUAGES
from rag.quote.selection import choose_quotes, wants_several_quotes
from tests.rag.quote.reports import APART, ASKED, asked, report
from tests.rag.scripted import evidence, passage


@pytest.mark.parametrize("most", [1, 2, 3, 10])
def test_no_more_quotes_than_asked_for_the_best_first(most):
    items = [
        evidence(passage(text, language, rank=rank), score=1 - rank / 100)
        for rank, (text, language) in enumerate((text, language) for language, texts in APART.items() for text in texts)
    ]
    chosen = choose_quotes(asked(ASKED["en"]), items, most)
    assert [quote.evidence for quote in chosen] == items[: min(most, len(items))]


def test_what_comes_nowhere_near_the_best_is_not_quoted():
    best, weak = evidence(passage(APART["fa"][0], "fa")), evidence(passage(APART["fa"][2], "fa", rank=2), score=0.1)
    assert [quote.evidence for quote in choose_quotes(asked(ASKED["fa"]), [best, weak], 3)] == [best]
    assert choose_quotes(asked(ASKED["fa"]), [], 3) == []


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("من هم أعضاء الوفد وماذا قالوا؟", True),
        ("آنها چه خواستند و چه زمانی؟", True),
        ("What did Rubio and Lavrov say, and when?", True),
        ("Name all the ministers", True),
        ("اذكر أبرز بنود الاتفاق", True),
        ("متى عقدت القمة؟", False),
        ("نشست کجا برگزار شد؟", False),
        ("Where was the summit held?", False),
    ],
)
def test_questions_of_several_parts(text, several):
    assert wants_several_quotes(asked(text)) is several


@pytest.mark.parametrize(
    ("question", "language", "texts"),
    [
        (
            "من هم أعضاء الوفد وماذا قالوا عن الهدنة؟",
            "ar",
            ["ضم الوفد الوزير ورئيس الأركان.", "وصل الوفد إلى المدينة مساء.", "وقالوا إن الهدنة قريبة."],
        ),
        (
            "اعضای هیئت چه کسانی بودند و دربارهٔ آتش‌بس چه گفتند؟",
            "fa",
            ["اعضای هیئت وزیر و رئیس ستاد بودند.", "هیئت شامگاه به شهر رسید.", "گفتند آتش‌بس نزدیک است."],
        ),
        (
            "Who were the members of the delegation and what did they say about the truce?",
            "en",
            ["The delegation had two members, both ministers.", "The delegation arrived late.", "They said a truce was near."],
        ),
    ],
)
def test_a_question_of_several_parts_is_answered_in_all_of_them(question, language, texts):
    items = [report(text, language, rank, score=1 - rank / 10) for rank, text in enumerate(texts, 1)]
    chosen = [quote.evidence.quote for quote in choose_quotes(asked(question), items, 2)]
    assert chosen == [texts[0], texts[2]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_a_marked_answer_another_articles_sentence_is_shown_only_where_it_answers_too(language):
    first, second, third = (
        evidence(passage(text, language, rank=rank, article_id=f"a{rank}"), score=score)
        for rank, (text, score) in enumerate(zip(APART[language], (1.0, 0.8, 0.78), strict=True), 1)
    )
    marked = replace(first, phrase=(0, 4))
    texts = [quote.evidence.quote for quote in choose_quotes(asked(ASKED[language]), [marked, second, third], 3)]
    assert texts == [first.quote]
    both = choose_quotes(asked(ASKED[language]), [marked, second, replace(third, phrase=(0, 4))], 3)
    assert [quote.evidence.quote for quote in both] == [first.quote, third.quote]
    assert len(choose_quotes(asked(ASKED[language]), [first, second, third], 3)) == 3
    likely = choose_quotes(asked(ASKED[language]), [marked, replace(second, score=0.9), third], 3)
    assert [quote.evidence.quote for quote in likely] == [first.quote, second.quote]
