"""The exact names of a thing: where they stand in a text, and the grams by which such a text is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold, grams, words
from rag.ask.term import Term
from rag.request.naming import naming_of
from tests.rag.request.asking import ask
from tests.rag.scripted import archive_of


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("وتحدث لبوتين.", True), ("سافر وبوتين معه.", True), ("پوتین‌ها رفتند.", True), ("بُوتِينُ قال.", True),
        ("Putin's plane", True),
        ("Putinism grew", False), ("روبوتين", False), ("Computing", False),
    ],
)  # fmt: skip
def test_clitics_endings_and_borders_of_a_name(tmp_path, sentence, counts):
    language = "en" if sentence.isascii() else "ar"
    rows = [{"id": "a", "title": "t", "text": f"{sentence} Rest of it.", "language": language, "date": "2025-08-01"}]
    assert ask(archive_of(tmp_path, rows), "how many articles mention Putin?").listing.count == int(counts)


@given(st.sampled_from(["بوتين", "پوتین", "putin", "غزه", "قم", "un", "الأمم المتحدة", "روس‌نفت", "زلزله", "القدس"]), st.data())
def test_the_grams_of_a_name_are_in_every_text_that_names_it(name, data):
    naming = naming_of(Term(tuple(words(name)), is_name=True))
    prefix = data.draw(st.sampled_from(["", "و", "ل", "ب", "وال", "لل", "the "]))
    text = f"{prefix}{name}{data.draw(st.sampled_from(['', '‌ها', ' ', '.', 'ي', '-x']))}"
    if naming.stands_in(fold(text)):
        held = {gram for word in words(text) for gram in grams(word)}
        assert any(group <= held for group in naming.groups), (text, naming.groups, held)
