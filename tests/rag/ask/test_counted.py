"""What a question wants counted or measured, in three languages."""

from __future__ import annotations

import pytest

from index.text import fold
from rag.ask.counted import counted_in


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("كم جنديا قتل في الغارة؟", "جنديا"), ("كم عدد الركاب؟", "الركاب"), ("چند سرباز کشته شد؟", "سرباز"),
        ("How many soldiers were killed?", "soldiers"), ("كم استغرق الهجوم؟", None), ("متى وقع الهجوم؟", None),
        ("When was the raid?", None),
    ],
)  # fmt: skip
def test_the_noun_behind_how_many(question, noun):
    assert counted_in(question).noun == (noun and fold(noun))


@pytest.mark.parametrize(
    ("question", "measure"),
    [("كم بلغت كلفة المتحف؟", "كلفة"), ("هزینه موزه چقدر بود؟", "هزینه"), ("How much did it cost?", None)],
)
def test_the_measure_beside_how_much(question, measure):
    assert counted_in(question).measure == (measure and fold(measure))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many wounded soldiers were freed?", ["wounded", "soldiers"]), ("How many of them came?", []),
        ("كم بلغ عدد القتلى في الزلزال؟", ["القتلى"]), ("چند نفر کشته شدند؟", ["کشته"]),
    ],
)  # fmt: skip
def test_the_words_behind_it(question, words):
    assert list(counted_in(question).words) == [fold(word) for word in words]
