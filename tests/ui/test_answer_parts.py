"""The parts of an answer: which lines are quotes, what is marked in them, which contradict each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from rag.phrases import phrase as text_of
from rag.types import Disagreement
from tests.ui.staged import HOURS, as_of, as_of_line, cited, differing, quoted, quoting, written
from ui.answer_parts import contrasts, lines_of, phrase_in, values_in

# The lines of the text


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_between_quotes_are_khabar_s_own(language):
    lines = [line.quoted or line.text for line in lines_of(as_of(language))]
    assert lines == [as_of_line(language), (1,), text_of("earlier", language), (2,)]
    assert [line.quoted for line in lines_of(differing(language))] == [(), (1,), (2,), (3,), ()]


def test_a_quote_may_hold_line_breaks_markers_and_quotation_marks():
    item = cited(1, "fa", "سطر نخست\n\n«سطر دوم» [7] [2]\nپایان")
    other = cited(2, "en", "“So” [1]")
    answer = quoting("fa", item, "پس:", other)
    assert [line.quoted for line in lines_of(answer)] == [(), (1,), (), (2,)]


def test_a_quote_that_was_shortened_is_known_by_its_marker():
    answer = replace(quoting("ar", HOURS["ar"]), answer="هذا:\n«استمر اللقاء …» [1] — صحيفة\n«مثل» بلا مصدر\n«مثل» [8]")
    assert [line.quoted for line in lines_of(answer)] == [(), (1,), (), ()]


def test_a_line_with_markers_and_no_quotation_is_no_quote():
    answer = quoting("en", "The sources differ: 4 [3].", HOURS["en"])
    assert [line.quoted for line in lines_of(answer)] == [(), (), (3,)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_written_sentences_are_no_quotes_even_where_they_begin_with_one(language):
    answer = written(language)
    assert [line.quoted for line in lines_of(answer)] == [()]
    [item] = answer.citations
    begun = replace(answer, answer=f"{quoted(item).split(' —')[0]} so it was. [1]\n\n{quoted(item)}")
    assert [line.quoted for line in lines_of(begun)] == [(), (1,)]


@given(st.text(alphabet="«»“” []12\nخaی\u200c", max_size=60), st.sampled_from(["quotes", "written"]))
def test_no_word_of_any_text_is_lost(text, mode):
    answer = replace(quoting("ar", HOURS["ar"]), answer=text, mode=mode)
    assert "".join("".join(line.text for line in lines_of(answer)).split()) == "".join(text.split())


# What is marked in a quote


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


# Quotes that contradict each other


def test_each_disagreement_has_its_values_by_citation():
    [contrast] = contrasts(differing("fa"))
    assert contrast.numbers == (1, 2, 3)
    assert contrast.values == {1: ("ثلاث ساعات ونصف الساعة",), 2: ("۵",), 3: ("four",)}


def test_disagreements_that_share_a_citation_are_one():
    told = (
        Disagreement("number", (1, 2), ("ثلاث", "۵")),
        Disagreement("person", (3, 9), ("x", "y")),
        Disagreement("place", (2, 3), ("بندر", "harbour")),
    )
    [contrast] = contrasts(quoting("ar", *HOURS.values(), disagreements=told))
    assert contrast.values == {1: ("ثلاث",), 2: ("۵", "بندر"), 3: ("harbour",)}


def test_a_disagreement_with_nobody_is_none():
    told = (Disagreement("date", (1, 7), ("أمس", "غدا")), Disagreement("date", (), ()))
    assert contrasts(quoting("ar", HOURS["ar"], disagreements=told)) == []
