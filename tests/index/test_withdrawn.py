from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.withdrawn import give_back, withdraw, withdrawn
from tests.index.made import Quiet, build, search

DAY = date(2026, 1, 5)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    news = tmp_path / "news"
    news.mkdir()
    (news / "خبر.txt").write_text("قمة الرياض\nاجتمع الوزراء في الرياض وناقشوا أسعار النفط.", encoding="utf-8")
    lines = ['{"id": 1, "title": "نشست", "text": "وزیران در تهران گفت‌وگو کردند."}', '{"id": 2, "text": "The mill is mended."}']
    (news / "several.jsonl").write_text("\n".join(lines), encoding="utf-8")
    build(tmp_path / "data", news)
    return tmp_path / "data"


def paths(data: Path) -> list[str]:
    with closing(Catalog(data / FILE_NAME)) as catalog:
        return [Path(entry.path).name for entry in catalog.entries()]


def taken_out(data: Path) -> list[str]:
    with closing(Catalog(data / FILE_NAME)) as catalog:
        return [Path(each.path).name for each in withdrawn(catalog)]


def take_out(data: Path, name: str) -> str:
    with closing(Catalog(data / FILE_NAME, writable=True)) as catalog:
        wanted = next(entry.article_id for entry in catalog.entries() if entry.path.endswith(name))
        assert withdraw(catalog, [wanted, "no such article"], DAY) == 1
    return wanted


def test_one_of_several_articles_stays_out_while_its_file_changes(data, tmp_path):
    take_out(data, "several.jsonl#1")
    assert paths(data) == ["several.jsonl#2", "خبر.txt"] and taken_out(data) == ["several.jsonl#1"]
    file = tmp_path / "news" / "several.jsonl"
    file.write_text(file.read_text(encoding="utf-8") + '\n{"id": 3, "text": "The road is open again."}', encoding="utf-8")
    build(data)
    assert paths(data) == ["several.jsonl#2", "several.jsonl#3", "خبر.txt"]
    assert search(data, "تهران") == []


def test_an_article_stays_out_though_all_is_read_again(data, tmp_path):
    take_out(data, "خبر.txt")
    options = BuildOptions(chunk_words=60)  # another fingerprint than before: all files are read again
    build_index(data, [], NoEmbedder(), options, Quiet())
    assert "خبر.txt" not in paths(data)
    assert build_index(data, [], NoEmbedder(), options, Quiet()).nothing_to_do, "its file is not read at each run"


def test_what_is_given_back_is_read_at_the_next_run(data, tmp_path):
    wanted = take_out(data, "several.jsonl#1")
    with closing(Catalog(data / FILE_NAME, writable=True)) as catalog:
        assert give_back(catalog, [wanted]) == [tmp_path / "news" / "several.jsonl"]
    build(data)
    assert "several.jsonl#1" in paths(data) and taken_out(data) == []


def test_what_is_forgotten_with_its_folder_comes_back_with_it(data, tmp_path):
    take_out(data, "خبر.txt")
    build_index(data, [tmp_path / "news"], NoEmbedder(), BuildOptions(), Quiet(), forget=True)
    assert paths(data) == [] == taken_out(data)
    build(data, tmp_path / "news")
    assert "خبر.txt" in paths(data)


def test_a_run_over_some_files_misses_no_other(data, tmp_path):
    news = tmp_path / "news"
    (news / "new.txt").write_text("The new bridge of Riverton is open to all.")
    (news / "other.txt").write_text("Another article that nobody asked for yet.")
    (news / "several.jsonl").unlink()
    with closing(Catalog(data / FILE_NAME)) as catalog:
        before = catalog.meta("report")
    report = build_index(data, [news], NoEmbedder(), BuildOptions(), Quiet(), only=[news / "new.txt"])
    assert (report.added, report.removed) == (1, 0)
    assert paths(data) == ["new.txt", "several.jsonl#1", "several.jsonl#2", "خبر.txt"]
    with closing(Catalog(data / FILE_NAME)) as catalog:
        assert catalog.meta("report") == before, "of a few files it tells nothing of the others"
    assert build(data).removed == 1
