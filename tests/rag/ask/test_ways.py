"""The ways in which a question is put to the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.question import QuestionError, read_question
from rag.ask.ways import ways_of
from rag.text.glossary import load_glossary


def ways(text: str, *history: str) -> tuple[str, ...]:
    return ways_of(read_question(text, history, load_glossary(), 2000))


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
