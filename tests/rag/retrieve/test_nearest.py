"""The chunks nearest by meaning under a filter: the same, whichever way they are found."""

import sqlite3
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.text import squash
from index.types import LANGUAGES, Filter
from rag.retrieve import tuning
from rag.retrieve.nearest import NearestChunks
from tests.rag.scripted import LetterEmbedder, stores_of

pytestmark = pytest.mark.slow

WORDS = {
    "ar": ["القمة", "بودابست", "الجسر", "قَمْح", "مدرسة", "كلفته", "٣٠", "الثلج"],
    "fa": ["نشست", "بوداپست", "می‌شود", "گندم", "دانش‌آموز", "پل", "۳۰", "برف"],
    "en": ["summit", "Budapest", "bridge", "wheat", "school", "cost", "30", "snow"],
}
OUTLETS = ["وكالة النورس", "خبرگزاری کبوتر", "Northgate Wire", None]
FIRST = date(2025, 10, 1)
QUESTIONS = ["كم كلفة الجسر؟", "نشست بوداپست کی برگزار می‌شود؟", "Did it snow on the bridge?"]


def text_of(language, number):
    """Return a text of its own for every number: its words by the number's digits to the base of eight."""
    return " ".join(WORDS[language][number // 8**place % 8] for place in range(4))


ROWS = [
    {
        "id": f"{language}-{number}",
        "language": language,
        "text": text_of(language, 37 * number + 5),
        **({"outlet": OUTLETS[number % 4]} if OUTLETS[number % 4] else {}),
        **({"published": FIRST + timedelta(days=number % 7)} if number % 7 else {}),
    }
    for language in LANGUAGES
    for number in range(40)
]


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    opened = stores_of(tmp_path_factory.mktemp("nearest"), ROWS, LetterEmbedder())
    opened.vectors.search(opened.embedder.embed_query(QUESTIONS[0]), "ar", 1)  # so that Chroma is open
    yield opened
    opened.catalog.close()


class Watched(NearestChunks):
    """Keeps which way each question went."""

    def __init__(self, stores):
        super().__init__(stores.catalog, stores.vectors, stores.embedder.name)
        self.ways = []

    def compared(self, *asked):
        self.ways.append("compared")
        return super().compared(*asked)

    def sifted(self, *asked):
        self.ways.append("sifted")
        return super().sifted(*asked)


def passes(article, within):
    outlets = {squash(outlet) for outlet in within.outlets}
    return (
        article.language in within.languages
        and (not outlets or squash(article.outlet or "") in outlets)
        and (not within.since or (article.published is not None and article.published >= within.since))
        and (not within.until or (article.published is not None and article.published <= within.until))
    )


def brute_force(stores, vector, within, count):
    """Return the cosines of the nearest passing chunks, each embedded again and compared, with every chunk's cosine."""
    chunks = [chunk for chunk in stores.catalog.chunks_since(0) if passes(stores.catalog.article(chunk.article_id), within)]
    cosines = {chunk.chunk_id: float(vector @ stores.embedder.embed_query(f"{chunk.title}\n{chunk.text}")) for chunk in chunks}
    return sorted(cosines.values(), reverse=True)[:count], cosines


def assert_nearest(found, stores, vector, within, count):
    nearest_cosines, cosines = brute_force(stores, vector, within, count)
    assert [cosine for _, cosine in found] == pytest.approx(nearest_cosines, abs=1e-5)
    assert {chunk_id: cosine for chunk_id, cosine in found} == pytest.approx(
        {chunk_id: cosines[chunk_id] for chunk_id, _ in found}, abs=1e-5
    )
    assert len({chunk_id for chunk_id, _ in found}) == len(found)


@st.composite
def filters(draw):
    """Return a filter of one language and something more, as the question of a language's nearest is asked."""
    language = draw(st.sampled_from(LANGUAGES))
    days = st.sampled_from([None, *(FIRST + timedelta(days=number) for number in range(8))])
    since, until = draw(days), draw(days)
    if since and until and since > until:
        since, until = until, since
    outlets = draw(st.frozensets(st.sampled_from(["وکاله النُّورس", "NORTHGATE WIRE", "خبرگزاري كبوتر", "nobody"]), max_size=3))
    return language, Filter(outlets, frozenset({language}), since, until)


WITHIN_TEXTS = st.text(st.sampled_from("قمةجسرکفتنشست ‌می٣۳3 bridge"), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters(), WITHIN_TEXTS, st.integers(1, 60), st.sampled_from([0, 5, 20, 20_000]))
def test_whichever_way_is_taken_the_nearest_that_pass_are_found(stores, monkeypatch, asked, text, count, threshold):
    language, within = asked
    vector = stores.embedder.embed_query(text)
    with monkeypatch.context() as patch:
        patch.setattr(tuning, "COMPARED_UP_TO", threshold)
        watched = Watched(stores)
        assert_nearest(watched.find(vector, language, within, count), stores, vector, within, count)
    assert_nearest(watched.compared(vector, within, count), stores, vector, within, count)
    passing = stores.catalog.count_within(within)
    assert_nearest(watched.sifted(vector, language, within, count, passing), stores, vector, within, count)


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_alone_are_no_filter_and_others_in_it_are_left_out(stores, text, language):
    vector = stores.embedder.embed_query(text)
    for languages in (frozenset({language}), frozenset(LANGUAGES)):
        watched = Watched(stores)
        found = watched.find(vector, language, Filter(languages=languages), 10)
        assert watched.ways == [], "Chroma's own neighbours"
        assert_nearest(found, stores, vector, Filter(languages=frozenset({language})), 10)


@pytest.mark.parametrize(("threshold", "ways"), [(20_000, ["compared"]), (39, [])])
def test_chroma_is_not_opened_for_a_language_of_few_chunks(stores, tmp_path, monkeypatch, threshold, ways):
    monkeypatch.setattr(tuning, "COMPARED_UP_TO", threshold)
    closed = stores_of(tmp_path, ROWS, stores.embedder)
    vector = stores.embedder.embed_query(QUESTIONS[1])
    watched = Watched(closed)
    assert_nearest(watched.find(vector, "fa", Filter(), 10), closed, vector, Filter(languages=frozenset({"fa"})), 10)
    assert watched.ways == ways and closed.vectors.is_open == (not ways)


def test_where_chroma_cannot_write_every_vector_is_compared(stores, tmp_path, monkeypatch):
    monkeypatch.setattr(tuning, "COMPARED_UP_TO", 0)
    closed = stores_of(tmp_path, ROWS, stores.embedder)
    vector, within = stores.embedder.embed_query(QUESTIONS[0]), Filter(languages=frozenset({"ar"}))
    monkeypatch.setattr("index.vectors.os.access", lambda *_: False)
    watched = Watched(closed)
    assert_nearest(watched.find(vector, "ar", Filter(), 10), closed, vector, within, 10)
    assert watched.ways == ["compared"] and not closed.vectors.is_open


@pytest.mark.parametrize("text", QUESTIONS)
def test_few_that_pass_are_all_compared_and_many_are_sifted(stores, monkeypatch, text):
    monkeypatch.setattr(tuning, "COMPARED_UP_TO", 12)
    vector = stores.embedder.embed_query(text)
    few = Filter(outlets=frozenset({"Northgate Wire"}), languages=frozenset({"fa"}))
    many = Filter(since=FIRST, languages=frozenset({"fa"}))
    assert stores.catalog.count_within(few) == 10 and stores.catalog.count_within(many) == 34
    for within, ways in ((few, ["compared"]), (many, ["sifted"])):
        watched = Watched(stores)
        assert_nearest(watched.find(vector, "fa", within, 5), stores, vector, within, 5)
        assert watched.ways == ways
    monkeypatch.undo()
    watched = Watched(stores)
    watched.find(vector, "fa", many, 5)
    assert watched.ways == ["compared"], "an archive of this size is compared whole"


def test_where_the_neighbours_do_not_suffice_all_are_compared(tmp_path, monkeypatch):
    """All that is near has an outlet that the filter leaves out; of what passes, half the archive, nothing is near."""
    monkeypatch.setattr(tuning, "COMPARED_UP_TO", 12)
    rows = [{"id": f"near-{n}", "language": "ar", "outlet": "القريب", "text": f"كلفة الجسر {'ا' * n}"} for n in range(30)]
    rows += [{"id": f"far-{n}", "language": "ar", "outlet": "البعيد", "text": f"ظظظ ضضض {'ط' * n}"} for n in range(30)]
    stores = stores_of(tmp_path, rows, LetterEmbedder())
    vector = stores.embedder.embed_query("كلفة الجسر")
    for outlet, ways in (("البعيد", ["sifted", "compared"]), ("القريب", ["sifted"])):
        within = Filter(frozenset({outlet}), frozenset({"ar"}))
        watched = Watched(stores)
        assert_nearest(watched.find(vector, "ar", within, 5), stores, vector, within, 5)
        assert watched.ways == ways


def test_where_so_many_neighbours_would_be_wanted_that_comparing_is_cheaper_none_is_asked_for(stores, monkeypatch):
    monkeypatch.setattr(tuning, "COMPARED_UP_TO", 0)
    monkeypatch.setattr(tuning, "MOST_NEIGHBOURS", 20)
    vector = stores.embedder.embed_query(QUESTIONS[0])
    asked = []
    search = stores.vectors.search
    monkeypatch.setattr(stores.vectors, "search", lambda *query: asked.append(query[2]) or search(*query))
    half = Filter(outlets=frozenset({"وكالة النورس", "خبرگزاری کبوتر"}), languages=frozenset({"ar"}))
    for count, neighbours in ((5, [20]), (6, [])):  # twice as many as should do, of which half pass
        asked.clear()
        assert_nearest(Watched(stores).find(vector, "ar", half, count), stores, vector, half, count)
        assert asked == neighbours


def test_nothing_passes_and_nothing_is_embedded(stores, tmp_path, monkeypatch):
    vector = stores.embedder.embed_query(QUESTIONS[1])
    nobody = Filter(outlets=frozenset({"nobody"}), languages=frozenset({"fa"}))
    bare = stores_of(tmp_path, ROWS[:50])
    for threshold in (0, 20_000):
        monkeypatch.setattr(tuning, "COMPARED_UP_TO", threshold)
        assert Watched(stores).find(vector, "fa", nobody, 5) == []
        unembedded = NearestChunks(bare.catalog, bare.vectors, stores.embedder.name)
        assert unembedded.find(vector, "ar", Filter(since=FIRST), 5) == []


def test_more_chunks_can_be_looked_up_than_an_older_sqlite_takes_values(stores):
    known = [chunk.chunk_id for chunk in stores.catalog.chunks_since(0)]
    asked = [*known, *range(10_000, 12_000)]
    stores.catalog.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    within = Filter(since=FIRST, languages=frozenset(LANGUAGES))
    assert stores.catalog.passing(within, asked) == {
        chunk.chunk_id for chunk in stores.catalog.chunks_since(0) if chunk.published and chunk.published >= FIRST
    }
    assert sorted(stores.catalog.embeddings.vectors(stores.embedder.name, asked)[0]) == known
    assert sorted(stores.catalog.chunks(asked)) == known
