"""The name of a file from a question."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.export.file_name import file_name, offered_as


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("كم استغرقت السرقة؟", "كم استغرقت السرقة.docx"),
        ("نیم‌ساعت بعد چه شد؟", "نیم‌ساعت بعد چه شد.docx"),
        ("What did A/B \\ C: say?", "What did A B C say.docx"),
        ("../../etc/passwd", "etc passwd.docx"),
        ("...", "khabar.docx"),
        ("؟؟", "khabar.docx"),
        ("CON", "khabar CON.docx"),
        ("nul.txt", "khabar nul.txt.docx"),
        ("a\u202egpj.exe", "agpj.exe.docx"),
        ("سطر\nآخر\t\x00\x7f", "سطر آخر.docx"),
        ("a" * 5000, "a" * 80 + ".docx"),
        ("كلمة " * 40, ("كلمة " * 16).strip() + ".docx"),
    ],
)
def test_a_name_is_made_of_a_question(question, name):
    assert file_name(question, ".docx") == name


@given(st.text(max_size=300))
def test_any_question_gives_a_name_that_a_file_system_takes(question):
    name = file_name(question, ".bib")
    assert name.endswith(".bib") and len(name.encode("utf-8", "surrogatepass")) <= 255 and not name.startswith(".")
    assert not set('/\\:*?"<>|\n\r\t') & set(name)
    assert all(letter == "\u200c" or unicodedata.category(letter)[0] != "C" for letter in name)
    header = offered_as(name)
    assert header.isascii() and not re.search(r"[\r\n]", header)
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name


def test_many_combining_marks_are_no_long_name():
    assert len(file_name("ب" + "\u064b" * 10_000, ".md").encode()) < 255
