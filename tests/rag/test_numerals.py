import pytest

from index.text import fold
from rag.drafting.numerals import read_number


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("4.5 hours", "4.5", 1), ("1,500", "1500", 1), ("١٬٥٠٠", "1500", 1), ("۳٫۵", "3.5", 1), ("3,5", "3.5", 1),
        ("12th", "12", 1),
        ("2 million people", "2000000", 2), ("1.2 مليار", "1200000000", 2), ("۱٫۵ میلیون", "1500000", 2),
        ("ninety minutes", "90", 1), ("twenty three", "23", 2), ("three hundred and five men", "305", 4),
        ("four and a half hours", "4.5", 4), ("five six", "5", 1), ("3 and 5", "3", 1), ("12 30", "12", 1),
        ("ثلاثة وعشرين قتيلا", "23", 2), ("ثلاثة عشر", "13", 2), ("اثني عشر", "12", 2), ("مئة وخمسين", "150", 2),
        ("خمسة آلاف", "5000", 2), ("بیست و سه نفر", "23", 3), ("سه هزار و پانصد", "3500", 4), ("نود", "90", 1),
        ("٢٠٢٥", "2025", 1),
    ],
)  # fmt: skip
def test_a_number_in_digits_or_words(text, number, words):
    assert read_number(fold(text).split(), 0) == (number, words)


@pytest.mark.parametrize("word", ["hours", "ساعة", "نه", "one", "یک", "2.5.3", "نصف"])
def test_what_is_no_number(word):
    assert read_number([fold(word)], 0) is None
