"""Charsets are told by what reads as Arabic or Persian."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding import guess

SEEDS = Path(__file__).parents[2] / "seeds"
ARABIC = "قال البيت الأبيض إن القمة بين الرئيسين في بودابست أرجئت إلى موعد لم يحدد بعد، بحسب مسؤول أمريكي."
PERSIAN = "به گفته مقام هاي کاخ سفيد اين تصميم پس از گفت وگوي وزيران خارجه گرفته شد و ژاپن چيزي نگفت."


def test_texts_of_the_archive_in_every_charset():
    wrong = []
    for file in sorted(SEEDS.glob("ar/*.txt")):
        text = file.read_text("utf-8")
        for charset in ("windows-1256", "iso-8859-6", "mac-arabic", "utf-16-le", "utf-16-be"):
            content = text.encode(charset, "ignore")
            found = guess(content)
            if found is None or found.text != content.decode(charset):
                wrong.append((file.name, charset, found and found.charset))
    assert wrong == []


def test_persian_in_windows_1256():
    text = PERSIAN.replace("ی", "ي")
    found = guess(text.encode("windows-1256"))
    assert found and found.charset == "windows-1256" and found.text == text


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("The minister’s résumé was “not convincing”, said the café owner.".encode("windows-1252"), "windows-1252"),
        ((ARABIC * 20).encode() + b"\xff" + ARABIC.encode(), "UTF-8 with damaged bytes"),
        ((ARABIC * 20).encode("utf-16-le"), "UTF-16"),
        ("The summit was postponed, he said.".encode("utf-16-be"), "UTF-16"),
    ],
)
def test_other_charsets(content, charset):
    found = guess(content)
    assert found and found.charset == charset


@pytest.mark.parametrize(
    "content",
    [
        "خبر".encode("windows-1256"),
        ARABIC.encode("koi8-r", "ignore") + "Президент заявил, что встреча отложена".encode("koi8-r"),
        "Президент заявил, что встреча отложена на неопределенный срок".encode("windows-1251"),
        bytes(range(256)) * 8,
        "首相は会談を延期すると述べた。日程は未定である。".encode("shift-jis"),
        b"",
    ],
)
def test_what_is_not_certain_is_not_guessed(content):
    assert guess(content) is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(content):
    found = guess(content)
    assert found is None or found.charset
