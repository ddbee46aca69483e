"""A store over a network that goes away in the middle of a question: meaning answers from the catalog, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.failures import StoreUnreachable
from rag.answer import Answerer, AnswerOptions
from rag.ask.question import read_question
from rag.generate.generator import NoGenerator
from rag.text.glossary import load_glossary
from tests.letters import LetterEmbedder
from tests.rag.scripted import Stores, stores_of

pytestmark = pytest.mark.slow

AWAY = StoreUnreachable("the store 's3://news/khabar' cannot be read (no route)", "check that it is reached from here")
ARTICLES = [
    {"id": "ar", "text": "افتتح الوزير مستشفى جديدا في مدينة قابس يوم الاثنين.", "language": "ar", "published": "2025-03-01"},
    {"id": "fa", "text": "وزیر بهداشت بیمارستان تازه‌ای در شهر گنبد گشود.", "language": "fa", "published": "2025-03-02"},
    {"id": "en", "text": "The minister opened a new hospital in Gabes.", "language": "en", "published": "2025-03-03"},
]


class Away:
    """A store of words or vectors that does not answer any more; what is in memory does."""

    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        return getattr(self.store, name)

    def search(self, *_, **__):
        raise AWAY


@pytest.fixture
def stores(tmp_path) -> Stores:
    made = stores_of(tmp_path, ARTICLES, LetterEmbedder())
    return replace(made, lexical=Away(made.lexical), vectors=Away(made.vectors))


def asked(text):
    return read_question(text, (), load_glossary(), 500)


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("من افتتح مستشفى جديدا في قابس؟", "ar"),
        ("بیمارستان تازه شهر گنبد", "fa"),
        ("Who opened a new hospital in Gabes?", "en"),
    ],
)
def test_meaning_finds_in_the_catalog_what_the_store_would(stores, question, nearest):
    found = stores.retriever().find(asked(question), 5)
    assert found.away is AWAY and {passage.article.language for passage in found.passages} == {"ar", "fa", "en"}
    assert found.passages[0].article.path.endswith(f"#{nearest}")


def test_without_an_embedder_it_is_an_error(tmp_path):
    made = stores_of(tmp_path, ARTICLES)
    retriever = replace(made, lexical=Away(made.lexical)).retriever()
    with pytest.raises(StoreUnreachable, match="s3://news/khabar"):
        retriever.find(asked("Who opened a new hospital in Gabes?"), 5)


def test_a_store_that_is_there_is_not_told(tmp_path):
    found = stores_of(tmp_path, ARTICLES, LetterEmbedder()).retriever().find(asked("قابس"), 5)
    assert found.away is None and found.passages


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("من افتتح مستشفى جديدا في قابس؟", "فاقتصر البحث على المعنى"),
        ("چه کسی بیمارستان تازه‌ای در شهر گنبد گشود؟", "تنها بر پایهٔ معنا"),
        ("Who opened a new hospital in Gabes?", "by meaning alone"),
    ],
)
def test_the_answer_says_so_with_the_remedy_in_the_readers_language(stores, question, told):
    answerer = Answerer(stores.retriever(), NoGenerator(), load_glossary(), "letters", AnswerOptions(threshold=0.0))
    answer = answerer.answer(question)
    (notice,) = [notice for notice in answer.notices if told in notice]
    assert "s3://news/khabar" in notice and "check that it is reached" in notice
    assert answer.citations
