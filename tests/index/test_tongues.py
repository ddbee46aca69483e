from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from index.language import tongue_of
from index.tongues import other_tongue, script_of
from index.types import LANGUAGES, Article, Unserved
from tests.index.made import articles_of, outcomes, problems_of

ROWS = [line.split("\t") for line in (Path(__file__).parent / "tongues.tsv").read_text(encoding="utf-8").splitlines()]
SORANI = "سەرۆکی هەرێم لە هەولێر کۆبوونەوەی کرد. پارلەمانی کوردستان دەنگی لەسەر بودجە دا."


def test_twenty_short_texts_of_each_language():
    # Headlines, harder than any article: a Turkish one of four words may hold nothing that English could not.
    right = Counter(code for code, text in ROWS if tongue_of(text) == code)
    assert set(Counter(code for code, _ in ROWS).values()) == {20}
    assert all(right[code] == 20 for code in ("ar", "fa", "en", "ru")), right
    assert all(count >= 18 for code, count in right.items() if code != "tr") and right["tr"] >= 13, right


def test_two_headlines_are_enough_for_any_language():
    pairs = [(code, f"{text}. {other}.") for (code, text), (same, other) in pairwise(ROWS) if code == same]
    assert [(code, tongue_of(text), text) for code, text in pairs if tongue_of(text) != code] == []


def test_none_of_the_three_is_taken_for_another():
    assert [text for code, text in ROWS if code in LANGUAGES and other_tongue(text)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("سەرۆکی هەرێم لە هەولێر کۆبوونەوەی کرد.", "Sorani Kurdish (ckb)"),
        ("وزیر اعظم نے کہا ہے کہ مذاکرات کل ہوں گے۔ کراچی میں بارش ہوئی۔", "Urdu (ur)"),
        ("د بهرنیو چارو وزیر وویل چې ناسته به ډېر ژر پیل شي او ښه پایله به لري.", "Pashto (ps)"),
        ("Le président a déclaré que le sommet aura lieu à Budapest.", "French (fr)"),
        ("Президент заявил, что саммит состоится в Будапеште.", "Russian (ru)"),
        ("Der Präsident sagte, dass das Treffen nicht in Budapest stattfindet.", "German (de)"),
        ("ראש הממשלה אמר כי הפסגה תתקיים בבודפשט", "Hebrew (he)"),
    ],
)
def test_another_language_is_told_by_name_and_not_indexed(text, name):
    [found] = outcomes(f"---\ntitle: x\n---\n{text}")
    assert isinstance(found, Unserved) and found.skipped and name in found.reason and "language: ar, fa or en" in found.reason


def test_a_header_that_names_another_language_counts():
    assert "Sorani Kurdish (ckb)" in problems_of("---\nlanguage: ckb\n---\nهاتن و چوون بەردەوام")[0].reason
    assert "Kurdish" in problems_of("---\nlanguage: Kurdish\n---\nهه‌ولێر پایته‌خته")[0].reason


def test_a_header_that_names_one_of_the_three_counts_unless_the_script_forbids_it():
    assert articles_of(f"---\nlanguage: fa\n---\n{SORANI}")[0].language == "fa"
    assert articles_of("---\nlanguage: en\n---\nقال الوزير إن القمة لن تعقد.")[0].language == "ar"
    assert articles_of("---\nlanguage: دری\n---\nوزیر گفت که دیدار برگزار شد.")[0].language == "fa"


def test_the_language_attribute_of_a_page_does_not_outweigh_its_text():
    page = "<html lang='{}'><body><article><h1>سەردان</h1><p>{}</p><p>{}</p></article></body></html>"
    found = outcomes(page.format("ar", SORANI, SORANI.replace("بودجە", "یاسا")), "a.html")
    assert not any(isinstance(item, Article) for item in found)


@pytest.mark.parametrize(("text", "script"), [("خبر 12", "ARABIC"), ("news", "LATIN"), ("Привет", "CYRILLIC"), ("12 😀", "")])
def test_script(text, script):
    assert script_of(text) == script
