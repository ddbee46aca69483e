"""What every store of words and vectors must do: those beside the catalog, a LanceDB in a folder or an object store."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.backup import back_up, restore
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embedding import embed_archive, searchable_share
from index.lance import database as lance
from index.lance.lexical import Frequencies
from index.lexical import LexicalIndex
from index.stores import LOCAL, put_in, store_of, stores_at, stores_of
from index.types import EVERYTHING, LANGUAGES, Filter, KhabarError
from index.vectors import VectorIndex
from tests.index.made import ARABIC, ENGLISH, PERSIAN, Quiet, TinyEmbedder, build, grams_of, write_articles
from tests.index.object_store import object_store

pytestmark = pytest.mark.lance


@pytest.fixture(scope="module")
def objects():
    with object_store() as store:
        yield store


@pytest.fixture(autouse=True)
def fresh(monkeypatch, objects):
    """Let readers look for a newer state at once, and LanceDB find the object store as a user's environment tells it."""
    lance.database_at.cache_clear()
    monkeypatch.setattr(lance, "FRESH_SECONDS", 0.0)
    for name, value in {
        "AWS_ENDPOINT_URL": objects.address,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    yield
    objects.away = False
    objects.objects.clear()


def address_of(kind: str, place: Path) -> str:
    return {"local": LOCAL, "folder": f"lance:{place}/lance", "objects": "s3://news/khabar"}[kind]


@pytest.fixture(params=["local", "folder"])
def address(request, tmp_path):
    return address_of(request.param, tmp_path)


@pytest.fixture
def remote(tmp_path):
    return address_of("objects", tmp_path)


class Opened:
    """An archive in a store, asked as a question asks it."""

    def __init__(self, data: Path, address: str, folder: Path):
        self.data, self.address, self.folder = data, address, folder
        self.told: list[str] = []

    def index(self, rebuild: bool = False, embed: bool = True):
        return build_index(
            self.data, [self.folder], TinyEmbedder(), BuildOptions(), Quiet(), rebuild=rebuild, embed=embed, store=self.address,
            tell=self.told.append,
        )  # fmt: skip

    @property
    def catalog(self):
        return Catalog(self.data / FILE_NAME)

    def words(self):
        return stores_of(self.catalog).open_lexical(self.catalog)

    def vectors(self):
        return stores_of(self.catalog).open_vectors(self.catalog, TinyEmbedder())

    def by_words(self, question, languages=LANGUAGES, top_k=10, within=EVERYTHING, words=None):
        words = words or self.words()
        found = [pair for each in languages for pair in words.search(grams_of(question), each, top_k, within)]
        return self.texts([chunk_id for chunk_id, _ in sorted(found, key=lambda pair: (-pair[1], pair[0]))])

    def by_meaning(self, question, languages=LANGUAGES, top_k=10):
        vectors, vector = self.vectors(), TinyEmbedder().embed_query(question)
        found = [pair for each in languages for pair in vectors.search(vector, each, top_k)]
        return self.texts([chunk_id for chunk_id, _ in sorted(found, key=lambda pair: (-pair[1], pair[0]))])

    def texts(self, chunk_ids):
        with closing(self.catalog) as catalog:
            chunks = catalog.chunks(chunk_ids)
            return [chunks[chunk_id][0].text for chunk_id in chunk_ids if chunk_id in chunks]


def indexed(tmp_path, address):
    archive = Opened(tmp_path / "data", address, write_articles(tmp_path / "news"))
    archive.index()
    return archive


@pytest.fixture
def opened(tmp_path, address):
    return indexed(tmp_path, address)


@pytest.fixture(scope="module", params=["local", "folder"])
def read_only(request, tmp_path_factory):
    """An archive that tests only ask."""
    place = tmp_path_factory.mktemp("stores")
    return indexed(place, address_of(request.param, place))


@pytest.fixture
def shared(tmp_path, remote):
    return indexed(tmp_path, remote)


def same(tmp_path: Path, folder: Path) -> Path:
    """Return the data folder of an archive of the same articles beside its catalog."""
    build(tmp_path / "same", folder)
    return tmp_path / "same"


# The contract


@pytest.mark.parametrize(
    ("question", "language", "first"),
    [
        ("متى تعقد قمّة بودابست؟", "ar", "البيت الأبيض"),
        ("٣٥ دقيقة", "ar", "البيت الأبيض"),
        ("دیدار بوداپست", "fa", "کاخ سفید"),
        ("گفت‌وگو ۳۵", "fa", "کاخ سفید"),
        ("ديدار رييس جمهور", "fa", "کاخ سفید"),
        ("Budapest meeting 35", "en", "White House"),
    ],
)
def test_words_are_found_in_their_language_whatever_their_spelling(read_only, question, language, first):
    assert first in read_only.by_words(question, [language])[0]
    assert first in read_only.by_meaning(question, [language])[0]


def test_scores_fall_equal_ones_stand_by_their_ids_and_fewer_are_the_first_of_more(opened, tmp_path):
    texts = {f"{n}.txt": f"خبر {n}\n{'قمة بودابست ' * (n // 2 + 1)}انعقدت." for n in range(12)}
    write_articles(opened.folder, texts)
    opened.index()
    words, weights = opened.words(), grams_of("قمة بودابست")
    found = words.search(weights, "ar", 20)
    assert len(found) == 13 and found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    for top_k in (1, 2, 5, 13):
        assert words.search(weights, "ar", top_k) == found[:top_k]
    heavier = words.search({term: 3.0 for term in weights}, "ar", 20)
    assert [score for _, score in heavier] == pytest.approx([3 * score for _, score in found], rel=1e-3)
    near = opened.vectors().search(TinyEmbedder().embed_query("قمة"), "ar", 20)
    assert len(near) == 13 and near == sorted(near, key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize("kind", ["folder", "objects"])
def test_a_store_counts_and_ranks_as_the_one_beside_the_catalog_does(kind, tmp_path):
    opened = indexed(tmp_path, address_of(kind, tmp_path))
    data = same(tmp_path, opened.folder)
    words, local = opened.words(), LexicalIndex(data)
    assert words.sizes == local.sizes == {"ar": 1, "fa": 1, "en": 1}
    terms = [(field, term, each) for each in LANGUAGES for field, term in grams_of("قمة بودابست Budapest دیدار ۳۵")]
    assert [words.document_frequency(*term) for term in terms] == [local.document_frequency(*term) for term in terms]
    for question, language in (("قمة بودابست", "ar"), ("دیدار بوداپست", "fa"), ("Budapest meeting", "en")):
        ours, theirs = (each.search(grams_of(question), language, 5) for each in (words, local))
        assert [chunk for chunk, _ in ours] == [chunk for chunk, _ in theirs]
        assert [score for _, score in ours] == pytest.approx([score for _, score in theirs], rel=0.05)
        vector = TinyEmbedder().embed_query(question)
        beside = VectorIndex(data, TinyEmbedder())
        assert dict(opened.vectors().search(vector, language, 5)) == pytest.approx(
            dict(beside.search(vector, language, 5)), abs=1e-4
        )
        ours, theirs = (each.background(vector, language) for each in (opened.vectors(), beside))
        assert (ours.cosine, ours.spread) == pytest.approx((theirs.cosine, theirs.spread), abs=1e-5)


def test_a_filter_of_outlet_days_and_language_lets_through_what_it_names(read_only):
    opened = read_only
    assert len(opened.by_words("بودابست", within=Filter(outlets=frozenset({"وكالة النورس"})))) == 1
    assert opened.by_words("بودابست", within=Filter(outlets=frozenset({"O'Reilly's «خبر»"}))) == []
    assert opened.by_words("Budapest", within=Filter(since=date(2025, 10, 22))) == []
    assert len(opened.by_words("Budapest", ["en"], within=Filter(since=date(2025, 10, 21), until=date(2025, 10, 21)))) == 1
    assert opened.by_words("Budapest", within=Filter(languages=frozenset({"fa"}))) == opened.by_words("Budapest", ["fa"])


def test_all_that_hold_a_term_are_told_however_many(opened):
    write_articles(opened.folder, {f"{n}.txt": f"خبر {n}\nزار الوزير المدينة رقم {n} أمس." for n in range(30)})
    opened.index(embed=False)
    words = opened.words()
    assert len(words.holding([["وزير"]], "ar")) == 30 and len(words.holding([], "ar")) == 31
    assert len(words.holding([["وزير", "مدين"], ["بودا"]], "ar")) == 31
    assert words.holding([["xyzz"]], "ar") == [] == words.holding([["وزير"]], "fa")
    assert words.holding([["بودا"]], "ar", Filter(until=date(2025, 1, 1))) == []


def test_what_is_unknown_finds_nothing(read_only):
    opened = read_only
    assert opened.by_words("xyzzyq") == [] == opened.words().search({}, "ar", 5)
    assert opened.words().document_frequency("grams", "xyzz", "en") == 0
    put = stores_of(opened.catalog).open_vectors(opened.catalog, TinyEmbedder(name="another"))
    vector = TinyEmbedder().embed_query("قمة")
    assert put.search(vector, "ar", 5) == [] and put.background(vector, "ar") is None


def test_a_changed_article_is_found_by_its_new_words_alone_and_counted_as_if_it_had_always_been_so(opened, tmp_path):
    words = opened.words()
    before = words.state
    write_articles(opened.folder, {"ar.txt": ARABIC.replace("بودابست", "الرياض"), "more.txt": "خبر\nوصل الوفد إلى الدوحة."})
    (opened.folder / "en.txt").unlink()
    opened.index()
    assert words.state != before and words.revision == opened.catalog.revision
    assert opened.by_words("بودابست", ["ar"], words=words) == [] and "الرياض" in opened.by_words("الرياض", words=words)[0]
    assert words.sizes == {"ar": 2, "fa": 1, "en": 0} and opened.by_words("Budapest", ["en"], words=words) == []
    assert len(opened.by_meaning("قمة الرياض")) == 3
    clean = Opened(tmp_path / "clean", LOCAL if opened.address == LOCAL else f"lance:{tmp_path}/clean-lance", opened.folder)
    clean.index()
    terms = [(field, term, each) for each in LANGUAGES for field, term in grams_of("قمة بودابست الرياض Budapest")]
    for question, language in (("قمة الرياض", "ar"), ("الدوحة", "ar"), ("دیدار", "fa"), ("Budapest", "en")):
        assert words.search(grams_of(question), language, 9) == clean.words().search(grams_of(question), language, 9)
    assert [words.document_frequency(*term) for term in terms] == [clean.words().document_frequency(*term) for term in terms]


def test_an_archive_without_articles_of_a_language_or_of_any_is_asked_and_grows(tmp_path, address):
    archive = Opened(tmp_path / "data", address, write_articles(tmp_path / "news", {"fa.txt": PERSIAN}))
    archive.index()
    assert archive.by_words("قمة", ["ar"]) == [] and len(archive.by_words("دیدار", ["fa"])) == 1
    (archive.folder / "fa.txt").unlink()
    archive.index()
    assert archive.by_words("دیدار") == [] == archive.by_meaning("دیدار")
    write_articles(archive.folder, {"ar.txt": ARABIC, "fa.txt": PERSIAN, "en.txt": ENGLISH})
    archive.index()
    assert len(archive.by_words("دیدار بوداپست Budapest بودابست")) == 3 == len(archive.by_meaning("قمة"))


def test_a_run_without_changes_writes_nothing(opened):
    before = opened.words().state
    report = opened.index()
    assert report.nothing_to_do and opened.words().state == before and opened.told == []


def test_words_that_do_not_hold_what_the_catalog_has_are_written_anew(tmp_path, monkeypatch):
    from index.lance import lexical

    opened = indexed(tmp_path, address_of("folder", tmp_path))
    write_articles(opened.folder, {"more.txt": "خبر\nوصل الوفد إلى الدوحة."})
    add = lexical._LanguageTable.add

    def lossy(self, chunks):
        if not self._frequencies.hashes.size:
            add(self, chunks)

    monkeypatch.setattr(lexical._LanguageTable, "add", lossy)
    opened.index()
    assert "damaged" in " ".join(opened.told) and len(opened.by_words("الدوحة", ["ar"])) >= 1


# Several machines


def test_words_and_vectors_move_and_what_lay_beside_the_catalog_goes(tmp_path, remote):
    folder, data = write_articles(tmp_path / "news"), tmp_path / "data"
    build(data, folder)
    assert (data / "lexical").is_dir() and (data / "vectors").is_dir()
    archive = Opened(data, remote, folder)
    archive.index()
    assert not (data / "lexical").exists() and not (data / "vectors").exists()
    with closing(archive.catalog) as catalog:
        assert store_of(catalog) == remote and searchable_share(catalog, TinyEmbedder()).complete
    assert len(archive.by_words("بودابست Budapest")) == 3 == len(archive.by_meaning("قمة"))
    build(data, folder)  # without naming it again
    assert not (data / "lexical").exists()
    back = Opened(data, LOCAL, folder)
    back.index()
    assert (data / "lexical").is_dir() and len(back.by_words("بودابست Budapest")) == 3 == len(back.by_meaning("قمة"))


def second_machine(shared: Opened, tmp_path: Path, told: list[str]) -> Opened:
    back_up(shared.data, tmp_path / "news.khabar")
    restore(tmp_path / "second", tmp_path / "news.khabar", Quiet(), told.append, replace=True)
    return Opened(tmp_path / "second", shared.address, shared.folder)


def test_a_second_machine_serves_the_same_archive_from_a_backup_and_derives_nothing(shared, tmp_path):
    told: list[str] = []
    second = second_machine(shared, tmp_path, told)
    assert told == [] and not (second.data / "lexical").exists()
    assert second.by_words("قمة بودابست") == shared.by_words("قمة بودابست") != []
    assert second.by_meaning("قمة بودابست") == shared.by_meaning("قمة بودابست") != []


def test_a_second_machine_writes_nothing_into_the_store_and_says_where_to_index(shared, tmp_path):
    write_articles(shared.folder, {"more.txt": "خبر\nوصل الوفد إلى الدوحة."})
    shared.index(embed=False)  # the backup is made before the new article has its vector
    second = second_machine(shared, tmp_path, [])
    before = lance.database_at(shared.address).last("vectors")
    done = embed_archive(second.data, TinyEmbedder(), Quiet())
    assert (done.chunks, done.of) == (3, 4) and lance.database_at(shared.address).last("vectors") == before
    with pytest.raises(KhabarError, match="serves what another machine indexes") as error:
        build(second.data, shared.folder)
    assert "--store local" in error.value.remedy
    own = Opened(second.data, LOCAL, shared.folder)
    own.index()
    assert len(own.by_meaning("قمة")) == 4 and len(own.by_words("الدوحة", ["ar"])) == 1
    build(own.data, own.folder)
    shared.index()
    assert len(shared.by_meaning("قمة")) == 4


def test_a_second_machine_stays_with_what_its_catalog_knows_until_the_next_backup(shared, tmp_path):
    second = second_machine(shared, tmp_path, [])
    words = second.words()
    write_articles(shared.folder, {"more.txt": "خبر\nوصل الوفد إلى الدوحة."})
    shared.index()
    assert len(shared.by_words("الدوحة", ["ar"])) == 1
    for reader in (words, second.words()):
        assert reader.sizes["ar"] == 1 and reader.revision == second.catalog.revision
        assert second.by_words("الدوحة", ["ar"], words=reader) == []
    assert len(second.by_meaning("الدوحة")) == 3
    second = second_machine(shared, tmp_path, [])
    assert len(second.by_words("الدوحة", ["ar"])) == 1 and len(second.by_meaning("الدوحة")) == 4


def test_what_was_deleted_is_gone_from_the_second_machine_until_it_has_the_new_catalog(shared, tmp_path):
    second = second_machine(shared, tmp_path, [])
    words = second.words()
    (shared.folder / "en.txt").unlink()
    shared.index()
    with pytest.raises(KhabarError, match="restore the newest backup"):
        second.by_words("Budapest", words=words)
    second = second_machine(shared, tmp_path, [])
    assert second.by_words("Budapest", ["en"]) == [] and len(second.by_words("بودابست", ["ar", "fa"])) == 2


def test_a_backup_of_another_state_is_put_beside_its_catalog_and_leaves_the_store_alone(shared, tmp_path):
    told: list[str] = []
    back_up(shared.data, tmp_path / "old.khabar")
    write_articles(shared.folder, {"more.txt": "خبر\nوصل الوفد إلى الدوحة."})
    shared.index()
    restore(tmp_path / "second", tmp_path / "old.khabar", Quiet(), told.append)
    second = Opened(tmp_path / "second", LOCAL, shared.folder)
    assert "holds another state" in told[0] and store_of(second.catalog) == LOCAL
    assert len(second.by_words("بودابست Budapest")) == 3 and len(shared.by_words("الدوحة", ["ar"])) == 1


def test_an_archive_does_not_take_the_place_of_another_unless_it_is_told_to(shared, tmp_path):
    folder = write_articles(tmp_path / "more", {"x.txt": "خبر\nوصل الوفد إلى الدوحة."})
    other = Opened(tmp_path / "other", shared.address, folder)
    with pytest.raises(KhabarError, match="holds another archive") as error:
        other.index()
    assert "--store" in error.value.remedy and "--rebuild" in error.value.remedy
    assert len(shared.by_words("بودابست Budapest")) == 3 == len(shared.by_meaning("قمة"))
    other.index(rebuild=True)
    assert len(other.by_words("الدوحة", ["ar"])) == 1 == len(other.by_meaning("الدوحة", ["ar"]))
    with pytest.raises(KhabarError, match="holds another archive"):
        shared.words()


# What goes wrong


def test_a_store_that_goes_away_is_told_with_its_address_and_found_again(objects, tmp_path, monkeypatch):
    patience = {"timeout": "2s", "connect_timeout": "1s", "client_max_retries": "0", "client_retry_timeout": "1"}
    monkeypatch.setattr(lance, "_PATIENCE", patience)
    archive = Opened(tmp_path / "data", "s3://news/khabar", write_articles(tmp_path / "news"))
    archive.index()
    words, vector = archive.words(), TinyEmbedder().embed_query("قمة")
    assert archive.vectors().search(vector, "ar", 3) and words.search(grams_of("بودابست"), "ar", 5)
    objects.away = True
    # Who has read it goes on with what is in memory.
    assert words.sizes == {"ar": 1, "fa": 1, "en": 1} and len(words.search(grams_of("بودابست"), "ar", 5)) == 1
    lance.database_at.cache_clear()
    write_articles(archive.folder, {"more.txt": "خبر\nوصل الوفد إلى الدوحة."})
    for ask in (archive.words, lambda: archive.vectors().search(vector, "ar", 3), archive.index):
        with pytest.raises(KhabarError, match="the store 's3://news/khabar' cannot be (read|written)") as error:
            ask()
        assert "the articles are safe in the catalog" in error.value.remedy
    objects.away = False
    archive.index()
    assert len(archive.by_words("الدوحة", ["ar"], words=words)) == 1 and len(archive.by_meaning("الدوحة", ["ar"])) == 2


def test_a_run_that_ends_half_way_leaves_readers_what_they_had_and_the_next_goes_on(shared, monkeypatch):
    from index.lance.database import Database

    def ended(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    write_articles(shared.folder, {"more.txt": "خبر\nوصل الوفد إلى الدوحة.", "ar.txt": ARABIC.replace("بودابست", "الرياض")})
    with monkeypatch.context() as patch:
        patch.setattr(Database, "switch_to", ended)
        with pytest.raises(KeyboardInterrupt):
            shared.index()
    assert shared.words().sizes["ar"] == 1
    shared.index()
    assert shared.words().sizes["ar"] == 2 and len(shared.by_meaning("الرياض", ["ar"])) == 2
    assert "الرياض" in shared.by_words("الرياض", ["ar"])[0] and shared.told == []


def test_an_empty_store_a_folder_that_is_none_and_a_wrong_address_are_told(shared, tmp_path):
    with closing(Catalog(shared.data / FILE_NAME, writable=True)) as catalog:
        put_in(catalog, f"lance:{tmp_path}/elsewhere")
        with pytest.raises(KhabarError, match="there is no index"):
            shared.words()
        (tmp_path / "file").write_text("x")
        put_in(catalog, f"lance:{tmp_path}/file")
        with pytest.raises(KhabarError, match="cannot be read|there is no index"):
            shared.words()
        for wrong in ("postgres://news", "lance", "S3 bucket", "خبر"):
            with pytest.raises(KhabarError, match=f"'{wrong}' is no store") as error:
                put_in(catalog, wrong)
            assert "lance:/folder" in error.value.remedy
    with pytest.raises(KhabarError, match="is no store"):
        stores_at("ftp://news")


def test_without_lancedb_the_remedy_is_its_installation(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "lancedb", None)
    archive = Opened(tmp_path / "data", f"lance:{tmp_path}/lance", write_articles(tmp_path / "news"))
    with pytest.raises(KhabarError, match="needs LanceDB") as error:
        archive.index()
    assert "pip install" in error.value.remedy


def test_files_of_a_store_that_are_missing_are_told_and_a_rebuild_mends_them(tmp_path):
    archive = Opened(tmp_path / "data", f"lance:{tmp_path}/lance", write_articles(tmp_path / "news"))
    archive.index()
    shutil.rmtree(tmp_path / "lance" / "words-ar.lance")
    with pytest.raises(KhabarError, match="cannot be read") as error:
        archive.by_words("بودابست")
    assert "--rebuild" in error.value.remedy
    archive.index(rebuild=True)
    assert len(archive.by_words("بودابست Budapest")) == 3


def test_frequencies_are_counted_and_taken_back():
    first = {"grams": "قمة بودا قمة", "stems": "قمه", "opening": "", "skeletons": "bdpst"}
    second = {"grams": "بودا", "stems": "", "opening": "", "skeletons": ""}
    both = Frequencies.counted([first, second])
    assert (both.of("grams", "قمة"), both.of("grams", "بودا"), both.of("stems", "بودا")) == (1, 2, 0)
    assert both.of("skeletons", "bdpst") == 1
    one = both.with_more(Frequencies.counted([second]), -1)
    assert one.of("grams", "بودا") == 1 and np.array_equal(one.hashes, Frequencies.counted([first]).hashes)
    assert one.with_more(Frequencies.counted([first]), -1).hashes.size == 0 == Frequencies.none().of("grams", "قمة")
