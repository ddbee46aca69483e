from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from index import vectors
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import load_embedder
from index.generation import Generation, read_generation, switch_to
from index.ordinary import ORDINARY
from index.types import LANGUAGES, KhabarError
from index.vectors import FOLDER, VectorIndex, held_by, update_vectors
from tests import tiny
from tests.index.made import PERSIAN, Quiet, TinyEmbedder, build, nearest, rows, write_articles


def test_nearest_by_cosine(built):
    embedder = TinyEmbedder()
    question = embedder.embed_query("قمة بودابست ترامب")
    catalog = Catalog(built / FILE_NAME)
    for language in LANGUAGES:
        own = list(catalog.embeddings.embedded("tiny", [language]))
        stored = zip(*catalog.embeddings.vectors("tiny", own), strict=True)
        exact = {chunk: float(vector @ question) for chunk, vector in stored}
        found = VectorIndex(built, embedder).search(question, language, 10)
        assert [chunk for chunk, _ in found] == sorted(exact, key=lambda chunk: -exact[chunk]) != []
        assert all(cosine == pytest.approx(exact[chunk], abs=1e-4) for chunk, cosine in found)
        assert VectorIndex(built, embedder).search(question, language, 1) == found[:1]
    catalog.close()


def test_a_language_that_is_rare_is_found_among_its_own(news, data):
    write_articles(news, {f"{number}.txt": f"خبر {number}\nقمة بودابست رقم {number} في بودابست." for number in range(200)})
    build(data, news)
    embedder = TinyEmbedder()
    found = VectorIndex(data, embedder).search(embedder.embed_query("قمة بودابست"), "fa", 5)
    catalog = Catalog(data / FILE_NAME)
    assert [chunk.language for chunk, _ in catalog.chunks([chunk for chunk, _ in found]).values()] == ["fa"]
    catalog.close()


def test_only_the_embedder_s_languages_have_vectors(news, data):
    embedder = TinyEmbedder(["fa", "en"])
    build(data, news, embedder=embedder)
    assert len(nearest(data, "بوداپست", embedder)) == 2
    assert not any("البيت" in text for text in [*embedder.embedded, *nearest(data, "قال البيت الأبيض", embedder)])


def test_additions_and_removals_follow(built, news):
    reader = VectorIndex(built, TinyEmbedder())
    question = TinyEmbedder().embed_query("حضر وزراء قمة الرياض")
    assert [len(reader.search(question, language, 10)) for language in LANGUAGES] == [1, 1, 1]
    write_articles(news, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    (news / "fa.txt").unlink()
    build(built)
    assert [len(reader.search(question, language, 10)) for language in LANGUAGES] == [2, 0, 1]
    assert nearest(built, "حضر وزراء قمة الرياض")[0] == "حضر وزراء قمة الرياض."
    assert not any("کاخ" in text for text in nearest(built, "کاخ سفید"))


def test_an_article_that_turns_out_to_be_in_another_language_moves(built, news):
    (news / "fa.txt").write_text(PERSIAN.replace("---\n", "---\nlanguage: ar\n", 1), encoding="utf-8")
    reader, question = VectorIndex(built, TinyEmbedder()), TinyEmbedder().embed_query("دیدار بوداپست")
    assert [len(reader.search(question, language, 10)) for language in LANGUAGES] == [1, 1, 1]
    build(built)
    assert [len(reader.search(question, language, 10)) for language in LANGUAGES] == [2, 0, 1]


def test_only_what_changed_is_written(built, news, monkeypatch):
    write_articles(news, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    written: list[int] = []
    monkeypatch.setattr(vectors, "update_vectors", lambda *rest: update_vectors(*rest[:4], written.append))
    build(built)
    assert written == [1] and len(nearest(built, "قمة")) == 4
    monkeypatch.setattr(vectors, "_ANEW_UP_TO", 2)
    (news / "fa.txt").unlink()
    write_articles(news, {"new2.txt": "نشست ریاض\nوزیران به ریاض رفتند."})
    build(built)
    assert written == [1, 1] and len(nearest(built, "قمة")) == 4


def test_of_another_embedder_there_is_nothing(built):
    other = TinyEmbedder(name="other")
    assert VectorIndex(built, other).search(other.embed_query("قمة"), "ar", 5) == []


def test_vectors_of_an_earlier_khabar_are_not_read_and_the_next_run_lays_them_out_anew(built, news):
    current = read_generation(built / FOLDER)
    switch_to(built / FOLDER, Generation(current.name, current.revision, "tiny"))
    assert nearest(built, "قمة") == []
    embedder = TinyEmbedder()
    assert build(built, news, embedder=embedder).nothing_to_do
    assert len(nearest(built, "قمة")) == 3 and not embedder.embedded, "the vectors themselves are still known"


def test_where_nothing_was_embedded_there_is_nothing(news, data, tmp_path):
    build(data, news, embedder=TinyEmbedder([]))
    embedder = TinyEmbedder()
    assert nearest(data, "قمة") == [] == VectorIndex(tmp_path, embedder).search(embedder.embed_query("قمة"), "ar", 5)
    assert not (data / FOLDER).exists()


def test_all_chunks_removed(built, news):
    for file in news.iterdir():
        file.unlink()
    build(built)
    assert nearest(built, "قمة") == []


def test_killed_before_the_switch_nothing_is_there_twice(built, news):
    before = read_generation(built / FOLDER)
    assert before
    write_articles(news, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    build(built)
    switch_to(built / FOLDER, before)
    build(built)
    assert len(nearest(built, "قمة الرياض")) == 4


@pytest.mark.parametrize("harmed", ["chroma.sqlite3", "**/*"])
@pytest.mark.parametrize("how", ["garbled", "gone"])
def test_damage_is_told_to_readers_and_mended_by_the_next_update(built, news, harmed, how, tmp_path):
    moved = tmp_path / "elsewhere"  # Chroma remembers what it has open by its path
    shutil.copytree(built, moved)
    current = read_generation(moved / FOLDER)
    assert current
    for file in [file for file in (moved / FOLDER / current.name).glob(harmed) if file.is_file()]:
        if how == "gone":
            file.unlink()
        else:
            file.write_bytes(bytes(range(256)))
    with pytest.raises(KhabarError, match=r"are damaged.*; run khabar index --rebuild"):
        nearest(moved, "قمة")
    write_articles(news, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    build(moved)
    assert len(nearest(moved, "قمة الرياض")) == 4


def test_many_threads_ask_a_reader_that_is_not_open_yet(built):
    reader, question = VectorIndex(built, TinyEmbedder()), TinyEmbedder().embed_query("دیدار بوداپست")
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(reader.search(question, "fa", 3))
        except BaseException as error:
            answers.append(error)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 12 and all(answer == answers[0] and len(answers[0]) == 1 for answer in answers)


def test_nothing_new_makes_no_new_generation(built):
    before = read_generation(built / FOLDER)
    catalog = Catalog(built / FILE_NAME, writable=True)
    catalog.drop_source("/not there")  # the revision goes up, the chunks stay
    update_vectors(catalog, built, TinyEmbedder(), False, Quiet().advance)
    catalog.close()
    assert read_generation(built / FOLDER) == before is not None


def test_what_is_held_is_counted(built, news, tmp_path):
    assert held_by(built, TinyEmbedder()) == 3
    assert held_by(built, TinyEmbedder(name="other")) == 0 == held_by(tmp_path, TinyEmbedder())
    (news / "fa.txt").unlink()
    build(built)
    assert held_by(built, TinyEmbedder()) == 2


def test_only_those_that_are_embedded_are_held_and_the_others_follow(built, news):
    """What a run that stopped half way has embedded can be found, and the next one adds the rest."""
    write_articles(news, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض.", "جدید.txt": "نشست ریاض\nوزیران به ریاض رفتند."})
    build_index(built, [news], TinyEmbedder(), BuildOptions(), Quiet(), embed=False)
    catalog = Catalog(built / FILE_NAME, writable=True)
    first, *_ = catalog.embeddings.texts_to_embed(catalog.embeddings.unembedded("tiny", LANGUAGES))
    catalog.embeddings.add("tiny", [first[0]], TinyEmbedder().embed_passages([first[1]]))
    update_vectors(catalog, built, TinyEmbedder(), False, Quiet().advance)
    catalog.close()
    assert held_by(built, TinyEmbedder()) == 4 == len(nearest(built, "قمة الرياض"))
    build(built)
    assert len(nearest(built, "قمة الرياض")) == 5


@pytest.mark.parametrize("how", ["gone", "garbled", "of another number"])
def test_a_damaged_list_of_what_is_held_is_made_anew(built, news, how):
    current = read_generation(built / FOLDER)
    held = built / FOLDER / current.name / "held.npy"
    if how == "gone":
        held.unlink()
    elif how == "garbled":
        held.write_bytes(bytes(range(256)))
    else:
        np.save(held, np.array([1, 77]))
    (news / "fa.txt").unlink()
    write_articles(news, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    build(built)
    assert held_by(built, TinyEmbedder()) == 3 == len(nearest(built, "قمة الرياض"))
    assert not any("کاخ" in text for text in nearest(built, "کاخ سفید"))


# Embedders


def test_a_text_is_embedded_once(built, news):
    embedder = TinyEmbedder()
    write_articles(news, {"copy.txt": (news / "fa.txt").read_text(), "new.txt": "خبر\nقمة الرياض بدأت."})
    build(built, embedder=embedder)
    assert embedder.embedded == ["خبر\nقمة الرياض بدأت."]


@pytest.mark.slow
def test_the_sentences_that_steady_the_averages_are_embedded_once_for_an_archive(built, news):
    given = []

    class Hearing(TinyEmbedder):
        def embed_passages(self, texts):
            given.extend(texts)
            return super().embed_passages(texts)

    for number, rebuild in enumerate((False, True, False)):
        write_articles(news, {f"new{number}.txt": f"خبر\nقمة الرياض {number} بدأت."})
        build(built, embedder=Hearing(), rebuild=rebuild)
    assert given == [f"خبر\nقمة الرياض {number} بدأت." for number in range(3)]


@pytest.mark.parametrize("choice", ["/no/such/folder", "sentence-transformers/all-MiniLM-L6-v2", "چیزی"])
def test_a_choice_that_is_no_model_is_named(choice, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KhabarError) as error:
        load_embedder(choice)
    assert f"'{choice}'" in error.value.problem and "KHABAR_EMBEDDER" in error.value.remedy


@pytest.mark.parametrize("choice", ["minilm", "all-MiniLM-L6-v2"])
def test_the_embedder_of_before_is_told_to_be_gone(choice, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KhabarError, match=f"'{choice}' is no longer part of Khabar.*KHABAR_EMBEDDER.*multilingual-e5-small"):
        load_embedder(choice)
    tiny.encoder(tmp_path / choice)
    assert load_embedder(choice).name.startswith(f"{choice}@"), "a folder of one's own may have that name"


@pytest.mark.slow
def test_the_embedded_encoder_ranks_each_language_by_meaning(news, data, encoder):
    write_articles(
        news,
        {
            "football.txt": "Cup final\nThe home side won the football match by two goals.",
            "كرة.txt": "نهائي الكأس\nفاز الفريق المضيف في مباراة كرة القدم بهدفين.",
            "فوتبال.txt": "فینال جام\nتیم میزبان مسابقه‌ی فوتبال را با دو گل برد.",
        },
    )
    build(data, news, embedder=encoder)
    assert len(rows(data, "embeddings", "text_hash")) == 6 + sum(map(len, ORDINARY.values()))
    summit, football = {"en.txt", "ar.txt", "fa.txt"}, {"football.txt", "كرة.txt", "فوتبال.txt"}
    questions = {
        "Was the summit of the two presidents postponed?": summit,
        "هل تأجلت قمة الرئيسين؟": summit,
        "Who scored in the soccer game?": football,
        "مَن سجّل الأهداف في كرة القدم؟": football,
        "کدام تیم بازی را برد؟": football,
    }
    catalog, reader = Catalog(data / FILE_NAME), VectorIndex(data, encoder)
    for question, expected in questions.items():
        vector = encoder.embed_query(question)
        best = [reader.search(vector, language, 1)[0][0] for language in LANGUAGES]
        assert {whole.path.split("/")[1] for _, whole in catalog.chunks(best).values()} == expected, question
    catalog.close()


def test_data_can_be_moved(built, tmp_path: Path):
    shutil.move(built, tmp_path / "moved")
    assert len(nearest(tmp_path / "moved", "قمة")) == 3
