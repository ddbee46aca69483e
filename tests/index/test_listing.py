from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.build import BuildOptions, BuildReport, build_index
from index.catalog import FILE_NAME, Catalog
from index.listing import Listed, listing
from index.types import EVERYTHING, Facts, Filter
from tests.index.made import ENGLISH, Quiet, TinyEmbedder, rows, write_articles
from ui.terminal.articles import list_text

AR = "قال الوزير إن القمة لن تعقد في بودابست."
FA = "وزیر خارجه گفت که دیدار برگزار نمی‌شود."
EN = "The summit was called off by the White House on Tuesday."
FILES = {
    "1.txt": "---\ntitle: قمة\noutlet: النورس\npublished: 3 تشرين 1 2025\nauthor: ليلى سالم\nsection: سياسة\n"
    f"tags: [قمة، حرب]\n---\n{AR}",
    "2.txt": f"---\ntitle: دیدار\npublished: مهر ۱۴۰۴\nsource: خبرگزاری سپیدار\n---\n{FA}",
    "3.txt": f"---\ntitle: Summit\noutlet: The Gull\nsource: Northgate\npublished: 10/21/2025\n---\n{EN}",
    "4.txt": f"---\ntitle: Talks\noutlet: The Gull\npublished: 05/06/2025\n---\n{EN} Talks go on.",
    "5.txt": f"---\ntitle: Later\noutlet: The Hill\npublished: 05/06/2025\n---\n{EN} Nobody knows.",
    "6.txt": "---\ntitle: Sommet\n---\nLe président a déclaré que le sommet aura lieu à Budapest.",
}  # fmt: skip


def build(data: Path, folder: Path) -> BuildReport:
    """Index a folder by its words alone."""
    return build_index(data, [folder], TinyEmbedder(), BuildOptions(), Quiet(), embed=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    build(tmp_path / "data", write_articles(tmp_path / "a", FILES))
    return tmp_path / "data"


def listed(data: Path, within: Filter = EVERYTHING, **options: object) -> list[Listed]:
    with closing(Catalog(data / FILE_NAME)) as catalog:
        return listing(catalog, within, **options)  # type: ignore[arg-type]


def names(found: list[Listed]) -> list[str]:
    return [item.path.removeprefix("a/").removesuffix(".txt") for item in found]


def test_sorted_and_filtered(data):
    assert names(listed(data)) == ["3", "1", "4", "2", "5"], "the newest first, the undated last"
    assert names(listed(data, sort="title"))[-1] == "1" and names(listed(data, sort="outlet"))[:2] == ["3", "4"]
    assert names(listed(data, Filter(frozenset({"the gull"})))) == ["3", "4"]
    assert names(listed(data, Filter(languages=frozenset({"ar"})))) == ["1"]
    assert names(listed(data, Filter(since=date(2025, 10, 1)))) == ["3", "1"]
    assert names(listed(data, Filter(until=date(2025, 6, 1)))) == ["4"]
    assert names(listed(data, without=["date"])) == ["2", "5"]
    assert names(listed(data, without=["author", "section"], sort="path")) == ["2", "3", "4", "5"]


def test_problems_are_those_of_the_last_reading(data, tmp_path):
    found = listed(data, problems=True)
    assert names(found) == ["2", "5", "6"] and found[-1].entry is None and "French (fr)" in found[-1].problems[0].reason
    assert "names no day" in found[0].problems[0].reason and "can be 2025-05-06 or 2025-06-05" in found[1].problems[0].reason
    (tmp_path / "a" / "6.txt").unlink()
    write_articles(tmp_path / "a", {"5.txt": FILES["5.txt"].replace("05/06/2025", "2025-06-05")})
    build(data, tmp_path / "a")
    assert names(listed(data, problems=True)) == ["2"] and listed(data, without=["date"])[0].path == "a/2.txt"


def test_an_outlet_decides_its_open_dates_also_later(data, tmp_path):
    dates = {item.path: item.entry.day for item in listed(data) if item.entry}
    assert dates["a/4.txt"] == "2025-05-06" and dates["a/5.txt"] is None
    write_articles(tmp_path / "a", {"7.txt": FILES["5.txt"].replace("05/06", "25/06").replace("Later", "Latest")})
    report = build(data, tmp_path / "a")
    assert {item.path: item.entry.day for item in listed(data) if item.entry}["a/5.txt"] == "2025-06-05"
    assert [problem.path for problem in report.problems] == ["a/6.txt"]
    assert build(data, tmp_path / "a").nothing_to_do


def test_all_that_is_known(data):
    [first] = [item.to_json() for item in listed(data) if item.path == "a/1.txt"]
    assert first | {"article_id": ""} == {
        "path": "a/1.txt", "article_id": "", "title": "قمة", "outlet": "النورس", "published": "2025-10-03", "precision": "day",
        "stated": "3 تشرين 1 2025", "dated_by": "header", "language": "ar", "author": "ليلى سالم", "section": "سياسة",
        "tags": ["قمة", "حرب"], "copies": [], "origin": None, "url": None, "problems": [],
    }  # fmt: skip
    known = {item.path: item.entry for item in listed(data)}
    assert known["a/3.txt"].facts.origin == "Northgate" and known["a/2.txt"].outlet == "خبرگزاری سپیدار"
    assert (known["a/2.txt"].day, known["a/2.txt"].published) == ("2025", None)


def test_the_list_in_a_terminal_keeps_pieces_apart(data):
    lines = list_text(listed(data, problems=True)).split("\n")
    assert lines[0].startswith("2025        fa  \u2068خبرگزاری سپیدار\u2069  \u2068دیدار\u2069") and lines[-1] == "2 articles"
    assert any("skipped: " in line for line in lines) and "author: \u2068ليلى سالم\u2069" in list_text(listed(data))


def test_new_metadata_embeds_and_analyses_nothing_again(data, tmp_path):
    before = rows(data, "chunks", "chunk_id, revision")
    write_articles(tmp_path / "a", {"1.txt": FILES["1.txt"].replace("سياسة", "دوليات")})
    build(data, tmp_path / "a")
    assert rows(data, "chunks", "chunk_id, revision") == before, "what is embedded hangs on the chunks"
    assert {item.entry.facts.section for item in listed(data) if item.entry} == {"دوليات", None}


def test_a_catalog_of_an_earlier_khabar_is_read_and_renewed(tmp_path):
    data = tmp_path / "data"
    build(data, write_articles(tmp_path / "a", {"en.txt": ENGLISH}))
    with sqlite3.connect(data / FILE_NAME) as connection:
        connection.executescript("DROP TABLE facts; DROP TABLE problems")
    connection.close()
    with closing(Catalog(data / FILE_NAME)) as reader:
        assert [article.facts for article in reader.articles()] == [Facts()] and reader.problems() == []
        with closing(Catalog(data / FILE_NAME, writable=True)) as writer:
            writer.note_problems("/a", [])
        assert reader.entries()[0].facts == Facts()
    assert build(data, tmp_path / "a").unchanged == 1


def test_a_text_that_turns_out_to_be_of_another_language_is_dropped(data, tmp_path):
    write_articles(tmp_path / "a", {"1.txt": FILES["6.txt"]})
    report = build(data, tmp_path / "a")
    assert report.removed == 1 and "1" not in names(listed(data))
