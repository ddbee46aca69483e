"""Which words are numbers, in three languages."""

from __future__ import annotations

import pytest

from rag.text.traits import is_number


@pytest.mark.parametrize(
    "word", ["٣", "۳", "3", "1,250", "ثلاثه", "واربعون", "بيست", "twelve", "dozens", "ساعتين", "وطفلان", "صدها"]
)
def test_numbers(word):
    assert is_number(word)


@pytest.mark.parametrize("word", ["سلام", "كتاب", "often", "tent", "ten-ish", "لست", "بنود", "مات"])
def test_no_numbers(word):
    assert not is_number(word)
