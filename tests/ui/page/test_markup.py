"""Small pieces of the page's HTML: marked words, and paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from tests.ui.html_reader import Page
from tests.ui.staged import HOURS
from ui.answer_parts import phrase_in
from ui.page.markup import marked, path_html


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

def test_each_name_of_a_path_is_isolated():
    assert path_html("أخبار/9.txt") == '<bdi class="path" dir="ltr"><bdi>أخبار</bdi>/<bdi>9.txt</bdi></bdi>'
