"""Questions that ask several things, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.parts import asks_several, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When did they meet, and what did they sign?", ["When did they meet", "what did they sign?"]),
        ("When was it signed, and until when may they leave?", ["When was it signed", "when may they leave?"]),
        ("نخست‌وزیر ژاپن کیست و چند رأی آورد؟", ["نخست‌وزیر ژاپن کیست", "چند رأی آورد؟"]),
        ("Who won? And how many goals did he score?", ["Who won", "And how many goals did he score?"]),
        ("متى التقى الوزيران وماذا وقّعا؟", ["متى التقى الوزيران", "ماذا وقّعا؟"]),
        ("كم قتيلا سقط، وكم جريحا في الزلزال؟", ["كم قتيلا سقط", "كم جريحا في الزلزال؟"]),
        (
            "نخست‌وزیر چه زمانی با امیر کویت دیدار کرد و چند توافق‌نامه امضا شد؟",
            ["نخست‌وزیر چه زمانی با امیر کویت دیدار کرد", "چند توافق‌نامه امضا شد؟"],
        ),
    ],
)
def test_each_part_stands_as_the_question_writes_it(question, parts):
    assert list(parts_of(question)) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who is the president of France and Germany?", "How many were killed and injured?", "ماذا قال ترامب وبوتين؟",
        "من ومتى قتل؟", "چرا و چگونه جنگ آغاز شد؟", "چه کسی و کجا کشته شد؟", "ما منصب روبيو؟",
        "بماذا صاحوا في وجه الوزير؟", "رئیس‌جمهور و وزیر کجا رفتند؟",
    ],
)  # fmt: skip
def test_one_question_stays_whole(question):
    assert parts_of(question) == (question,)


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("ماذا قال الوزيران، ومتى؟", True),
        ("متى وأين عقدت القمة؟", True),
        ("آنها چه خواستند و چه زمانی؟", True),
        ("What did Rubio and Lavrov say, and when?", True),
        ("متى عقدت القمة؟", False),
        ("من صاح في وجه الوزير؟", False),
        ("بازی عقاب‌ها و سواران چند چند شد؟", False),
        ("How old were the man and woman who died?", False),
    ],
)
def test_several_things_are_asked_though_one_cannot_stand_alone(question, several):
    assert asks_several(question) is several


WORDS = ["what", "who", "متى", "وماذا", "كم", "چه", "چند", "و", "and", "؟", "?", "the", "الوفد", "وَقّع", "می‌کرد", "۱۲", "٣"]


@given(st.lists(st.sampled_from(WORDS)))
def test_parts_stand_in_the_question_in_order(words):
    question, place = " ".join(words), 0
    for part in parts_of(question):
        place = question.index(part, place) + len(part)
