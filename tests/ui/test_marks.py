"""What is marked in a quote, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from tests.ui.html_reader import Page
from tests.ui.staged import HOURS, cited
from ui.marks import marked, phrase_in, values_in


@pytest.mark.parametrize(
    ("language", "phrase"), [("ar", "ثلاث ساعات ونصف الساعة"), ("fa", "۵ ساعت"), ("en", "four hours")]
)
def test_the_phrase_is_found_in_the_quote(language, phrase):
    item = HOURS[language]
    [(start, end)] = phrase_in(item)
    assert item.quote[start:end] == phrase


def test_a_phrase_with_harakat_and_joiners_is_cut_by_code_points():
    quote = "قالَ الوزيرُ: «كَتَبَ» رئیس‌جمهور نامه‌ای 12 ١٢ ۱۲."
    for phrase in ("كَتَبَ", "رئیس‌جمهور", "نامه‌ای", "١٢"):
        [(start, end)] = phrase_in(cited(1, "ar", quote, phrase))
        assert quote[start:end] == phrase


@pytest.mark.parametrize("phrase", [None, (0, 5), (107, 107), (112, 110), (100, 400)])
def test_what_lies_outside_the_quote_is_no_phrase(phrase):
    assert phrase_in(replace(HOURS["en"], phrase=phrase)) == []


@pytest.mark.parametrize(
    ("quote", "phrase", "values", "found"),
    [
        ("Of 15, 5 left.", "", ["5"], ["5"]),
        ("قُتل 15 وجُرح 5.", "", ["5", "15"], ["15", "5"]),
        ("۵ نفر آمدند و ۵ نفر رفتند.", "۵ نفر رفتند", ["۵"], ["۵"]),
        ("وصل بخمسة رجال.", "", ["خمسة"], ["خمسة"]),
        ("Five came.", "", ["six", ""], []),
        ("Five came.", "", ["Five", "Five"], ["Five"]),
    ],
)
def test_values_are_found_as_whole_words(quote, phrase, values, found):
    item = cited(1, "en", quote, phrase)
    spans = values_in(item, values)
    assert [quote[start:end] for start, end in spans] == found


def test_the_value_in_the_answering_phrase_is_meant():
    quote = "۵ نفر آمدند و ۵ نفر رفتند."
    [(start, _)] = values_in(cited(1, "fa", quote, "۵ نفر رفتند"), ["۵"])
    assert start == quote.rindex("۵")
    [(start, _)] = values_in(cited(1, "fa", quote), ["۵"])
    assert start == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_marked_text_keeps_its_words(language):
    item = HOURS[language]
    page = Page(marked(item.quote, phrase_in(item), "phrase"))
    [(start, end)] = phrase_in(item)
    assert page.text == item.quote and page.texts("mark", "phrase") == [item.quote[start:end]]


@given(st.text(alphabet="<>&\"'aخی ۱\u202e\u2069"), st.data())
def test_any_span_of_any_text_can_be_marked(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    spans = [(cuts[0], cuts[1]), (cuts[2], cuts[3])]
    page = Page(marked(text, spans, "value"))
    assert page.text == text
    assert page.texts("mark", "value") == [text[start:end] for start, end in spans]
