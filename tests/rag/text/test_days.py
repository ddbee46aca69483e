from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.days import named_days, names_a_time

TUESDAY = date(2025, 10, 21)


def days(text, published=TUESDAY):
    return [(text[item.start : item.end], sorted(str(day) for day in item.dates)) for item in named_days(text, published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("يوم 23 أكتوبر/تشرين الأول", [("23 أكتوبر/تشرين الأول", ["2025-10-23"])]),
        ("في ١٥ أغسطس/آب", [("١٥ أغسطس/آب", ["2025-08-15"])]),
        ("في الأول من يوليو/تموز", [("الأول من يوليو/تموز", ["2025-07-01"])]),
        ("از اول اسفند", [("اول اسفند", ["2026-02-20"])]),
        ("دهمِ تیر", [("دهمِ تیر", ["2025-07-01"])]),
        ("۲۹ مهر ۱۴۰۴", [("۲۹ مهر ۱۴۰۴", ["2025-10-21"])]),
        ("یكم آبان", [("یكم آبان", ["2025-10-23"])]),
        ("on October 30", [("October 30", ["2025-10-30"])]),
        ("on 3rd May 2024", [("3rd May 2024", ["2024-05-03"])]),
        ("January 8", [("January 8", ["2026-01-08"])]),
        ("on Monday", [("Monday", ["2025-10-20", "2025-10-27"])]),
        ("الاثنين", [("الاثنين", ["2025-10-20", "2025-10-27"])]),
        ("روز سه‌شنبه", [("سه‌شنبه", ["2025-10-21"])]),
        ("أمس وغدا", [("أمس", ["2025-10-20"]), ("وغدا", ["2025-10-22"])]),
        ("دیروز", [("دیروز", ["2025-10-20"])]),
        ("هفته سوم مرداد", []),
        ("31 February", []),
        ("it may rain", []),
    ],
)
def test_days_are_read_from_the_day_of_publication(text, expected):
    assert days(text) == expected


def test_without_a_day_of_publication_only_a_whole_date_can_be_read():
    assert days("on Monday, 3 May or 4 May 2024", None) == [("4 May 2024", ["2024-05-04"])]


@pytest.mark.parametrize(
    "text", ["What happened on 16 October?", "ماذا قال في أكتوبر؟", "در سال ۱۴۰۳ چه شد؟", "كم قتل عام 2023؟", "۲۹ مهر"]
)
def test_a_question_that_names_a_time(text):
    assert names_a_time(text)


@pytest.mark.parametrize("text", ["What is the latest?", "what may happen?", "ما آخر الأخبار؟", "آخرین وضع چیست؟", "a march"])
def test_a_question_that_names_none(text):
    assert not names_a_time(text)


@given(st.text(max_size=100), st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_text_of_any_day_is_read(text, published):
    for item in named_days(f"{text} Monday {text}", published):
        assert 0 <= item.start < item.end and item.dates
