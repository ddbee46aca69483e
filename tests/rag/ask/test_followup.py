from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.followup import complete, question_before, ways_to_ask
from rag.ask.question import Question, QuestionError, read_question
from rag.text.glossary import load_glossary
from rag.types import Evidence
from rag.weigh.evidence import EvidenceWeigher
from tests.rag.scripted import evidence, passage

SUMMIT = "متى عُقدت قمة ألاسكا؟"


def read(text: str, *history: str) -> Question:
    return read_question(text, history, load_glossary(), 2000)


def completed(question: Question, *cited: Evidence) -> Question:
    return complete(question, cited)


def taken_over(question: Question) -> set[str]:
    return {" ".join(term.words) for term in question.context}


def says(text: str, language="ar", **parts) -> Evidence:
    return evidence(passage(text, language, **parts))


# What is taken over from the questions before


@pytest.mark.parametrize(
    ("text", "history", "kind", "kept", "replaced"),
    [
        ("وماذا عن روسيا؟", "متى خفضت إيران إنتاج النفط؟", "when", {"انتاج", "النفط"}, {"ايران"}),
        ("والذهب؟", "كم سعر النفط في فرنسا؟", "howmany", {"سعر النفط", "فرنسا"}, set()),
        ("روسیه چطور؟", "ایران کی توافق را امضا کرد؟", "when", {"توافق", "امضا كرد"}, {"ايران"}),
        ("و روسیه؟", "ایران کی توافق را امضا کرد؟", "when", {"توافق", "امضا كرد"}, {"ايران"}),
        ("وفي هايتي؟", "كم شخصا قتل الإعصار في جامايكا؟", "howmany", {"الاعصار"}, {"جامايكا"}),
        ("And in Germany?", "How many banks collapsed in Switzerland?", "howmany", {"banks", "collapsed"}, {"switzerland"}),
        ("What about Iran?", "Why did Russia leave the treaty?", "why", {"treaty"}, {"russia"}),
        ("And Germany?", "How many tanks did Poland give Ukraine?", "howmany", {"tanks", "ukraine"}, {"poland"}),
        ("What about Iran?", "Did Zelensky ask for Tomahawk missiles?", "yesno", {"tomahawk missiles"}, {"zelensky"}),
    ],
)
def test_another_name_takes_the_place_of_one_of_its_sort(text, history, kind, kept, replaced):
    question = read(text, history)
    assert question.kind == kind
    assert kept <= taken_over(question)
    assert not replaced & taken_over(question)


@pytest.mark.parametrize(
    ("text", "history", "kept", "replaced"),
    [
        ("ومن رافق بوتين؟", "من رافق ترامب في محادثات ألاسكا؟", "الاسكا", "ترامب"),
        ("و موضع روسیه چیست؟", "موضع ایران درباره نفت چیست؟", "نفت", "ايران"),
        ("And who accompanied Putin?", "Who accompanied Trump to Alaska?", "alaska", "trump"),
    ],
)
def test_the_same_asked_of_another_name_leaves_the_first_behind(text, history, kept, replaced):
    assert kept in taken_over(read(text, history))
    assert replaced not in taken_over(read(text, history))


def test_two_countries_keep_the_one_that_was_not_asked_of():
    assert taken_over(read("لهستان چطور؟", "آلمان چند تانک به اوکراین داد؟")) >= {"تانك", "اوكراين"}
    assert "المان" not in taken_over(read("لهستان چطور؟", "آلمان چند تانک به اوکراین داد؟"))


def test_a_name_once_replaced_stays_away():
    question = read("And why?", "Did Saudi Arabia cut oil output?", "What about Iran?")
    assert {"iran", "oil", "output"} <= taken_over(question)
    assert "saudi arabia" not in taken_over(question)


def test_the_same_name_in_other_letters_is_not_taken_over_beside_the_own():
    question = read("ولماذا رفض بوتين؟", "متى وصل فلاديمير بوتين إلى ألاسكا؟")
    assert "الاسكا" in taken_over(question)
    assert not any("بوتين" in words for words in taken_over(question))


def test_what_the_question_before_asked_for_is_not_taken_over():
    assert "مدينه" not in taken_over(read("وكم استمر؟", "في أي مدينة عُقد اجتماع ألاسكا؟"))
    assert "مدينه" in taken_over(read("وماذا عن ترامب؟", "في أي مدينة نزل بوتين؟"))


def test_a_new_topic_ends_the_conversation_before_it():
    between = "ما أسباب انهيار الجسر القديم في مدينة بلباو؟"
    assert read(between, SUMMIT).context == ()
    question = read("ومتى بدأ ذلك؟", SUMMIT, between)
    assert "بلباو" in taken_over(question)
    assert "الاسكا" not in taken_over(question)
    assert question.earlier == (between,)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_chain_reaches_back_to_the_question_that_stood_alone(turns):
    question = read("وكم استمرت؟", SUMMIT, *["ولماذا؟", "وأين؟", "ومن حضر؟"][: turns - 1])
    assert "الاسكا" in taken_over(question)
    assert len(question.earlier) == turns


def test_at_most_four_turns_are_remembered():
    question = read("وكم استمرت؟", SUMMIT, "ولماذا؟", "وأين؟", "ومن حضر؟", "وهل نجحت؟")
    assert "الاسكا" not in taken_over(question)
    assert len(question.earlier) == 4


# The question before, asked again


def test_the_question_before_is_completed_in_its_turn():
    last = question_before(read("وكم استمرت؟", SUMMIT, "ومن حضر؟"))
    assert last is not None
    assert last == read("ومن حضر؟", SUMMIT)


@pytest.mark.parametrize(
    ("text", "history"), [(SUMMIT, []), ("کنسرت شجریان در تهران کجا برگزار شد؟", [SUMMIT]), ("وكم استمرت؟", ["؟!"])]
)
def test_a_question_that_stands_alone_has_none_before_it(text, history):
    assert question_before(read(text, *history)) is None


# What the citations add


CITED = says(
    "استقبل ترامب ضيفه بوتين في قاعدة إلمندورف قرب أنكوريج يوم 15 أغسطس بحضور لافروف وأوشاكوف، بحسب الجزيرة نت.",
    published=date(2025, 8, 16),
)


def test_the_names_that_were_cited_are_added_at_little_weight():
    question = completed(read("ومن رافقه؟", SUMMIT), CITED)
    before = read("ومن رافقه؟", SUMMIT)
    added = [term for term in question.context if term not in before.context]
    assert {"ترامب", "بوتين", "لافروف"} & {word for term in added for word in term.words}
    assert all(0 < term.emphasis <= 0.1 and not term.is_name for term in added)
    assert question.terms == before.terms and question.earlier == before.earlier
    assert question.context[: len(before.context)] == before.context


def test_no_number_and_no_outlet_is_added():
    question = completed(read("ومن رافقه؟", SUMMIT), CITED)
    words = {word for term in question.context for word in term.words}
    assert not words & {"15", "اغسطس", "الجزيره", "2025"}


@pytest.mark.parametrize(
    ("text", "history", "language", "month"),
    [
        ("ومتى غادر؟", SUMMIT, "ar", "اغسطس"),
        ("وماذا قال في ذلك اليوم؟", SUMMIT, "ar", "اغسطس"),
        ("چه روزی رفت؟", "نشست آلاسکا کجا بود؟", "fa", "اوت"),
        ("And what happened then?", "Where was the Alaska summit?", "en", "august"),
    ],
)
def test_the_day_of_the_citation_is_added_where_time_is_asked_for(text, history, language, month):
    cited = says("ترامب" if language != "en" else "Trump left.", language, published=date(2025, 8, 16))
    words = {word for term in completed(read(text, history), cited).context for word in term.words}
    assert month in words and "2025" in words
    undated = says("ترامب" if language != "en" else "Trump left.", language, published=None)
    assert "2025" not in {word for term in completed(read(text, history), undated).context for word in term.words}


def test_at_most_six_names_are_added():
    crowd = says("اجتمع ترامب وبوتين ولافروف وروبيو وزيلينسكي وماكرون وستارمر وميرتس وميلوني وتوسك وأوربان وروته في لندن.")
    question = completed(read("ولماذا؟", "متى جاء تمساح؟"), crowd)
    assert len(question.context) - len(read("ولماذا؟", "متى جاء تمساح؟").context) == 6


def test_an_english_name_that_the_glossary_lacks_is_added():
    cited = says("On Monday a plane carrying Zorblatt Quimby left The Hague.", "en")
    words = {word for term in completed(read("Why?", "Who left?"), cited).context for word in term.words}
    assert {"zorblatt", "quimby"} <= words
    assert not words & {"on", "monday", "a", "plane"}


def test_a_name_is_added_once_in_whatever_language_it_is_cited():
    cited = (says("Vladimir Putin met Lavrov.", "en"), says("پوتین با لاوروف دیدار کرد.", "fa"))
    question = completed(read("ولماذا؟", "ماذا أعلن الكرملين؟"), *cited)
    meant = [entry for term in question.context for entry in term.entries if ("putin",) in entry.variants["en"]]
    assert len(meant) == 1


def test_an_answer_that_was_missing_adds_nothing():
    question = read("وكم استمرت؟", SUMMIT)
    assert completed(question) == question


def test_a_question_that_stands_alone_is_left_alone():
    question = read("ما أسباب ارتفاع أسعار القمح في السوق العالمية؟", SUMMIT)
    assert completed(question, CITED) == question


@given(st.text(max_size=80), st.sampled_from(["وكم استمرت؟", "چه روزی؟", "how long did it last?"]))
def test_any_citation_completes_and_always_alike(text, follow_up):
    cited = evidence(passage(f"بوتين {text}", "ar"))
    question = read(follow_up, SUMMIT)
    once = completed(question, cited)
    assert once == completed(question, cited)
    assert len(once.context) <= len(question.context) + 6
    assert all(term.words and 0 < term.emphasis <= 1 for term in once.context)


# Over the seeds


def answered(archive, text: str, *history: str) -> str:
    """Return the best sentence for a follow-up that is completed as its conversation was answered."""
    weigher = EvidenceWeigher(archive.retriever.lexical)
    question = read(text, *history)
    before = question_before(question)
    if before is not None:
        cited = weigher.weigh(before, archive.retriever.retrieve(before, 8)).evidence[:2]
        question = complete(question, cited)
    weighed = weigher.weigh(question, archive.retriever.retrieve(question, 8))
    return " ".join(found.quote for found in weighed.evidence[:3])


@pytest.mark.parametrize(
    ("text", "history", "answer"),
    [
        ("ومن يصنعه؟", ["كم يبلغ مدى صاروخ توماهوك؟"], "رايثيون"),
        ("وماذا كُتب على الجدار؟", [SUMMIT, "وكم استمرت؟"], "السعي إلى السلام"),
        ("بلغارستان چطور؟", ["سیکورسکی درباره هواپیمای پوتین چه گفت؟"], "بلغارستان"),
        ("چه روزی؟", ["دیدار ویتکاف با پوتین کجا برگزار شد؟"], "۱۳ مارس"),
        ("Who wrote it?", ["What did Trump hand Putin in Anchorage?"], "Melania"),
        ("What about NATO?", ["Why was the Budapest summit put on ice?"], "Mark Rutte"),
    ],
)
def test_a_follow_up_finds_its_answer(archive, text, history, answer):
    assert answer in answered(archive, text, *history)


def ways(text: str, *history: str) -> tuple[str, ...]:
    return ways_to_ask(read_question(text, history, load_glossary(), 2000))


@pytest.mark.parametrize("text", ["متى كانت قمّة ألاسكا؟", "نشست آلاسکا کِی برگزار شد؟", "When was the Alaska summit?"])
def test_a_question_that_stands_alone_is_read_as_it_is(text):
    assert ways(text) == (text,)
    assert ways(text, "كم قتيلا سقط في جامايكا؟") == (text,)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("متى كانت قمة ألاسكا؟", "وكم دامت؟"),
        ("نشست آلاسکا کی برگزار شد؟", "چند ساعت طول کشید؟"),
        ("موزهٔ بزرگ مصر کی افتتاح شد؟", "هزینه‌اش چقدر بود؟"),
        ("When was the robbery at the Louvre?", "How long did it last?"),
    ],
)
def test_a_follow_up_is_read_by_itself_and_behind_the_question_that_it_leans_on(before, text):
    assert ways(text, before) == (text, f"{before} {text}")
    assert ways(text, "Who is Orbán?", before)[1] == f"{before} {text}"


@pytest.mark.parametrize(
    ("before", "text", "read"),
    [
        ("How many died in Jamaica?", "What about Haiti?", "How many died in Haiti?"),
        ("How many died in Jamaica?", "وماذا عن هايتي؟", "How many died in هايتي?"),
        ("كم قُتل في جامايكا؟", "وفي هايتي؟", "كم قُتل في هايتي؟"),
        ("در جامائیکا چند نفر کشته شدند؟", "هائیتی چطور؟", "در هائیتی چند نفر کشته شدند؟"),
    ],
)
def test_what_is_asked_of_something_else_is_read_in_the_words_of_the_question_before(before, text, read):
    assert ways(text, before) == (read,)


def test_where_no_name_stands_for_the_other_both_questions_are_read_together():
    assert ways("What about Haiti?", "How many people died?") == ("How many people died? What about Haiti?",)


@given(st.lists(st.text("متى كم هايتي وfn? ؟\u200c َ۳3", max_size=40), max_size=3), st.text("متى كم هل wh? ؟چه", max_size=40))
def test_any_conversation_can_be_read(history, text):
    try:
        found = ways(text, *history)
    except QuestionError:
        return
    assert found and all(found)
