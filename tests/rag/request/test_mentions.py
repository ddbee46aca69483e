"""Which articles mention somebody, how many, since when: from the names that were read in them, in three languages."""

from __future__ import annotations

import pytest

from index.types import Filter
from rag.entities.extraction import GlossaryNames
from rag.entities.lookup import Entities
from rag.text.glossary import load_glossary
from tests.rag.scripted import archive_of

ROWS = [
    ("ar", "2025-01-05", "قمة في موسكو", "وصل بوتين إلى القاعة وقال لوزرائه إن القرار نهائي. وحضر لطفي عاشور اللقاء."),
    ("fa", "2025-02-06", "سخنرانی در مسکو", "پوتین روز گذشته در مسکو سخنرانی کرد و به پرسش‌ها پاسخ نداد."),
    ("en", "2025-03-07", "A speech", "Vladimir Putin spoke for an hour. Lotfi Achour filmed it."),
    ("en", "2025-04-08", "A hotel", "Eric Trump opened a hotel in Dubai on Tuesday."),
    ("ar", "2025-05-09", "مطعم", "افتتح الطاهي مطعما صغيرا في وسط المدينة."),
    ("en", "2025-06-10", "Tariffs", "President Trump said that the tariffs would stay."),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    rows = [
        {"id": str(n), "language": language, "date": day, "title": title, "text": text, "outlet": f"outlet {n}"}
        for n, (language, day, title, text) in enumerate(ROWS)
    ]
    opened = archive_of(tmp_path_factory.mktemp("mentions"), rows, GlossaryNames(load_glossary()))
    yield opened
    opened.catalog.close()


def asked(archive, text, within=None):
    answer = archive.answerer.answer(text, (), within or Filter())
    assert answer.request == "articles", answer
    return answer, {item.path.partition("#")[2] for item in answer.listing.articles} if answer.listing else set()


@pytest.mark.parametrize(
    "text",
    [
        "Which articles mention Putin?", "How many articles mention Putin?", "كم مقالا يذكر بوتين؟",
        "کدام مقاله‌ها از پوتین نام می‌برند؟",
    ],  # fmt: skip
)
def test_one_person_is_counted_over_all_spellings(archive, text):
    answer, found = asked(archive, text)
    assert found == {"0", "1", "2"} and answer.listing.count == 3
    assert (str(answer.listing.first), str(answer.listing.last)) == ("2025-01-05", "2025-03-07")


def test_a_relative_is_not_counted_and_filters_hold(archive):
    assert asked(archive, "Which articles mention Trump?")[1] == {"5"}
    assert asked(archive, "Which articles mention Putin?", Filter(languages=frozenset({"fa"})))[1] == {"1"}
    assert asked(archive, "Which articles mention both Putin and Moscow?")[1] <= {"0", "1"}


@pytest.mark.parametrize(
    ("text", "article"), [("Which articles mention Lotfi Achour?", "2"), ("كم مقالا يذكر لطفي عاشور؟", "0")]
)
def test_a_name_of_no_glossary_is_counted_as_it_is_written(archive, text, article):
    answer, found = asked(archive, text)
    assert found == {article} and not answer.abstained


def test_what_is_no_name_is_found_by_words(archive):
    assert asked(archive, "Which articles mention a hotel?")[1] == {"3"}
    answer, found = asked(archive, "Which articles mention Zorvanistan?")
    assert found == set() and answer.listing.count == 0


def test_where_names_were_not_read_words_answer(tmp_path):
    rows = [{"id": "0", "language": "en", "title": "A hotel", "text": "Eric Trump opened a hotel in Dubai on Tuesday."}]
    opened = archive_of(tmp_path, rows)
    assert asked(opened, "Which articles mention Trump?")[1] == {"0"}
    assert not Entities(opened.catalog, load_glossary()).are_read
    opened.catalog.close()


def test_an_entity_is_found_by_any_of_its_names(archive):
    entities = Entities(archive.catalog, load_glossary())
    assert entities.are_read
    for name in ("Putin", "بوتين", "پوتین", "ولادیمیر پوتین", "vladimir putin"):
        (entity,) = entities.named(name)
        assert entity.keys == ("=vladimir putin",) and entity.articles == 3
    assert entities.named("زورفان") == [] and entities.named("Putin", "place") == []
    moscow = next(entity for entity in entities.all("place") if "=moscow" in entity.keys)
    assert moscow.name in {"موسكو", "مسکو"}
