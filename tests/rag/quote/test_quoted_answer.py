from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from rag.phrases import phrase, written_date
from rag.quote.quoted_answer import attribution, quoted, quoted_answer
from rag.types import Disagreement, citation
from tests.rag.quote.reports import APART, ASKED, DAY, LATER, SAME, asked, report
from tests.rag.scripted import evidence, passage

TODAY = date(2025, 11, 1)


def answer(items, question="What did Putin say about the summit?", most=5):
    return quoted_answer(asked(question), items, most, TODAY)


# What a reader sees


def test_an_arabic_answer():
    found = passage("قال بوتين إنّ القمّة تأجّلت.", "ar", outlet="جريدة الرواق", published=DAY)
    given_answer = answer([evidence(found)], ASKED["ar"])
    assert given_answer.answer == (
        "هذا ما تقوله المقالات:\n\n«قال بوتين إنّ القمّة تأجّلت.» [1] — بحسب جريدة الرواق، 21 أكتوبر 2025"
    )
    assert [(item.number, item.quote) for item in given_answer.citations] == [(1, found.chunk.text)]
    assert (given_answer.mode, given_answer.abstained, given_answer.language) == ("quotes", False, "ar")


def test_a_persian_answer_has_jalali_dates_and_persian_digits():
    found = passage("رئیس‌جمهور می‌گوید نشست عقب افتاد.", "fa", outlet="تارنمای سپیدار", published=DAY)
    assert answer([evidence(found)], ASKED["fa"]).answer == (
        "مقاله‌ها چنین می‌گویند:\n\n«رئیس‌جمهور می‌گوید نشست عقب افتاد.» [1] — به گزارش تارنمای سپیدار، "
        "۲۹ مهر ۱۴۰۴ (۲۱ اکتبر ۲۰۲۵)"
    )


def test_an_english_answer():
    found = passage("There are no plans for a summit.", "en", published=DAY)
    assert answer([evidence(found)]).answer == (
        "This is what the articles say:\n\n“There are no plans for a summit.” [1] — Northgate Wire, 21 October 2025"
    )


def test_a_quote_keeps_the_marks_of_its_own_language_and_the_date_of_the_reader():
    english = citation(1, evidence(passage("No plans.", "en", published=DAY)))
    arabic = citation(2, evidence(passage("لا خطط.", "ar", outlet="جريدة الرواق", published=DAY)))
    assert quoted(english, "fa") == "“No plans.” [1] — به گزارش Northgate Wire، ۲۹ مهر ۱۴۰۴ (۲۱ اکتبر ۲۰۲۵)"
    assert quoted(arabic, "en") == "«لا خطط.» [2] — جريدة الرواق, 21 October 2025"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "بحسب «قمة لم تُعقد»، بلا تاريخ"),
        ("fa", "به گزارش «قمة لم تُعقد»، بی‌تاریخ"),
        ("en", "«قمة لم تُعقد», undated"),
    ],
)
def test_an_unknown_outlet_goes_by_the_title_and_an_unknown_date_is_told(language, expected):
    found = passage("تأجلت القمة.", "ar", title="قمة لم تُعقد", outlet=None, published=None)
    assert attribution(citation(1, evidence(found)), language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_markers_follow_the_order_of_the_evidence_with_the_readers_language_first(language):
    found = [
        passage("أولا: 12 قتيلا. ثانيا: لا هدنة.", "ar", before="سطر سابق. ", article_id="a"),
        passage("نشست ۳ روز طول کشید.", "fa", rank=2),
        passage("The call took two hours.", "en", rank=3),
    ]
    chosen = [evidence(found[2]), evidence(found[0], 1), evidence(found[1]), evidence(found[0], 0)]
    said = answer(chosen, ASKED[language])
    heading, *blocks = said.answer.split("\n\n")
    assert heading == phrase("quotes_follow", language)
    assert [item.number for item in said.citations] == [1, 2, 3, 4]
    first = next(item for item in chosen if item.passage.chunk.language == language)
    chosen = [first, *(item for item in chosen if item is not first)]
    assert [item.quote for item in said.citations] == [item.quote for item in chosen]
    for block, item, piece in zip(blocks, said.citations, chosen, strict=True):
        assert f"{item.quote}" in block and block.count(f" [{item.number}] — ") == 1
        assert piece.passage.article.text[item.start : item.end] == item.quote
        assert item.quote in item.passage == piece.passage.chunk.text


def test_a_quote_is_verbatim_to_the_last_character():
    sentence = "«قـال» الرئيس\u200c — ٣٫٥٪؛ \u202bok\u202c 😀 [sic]!"
    said = answer([evidence(passage(sentence, "ar"))], ASKED["ar"])
    [item] = said.citations
    assert item.quote == sentence and sentence in said.answer


def test_a_citation_carries_what_a_reader_needs():
    found = passage("تأجلت القمة.", "ar", title="قمة", outlet=None, published=None, before="مقدمة. ")
    item = citation(3, evidence(found))
    assert (item.number, item.title, item.outlet, item.published, item.language) == (3, "قمة", None, None, "ar")
    assert (item.start, item.end, item.passage) == (len("مقدمة. "), len("مقدمة. تأجلت القمة."), "تأجلت القمة.")


# Repetition


@pytest.mark.parametrize(
    ("language", "where"),
    [
        ("ar", "بحسب جريدة الرواق وصحيفة الساحل، "),
        ("fa", "به گزارش جريدة الرواق و صحيفة الساحل، "),
        ("en", "جريدة الرواق and صحيفة الساحل, "),
    ],
)  # fmt: skip
def test_one_sentence_of_two_articles_is_one_quote_of_both(language, where):
    one, other = SAME[0]
    said = answer([report(one, "ar", 1, "جريدة الرواق"), report(other, "ar", 2, "صحيفة الساحل")], ASKED[language])
    [item] = said.citations
    [also] = item.also
    assert f"[1] — {where}{written_date(DAY, language)}" in said.answer
    assert (also.outlet, also.quote, also.article_id) == ("صحيفة الساحل", other, "article-2")


def test_an_article_that_repeats_itself_is_named_once():
    found = passage(f"{SAME[3][0]} {SAME[3][0]}", "en")
    said = answer([evidence(found, 0), evidence(found, 1, 0.9)])
    [item] = said.citations
    assert item.also == () and said.answer.count("Northgate Wire") == 1


# Time


LATEST = {
    "ar": ("ما آخر تطورات القمة؟", "تأجلت القمة إلى موعد آخر.", "ستعقد القمة في الموعد."),
    "fa": ("آخرین وضع نشست چیست؟", "نشست به زمان دیگری افتاد.", "نشست سر وقت برگزار می‌شود."),
    "en": ("What is the latest on the summit?", "The summit was put off.", "The summit will take place as planned."),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("older_first", [True, False])
def test_the_latest_state_comes_first_and_what_it_overtook_below(language, older_first):
    question, new, old = LATEST[language]
    items = [report(old, language, 1, score=1.0), report(new, language, 2, day=LATER, score=0.9)]
    if not older_first:
        items = [report(new, language, 2, day=LATER, score=1.0), report(old, language, 1, score=0.9)]
    said = answer(items, question)
    assert [item.quote for item in said.citations] == [new, old]
    assert said.answer.split("\n\n")[0] == phrase("as_of", language).format(day=written_date(LATER, language))
    assert said.answer.split("\n\n")[2] == phrase("earlier", language)
    assert (said.as_of, said.overtaken) == (LATER, (2,))


@pytest.mark.parametrize("odd", [None, date(9999, 12, 31), date(2025, 11, 5)])
def test_an_article_without_a_day_or_from_the_future_is_not_the_latest(odd):
    question, new, old = LATEST["en"]
    said = answer([report(old, "en", 1), report(new, "en", 2, day=odd, score=0.99)], question)
    assert [item.quote for item in said.citations] == [old, new]
    assert (said.as_of, said.overtaken) == (DAY, ())


def test_newer_but_clearly_worse_evidence_does_not_go_first():
    question, new, old = LATEST["en"]
    said = answer([report(old, "en", 1), report(new, "en", 2, day=LATER, score=0.5)], question)
    assert [item.quote for item in said.citations] == [old, new]


@pytest.mark.parametrize(("score", "first"), [(0.99, LATER), (0.8, DAY)])
def test_of_two_as_good_the_newer_goes_first_and_its_day_is_told(score, first):
    _, new, old = LATEST["ar"]
    said = answer([report(old, "ar", 1), report(new, "ar", 2, day=LATER, score=score)], "ماذا عن القمة؟")
    assert said.citations[0].published == first
    assert said.as_of == (LATER if first == LATER else None)
    heading = phrase("as_of", "ar").format(day="27 أكتوبر 2025") if first == LATER else phrase("quotes_follow", "ar")
    assert said.answer.startswith(heading) and not said.overtaken


@pytest.mark.parametrize(
    ("question", "old", "new", "language"),
    [
        ("هل المشروع متوقف؟", "أعلنت الوزارة أن المشروع متوقف.", "استؤنف العمل في المشروع بعد توقف دام عامين.", "ar"),
        ("آیا پروژه متوقف است؟", "پروژه متوقف است.", "کار پروژه پس از دو سال توقف از سر گرفته شد.", "fa"),
        ("Is the project stopped?", "The project is stopped.", "Work on the project has resumed after two years.", "en"),
    ],
)
def test_of_a_state_the_newest_report_goes_first_though_it_is_a_weaker_match(question, old, new, language):
    reports = [report(old, language, 1), report(new, language, 2, outlet="Gazette", day=LATER, score=0.6)]
    assert [item.quote for item in answer(reports, question).citations] == [new, old]
    reports[1] = report(new, language, 2, outlet="Gazette", day=LATER, score=0.52)
    assert answer(reports, question).citations[0].quote == old


@pytest.mark.parametrize("question", ["What happened on 21 October 2025?", "ماذا حدث في أكتوبر؟", "در سال ۱۴۰۴ چه شد؟"])
def test_a_question_of_a_day_of_its_own_keeps_the_best_first(question):
    _, new, old = LATEST["en"]
    said = answer([report(old, "en", 1), report(new, "en", 2, day=LATER)], question)
    assert [item.quote for item in said.citations] == [old, new] and said.as_of is None


# Disagreement


TOLL = {
    "ar": "كم شخصا قتل في زلزال إزمير؟",
    "fa": "چند نفر در زلزله ازمیر کشته شدند؟",
    "en": "How many people were killed in the Izmir earthquake?",
}
DEAD = {"ar": "أسفر زلزال إزمير عن مقتل ١٢ شخصا.", "en": "The earthquake in Izmir killed 15 people."}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_that_differ_are_shown_side_by_side(language):
    items = [report(DEAD["ar"], "ar", 1, "المرفأ"), report(DEAD["en"], "en", 2, "The Post", score=0.6)]
    said = answer(items, TOLL[language])
    heading, *quotes = said.answer.split("\n\n")
    assert heading == phrase("sources_differ", language)
    assert [item.quote for item in said.citations] == [DEAD["ar"], DEAD["en"]] and len(quotes) == 2
    assert said.disagreements == (Disagreement("number", (1, 2), ("١٢", "15")),)
    assert all(written_date(DAY, language) in quote for quote in quotes)


def test_a_difference_in_another_sentence_than_the_best_leads_all_the_same():
    best = report("The earthquake in Izmir struck at night and killed many people.", "en", 3, "The Ledger", score=1.1)
    items = [best, report(DEAD["ar"], "ar", 1, "المرفأ"), report(DEAD["en"], "en", 2, "The Post")]
    said = answer(items, TOLL["en"], most=3)
    assert [item.number for item in said.citations] == [1, 2, 3]
    assert said.disagreements[0].citations == (1, 2) and said.citations[2].quote == best.quote
    assert "The articles also say:" in said.answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_later_toll_is_an_update_and_no_difference(language):
    items = [report(DEAD["ar"], "ar", 1, "المرفأ"), report(DEAD["en"], "en", 2, "The Post", day=LATER)]
    said = answer(items, TOLL[language])
    assert said.disagreements == () and said.overtaken == (2,) and said.as_of == LATER
    assert [item.quote for item in said.citations] == [DEAD["en"], DEAD["ar"]]
    assert phrase("earlier", language) in said.answer and phrase("sources_differ", language) not in said.answer


def test_one_quote_alone_tells_of_no_difference():
    items = [report(DEAD["ar"], "ar", 1, "المرفأ"), report(DEAD["en"], "en", 2, "The Post")]
    said = answer(items, TOLL["en"], most=1)
    assert len(said.citations) == 1 and said.disagreements == ()


# One origin


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("ar", "[1] و[2] كلاهما ينقل عن رويترز."),
        ("fa", "[1] و [2] هر دو به نقل از رویترز است."),
        ("en", "[1] and [2] both cite Reuters."),
    ],
)  # fmt: skip
def test_two_quotes_from_one_agency_say_so(language, note):
    items = [
        report("نقلت رويترز عن مسؤول أن القمة تأجلت.", "ar", 1, "المرفأ"),
        report("The two leaders will not meet soon, according to Reuters.", "en", 2, "The Post"),
    ]
    said = answer(items, ASKED[language])
    assert said.answer.endswith(note)
    assert len({item.agency for item in said.citations}) == 1


def test_a_sentence_that_two_outlets_took_from_one_agency_counts_once():
    text = "Putin and Trump will not meet this year, according to Reuters."
    said = answer([report(text, "en", 1, "The Post"), report(text, "en", 2, "The Ledger")])
    assert len(said.citations) == 1 and said.citations[0].agency == "Reuters"
    assert "The Post and The Ledger" in said.answer and said.answer.endswith("[1] Both outlets cite Reuters.")


def test_reports_of_one_agency_with_other_values_differ_and_share_their_origin():
    items = [
        report("نقلت رويترز أن زلزال إزمير أسفر عن مقتل ١٢ شخصا.", "ar", 1, "المرفأ"),
        report("The earthquake in Izmir killed 15 people, according to Reuters.", "en", 2, "The Post"),
    ]
    said = answer(items, TOLL["en"])
    assert said.disagreements[0].values == ("١٢", "15") and said.answer.endswith("both cite Reuters.")


SCORED = st.tuples(st.sampled_from([text for texts in APART.values() for text in texts]), st.floats(0.1, 1.2))


@given(st.lists(SCORED, min_size=1, max_size=8))
def test_the_same_evidence_always_makes_the_same_answer(drawn):
    items = [report(text, "en", rank, f"outlet {rank}", score=score) for rank, (text, score) in enumerate(drawn, 1)]
    items.sort(key=lambda item: -item.score)
    said = answer(items, most=3)
    assert said == answer(items, most=3)
    assert [item.number for item in said.citations] == list(range(1, len(said.citations) + 1)) and len(said.citations) <= 3


@pytest.mark.parametrize(
    ("score", "published", "first"),
    [(0.9, DAY, "fa"), (0.8, None, "fa"), (0.6, DAY, "ar"), (0.9, DAY - timedelta(days=3), "ar")],
    ids=["as good", "nearly as good, undated", "not as good", "an older report"],
)
def test_what_says_the_same_in_the_readers_language_is_read_first(score, published, first):
    arabic = evidence(passage("أُرجئ اللقاء لاختلاف التوقعات.", "ar", published=DAY), score=1.0)
    persian = evidence(passage("دیدار به خاطر انتظارات متفاوت عقب افتاد.", "fa", published=published, rank=2), score=score)
    said = answer([arabic, persian], "چرا دیدار عقب افتاد؟")
    assert said.citations[0].language == first
