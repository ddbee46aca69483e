"""The watchlist: what is new on a name or a question, told once."""

from __future__ import annotations

import json
from datetime import date

import pytest

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.lexical import LexicalIndex
from index.progress import Silent
from index.types import KhabarError
from rag.entities.extraction import GlossaryNames
from rag.text.glossary import load_glossary
from rag.watchlist import Watchlist

OLD = {
    "a": ("en", "Vladimir Putin spoke in Moscow."), "b": ("ar", "ارتفع سعر الخبز في القاهرة بعد قرار الحكومة."),
    "c": ("fa", "کتابخانه شهر تا پایان هفته باز است."),
}  # fmt: skip
NEW = {
    "d": ("fa", "پوتین به مینسک رفت و فردا بازمی‌گردد."), "e": ("en", "The price of bread rose again in Cairo, bakers say."),
    "f": ("ar", "أغلقت المكتبة أبوابها حتى نهاية الأسبوع."), "g": ("en", "Eric Trump opened a hotel."),
}  # fmt: skip


class Watched:
    """An archive that grows, and its watchlist."""

    def __init__(self, folder):
        self.news, self.data = folder / "news", folder / "data"
        self.news.mkdir()
        self.names = GlossaryNames(load_glossary())

    def index(self, texts):
        for name, (language, text) in texts.items():
            row = {"id": name, "language": language, "title": f"report {name}", "text": text, "date": "2025-03-01"}
            (self.news / f"{name}.jsonl").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
        build_index(self.data, [self.news], NoEmbedder(), BuildOptions(), Silent(), embed=False, names=self.names)

    def list(self):
        return Watchlist(Catalog(self.data / FILE_NAME, writable=True), load_glossary(), lambda: date(2025, 3, 2))

    def add(self, text):
        return self.list().add(text, LexicalIndex(self.data))

    def told(self):
        watchlist = self.list()
        news = watchlist.news()
        watchlist.tell(news, Catalog(self.data / FILE_NAME).revision)
        return {each.watched.text: {article.path.partition("#")[2] for article in each.articles} for each in news}


@pytest.fixture
def watched(tmp_path):
    made = Watched(tmp_path)
    made.index(OLD)
    return made


def test_a_name_is_watched_in_all_its_spellings_and_told_once(watched):
    names = ["Putin", "بوتين", "ولادیمیر پوتین"]
    assert [watched.add(name)[1] for name in names] == [1, 1, 1]
    assert watched.told() == {}
    watched.index(NEW)
    assert [each.articles[0].language for each in watched.list().news()] == ["fa"] * 3  # not told yet, so still new
    assert watched.told() == {name: {"d"} for name in names}
    assert watched.told() == {}


def test_a_question_is_watched_by_its_names_and_words(watched):
    question = "ما سعر الخبز في القاهرة؟"
    saved, known = watched.add(question)
    assert (saved.watch_id, saved.added, known) == (1, date(2025, 3, 2), 1)
    watched.add("Donald Trump")
    watched.index(NEW)
    assert watched.told() == {question: {"e"}}


def test_an_article_that_changes_is_not_new_again(watched):
    watched.add("Putin")
    watched.index({"a": ("en", "Vladimir Putin spoke in Moscow on Monday.")})
    assert watched.told() == {}


def test_searches_are_kept_once_and_removed_by_number_or_words(watched):
    watched.add("پوتین")
    with pytest.raises(KhabarError, match="already"):
        watched.add(" پوتين ")
    with pytest.raises(KhabarError, match="nothing to watch"):
        watched.add("؟!")
    watched.add("نان قاهره")
    store = watched.list().store
    assert store.remove("2").text == "نان قاهره" and store.remove("بوتين").text == "پوتین" and store.all() == []
    with pytest.raises(KhabarError, match="'3'"):
        store.remove("3")
