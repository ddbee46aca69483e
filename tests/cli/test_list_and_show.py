"""`khabar list` and `khabar show`: what is in the archive, and what was taken away of a page."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import done, khabar

TEXTS = {
    "ق.txt": "---\ntitle: قمّة الخليج\noutlet: جريدة الرواق\npublished: 3 تشرين 1 2025\n---\nعُقدت القمة في المنامة أمس.\n",
    "پل.md": "---\ntitle: پل‌ها\npublished: ۱۰ میزان ۱۴۰۴\n---\nشهردار پل تازه را ۱۲ روز زودتر گشود.\n",
    "e.txt": "The mayor opened a bridge.\nRead also: Quake shakes the coast and kills 12\nIt cost 3 million crowns.\n",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("list")
    (folder / "news").mkdir()
    for name, text in TEXTS.items():
        (folder / "news" / name).write_text(text, "utf-8")
    done("index", folder / "news", "--data", folder / "data")
    return folder / "data"


def listed(data, *options):
    told = done("list", "--json", "--data", data, *options).stdout
    return [(item["path"].rpartition("/")[2], item["published"]) for item in json.loads(told)]


def test_the_list_is_sorted_and_filtered(data):
    assert listed(data) == [("ق.txt", "2025-10-03"), ("پل.md", "2025-10-02"), ("e.txt", None)]
    assert listed(data, "--language", "fa") == [("پل.md", "2025-10-02")]
    assert listed(data, "--without", "date") == [("e.txt", None)]
    assert listed(data, "--outlet", "جريدة الرواق", "--since", "۱۴۰۴/۰۷/۱۱") == [("ق.txt", "2025-10-03")]
    assert "3 articles" in khabar("list", "--data", data).stdout


def test_a_filter_that_is_none_is_told(data):
    result = khabar("list", "--data", data, "--outlet", "الرواق الأزرق")
    assert result.exit_code != 0 and "الرواق الأزرق" in result.output and "Traceback" not in result.output


def test_an_article_is_shown_with_what_was_taken_away(data):
    shown = khabar("show", "e.txt", "--removed", "--data", data).stdout
    body, removed = shown.split("Taken away:")
    assert "It cost 3 million crowns." in body and "Quake" not in body and "Quake shakes the coast" in removed
    assert "عُقدت القمة في المنامة أمس." in khabar("show", "ق.txt", "--data", data).stdout


def test_an_article_that_is_not_there_is_told(data):
    result = khabar("show", "ناپیدا.txt", "--data", data)
    assert result.exit_code != 0 and "ناپیدا.txt" in result.output and "Traceback" not in result.output
