from datetime import date

import pytest
from scripted import evidence, passage

from rag.phrases import QUOTES_FOLLOW
from rag.quote import attribution, quote_answer, quoted
from rag.types import citation

DAY = date(2025, 10, 21)


def test_an_arabic_answer():
    found = passage("قال بوتين إنّ القمّة تأجّلت.", "ar", outlet="جريدة الرواق", published=DAY)
    text, citations = quote_answer([evidence(found)], "ar")
    assert text == "هذا ما تقوله المقالات:\n\n«قال بوتين إنّ القمّة تأجّلت.» [1] — جريدة الرواق، 21 أكتوبر 2025"
    assert [(item.number, item.quote) for item in citations] == [(1, found.chunk.text)]


def test_a_persian_answer_has_jalali_dates_and_persian_digits():
    found = passage("رئیس‌جمهور می‌گوید نشست عقب افتاد.", "fa", outlet="تارنمای سپیدار", published=DAY)
    text, _ = quote_answer([evidence(found)], "fa")
    assert text == (
        "مقاله‌ها چنین می‌گویند:\n\n«رئیس‌جمهور می‌گوید نشست عقب افتاد.» [1] — تارنمای سپیدار، ۲۹ مهر ۱۴۰۴ (۲۱ اکتبر ۲۰۲۵)"
    )


def test_an_english_answer():
    found = passage("There are no plans for a summit.", "en", published=DAY)
    text, _ = quote_answer([evidence(found)], "en")
    assert text == "This is what the articles say:\n\n“There are no plans for a summit.” [1] — Northgate Wire, 21 October 2025"


def test_a_quote_keeps_the_marks_of_its_own_language_and_the_date_of_the_reader():
    english = citation(1, evidence(passage("No plans.", "en", published=DAY)))
    arabic = citation(2, evidence(passage("لا خطط.", "ar", outlet="جريدة الرواق", published=DAY)))
    assert quoted(english, "fa") == "“No plans.” [1] — Northgate Wire، ۲۹ مهر ۱۴۰۴ (۲۱ اکتبر ۲۰۲۵)"
    assert quoted(arabic, "en") == "«لا خطط.» [2] — جريدة الرواق, 21 October 2025"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "«قمة لم تُعقد»، بلا تاريخ"), ("fa", "«قمة لم تُعقد»، بی‌تاریخ"), ("en", "«قمة لم تُعقد», undated")],
)
def test_an_unknown_outlet_goes_by_the_title_and_an_unknown_date_is_told(language, expected):
    found = passage("تأجلت القمة.", "ar", title="قمة لم تُعقد", outlet=None, published=None)
    assert attribution(citation(1, evidence(found)), language) == expected


@pytest.mark.parametrize("language", QUOTES_FOLLOW)
def test_markers_follow_the_order_of_the_evidence(language):
    found = [
        passage("أولا: 12 قتيلا. ثانيا: لا هدنة.", "ar", before="سطر سابق. ", article_id="a"),
        passage("نشست ۳ روز طول کشید.", "fa", rank=2),
        passage("The call took two hours.", "en", rank=3),
    ]
    chosen = [evidence(found[2]), evidence(found[0], 1), evidence(found[1]), evidence(found[0], 0)]
    text, citations = quote_answer(chosen, language)
    heading, *blocks = text.split("\n\n")
    assert heading == QUOTES_FOLLOW[language]
    assert [item.number for item in citations] == [1, 2, 3, 4]
    assert [item.quote for item in citations] == [item.quote for item in chosen]
    for block, item, piece in zip(blocks, citations, chosen, strict=True):
        assert f"{item.quote}" in block and block.count(f" [{item.number}] — ") == 1
        assert piece.passage.article.text[item.start : item.end] == item.quote
        assert item.quote in item.passage == piece.passage.chunk.text


def test_a_quote_is_verbatim_to_the_last_character():
    sentence = "«قـال» الرئيس\u200c — ٣٫٥٪؛ \u202bok\u202c 😀 [sic]!"
    text, [item] = quote_answer([evidence(passage(sentence, "ar"))], "ar")
    assert item.quote == sentence and sentence in text


def test_a_citation_carries_what_a_reader_needs():
    found = passage("تأجلت القمة.", "ar", title="قمة", outlet=None, published=None, before="مقدمة. ")
    item = citation(3, evidence(found))
    assert (item.number, item.title, item.outlet, item.published, item.language) == (3, "قمة", None, None, "ar")
    assert (item.start, item.end, item.passage) == (len("مقدمة. "), len("مقدمة. تأجلت القمة."), "تأجلت القمة.")
