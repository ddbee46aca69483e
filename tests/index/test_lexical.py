from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from made import Quiet, build, search, write_articles

from index import lexical
from index.catalog import FILE_NAME, Catalog
from index.generation import Generation, read_generation, switch_to
from index.lexical import FOLDER, LexicalIndex, update_lexical
from index.text import analyse, fold, skeletons
from index.types import KhabarError

ROOT = Path(__file__).parents[2]


def bring_up(data: Path, rebuild: bool = False) -> int:
    progress = Quiet()
    catalog = Catalog(data / FILE_NAME, writable=True)
    try:
        update_lexical(catalog, data, rebuild, progress.advance)
    finally:
        catalog.close()
    return progress.steps


@pytest.mark.parametrize(
    ("question", "languages", "first"),
    [
        ("متى تعقد قمة بودابست؟", ["ar"], "البيت الأبيض"),
        ("دیدار بوداپست", ["fa"], "کاخ سفید"),
        ("Budapest meeting", ["en"], "White House"),
        ("ديدار رييس جمهور", ["ar", "fa", "en"], "کاخ سفید"),
        ("رئیس جمهور ترامپ", ["fa"], "کاخ سفید"),
        ("رئیسجمهور", ["fa"], "کاخ سفید"),
        ("القِمّـــة", ["ar"], "البيت الأبيض"),
        ("٣٥", ["ar"], "البيت الأبيض"),
    ],
)
def test_finds_in_the_wanted_languages(built, question, languages, first):
    found = search(built, question, languages)
    assert first in found[0] and len(found) <= len(languages)


def test_arabic_and_persian_spellings_find_each_other(built):
    assert any("بوداپست" in text for text in search(built, "بودابست", ["fa"]))
    assert any("بودابست" in text for text in search(built, "بوداپست", ["ar"]))


@pytest.mark.parametrize(
    ("name", "field"), [("Trump", "skeleton_arabic"), ("لافروف", "skeleton_latin"), ("لاوروف", "skeleton_latin")]
)
def test_names_across_scripts_by_skeleton(built, name, field):
    weights = {(field, skeleton): 1.0 for skeleton in skeletons(fold(name))}
    assert LexicalIndex(built).search(weights, ["ar", "fa", "en"], 5)


def test_scores_fall_and_top_k_holds(built):
    reader = LexicalIndex(built)
    weights = {("body", gram): 1.0 for gram in analyse("قمة دیدار Trump ترامب 35")}
    found = reader.search(weights, ["ar", "fa", "en"], 10)
    assert len(found) == 3 and [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert reader.search(weights, ["ar", "fa", "en"], 1) == found[:1]
    doubled = reader.search({term: 2.0 for term in weights}, ["ar", "fa", "en"], 10)
    assert [chunk for chunk, _ in doubled] == [chunk for chunk, _ in found] and doubled[0][1] == pytest.approx(
        2 * found[0][1], rel=1e-4
    )


@pytest.mark.parametrize("languages", [[], ["ar"]])
def test_no_term_or_language_or_chunk_finds_nothing(built, languages):
    assert LexicalIndex(built).search({}, languages, 5) == []
    assert search(built, "xyzzyq", languages) == []
    assert search(built, "قمة", []) == []


def test_the_language_filter_adds_nothing_to_the_score(built):
    weights = {("body", gram): 1.0 for gram in analyse("بودابست")}
    reader = LexicalIndex(built)
    alone = dict(reader.search(weights, ["ar"], 5))
    assert alone.items() <= dict(reader.search(weights, ["ar", "fa", "en"], 5)).items()


def test_document_frequency(built):
    reader = LexicalIndex(built)
    assert reader.document_frequency("body", "_35_") == 3 and reader.document_frequency("body", "none") == 0


def test_a_reader_sees_what_another_process_added_and_removed(built, news):
    reader = LexicalIndex(built)
    assert reader.size == 3 and reader.document_frequency("body", "_77_") == 0
    (news / "en.txt").unlink()
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض.", "نو.txt": "دیدار تازه\n77 وزیر آمدند."})
    script = "import sys; from pathlib import Path; from made import build; print(build(Path(sys.argv[1])))"
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'index'}"}
    subprocess.run([sys.executable, "-c", script, str(built)], check=True, env=environment, capture_output=True)
    found = reader.search({("body", "_77_"): 1.0}, ["ar", "fa", "en"], 5)
    assert len(found) == 2 and reader.size == 4 and reader.document_frequency("body", "_77_") == 2
    assert not reader.search({("body", gram): 1.0 for gram in analyse("Northgate official said")}, ["en"], 5)


def test_a_reader_follows_a_rebuild(built):
    reader = LexicalIndex(built)
    before = read_generation(built / FOLDER)
    bring_up(built, rebuild=True)
    after = read_generation(built / FOLDER)
    assert before and after and before.name != after.name and reader.size == 3


def test_many_threads_search_while_the_index_is_rebuilt(built):
    reader = LexicalIndex(built)
    weights = {("body", gram): 1.0 for gram in analyse("بودابست دیدار")}
    expected = reader.search(weights, ["ar", "fa"], 5)
    failures: list[object] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert reader.search(weights, ["ar", "fa"], 5) == expected
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        bring_up(built, rebuild=True)
    done.set()
    for thread in threads:
        thread.join()
    assert not failures


def test_an_index_of_another_version_is_refused_and_built_anew(built, monkeypatch):
    version = lexical.VERSION
    monkeypatch.setattr(lexical, "VERSION", "grams-99")
    with pytest.raises(KhabarError, match=rf"of version {version}, this Khabar reads grams-99; run khabar index --rebuild"):
        LexicalIndex(built)
    bring_up(built)
    assert LexicalIndex(built).size == 3


def test_no_index(tmp_path):
    with pytest.raises(KhabarError, match="there is no index"):
        LexicalIndex(tmp_path)


def test_killed_between_commit_and_switch_nothing_is_there_twice(built, news):
    before = read_generation(built / FOLDER)
    assert before
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    (news / "en.txt").unlink()
    build(built)
    switch_to(built / FOLDER, before)  # the pointer as it was when the run was killed
    assert bring_up(built) == 1
    assert LexicalIndex(built).size == 3 and len(search(built, "77")) == 1 and not search(built, "Northgate official", ["en"])
    assert bring_up(built) == 0, "up to date"


def test_a_chunk_removed_after_the_kill_is_removed(built, news):
    before = read_generation(built / FOLDER)
    assert before
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    switch_to(built / FOLDER, before)
    (news / "new.txt").unlink()
    build(built)
    assert LexicalIndex(built).size == 3 and not search(built, "77")


@pytest.mark.parametrize("harmed", ["meta.json", "*.idx", "*"])
@pytest.mark.parametrize("how", ["garbled", "gone"])
def test_damage_is_told_to_readers_and_mended_by_the_next_update(built, news, harmed, how):
    current = read_generation(built / FOLDER)
    assert current
    for file in (built / FOLDER / current.name).glob(harmed):
        if how == "gone":
            file.unlink()
        else:
            file.write_bytes(bytes(range(256)))
    with pytest.raises(KhabarError, match=r"are damaged.*; run khabar index --rebuild"):
        LexicalIndex(built)
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    assert LexicalIndex(built).size == 4 and len(search(built, "77")) == 1


def test_an_index_that_lost_chunks_is_built_anew(built, news):
    catalog = Catalog(built / FILE_NAME)
    revision = catalog.revision
    catalog.close()
    switch_to(built / FOLDER, Generation("000001", revision, lexical.VERSION))
    index = lexical.tantivy.Index.open(str(built / FOLDER / "000001"))
    writer = index.writer()
    writer.delete_documents_by_term("language", "ar")
    writer.commit()
    writer.wait_merging_threads()
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    assert LexicalIndex(built).size == 4


def test_a_lost_folder_is_built_anew(built):
    shutil.rmtree(built / FOLDER)
    build(built)
    assert LexicalIndex(built).size == 3
