from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.shelf import SORTS, Choice, Shelf
from index.types import Filter
from tests.index.made import TinyEmbedder, build

ALL = Choice()
ARTICLES = {
    "ar/قمة.txt": ("قمّة الرياض تُؤجَّل", "صحيفة المرفأ", "2025-10-21", "اجتمع الوزراء في الرياض وناقشوا أسعار النفط."),
    "ar/أمطار.txt": ("أمطار على الساحل", "", "2025-03-02", "هطلت أمطار غزيرة على الساحل وأغلقت المدارس."),
    "fa/دیدار.txt": ("دیدار رئیس‌جمهور", "روزنامهٔ بامداد", "2025-10-22", "رئیس‌جمهور در تهران با وزیران دیدار کرد."),
    "en/mill.txt": ("A mill is mended", "Northgate Wire", "2024-01-05", "The mill of Riverton was mended on Monday."),
    "en/road.txt": ("The road", "Northgate Wire", "", "The road to Riverton is closed until the bridge is mended."),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("shelf")
    for path, (title, outlet, day, text) in ARTICLES.items():
        file = tmp_path / "news" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        head = f"title: {title}\n" + (f"outlet: {outlet}\n" if outlet else "") + (f"published: {day}\n" if day else "")
        file.write_text(f"---\n{head}---\n{text}", encoding="utf-8")
    (tmp_path / "news" / "note.txt").write_text("---\ntitle: Odd\npublished: 99 Foo\n---\nThe odd mill stands there still.")
    (tmp_path / "news" / "empty.txt").write_text("")
    build(tmp_path / "data", tmp_path / "news")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def shelf(made: Path):
    with closing(Catalog(made / FILE_NAME)) as catalog:
        yield Shelf(catalog)


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A copy to change, with its files."""
    shutil.copytree(made, tmp_path / "data")
    return tmp_path / "data"


def names(shelf: Shelf, choice: Choice = ALL, sort="path", descending=False, start=0, most=50) -> list[str]:
    return [Path(item.path).stem for item in shelf.page(choice, sort, descending, start, most)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("قمه الرياض", ["قمة"]),  # spelt otherwise, without its marks
        ("رئيس جمهور", ["دیدار"]),  # with a space for the ZWNJ, and an Arabic ya
        ("بامداد", ["دیدار"]),  # by outlet
        ("EN/ROAD", ["road"]),  # by path
        ("mended mill", ["mill"]),
        ("100%_'; DROP", []),
        ("mill nothing", []),
    ],
)
def test_words_are_found_in_titles_outlets_and_paths_however_they_are_spelt(shelf, words, expected):
    assert names(shelf, Choice(words)) == expected
    assert shelf.count(Choice(words)) == (len(expected), 0)


def test_the_newest_come_first_and_the_undated_last_in_either_direction(shelf):
    dated = ["دیدار", "قمة", "أمطار", "mill"]
    assert names(shelf, sort="date", descending=True)[:4] == dated
    upwards = names(shelf, sort="date")
    assert upwards[:4] == dated[::-1] and set(upwards[4:]) == {"road", "note"}


def test_what_has_no_outlet_comes_last_in_either_direction(shelf):
    assert set(names(shelf, sort="outlet")[-2:]) == set(names(shelf, sort="outlet", descending=True)[-2:]) == {"أمطار", "note"}
    assert names(shelf, sort="outlet")[:2] == ["mill", "road"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_put_together_are_the_whole_list(shelf, sort, descending):
    pages = [names(shelf, Choice(), sort, descending, start, 2) for start in (0, 2, 4, 6)]
    assert sum(pages, []) == names(shelf, Choice(), sort, descending) and sorted(map(len, pages)) == [0, 2, 2, 2]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(within=Filter(outlets=frozenset({"northgate  WIRE"}))), {"mill", "road"}),
        (Choice(within=Filter(languages=frozenset({"fa"}))), {"دیدار"}),
        (Choice(within=Filter(since=date(2025, 3, 2), until=date(2025, 10, 21))), {"أمطار", "قمة"}),
        (Choice(undated=True), {"road", "note"}),
        (Choice(problems=True), {"note", "empty"}),
        (Choice("mill", problems=True), set()),
        (Choice(problems=True, within=Filter(languages=frozenset({"en"}))), {"note"}),
    ],
)
def test_a_choice_narrows_the_list(shelf, choice, expected):
    assert set(names(shelf, choice)) == expected
    assert sum(shelf.count(choice)) == len(expected)


def test_a_file_that_was_not_read_comes_after_the_articles_with_its_reason_and_kind(shelf):
    note, unread = shelf.page(Choice(problems=True), "date", True, 0, 10)
    assert note.entry and [problem.kind for problem in note.problems] == ["date"]
    assert unread.entry is None and [problem.kind for problem in unread.problems] == ["empty"]
    assert [item.path for item in shelf.page(Choice(problems=True), "date", True, 1, 10)] == [unread.path]
    assert shelf.page(Choice(problems=True), "date", True, 2, 10) == []


def test_articles_are_counted_by_day_and_outlet(shelf):
    found = dict(((day, outlet), number) for day, outlet, number in shelf.days(Choice()))
    assert found[("2025-10-21", "صحيفة المرفأ")] == 1 and found[("2025-03-02", "")] == 1 and found[("", "Northgate Wire")] == 1
    assert sum(found.values()) == 6
    assert shelf.outlets()[0] == ("Northgate Wire", 2)


def test_an_article_waits_until_its_chunks_have_vectors(shelf):
    ids = [item.entry.article_id for item in shelf.page(Choice(), "path", False, 0, 50)]
    assert shelf.waiting(ids, TinyEmbedder()) == set() and shelf.waiting(ids, NoEmbedder()) == set()
    assert shelf.waiting(ids, TinyEmbedder(name="another")) == set(ids)
    english = shelf.waiting(ids, TinyEmbedder(languages=["en"], name="another"))
    rows = [item for item in shelf.page(Choice(), "path", False, 0, 50) if item.entry.article_id in english]
    assert {Path(item.path).parent.name for item in rows} == {"en", "news"}


def test_the_lines_of_an_earlier_khabars_catalog_are_made_for_a_reader_and_kept_by_the_next_writer(archive):
    with closing(sqlite3.connect(archive / FILE_NAME)) as connection:
        connection.execute("DROP TABLE article_lines")
        connection.execute("DROP TABLE problem_kinds")
    with closing(Catalog(archive / FILE_NAME)) as reader:
        assert names(Shelf(reader), Choice("قمه")) == ["قمة"] and len(names(Shelf(reader))) == 6
        assert [problem.kind for problem in reader.problems()] == ["other", "other"]
    Catalog(archive / FILE_NAME, writable=True).close()
    with closing(sqlite3.connect(archive / FILE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM article_lines").fetchone() == (6,)


def test_a_line_changes_and_goes_with_its_article(made, archive, tmp_path):
    news = made.parent / "news"
    shutil.copytree(news, tmp_path / "kept")
    (news / "en" / "mill.txt").write_text("---\ntitle: The mill burns\n---\nThe mill of Riverton burned down on Friday.")
    (news / "en" / "road.txt").unlink()
    build(archive, news)
    shutil.copytree(tmp_path / "kept", news, dirs_exist_ok=True)
    with closing(Catalog(archive / FILE_NAME)) as catalog:
        shelf = Shelf(catalog)
        assert names(shelf, Choice("mended")) == [] and names(shelf, Choice("burns")) == ["mill"]
        assert shelf.count(Choice()) == (5, 0)
