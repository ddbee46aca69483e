from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.files import shown_name
from rag.intake.naming import numbered, safe_path


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("خبر.txt", "خبر.txt"),
        ("رئیس\u200cجمهور.txt", "رئیس\u200cجمهور.txt"),
        ("folder/sub/news.txt", "folder/sub/news.txt"),
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("/etc/cron.d/job.txt", "etc/cron.d/job.txt"),
        (r"C:\Users\me\news.txt", "C_/Users/me/news.txt"),
        ("a/./b/../c.txt", "a/b/c.txt"),
        (".hidden/.news.txt", "hidden/news.txt"),
        ("news\u202etxt.exe", "newstxt.exe"),
        ("\u2067خبر\u2069\x00\x1b[31m\n.txt", "خبر[31m.txt"),
        ("a\u2028b\u200e.txt", "ab.txt"),
        ('<img src="x" onerror="alert(1)">.txt', "_img src=_x_ onerror=_alert(1)__.txt"),
        ("  spaced   name .txt", "spaced name .txt"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("", "file"),
        ("../..", "file"),
        ("\u202e\u202c", "file"),
        ("one/two/three/four/five/six/seven/eight.txt", "two/three/four/five/six/seven/eight.txt"),
    ],
)
def test_a_name_becomes_a_safe_path(given, expected):
    assert str(safe_path(given)) == expected


@pytest.mark.parametrize("letter", ["n", "خ", "👩", "\u0651"])
def test_a_long_name_keeps_its_suffix(letter):
    name = safe_path(f"a{letter * 300}.txt").name
    assert name.endswith(".txt") and 100 < len(name.encode()) <= 180
    assert safe_path(f"a{letter * 300}.txt") == safe_path(str(safe_path(f"a{letter * 300}.txt")))


def test_the_second_of_one_name_has_a_number():
    assert numbered(PurePosixPath("أخبار/خبر.txt"), 2) == PurePosixPath("أخبار/خبر (2).txt")


@given(st.text(max_size=400))
def test_no_name_leads_out_or_cannot_be_shown(given):
    path = safe_path(given)
    assert path.parts and not path.is_absolute() and not any(part.startswith(".") or "\\" in part for part in path.parts)
    assert all(0 < len(part.encode()) <= 200 for part in path.parts)
    assert shown_name(str(path)) == str(path)
