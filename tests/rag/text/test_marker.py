import pytest

from rag.text.marker import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("قُتل ١٢ تمساحاً [2]، ونجا الصيّاد [1] [2].", (2, 1)),
        ("شهرداری روز سه‌شنبه گفت [۱۲][3].", (12, 3)),
        ("The dam [sic] holds [] [a1] [1, 2] (1).", ()),
    ],
)
def test_the_numbers_of_markers_each_once(text, numbers):
    assert numbers_in(text) == numbers
