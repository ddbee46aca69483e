"""What a sentence holds and which words are numbers, in three languages."""

from __future__ import annotations

import pytest

from rag.text.traits import holds_answer_of, is_number


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("when", "وصل الوفد يوم الثلاثاء"), ("when", "بدأ العمل في رجب"), ("when", "سد در ۱۳۹۸ ساخته شد"),
        ("when", "دیروز آمدند"),
        ("when", "The bridge opened in spring ١٩٩٨"), ("when", "They left yesterday"), ("when", "They left on Friday"),
        ("howmany", "أصيب ٣ عمال"), ("howmany", "استمر ساعتين"), ("howmany", "سی نفر زخمی شدند"),
        ("howmany", "Dozens were hurt"),
        ("why", "أُغلق بسبب العاصفة"), ("why", "به دلیل برف بسته شد"), ("why", "It closed because of snow"),
        ("who", "قال السيد قاسم إن العمل انتهى"), ("who", "وزیر نیرو استعفا داد"),
        ("who", "The bridge was built by Karim Saleh."),
        ("where", "اجتمعوا في القاهرة"), ("where", "در تهران دیدار کردند"), ("where", "They met near Oldbury."),
    ],
)  # fmt: skip
def test_a_sentence_that_holds_it(kind, sentence, glossary):
    assert holds_answer_of(kind, sentence, glossary)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("when", "رفض الوفد المقترح"), ("when", "پیشنهاد را نپذیرفتند"), ("when", "They refused"),
        ("howmany", "رفض الوفد المقترح"), ("howmany", "پیشنهاد را نپذیرفتند"), ("howmany", "They refused"),
        ("why", "رفض الوفد المقترح"), ("why", "پیشنهاد را نپذیرفتند"), ("why", "They refused"),
        ("who", "انتهى العمل بهدوء"), ("who", "They refused it"), ("where", "انتهى العمل بهدوء"), ("where", "They refused it"),
        ("yesno", "وافق المجلس في القاهرة يوم الثلاثاء"), ("how", "They met on Friday"), ("what", "They met on Friday"),
    ],
)  # fmt: skip
def test_a_sentence_that_does_not(kind, sentence, glossary):
    assert not holds_answer_of(kind, sentence, glossary)


@pytest.mark.parametrize(
    "word", ["٣", "۳", "3", "1,250", "ثلاثه", "واربعون", "بيست", "twelve", "dozens", "ساعتين", "وطفلان", "صدها"]
)
def test_numbers(word):
    assert is_number(word)


@pytest.mark.parametrize("word", ["سلام", "كتاب", "often", "tent", "ten-ish", "لست", "بنود", "مات"])
def test_no_numbers(word):
    assert not is_number(word)
