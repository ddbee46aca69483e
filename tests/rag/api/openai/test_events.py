"""A text is cut into pieces that make it up again."""

import json

from hypothesis import given
from hypothesis import strategies as st

from rag.api.openai.events import event, pieces_of

TEXTS = st.text(st.sampled_from("ابپ ت\u200c\u064e\n\r\t١۲3🐊\u2028\u0085“«»]([.x")) | st.text()


@given(TEXTS | TEXTS.map(lambda text: text * 100))
def test_pieces_make_up_the_text(text):
    pieces = list(pieces_of(text))
    assert "".join(pieces) == text and all(pieces)


@given(TEXTS)
def test_no_text_ends_an_event(text):
    written = event({"delta": text})
    assert written.count("\n") == 2 and written.endswith("\n\n") and json.loads(written.removeprefix("data: "))["delta"] == text
    assert len(written.splitlines()) == 2, "U+2028 and the like end lines of Python, and so of clients that are written in it"
