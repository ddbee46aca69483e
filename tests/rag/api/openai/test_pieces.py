"""A text is cut into pieces that make it up again."""

from hypothesis import given
from hypothesis import strategies as st

from rag.api.openai.pieces import pieces_of

TEXTS = st.text(st.sampled_from("ابپ ت\u200c\u064e\n\r\t١۲3🐊\u2028\u0085“«»]([.x")) | st.text()


@given(TEXTS | TEXTS.map(lambda text: text * 100))
def test_pieces_make_up_the_text(text):
    pieces = list(pieces_of(text))
    assert "".join(pieces) == text and all(pieces)
