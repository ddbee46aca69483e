"""The lines of an answer: which are quotes, and which are Khabar's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from tests.ui.staged import EARLIER, HOURS, as_of, as_of_line, cited, differing, quoted, quoting, written
from ui.blocks import blocks


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_between_quotes_are_khabar_s_own(language):
    lines = [line.quoted or line.text for line in blocks(as_of(language))]
    assert lines == [as_of_line(language), (1,), EARLIER[language], (2,)]
    assert [line.quoted for line in blocks(differing(language))] == [(), (1,), (2,), (3,), ()]


def test_a_quote_may_hold_line_breaks_markers_and_quotation_marks():
    item = cited(1, "fa", "سطر نخست\n\n«سطر دوم» [7] [2]\nپایان")
    other = cited(2, "en", "“So” [1]")
    answer = quoting("fa", item, "پس:", other)
    assert [line.quoted for line in blocks(answer)] == [(), (1,), (), (2,)]


def test_a_quote_that_was_shortened_is_known_by_its_marker():
    answer = replace(quoting("ar", HOURS["ar"]), answer="هذا:\n«استمر اللقاء …» [1] — صحيفة\n«مثل» بلا مصدر\n«مثل» [8]")
    assert [line.quoted for line in blocks(answer)] == [(), (1,), (), ()]


def test_a_line_with_markers_and_no_quotation_is_no_quote():
    answer = quoting("en", "The sources differ: 4 [3].", HOURS["en"])
    assert [line.quoted for line in blocks(answer)] == [(), (), (3,)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_written_sentences_are_no_quotes_even_where_they_begin_with_one(language):
    answer = written(language)
    assert [line.quoted for line in blocks(answer)] == [()]
    [item] = answer.citations
    begun = replace(answer, answer=f"{quoted(item).split(' —')[0]} so it was. [1]\n\n{quoted(item)}")
    assert [line.quoted for line in blocks(begun)] == [(), (1,)]


@given(st.text(alphabet="«»“” []12\nخaی\u200c", max_size=60), st.sampled_from(["quotes", "written"]))
def test_no_word_of_any_text_is_lost(text, mode):
    answer = replace(quoting("ar", HOURS["ar"]), answer=text, mode=mode)
    assert "".join("".join(line.text for line in blocks(answer)).split()) == "".join(text.split())
