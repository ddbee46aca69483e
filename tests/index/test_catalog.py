from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import FILE_NAME, Catalog, SourceFile
from index.chunk import Span, split_sentences
from index.clean import article_id
from index.stored_embeddings import text_hash
from index.text import squash
from index.types import LANGUAGES, Article, Filter, KhabarError, Language
from tests.index.made import embed_all

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
    catalog.replace_source(SourceFile(location, location.strip("/"), fingerprint), entries)


def ids(catalog: Catalog) -> list[int]:
    """Return the ids of all chunks as they were added."""
    order = "ORDER BY c.revision, a.path, c.start"
    rows = catalog.connection.execute(f"SELECT c.chunk_id FROM chunks c JOIN articles a USING (article_id) {order}")
    return [row[0] for row in rows]


def counted(catalog: Catalog, table: str) -> int:
    return int(catalog.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_what_is_stored_comes_back(catalog):
    stored = [article("a.jsonl#1"), article("a.jsonl#2", "fa", outlet=None, published=None, url="https://a.example/؟")]
    put(catalog, "/a.jsonl", *stored)
    assert list(catalog.articles()) == stored
    assert catalog.article(stored[1].article_id) == stored[1] and catalog.article("none") is None
    assert catalog.counts() == {"sources": 1, "articles": 2, "chunks": 4}
    assert catalog.sources() == {"/a.jsonl": SourceFile("/a.jsonl", "a.jsonl", "1")}
    for chunk, whole in catalog.chunks(ids(catalog)).values():
        assert whole == catalog.article(chunk.article_id)
        assert chunk.text == whole.text[chunk.start : chunk.end] and chunk.title == whole.title
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
    assert sorted(catalog.removed_since(revision)) == sorted([first, second])
    assert ids(catalog)[:2] == neighbour and not {first, second} & set(ids(catalog)), "what is another has another id"
    assert [chunk.article_id for chunk in catalog.chunks_since(revision)] == [article_id("a#1")] * len(ids(catalog)[2:])
    assert catalog.chunks([first]) == {}


def test_other_spans_of_the_same_text_replace_the_chunks(catalog):
    one = article("a")
    put(catalog, "/a", one)
    catalog.replace_source(SourceFile("/a", "a", "2"), [(one, [Span(0, len(one.text))])])
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
    assert sorted(catalog.removed_since(revision)) == sorted(gone) and catalog.removed_since(catalog.revision) == []
    catalog.drop_source("/not there")


def test_an_article_has_the_same_ids_in_every_catalog_and_when_it_comes_back(catalog, tmp_path):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    used, seen = ids(catalog), catalog.revision
    for _ in range(3):
        catalog.drop_source("/b")
        put(catalog, "/b", article("b", "fa"))
    assert ids(catalog) == used and sorted(catalog.chunks(used, seen)) == sorted(used) == sorted(catalog.chunks(used))
    embed_all(catalog, "tiny", LANGUAGES)
    assert sorted(catalog.embeddings.vectors("tiny", used)[0]) == sorted(used)
    assert sorted(catalog.embeddings.vectors_within("tiny", Filter())[0]) == sorted(used)
    other = Catalog(tmp_path / "other" / FILE_NAME, writable=True)
    put(other, "/elsewhere", article("b", "fa"), article("a"))
    assert sorted(ids(other)) == sorted(used)
    other.close()


def test_two_articles_of_one_id_by_chance_have_two(catalog, monkeypatch):
    monkeypatch.setattr("index.catalog.blake2b", lambda *_, **__: hashlib.blake2b(b"", digest_size=8))
    put(catalog, "/a", article("a"), article("b", "fa"))
    assert len(set(ids(catalog))) == 4 and len(catalog.chunks(ids(catalog))) == 4


def test_a_catalog_knows_its_own_revisions_and_no_other_s(catalog, tmp_path):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    copy = Catalog(tmp_path / "copy" / FILE_NAME, writable=True)
    with closing(sqlite3.connect(catalog.file)) as source, closing(sqlite3.connect(copy.file)) as target:
        source.backup(target)
    marks = [catalog.mark_of(revision) for revision in (0, 1, 2)]
    assert all(marks) and marks[1] == marks[2] and marks == [copy.mark_of(revision) for revision in (0, 1, 2)]
    assert catalog.mark_of(3) == ""
    put(catalog, "/c", article("c"))
    put(copy, "/c", article("c"))
    assert catalog.mark_of(3) != copy.mark_of(3) != "" and catalog.mark_of(2) == copy.mark_of(2)
    other = Catalog(tmp_path / "other" / FILE_NAME, writable=True)
    assert other.mark_of(0) not in marks
    for opened in (copy, other):
        opened.close()


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
    waiting = catalog.embeddings.unembedded("tiny", ["ar", "en"])
    assert len(waiting) == 4, "two articles with the same sentences share their vectors"
    assert sorted(text for _, text in catalog.embeddings.texts_to_embed(waiting)) == sorted(
        f"قمة\n{TEXTS[language][span.start : span.end]}"
        for language in ("ar", "en")
        for span in split_sentences(TEXTS[language], language)  # type: ignore[arg-type]
    )
    by_hash = embed_all(catalog, "tiny", ["ar", "en"])
    assert catalog.embeddings.unembedded("tiny", ["ar", "en"]) == []
    assert len(catalog.embeddings.unembedded("other", ["fa"])) == 2
    written = catalog.embeddings.embedded("tiny", ["ar", "en"])
    assert len(written) == 6 == catalog.embeddings.count("tiny", ["ar", "en"]) and catalog.embeddings.count("tiny", ["fa"]) == 0
    found = dict(zip(*catalog.embeddings.vectors("tiny", ids(catalog)), strict=True))
    assert found.keys() == written.keys()
    for chunk, _ in catalog.chunks(list(found)).values():
        assert np.array_equal(found[chunk.chunk_id], by_hash[text_hash(chunk.title, chunk.text)])
        assert written[chunk.chunk_id] == chunk.language
    assert catalog.embeddings.embedded("other", ["ar"]) == {} and catalog.embeddings.vectors("other", ids(catalog))[0] == []
    arabic = {chunk_id for chunk_id, code in written.items() if code == "ar"}
    assert catalog.embeddings.embedded("tiny", ["ar"]).keys() == arabic


def test_the_newest_articles_are_embedded_first_and_undated_ones_last(catalog):
    days = {"a": date(2025, 1, 2), "b": None, "c": date(2025, 10, 21), "d": date(1999, 12, 31), "e": date(2025, 10, 20)}
    for name, day in days.items():
        put(catalog, f"/{name}", article(name, ("ar", "fa", "en")[len(name) % 3], title=name, published=day))
    titles = [catalog.chunks([chunk_id])[chunk_id][0].title for chunk_id in catalog.embeddings.unembedded("tiny", LANGUAGES)]
    assert titles == ["c", "c", "e", "e", "a", "a", "d", "d", "b", "b"]


def test_a_text_that_stands_in_an_old_and_a_new_article_counts_as_new(catalog):
    put(catalog, "/old", article("old", "fa", published=date(2001, 9, 9)))
    put(catalog, "/between", article("between", title="دیدار", published=date(2010, 1, 1)))
    put(catalog, "/new", article("new", "fa", published=date(2025, 10, 21)))
    first, second, *_ = catalog.embeddings.unembedded("tiny", LANGUAGES)
    texts = {catalog.chunks([known])[known][0].text for known in (first, second)}
    assert texts == {"کاخ سفید می‌گوید دیدار لغو شد.", "زمانی تعیین نشد."}


def test_a_chunk_that_went_meanwhile_is_not_embedded(catalog):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    waiting = catalog.embeddings.unembedded("tiny", LANGUAGES)
    catalog.drop_source("/a")
    assert [text for _, text in catalog.embeddings.texts_to_embed(waiting)] == [
        "قمة\nکاخ سفید می‌گوید دیدار لغو شد.", "قمة\nزمانی تعیین نشد.",
    ]  # fmt: skip
    assert catalog.embeddings.texts_to_embed([]) == []


def test_more_chunks_are_asked_for_than_a_statement_takes(catalog):
    put(catalog, "/a", *(article(f"a#{number}", title=str(number)) for number in range(500)))
    embed_all(catalog, "tiny", LANGUAGES)
    everything = sorted(ids(catalog))
    assert len(everything) == 1_000 == len(catalog.chunks(everything)) == len(catalog.chunks(everything, catalog.revision))
    assert catalog.embeddings.vectors("tiny", everything)[0] == everything and catalog.embeddings.vectors("tiny", [])[0] == []
    assert catalog.passing(Filter(), everything) == set(everything) and len(catalog.days(everything)) == 1_000


def test_chunks_know_what_they_are_filtered_by(catalog):
    put(catalog, "/a", article("a"), article("b", "fa", outlet=None, published=None))
    known = {chunk.language: (chunk.outlet, chunk.published) for chunk in catalog.chunks_since(0)}
    assert known == {"ar": ("النورس", date(2025, 10, 21)), "fa": (None, None)}
    stored = catalog.chunks(ids(catalog))
    assert {chunk.chunk_id: chunk for chunk in catalog.chunks_since(0)} == {key: chunk for key, (chunk, _) in stored.items()}
    assert catalog.days(ids(catalog)) == {
        chunk.chunk_id: date(2025, 10, 21) for chunk in catalog.chunks_since(0) if chunk.language == "ar"
    }


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
    embed_all(catalog, "tiny", LANGUAGES)
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
    assert sorted(catalog.embeddings.vectors_within("tiny", within)[0]) == expected
    assert catalog.passing(within, ids(catalog)) == set(expected) and catalog.count_within(within) == len(expected)
    assert catalog.passing(within, expected[:1]) == set(expected[:1]) and catalog.passing(within, []) == set()
    catalog.close()


def test_unused_embeddings_are_dropped(catalog):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    embed_all(catalog, "tiny", ["ar", "fa"])
    catalog.drop_source("/a")
    catalog.embeddings.drop_unused()
    assert counted(catalog, "embeddings") == 4, "a reader may still see what was removed"
    catalog.forget_past(catalog.revision)
    catalog.embeddings.drop_unused()
    assert counted(catalog, "embeddings") == 2 and catalog.embeddings.unembedded("tiny", ["fa"]) == []


def test_the_embeddings_of_others_are_dropped(catalog):
    put(catalog, "/a", article("a", "fa"))
    for embedder in ("tiny", "other", "third"):
        embed_all(catalog, embedder, LANGUAGES)
    catalog.embeddings.drop_of_others("other")
    assert [catalog.embeddings.count(embedder, LANGUAGES) for embedder in ("tiny", "other", "third")] == [0, 2, 0]


def test_title_and_text_are_hashed_apart():
    assert text_hash("قم", "ة") != text_hash("ق", "مة")


def test_threads_read_while_one_writes(catalog):
    put(catalog, "/0", article("0"))
    reader, first = Catalog(catalog.file), ids(catalog)
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                counts = reader.counts()
                assert counts["chunks"] == 2 * counts["articles"] or reader.counts() != counts
                assert len(reader.chunks(first)) == 2
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


# What was replaced or removed, as readers of an earlier revision see it


def test_a_replaced_article_stays_as_it_was_for_those_who_saw_it(catalog):
    old, new = article("a", text=TEXTS["ar"]), article("a", title="دیدار", language="fa", text=TEXTS["fa"], published=None)
    put(catalog, "/a", old)
    seen, before = catalog.revision, ids(catalog)
    put(catalog, "/a", new, fingerprint="2")
    after = ids(catalog)
    assert catalog.article(old.article_id, seen) == old and catalog.article(old.article_id, catalog.revision) == new
    assert {whole for _, whole in catalog.chunks(before + after, seen).values()} == {old}
    assert list(catalog.chunks(before + after, seen)) == before
    assert list(catalog.chunks(before + after, catalog.revision)) == after == list(catalog.chunks(before + after))
    assert catalog.days(before + after) == dict.fromkeys(before, date(2025, 10, 21))
    assert catalog.passing(Filter(languages=frozenset({"ar"})), before + after) == set(before)
    assert catalog.count_within(Filter()) == len(after)


def test_what_was_removed_stays_for_those_who_saw_it_until_it_is_forgotten(catalog):
    put(catalog, "/a", article("a"))
    put(catalog, "/b", article("b", "fa"))
    embed_all(catalog, "tiny", LANGUAGES)
    seen, gone = catalog.revision, ids(catalog)[:2]
    catalog.drop_source("/a")
    assert sorted(catalog.chunks(gone, seen)) == sorted(gone)
    assert set(gone) < set(catalog.embeddings.vectors_within("tiny", Filter())[0])
    catalog.forget_past(seen)
    assert sorted(catalog.chunks(gone, seen)) == sorted(gone), "its removal has not been seen yet"
    catalog.forget_past(catalog.revision)
    assert catalog.chunks(gone, seen) == {} and catalog.article(article_id("a"), seen) is None
    assert counted(catalog, "past_articles") == counted(catalog, "past_chunks") == 0
    assert len(catalog.embeddings.vectors_within("tiny", Filter())[0]) == 2
    assert len(catalog.chunks(ids(catalog), catalog.revision)) == 2


def test_what_came_since_is_not_seen(catalog):
    put(catalog, "/a", article("a"))
    seen = catalog.revision
    put(catalog, "/b", article("b", "fa"))
    assert catalog.article(article_id("b"), seen) is None and catalog.article(article_id("b")) is not None
    assert len(catalog.chunks(ids(catalog), seen)) == 2


VERSIONS = [("ar", "قمة"), ("fa", "دیدار"), ("en", "meeting"), None]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    history=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(VERSIONS), st.booleans()), min_size=1, max_size=12
    ),
    forgotten=st.integers(0, 12),
)
def test_every_revision_that_is_not_forgotten_is_seen_whole(tmp_path_factory, history, forgotten):
    catalog = Catalog(tmp_path_factory.mktemp("history") / FILE_NAME, writable=True)
    states: dict[int, dict[str, Article]] = {0: {}}
    everything: set[int] = set()
    for number, (name, version, together) in enumerate(history):
        state = dict(states[catalog.revision])
        wanted = [name, "d"] if together else [name]  # two articles of one file change at once
        if version is None:
            catalog.drop_source(f"/{name}")
        else:
            language, title = version
            made = [article(f"{name}#{part}", language, title=f"{title} {part}", text=TEXTS[language]) for part in wanted]
            put(catalog, f"/{name}", *made, fingerprint=str(number))
        kept = {key: item for key, item in state.items() if not item.path.startswith(f"{name}#")}
        states[catalog.revision] = kept | ({item.article_id: item for item in made} if version else {})
        everything |= set(ids(catalog))
    catalog.forget_past(forgotten)
    names = [article_id(f"{name}#{part}") for name in "abc" for part in "abcd"]
    for seen in range(min(forgotten, catalog.revision), catalog.revision + 1):
        state = states[seen]
        assert {key: found for key in names if (found := catalog.article(key, seen))} == state
        found = catalog.chunks(sorted(everything), seen)
        assert all(whole == state[chunk.article_id] and chunk.title == whole.title for chunk, whole in found.values())
        spans = {(chunk.article_id, chunk.start) for chunk, _ in found.values()}
        expected = {
            (item.article_id, span.start)
            for item in state.values()
            for span in split_sentences(item.text, item.language)
        }
        assert spans == expected and len(found) == len(expected)
    catalog.close()


def test_while_an_article_is_replaced_a_reader_finds_the_version_of_its_revision(catalog):
    put(catalog, "/a", article("a", title="1"))
    reader, wrong, done, known = Catalog(catalog.file), [], threading.Event(), set(ids(catalog))

    def read() -> None:
        while not done.is_set():
            seen = int(reader.meta("told") or 1)
            found = reader.article(article_id("a"), seen)
            if found is None or found.title != str(seen):
                wrong.append((seen, found))
            pairs = reader.chunks(sorted(known), seen).values()
            if [(chunk.title, whole.title) for chunk, whole in pairs] != [(str(seen), str(seen))] * 2:
                wrong.append((seen, pairs))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 200):
        put(catalog, "/a", article("a", "fa" if number % 2 else "ar", title=str(number)), fingerprint=str(number))
        known |= set(ids(catalog))
        catalog.set_meta("told", str(number))
    done.set()
    for thread in threads:
        thread.join()
    reader.close()
    assert not wrong


# Catalogs of an earlier Khabar, which kept nothing of what was replaced


@pytest.fixture
def earlier(tmp_path) -> Path:
    """A catalog as Khabar made it before, with an article of two chunks and their vectors."""
    file = tmp_path / "earlier" / FILE_NAME
    file.parent.mkdir()
    item, connection = article("a", "fa"), sqlite3.connect(file)
    connection.executescript(
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE sources (location TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL);
        CREATE TABLE articles (
            article_id TEXT PRIMARY KEY, location TEXT NOT NULL REFERENCES sources, path TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL, outlet TEXT, published TEXT, language TEXT NOT NULL, url TEXT, text TEXT NOT NULL
        );
        CREATE INDEX articles_by_location ON articles (location);
        CREATE TABLE chunks (
            chunk_id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, text_hash BLOB NOT NULL,
            revision INTEGER NOT NULL
        );
        CREATE INDEX chunks_by_article ON chunks (article_id);
        CREATE INDEX chunks_by_revision ON chunks (revision);
        CREATE TABLE removed_chunks (chunk_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
        CREATE TABLE embeddings (
            text_hash BLOB NOT NULL, embedder TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (text_hash, embedder)
        ) WITHOUT ROWID;
        INSERT INTO meta VALUES ('format', '1'), ('revision', '1'), ('embedder', 'all-MiniLM-L6-v2');
        INSERT INTO sources VALUES ('/a', 'a', '1');
        PRAGMA journal_mode = WAL;
        """
    )
    with connection:
        connection.execute(
            "INSERT INTO articles VALUES (?, '/a', ?, ?, ?, '2025-10-21', 'fa', NULL, ?)",
            (item.article_id, item.path, item.title, item.outlet, item.text),
        )
        for span in split_sentences(item.text, "fa"):
            text = item.text[span.start : span.end]
            row = (item.article_id, span.start, span.end, text, text_hash(item.title, text))
            connection.execute('INSERT INTO chunks VALUES (NULL, ?, ?, ?, ?, ?, 1)', row)
            vector = np.ones(4, np.float32).tobytes()
            connection.execute("INSERT INTO embeddings VALUES (?, 'tiny', ?)", (row[-1], vector))
    connection.close()
    return file


def check_earlier(catalog: Catalog, numbered_anew: bool = False) -> None:
    """Ask a catalog of an earlier Khabar everything that touches what was replaced."""
    item = article("a", "fa")
    assert list(catalog.chunks([1, 2, 3], 1)) == [1, 2] and catalog.chunks([1], 1)[1][1] == item
    assert catalog.article(item.article_id, 1) == item and catalog.article("none", 1) is None
    assert catalog.passing(Filter(outlets=frozenset({"النورس"})), [1, 2, 3]) == {1, 2} and len(catalog.days([1, 2])) == 2
    within = catalog.embeddings.vectors_within("tiny", Filter())[0]
    assert within[-2:] == [1, 2] and len(within) == (4 if numbered_anew else 2) and catalog.count_within(Filter()) == 2


@pytest.mark.parametrize("can_be_written", [True, False])
def test_an_earlier_catalog_is_read_as_it_is(earlier, can_be_written, monkeypatch):
    if not can_be_written:
        monkeypatch.setattr("index.catalog_file.os.access", lambda *_: False)
    before = earlier.read_bytes()
    catalog = Catalog(earlier)
    check_earlier(catalog)
    in_thread = threading.Thread(target=check_earlier, args=[catalog])  # on a connection of its own
    in_thread.start()
    in_thread.join()
    catalog.close()
    assert earlier.read_bytes() == before


def test_an_earlier_catalog_is_brought_up_to_date_by_a_writer(earlier):
    Catalog(earlier, writable=True).close()
    catalog = Catalog(earlier, writable=True)
    check_earlier(catalog, numbered_anew=True)
    assert catalog.meta("format") == "2" and catalog.mark_of(0) and catalog.mark_of(2) and catalog.revision == 2
    assert catalog.embeddings.count("tiny", ["fa"]) == 2 and sorted(catalog.removed_since(1)) == [1, 2]
    put(catalog, "/b", article("b"))
    catalog.drop_source("/b")
    put(catalog, "/a", article("a", "ar"), fingerprint="2")
    check_seen = catalog.article(article_id("a"), 1)
    assert check_seen == article("a", "fa") and catalog.counts() == {"sources": 1, "articles": 1, "chunks": 2}
    catalog.close()


def test_a_reader_that_opened_an_earlier_catalog_sees_what_is_replaced_since(earlier):
    reader = Catalog(earlier)
    check_earlier(reader)
    writer = Catalog(earlier, writable=True)
    check_earlier(reader, numbered_anew=True)
    put(writer, "/a", article("a", "ar"), fingerprint="2")
    assert reader.article(article_id("a"), 1) == article("a", "fa") and list(reader.chunks([1, 2, *ids(writer)], 1)) == [1, 2]
    for catalog in (reader, writer):
        catalog.close()


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
    with pytest.raises(KhabarError, match="by a later Khabar: its format is 99, this one reads up to 2; update Khabar"):
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


def test_a_thread_that_ends_leaves_no_connection_open(catalog):
    put(catalog, "/a", article("a", "ar"), article("b", "fa"))
    reader = Catalog(catalog.file)
    assert reader.counts()["articles"] == 2
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        threads = [threading.Thread(target=reader.counts) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # SQLite keeps those that it will open again, as many as were open at once at most.
    assert len(os.listdir("/proc/self/fd")) <= before + 3 * 10
    reader.close()
