"""The tables of names: read once, gone with their article, one person over scripts."""

from __future__ import annotations

import pytest

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.entities.store import EntityStore, linked
from index.entities.types import Mention
from index.entities.update import update_entities
from index.text import words
from tests.index.made import Quiet, TinyEmbedder, write_articles

NAMES = {
    "putin": ("person", "=putin"), "بوتين": ("person", "=putin"), "پوتین": ("person", "=putin"), "minsk": ("place", "=minsk"),
    "مينسك": ("place", "=minsk"), "مینسک": ("place", "=minsk"),
}  # fmt: skip
FOLDED = {words(name)[0]: value for name, value in NAMES.items()}
TEXTS = {
    "ar.txt": "---\ntitle: زيارة\npublished: 2025-03-01\n---\nوصل بوتين إلى مينسك.\n",
    "fa.txt": "---\ntitle: سفر\npublished: 2025-03-02\n---\nپوتین به مینسک رسید و پوتین رفت.\n",
    "en.txt": "---\ntitle: A visit\npublished: 2025-03-04\n---\nPutin left.\n",
}


class WordNames:
    """Takes the words that it knows for names, and counts the articles that it was given."""

    def __init__(self, made_with: str = "1", fail_at: int | None = None) -> None:
        self.made_with = made_with
        self.read: list[str] = []
        self._fail_at = fail_at

    def mentions(self, article):
        self.read.append(article.path.rpartition("/")[2])
        if len(self.read) == self._fail_at:
            raise KeyboardInterrupt
        found = words(article.text)
        known = [word for word in dict.fromkeys(found) if word in FOLDED]
        return [Mention(*FOLDED[word], word, found.index(word), found.count(word)) for word in known]


def index(data, news, reader):
    return build_index(data, [news], TinyEmbedder(), BuildOptions(), Quiet(), embed=False, names=reader)


@pytest.fixture
def news(tmp_path):
    return write_articles(tmp_path / "news", TEXTS)


@pytest.fixture
def store(tmp_path, news):
    index(tmp_path / "data", news, WordNames())
    catalog = Catalog(tmp_path / "data" / FILE_NAME)
    yield EntityStore(catalog)
    catalog.close()


def test_one_entity_over_three_languages_with_its_days_and_company(store):
    putin, minsk = store.all()
    assert (putin.kind, putin.articles, str(putin.first), str(putin.last)) == ("person", 3, "2025-03-01", "2025-03-04")
    assert {(each.language, each.articles) for each in putin.spellings} == {("ar", 1), ("fa", 1), ("en", 1)}
    assert (minsk.kind, minsk.articles) == ("place", 2)
    assert [(other.keys, count) for other, count in store.together(putin, 5)] == [(("=minsk",), 2)]
    assert store.all("place") == [minsk] and store.of_letters("پوتین") == [putin] == store.of_letters("بُوتيـن")
    assert len(store.article_ids(minsk)) == 2


def test_the_names_of_an_article_are_told_by_how_often_it_has_them(store):
    persian = next(entry.article_id for entry in store._catalog.entries() if entry.language == "fa")
    assert [entity.keys for entity in store.of_article(persian, 5)] == [("=putin",), ("=minsk",)]
    assert [entity.articles for entity in store.of_article(persian, 5)] == [3, 2], "in all articles, not in this one"
    assert len(store.of_article(persian, 1)) == 1 and store.of_article("none", 5) == []


def test_only_new_articles_are_read_and_names_go_with_their_article(tmp_path, news, store):
    reader = WordNames()
    (news / "fa.txt").unlink()
    (news / "en.txt").write_text("---\ntitle: A visit\n---\nPutin was in Minsk.\n", "utf-8")
    index(tmp_path / "data", news, reader)
    assert reader.read == ["en.txt"]
    putin, minsk = store.all()
    assert {each.language for each in putin.spellings} == {"ar", "en"} and minsk.articles == 2
    rows = store._catalog.connection.execute("SELECT count(*) FROM entity_names WHERE language = 'fa'").fetchone()
    assert rows == (0,)


def test_another_reader_reads_all_again(tmp_path, news, store):
    assert store.is_complete("1") and not store.is_complete("2")
    again = WordNames("2")
    index(tmp_path / "data", news, again)
    assert sorted(again.read) == ["ar.txt", "en.txt", "fa.txt"] and store.is_complete("2")
    assert store.all()[0].articles == 3


def test_a_run_that_was_broken_off_is_taken_up_where_it_stopped(tmp_path, news):
    with pytest.raises(KeyboardInterrupt):
        index(tmp_path / "data", news, WordNames(fail_at=2))
    catalog = Catalog(tmp_path / "data" / FILE_NAME, writable=True)
    store, reader = EntityStore(catalog), WordNames()
    assert not store.is_complete("1")
    update_entities(catalog, reader, Quiet())
    assert store.is_complete("1") and [entity.articles for entity in store.all()] == [3, 2]
    assert update_entities(catalog, reader, Quiet()) == 0
    catalog.close()


def test_a_catalog_of_an_earlier_khabar_has_no_names_and_is_read_all_the_same(tmp_path, news):
    index(tmp_path / "data", news, None)
    writer = Catalog(tmp_path / "data" / FILE_NAME, writable=True)
    writer.connection.executescript("DROP TABLE entity_mentions; DROP TABLE entity_names; DROP TABLE entity_reads;")
    reader = Catalog(tmp_path / "data" / FILE_NAME)
    assert EntityStore(reader).all() == [] and not EntityStore(reader).is_complete("1")
    writer.close()
    index(tmp_path / "data", news, WordNames())
    assert len(EntityStore(reader).all()) == 2
    reader.close()


def test_names_that_sound_alike_are_one_where_nobody_else_does():
    one = ("person", "lotfi achour", "en", ["ltfsr"])
    other = ("person", "لطفي عاشور", "ar", ["ltfsr"])
    third = ("person", "لطفی اشور", "fa", ["ltfsr"])
    keys = tuple(sorted(name[1] for name in (one, other, third)))
    assert linked([one, other, third]) == {("person", key): keys for key in keys}
    brother = ("person", "لطفي اشعر", "ar", ["ltfsr"])
    assert linked([one, other, brother]) == {} and linked([one]) == {}


def test_near_names_are_offered(store):
    assert [entity.keys for entity in store.near_letters("putn")] == [("=putin",)]
    assert [entity.keys for entity in store.near_letters("بوت")] == [("=putin",)] and store.near_letters("زورفان") == []
