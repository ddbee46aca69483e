"""The file of wordings: its signs, and that every line of it can be read and is used."""

from __future__ import annotations

import re

import pytest

from index.text import fold
from rag.request.wordings import beginning, patterns
from rag.text.word_list import rows

LINES = rows("request_patterns.tsv")
KINDS = sorted({name for name, _, _ in LINES if not name.startswith("{")})


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_of_a_kind_is_a_pattern_and_each_kind_has_three_languages(kind):
    assert len(patterns(kind)) == sum(name == kind for name, _, _ in LINES)
    assert {language for name, language, _ in LINES if name == kind} == {"ar", "fa", "en"}


def test_every_part_is_used_in_its_language():
    used = {(part, language) for _, language, text in LINES for part in re.findall(r"\{\w+\}", text)}
    assert used == {(name, language) for name, language, _ in LINES if name.startswith("{")}


@pytest.mark.parametrize(
    ("kind", "text", "topic"),
    [
        ("summary", "please summarise the storm", "the storm"), ("summary", "لخّص  لي العاصفة", "العاصفة"),
        ("summary", "توفان را برایم خلاصه کن", "توفان"), ("about", "ماجرای لوور چیست", "لوور"),
    ],
)  # fmt: skip
def test_words_are_met_in_any_spelling_with_any_spaces(kind, text, topic):
    found = [match for pattern in patterns(kind) if (match := pattern.fullmatch(fold(text)))]
    assert [match["topic"] for match in found][:1] == [fold(topic)]


@pytest.mark.parametrize("text", ["the latest article on X", "مقال عن س", "مقاله‌ی مربوط به س"])
def test_what_only_calls_a_topic_an_article_is_its_beginning(text):
    found = beginning("article").match(fold(text).replace("\u200c", " "))
    assert found and found.end() > len(text) - 4
