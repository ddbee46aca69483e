"""The same archive gives the same answers, whatever happened on the way; and one catalog's index serves no other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import lexical, vectors
from index.catalog import FILE_NAME, Catalog, SourceFile
from index.chunk import Span
from index.embedding import searchable_share
from index.generation import read_generation
from index.lexical import LexicalIndex, update_lexical
from index.types import LANGUAGES, Article, KhabarError, Language
from index.vectors import VectorIndex
from tests.index.made import ARABIC, TinyEmbedder, build, grams_of, nearest, rows, search, write_articles

pytestmark = pytest.mark.slow

WORDS: dict[Language, list[str]] = {
    "ar": ["قمة", "القِمّة", "بودابست", "ترامب", "في", "الرياض", "٣٥", "دقيقة"],
    "fa": ["دیدار", "بوداپست", "می‌شود", "رئیس‌جمهور", "در", "۳۵", "دقیقه", "ترامپ"],
    "en": ["summit", "the", "Budapest", "Trump", "35", "minutes", "of", "Riyadh"],
}
NAMES = "abcdefg"
VERSIONS = st.tuples(st.sampled_from(LANGUAGES), st.lists(st.integers(0, 7), min_size=1, max_size=9))
# What becomes of an article: another text, or nothing of it is left.
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | VERSIONS, st.booleans()), min_size=2, max_size=16)


def put(catalog: Catalog, name: str, version: tuple[Language, list[int]] | None) -> None:
    if version is None:
        catalog.drop_source(f"/{name}")
        return
    language, numbers = version
    text = " ".join(WORDS[language][number] for number in numbers)
    article = Article(name, name, "", None, None, language, None, text)
    middle = len(text) // 2
    spans = [Span(0, middle), Span(middle, len(text))] if middle else [Span(0, len(text))]
    catalog.replace_source(SourceFile(f"/{name}", name, "1"), [(article, spans)])


def found_in(data: Path) -> dict[str, list[tuple[int, float]]]:
    """Return (chunk id, score) of all that is found for each word of each language, and of the best two."""
    index = LexicalIndex(data)
    found = {}
    for language in LANGUAGES:
        for word in WORDS[language]:
            for top_k in (2, 1_000):
                found[f"{word} {top_k}"] = index.search(grams_of(word), language, top_k)
    return found | {"sizes": [(size, 0.0) for size in index.sizes.values()]}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_an_updated_index_finds_what_a_clean_one_finds_with_the_same_scores(tmp_path_factory, steps):
    place = tmp_path_factory.mktemp("history")
    updated, clean = place / "updated", place / "clean"
    catalog, left = Catalog(updated / FILE_NAME, writable=True), {}
    for name, version, indexed in steps:
        put(catalog, name, version)
        left[name] = version
        if indexed:
            update_lexical(catalog, updated, False, lambda _: None)
    update_lexical(catalog, updated, False, lambda _: None)
    other = Catalog(clean / FILE_NAME, writable=True)
    for name in sorted(left, reverse=True):
        put(other, name, left[name])
    update_lexical(other, clean, False, lambda _: None)
    assert found_in(updated) == found_in(clean)
    for opened in (catalog, other):
        opened.close()
    shutil.rmtree(place)


def test_nothing_that_was_removed_is_counted(built, news):
    write_articles(news, {f"{number}.txt": f"قمة {number}\nحضر {number} وزيرا قمة الرياض." for number in range(30)})
    build(built)
    for number in range(29):
        (news / f"{number}.txt").unlink()
    write_articles(news, {"29.txt": "خبر\nغاب الوزراء."})
    build(built)
    index = LexicalIndex(built)
    assert index.sizes == {"ar": 2, "fa": 1, "en": 1} and index.document_frequency("grams", "_رياض"[:4], "ar") == 0
    current = read_generation(built / lexical.FOLDER)
    for language in LANGUAGES:
        segments = json.loads((built / lexical.FOLDER / current.name / language / "meta.json").read_text())["segments"]
        assert all(segment["deletes"] is None for segment in segments)


def test_of_equal_chunks_the_same_ones_are_the_best_whenever_they_came(tmp_path):
    texts = {f"{number}.txt": "---\ntitle: قمة\n---\nانعقدت القمة في بودابست اليوم." for number in range(40)}
    folder, first, second = tmp_path / "news", tmp_path / "first", tmp_path / "second"
    build(first, write_articles(folder, texts))
    for part in range(0, 40, 10):
        shutil.rmtree(folder)
        build(second, write_articles(folder, dict(sorted(texts.items(), reverse=True)[part : part + 10])))
        write_articles(folder, dict(sorted(texts.items(), reverse=True)[: part + 10]))
        build(second, folder)
    weights = grams_of("قمة بودابست")
    assert LexicalIndex(first).search(weights, "ar", 7) == LexicalIndex(second).search(weights, "ar", 7)
    embedder = TinyEmbedder()
    vector = embedder.embed_query("قمة بودابست")
    both = [VectorIndex(data, embedder).search(vector, "ar", 40) for data in (first, second)]
    assert both[0] == both[1] and len(both[0]) == 40


# Of which catalog an index is


def move_away(data: Path) -> None:
    for file in data.glob(f"{FILE_NAME}*"):
        file.rename(data.parent / file.name)


@pytest.fixture
def sixty(tmp_path) -> Path:
    texts = {"ar": "قمة الرياض رقم {} جمعت الوزراء.", "fa": "نشست شمارهٔ {} برگزار می‌شود.", "en": "Summit number {} was held."}
    return write_articles(
        tmp_path / "sixty",
        {
            f"{number:02}.txt": f"---\ntitle: {number}\nlanguage: {LANGUAGES[number % 3]}\n---\n"
            + texts[LANGUAGES[number % 3]].format(100 + number)
            for number in range(60)
        },
    )


def all_are_found(data: Path, count: int = 60) -> bool:
    return all(str(100 + n) in search(data, str(100 + n), [LANGUAGES[n % 3]], 1)[0] for n in range(count)) and all(
        len(nearest(data, f"{100 + n}")) for n in range(count)
    )


def test_after_the_catalog_was_moved_away_the_index_is_built_anew(sixty, data):
    build(data, sixty)
    move_away(data)
    for number in range(11):
        (sixty / f"{number:02}.txt").rename(sixty / f"zz{number:02}.txt")
    told: list[str] = []
    assert build(data, sixty, tell=told.append).added == 60
    assert told == [
        "The index of words is of another catalog; it is built anew.",
        "The index of meaning is of another catalog; it is built anew.",
    ]
    assert all_are_found(data)


def test_after_an_older_copy_of_the_catalog_came_back_too(sixty, data, tmp_path):
    build(data, sixty)
    kept = shutil.copy(data / FILE_NAME, tmp_path / "kept")
    write_articles(sixty, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    (sixty / "59.txt").unlink()
    build(data, sixty)
    move_away(data)
    shutil.copy(kept, data / FILE_NAME)
    told: list[str] = []
    build(data, sixty, tell=told.append)
    assert len(told) == 2 and all_are_found(data, 59) and search(data, "77", ["ar"])[0].startswith("حضر")
    assert build(data, sixty, tell=told.append).nothing_to_do and len(told) == 2


def test_readers_are_told_of_words_of_another_catalog_and_pass_over_such_vectors(built, news, tmp_path):
    build(tmp_path / "other", news)
    move_away(built)
    shutil.copy(tmp_path / "other" / FILE_NAME, built / FILE_NAME)
    catalog, embedder = Catalog(built / FILE_NAME), TinyEmbedder()
    with pytest.raises(KhabarError, match=r"of another catalog than '.*'; run khabar index, which builds it anew"):
        LexicalIndex(built, catalog)
    assert VectorIndex(built, embedder, catalog).search(embedder.embed_query("قمة"), "ar", 5) == []
    assert searchable_share(catalog, embedder).chunks == 0
    build(built)
    assert len(LexicalIndex(built, catalog).search(grams_of("قمة"), "ar", 5)) == 1
    assert len(VectorIndex(built, embedder, catalog).search(embedder.embed_query("قمة"), "ar", 5)) == 1
    assert searchable_share(catalog, embedder).chunks == 3
    catalog.close()


def test_a_catalog_that_another_takes_the_place_of_is_followed(built, news, tmp_path):
    reader = Catalog(built / FILE_NAME)
    assert reader.counts()["articles"] == 3
    write_articles(news, {"new.txt": ARABIC.replace("قمة", "لقاء")})
    build(tmp_path / "other", news)
    move_away(built)
    assert reader.counts()["articles"] == 3, "what is open can be read on"
    shutil.copy(tmp_path / "other" / FILE_NAME, built / FILE_NAME)
    assert reader.counts()["articles"] == 4
    reader.close()


def test_an_index_of_an_earlier_khabar_is_asked_as_it_is_and_renewed(built):
    for store in (lexical, vectors):
        pointer = built / store.FOLDER / "current.json"
        told = json.loads(pointer.read_text())
        del told["mark"]
        pointer.write_text(json.dumps(told))
    catalog = Catalog(built / FILE_NAME)
    assert LexicalIndex(built, catalog).search(grams_of("قمة"), "ar", 5)
    catalog.close()
    assert build(built).nothing_to_do and read_generation(built / lexical.FOLDER).mark
    assert len(rows(built, "history", "mark")) == 2
