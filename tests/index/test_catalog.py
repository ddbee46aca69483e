from __future__ import annotations

import sqlite3
import threading
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import FILE_NAME, Catalog, Source, text_hash
from index.chunk import Span, split_sentences
from index.clean import article_id
from index.text import squash
from index.types import LANGUAGES, Article, Filter, KhabarError, Language

TEXTS: dict[Language, str] = {
    "ar": "قال البيت الأبيض إن القمّة أُرجئت. ولم يحدد موعد.",
    "fa": "کاخ سفید می‌گوید دیدار لغو شد. زمانی تعیین نشد.",
    "en": "The White House put it off. No date is set.",
}


def article(path: str, language: Language = "ar", **changes: object) -> Article:
    fields = {
        "title": "قمة",
        "outlet": "النورس",
        "published": date(2025, 10, 21),
        "url": None,
        "text": TEXTS[language],
    } | changes
    return Article(article_id(path), path, language=language, **fields)  # type: ignore[arg-type]


def put(catalog: Catalog, location: str, *articles: Article, fingerprint: str = "1") -> None:
    entries = [(item, split_sentences(item.text, item.language)) for item in articles]
    catalog.replace_source(Source(location, location.strip("/"), fingerprint), entries)


def ids(catalog: Catalog) -> list[int]:
    return [chunk.chunk_id for chunk in catalog.chunks_since(0)]


def test_what_is_stored_comes_back(catalog):
    stored = [article("a.jsonl#1"), article("a.jsonl#2", "fa", outlet=None, published=None, url="https://a.example/؟")]
    put(catalog, "/a.jsonl", *stored)
    assert list(catalog.articles()) == stored
    assert catalog.article(stored[1].article_id) == stored[1] and catalog.article("none") is None
    assert catalog.counts() == {"sources": 1, "articles": 2, "chunks": 4}
    assert catalog.sources() == {"/a.jsonl": Source("/a.jsonl", "a.jsonl", "1")}
    for chunk in catalog.chunks(ids(catalog)).values():
        whole = catalog.article(chunk.article_id)
        assert whole and chunk.text == whole.text[chunk.start : chunk.end] and chunk.title == whole.title
        assert chunk.language == whole.language


def test_an_unchanged_article_keeps_its_chunks(catalog):
    one, two = article("a#1"), article("a#2", "fa")
    put(catalog, "/a", one, two)
    before, revision = ids(catalog), catalog.revision
    put(catalog, "/a", two, one, fingerprint="2")
    assert ids(catalog) == before and catalog.sources()["/a"].fingerprint == "2"
    assert catalog.removed_since(revision) == [] and catalog.count_since(revision) == 0


@pytest.mark.parametrize(
    "changes", [{"title": "دیدار"}, {"outlet": None}, {"published": None}, {"url": "x"}, {"text": TEXTS["ar"] + " وأضاف."}]
)
def test_a_changed_article_is_replaced_and_its_neighbour_stays(catalog, changes):
    put(catalog, "/a", article("a#1"), article("a#2", "fa"))
    revision, (first, second, *neighbour) = catalog.revision, ids(catalog)
    put(catalog, "/a", article("a#1", **changes), article("a#2", "fa"), fingerprint="2")
    assert catalog.removed_since(revision) == [first, second]
    assert ids(catalog)[:2] == neighbour and min(ids(catalog)[2:]) > max(neighbour), "a chunk id is never used again"
    assert [chunk.article_id for chunk in catalog.chunks_since(revision)] == [article_id("a#1")] * len(ids(catalog)[2:])
    assert catalog.chunks([first]) == {}


def test_other_spans_of_the_same_text_replace_the_chunks(catalog):
    one = article("a")
    put(catalog, "/a", one)
    catalog.replace_source(Source("/a", "a", "2"), [(one, [Span(0, len(one.text))])])
    assert [chunk.text for chunk in catalog.chunks_since(0)] == [one.text] and len(catalog.removed_since(0)) == 2


def test_an_article_that_left_its_file_is_removed(catalog):
    put(catalog, "/a", article("a#1"), article("a#2", "fa"))
    put(catalog, "/a", article("a#2", "fa"), fingerprint="2")
    assert [item.path for item in catalog.articles()] == ["a#2"]


def test_drop_source_takes_everything_of_it_and_nothing_else(catalog):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    gone, revision = ids(catalog)[:2], catalog.revision
    catalog.drop_source("/a")
    assert [item.path for item in catalog.articles()] == ["b"] and list(catalog.sources()) == ["/b"]
    assert catalog.removed_since(revision) == gone and catalog.removed_since(catalog.revision) == []
    catalog.drop_source("/not there")


def test_a_chunk_id_is_never_used_again(catalog):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    used = ids(catalog)
    catalog.drop_source("/b")
    put(catalog, "/b", article("b", "fa"))
    assert not set(ids(catalog)[2:]) & set(used)


def test_revision_goes_up_with_every_change(catalog):
    assert catalog.revision == 0
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b"))
    assert catalog.revision == 2
    catalog.set_meta("x", "y")
    assert catalog.revision == 2 and catalog.meta("x") == "y" and catalog.meta("z") is None


def test_a_failed_change_leaves_no_trace(catalog):
    put(catalog, "/a", article("shared"), article("a", "fa"))
    before = (list(catalog.articles()), ids(catalog), catalog.revision, catalog.sources())
    with pytest.raises(sqlite3.IntegrityError):
        put(catalog, "/b", article("b", "en"), article("shared"))
    assert (list(catalog.articles()), ids(catalog), catalog.revision, catalog.sources()) == before


def test_embeddings_wait_for_their_languages_and_are_shared_by_equal_texts(catalog):
    put(catalog, "/a", article("a"), article("b"), article("c", "fa"), article("d", "en"))
    waiting = catalog.texts_to_embed("tiny", ["ar", "en"])
    assert sorted(text for _, text in waiting) == sorted(
        f"قمة\n{TEXTS[language][span.start : span.end]}"
        for language in ("ar", "en")
        for span in split_sentences(TEXTS[language], language)  # type: ignore[arg-type]
    )
    vectors = np.eye(len(waiting), 8, dtype=np.float32)
    catalog.add_embeddings("tiny", [known for known, _ in waiting], vectors)
    assert catalog.texts_to_embed("tiny", ["ar", "en"]) == [] and len(catalog.texts_to_embed("other", ["fa"])) == 2
    written = {chunk_id: language for language, chunk_id, _ in catalog.vectors_since("tiny", ["ar", "en"], 0)}
    found = {chunk_id: vector for _, chunk_id, vector in catalog.vectors_since("tiny", ["ar", "en"], 0)}
    assert len(found) == 6 == catalog.count_vectors("tiny", ["ar", "en"]) and catalog.count_vectors("tiny", ["fa"]) == 0
    by_hash = {known: vector for (known, _), vector in zip(waiting, vectors, strict=True)}
    for chunk in catalog.chunks(list(found)).values():
        assert np.array_equal(found[chunk.chunk_id], by_hash[text_hash(chunk.title, chunk.text)])
        assert written[chunk.chunk_id] == chunk.language
    assert list(catalog.vectors_since("other", ["ar"], 0)) == []


def test_chunks_know_what_they_are_filtered_by(catalog):
    put(catalog, "/a", article("a"), article("b", "fa", outlet=None, published=None))
    known = {chunk.language: (chunk.outlet, chunk.published) for chunk in catalog.chunks_since(0)}
    assert known == {"ar": ("النورس", date(2025, 10, 21)), "fa": (None, None)}
    assert {chunk.chunk_id: chunk for chunk in catalog.chunks_since(0)} == catalog.chunks(ids(catalog))


def test_outlets(catalog):
    assert catalog.outlets() == []
    put(catalog, "/a", *(article(name, outlet=name[0]) for name in ("ب1", "ا1", "ب2", "B", "a")), article("x", outlet=None))
    assert catalog.outlets() == ["B", "a", "ا", "ب"]
    catalog.drop_source("/a")
    assert catalog.outlets() == []


OUTLETS = (None, "وكالة النورس", "وکالة النورس", "خبرگزاری کبوتر", "Wire", "WIRE", "!!!")
DAYS = (date.min, date(1, 12, 31), date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 10), date.max)


@settings(max_examples=40, deadline=None)
@given(
    made=st.lists(
        st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(OUTLETS), st.none() | st.sampled_from(DAYS)), max_size=20
    ),
    outlets=st.frozensets(st.sampled_from([*OUTLETS[1:], "wire", "وكاله-النورس", "؟", "nobody"]), max_size=3),
    languages=st.frozensets(st.sampled_from(LANGUAGES), min_size=1),
    days=st.lists(st.sampled_from(DAYS), min_size=2, max_size=2).map(sorted),
    ends=st.tuples(st.booleans(), st.booleans()),
)
def test_the_vectors_within_a_filter_are_those_of_the_articles_that_pass(
    tmp_path_factory, made, outlets, languages, days, ends
):
    since, until = (day if wanted else None for day, wanted in zip(days, ends, strict=True))
    within = Filter(outlets, languages, since, until)
    catalog = Catalog(tmp_path_factory.mktemp("within") / FILE_NAME, writable=True)
    articles = [
        article(f"a#{n}", language, outlet=outlet, published=published, title=str(n))
        for n, (language, outlet, published) in enumerate(made)
    ]
    put(catalog, "/a", *articles)
    waiting = catalog.texts_to_embed("tiny", LANGUAGES)
    catalog.add_embeddings("tiny", [known for known, _ in waiting], np.eye(len(waiting), 64, dtype=np.float32))
    by_id = {item.article_id: item for item in articles}
    wanted = {squash(outlet) for outlet in outlets}
    expected = [
        chunk.chunk_id
        for chunk in catalog.chunks_since(0)
        if (item := by_id[chunk.article_id]).language in languages
        and (not outlets or (item.outlet is not None and squash(item.outlet) in wanted))
        and (since is None or (item.published is not None and item.published >= since))
        and (until is None or (item.published is not None and item.published <= until))
    ]
    assert sorted(catalog.vectors_within("tiny", within)[0]) == expected
    catalog.close()


def test_unused_embeddings_are_dropped(catalog):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    waiting = catalog.texts_to_embed("tiny", ["ar", "fa"])
    catalog.add_embeddings("tiny", [known for known, _ in waiting], np.eye(4, 8, dtype=np.float32))
    catalog.drop_source("/a")
    catalog.drop_unused_embeddings()
    assert catalog._connection.execute("SELECT count(*) FROM embeddings").fetchone() == (2,)
    assert catalog.texts_to_embed("tiny", ["fa"]) == []


def test_title_and_text_are_hashed_apart():
    assert text_hash("قم", "ة") != text_hash("ق", "مة")


def test_threads_read_while_one_writes(catalog):
    put(catalog, "/0", article("0"))
    reader = Catalog(catalog.file)
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                counts = reader.counts()
                assert counts["chunks"] == 2 * counts["articles"] or reader.counts() != counts
                assert len(reader.chunks([1, 2])) == 2
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for number in range(1, 60):
        put(catalog, f"/{number}", article(str(number), "fa"))
    done.set()
    for thread in threads:
        thread.join()
    assert not failures and reader.counts()["articles"] == 60
    reader.close()


# Opening what is no catalog


def test_missing(tmp_path):
    with pytest.raises(KhabarError, match=r"there is no index in '.*news'; build one: khabar index FOLDER"):
        Catalog(tmp_path / "news" / FILE_NAME)
    assert not (tmp_path / "news").exists(), "looking makes no folder"


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize(
    "content", [b"", b"not a database, but long enough to be taken for one" * 30, b"SQLite format 3\0" + b"\xff" * 4_000]
)
def test_corrupt(tmp_path, content, writable):
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    if writable and not content:
        Catalog(file, writable=True).close()  # what a killed run may leave behind is taken up
        return
    with pytest.raises(KhabarError, match=r"catalog\.sqlite' is not a catalog of this Khabar.*; move it away and index again"):
        Catalog(file, writable=writable)
    assert file.read_bytes() == content


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize("table", ["CREATE TABLE recipes (name TEXT)", "CREATE TABLE meta (a INTEGER)"])
def test_foreign(tmp_path, writable, table):
    file = tmp_path / FILE_NAME
    with sqlite3.connect(file) as connection:
        connection.execute(table)
    connection.close()
    with pytest.raises(KhabarError, match="not a catalog of this Khabar"):
        Catalog(file, writable=writable)
    with sqlite3.connect(file) as connection:
        assert len(connection.execute("SELECT name FROM sqlite_master").fetchall()) == 1, "another program's file is left alone"
    connection.close()


@pytest.mark.parametrize("writable", [False, True])
def test_of_another_format(catalog, writable):
    catalog.set_meta("format", "99")
    with pytest.raises(KhabarError, match="its format is 99, this Khabar reads 1"):
        Catalog(catalog.file, writable=writable)


@pytest.mark.parametrize("place", ["file/data", "/proc/khabar"])
def test_a_place_that_cannot_be_written(tmp_path, place):
    (tmp_path / "file").write_text("x")
    with pytest.raises(KhabarError, match=r"cannot be written.*; make it writable or choose another with --data"):
        Catalog(tmp_path / place / FILE_NAME, writable=True)


def test_a_reader_cannot_write(catalog):
    reader = Catalog(catalog.file)
    with pytest.raises(sqlite3.OperationalError):
        reader.set_meta("x", "y")
    reader.close()
