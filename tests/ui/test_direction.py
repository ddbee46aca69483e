"""Directions, and isolates that stay closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.direction import closed, direction_of

LRI, RLI, FSI, PDI, RLO = "\u2066\u2067\u2068\u2069\u202e"
TEXTS = st.text(alphabet=st.sampled_from([LRI, RLI, FSI, PDI, RLO, "خ", "ی", "a", " ", "1", "۱"]))


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("ماذا قال NATO؟", "rtl"),
        ("What is «خبر»?", "ltr"),
        ("🙂 123", "ltr"),
        ("NATO چه گفت؟", "rtl"),
        ("", "ltr"),
        ("كَتَبَ a", "rtl"),
    ],
)
def test_a_text_goes_by_most_of_its_letters(text, side):
    assert direction_of(text) == side


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("صحيفة المرفأ", "صحيفة المرفأ"),
        (f"{PDI}خبر", "خبر"),
        (f"{RLI}روزنامه", f"{RLI}روزنامه{PDI}"),
        (f"a{LRI}ب{PDI}{PDI}c{FSI}", f"a{LRI}ب{PDI}c{FSI}{PDI}"),
        (f"{RLO}abc", f"{RLO}abc"),
        ("می\u200cگوید", "می\u200cگوید"),
    ],
)
def test_a_text_closes_what_it_opens(text, kept):
    assert closed(text) == kept


@given(TEXTS)
def test_no_text_closes_more_than_it_opens(text):
    depth, plain = 0, {ord(mark): "" for mark in (LRI, RLI, FSI, PDI)}
    for character in closed(text):
        depth += (character in (LRI, RLI, FSI)) - (character == PDI)
        assert depth >= 0
    assert depth == 0
    assert closed(text).translate(plain) == text.translate(plain)
    assert closed(closed(text)) == closed(text)
