"""What stands on a page from left to right is read in the order in which it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.made_files import seen
from index.formats.bidi import is_rtl, read_order, shaped_to_letters

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_lines_of_the_archive_come_back(language):
    lines = [line for file in sorted(SEEDS.glob(f"{language}/*.txt")) for line in file.read_text("utf-8").split("\n")]
    wrong = [line for line in lines if line.strip() and read_order(seen(line), rtl=is_rtl(line)) != line]
    assert len(wrong) <= len(lines) // 50, wrong


@pytest.mark.parametrize(
    ("glyphs", "line"),
    [
        (".(ةياغلل) رثمم هنأب", "بأنه ممثر (للغاية)."),
        ("بآ ذنم %12.5 ةبسنب", "بنسبة 12.5% منذ آب"),
        ("۱۴۰۴/۰۷/۲۹ رد United Nations تفگ", "گفت United Nations در ۱۴۰۴/۰۷/۲۹"),
        ("«مالس» تفگ", "گفت «سلام»"),
    ],
)
def test_numbers_names_and_brackets(glyphs, line):
    assert read_order(list(glyphs), rtl=True) == line


def test_an_arabic_word_in_an_english_line():
    assert read_order(list("he said مالس twice"), rtl=False) == "he said سلام twice"


def test_shapes_become_letters_and_nothing_else_changes():
    assert shaped_to_letters("ﻗﺎﻝ ﺍﻟﺒﻴﺖ ½ ﷲ") == "قال البيت ½ الله"
