from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import QuietProgress, ScriptedEmbedder

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.lexical import LexicalIndex
from index.text import grams, skeletons
from index.types import LANGUAGES
from index.vectors import VectorIndex
from rag.glossary import Glossary, parse_glossary
from rag.open import Archive
from rag.question import read_question
from rag.retrieve import Retriever, fuse, inverse_frequency, query_weights

rankings = st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=4)


@given(rankings)
def test_fusion_holds_each_chunk_once(lists):
    fused = fuse(lists)
    assert sorted(fused) == sorted({chunk for ranking in lists for chunk in ranking})


@given(st.lists(st.integers(0, 50), unique=True, max_size=20), st.integers(1, 3))
def test_fusion_keeps_the_order_that_all_rankings_share(ranking, times):
    assert fuse([ranking] * times) == ranking


def test_fusion_prefers_what_both_rank_over_what_one_ranks_first():
    assert fuse([[1, 2], [3, 2]])[0] == 2


@given(st.lists(st.lists(st.integers(0, 20), unique=True, max_size=6), min_size=2, max_size=3))
def test_fusion_does_not_depend_on_which_ranking_comes_first(lists):
    assert {tuple(fuse(order)) for order in permutations(lists)} == {tuple(fuse(lists))}


def test_fusion_gives_ties_to_the_lower_id():
    assert fuse([[7, 3], [3, 7]]) == [3, 7]
    assert fuse([[9], [4]]) == [4, 9]


def test_a_rare_term_weighs_more_than_a_common_one_and_none_below_nothing():
    assert inverse_frequency(100, 1) > inverse_frequency(100, 50) > inverse_frequency(100, 100) > 0
    assert inverse_frequency(0, 0) > 0


TERMS = "person\tvladimir putin | putin\tفلاديمير بوتين | بوتين\tولادیمیر پوتین | پوتین\n"


def weights(text, language, *history, glossary=None):
    glossary = glossary or Glossary(parse_glossary(TERMS, "x"))
    return query_weights(read_question(text, history, glossary, 2000), language)


def body(found):
    return {term: weight for (field, term), weight in found.items() if field == "body"}


@pytest.mark.parametrize(
    ("text", "same", "word"),
    [("ماذا قال التمساح", "ar", "التمساح"), ("تمساح چه گفت", "fa", "تمساح"), ("what did the crocodile say", "en", "crocodile")],
)
def test_a_question_searches_its_own_script_by_its_words(text, same, word):
    assert set(grams(word)) <= set(body(weights(text, same)))


def test_arabic_and_persian_search_each_other_by_words_too():
    for language in ("ar", "fa"):
        assert set(grams("تمساح")) <= set(body(weights("تمساح چه گفت", language)))
    # The fold puts پ on ب and گ on ك: one gram set for both keyboards.
    assert body(weights("گفتگوی تمساح", "ar")) == body(weights("كفتكوي تمساح", "ar"))


@pytest.mark.parametrize(
    ("text", "other"), [("ماذا قال التمساح", "en"), ("what did the crocodile say", "ar"), ("crocodile", "fa")]
)
def test_a_question_does_not_search_the_other_script_by_its_letters(text, other):
    assert body(weights(text, other)) == {}


def test_the_glossary_translates_a_term_for_each_language():
    assert set(grams("putin")) <= set(body(weights("ماذا قال بوتين", "en")))
    assert set(grams("بوتين")) <= set(body(weights("what did Putin say", "ar")))
    assert set(grams("بوتين")) <= set(body(weights("what did Putin say", "fa")))  # پوتین, folded


def test_the_own_word_outweighs_its_synonyms():
    glossary = Glossary(parse_glossary("word\tceasefire | truce\tهدنة\tآتش‌بس\n", "x"))
    found = body(weights("ceasefire talks", "en", glossary=glossary))
    assert 0 < found[grams("truce")[0]] < found[grams("ceasefire")[0]]


def test_a_name_that_no_glossary_knows_is_sought_by_its_consonants():
    arabic, english = weights("Szijjarto and Lavrov", "ar"), weights("ماذا قال لافروف", "en")
    assert {("skeleton_arabic", skeleton) for skeleton in skeletons("lavrov")} <= set(arabic)
    assert {("skeleton_latin", skeleton) for skeleton in skeletons("لافروف")} <= set(english)
    assert {field for field, _ in weights("Lavrov", "en")} <= {"body", "title"}
    assert not {field for field, _ in weights("لافروف", "fa")} - {"body", "title"}


@pytest.mark.parametrize("text", ["في ٢٠٢٥", "در سال ۲۰۲۵", "in 2025"])
def test_a_number_is_sought_in_every_language(text):
    assert all("_2025_" in body(weights(text, language)) for language in LANGUAGES)


def test_what_a_follow_up_takes_over_is_sought_at_less_weight():
    found = body(weights("ولماذا التمساح؟", "ar", "هل جاء الكركدن أمس؟"))
    assert 0 < found[grams("الكركدن")[2]] < found[grams("التمساح")[2]]


@pytest.mark.parametrize("text", ["هل هو؟", "او کیست؟", "who is it?"])
def test_weights_are_never_negative_or_endless(text, glossary):
    for language in LANGUAGES:
        found = weights(text, language, glossary=glossary)
        assert all(0 < weight < 10 for weight in found.values())


# Real retrieval over seeds/: facts that stand in one article of each language.
ASKED = [
    ("ماذا قالت آنا كيلي نائبة المتحدثة باسم البيت الأبيض؟", "seeds/ar/2025-10-21-budapest-shelved.txt"),
    ("کدام کشور آسمان خود را به روی هواپیمای پوتین باز می‌کند؟", "seeds/fa/2025-10-21-poland-airspace.txt"),
    ("Who wrote on Facebook that leaks should be expected?", "seeds/en/2025-10-21-no-plans.txt"),
]
ACROSS = [
    ("آنا کلی درباره دیپلماسی چه گفت؟", "seeds/ar/2025-10-21-budapest-shelved.txt"),
    ("ماذا قال وزير خارجية بولندا سيكورسكي؟", "seeds/fa/2025-10-21-poland-airspace.txt"),
    ("ماذا كتب سيارتو على فيسبوك؟", "seeds/en/2025-10-21-no-plans.txt"),
    ("What did Sikorski of Poland warn about Putin's plane?", "seeds/fa/2025-10-21-poland-airspace.txt"),
]


def retrieved(archive: Archive, text, glossary, top_k=8, history=()):
    return archive.answerer._retriever.retrieve(read_question(text, history, glossary, 2000), top_k)


@pytest.mark.parametrize(("text", "path"), ASKED)
def test_the_article_that_knows_comes_first(archive, glossary, text, path):
    assert retrieved(archive, text, glossary)[0].article.path == path


@pytest.mark.parametrize(("text", "path"), ACROSS)
def test_an_article_in_another_language_is_found(archive, glossary, text, path):
    assert path in [passage.article.path for passage in retrieved(archive, text, glossary)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("آسمان هواپیمای پوتین", "آسمان هواپيماي پوتين"),
        ("رئیس‌جمهور روسیه", "رئيس‌جمهور روسيه"),
        ("قمة ألاسكا", "قِمّة ألاســكا"),
        ("مكالمة 12 فبراير", "مكالمة ١٢ فبراير"),
        ("تماس ۱۲ فوریه", "تماس 12 فوریه"),
    ],
)
def test_spelling_leaves_the_order_alone(archive, glossary, one, other):
    first, second = retrieved(archive, one, glossary), retrieved(archive, other, glossary)
    assert [passage.chunk.chunk_id for passage in first] == [passage.chunk.chunk_id for passage in second]


@pytest.mark.parametrize(("one", "other"), [("رئیس‌جمهور روسیه", "رئیس جمهور روسیه"), ("رئیس‌جمهور روسیه", "رئیسجمهور روسیه")])
def test_a_zwnj_finds_what_a_space_and_a_joined_word_find(archive, glossary, one, other):
    first, second = retrieved(archive, one, glossary), retrieved(archive, other, glossary)
    assert first[0].chunk.chunk_id == second[0].chunk.chunk_id


@pytest.mark.parametrize("text", [text for text, _ in ASKED + ACROSS])
def test_passages_are_ranked_scored_and_verbatim(archive, glossary, text):
    passages = retrieved(archive, text, glossary)
    assert [passage.rank for passage in passages] == list(range(1, len(passages) + 1))
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    assert len({passage.chunk.chunk_id for passage in passages}) == len(passages)
    for passage in passages:
        chunk = passage.chunk
        assert passage.article.text[chunk.start : chunk.end] == chunk.text
        assert chunk.article_id == passage.article.article_id


@pytest.mark.parametrize("text", [text for text, _ in ASKED])
def test_the_order_is_the_same_every_time(archive, glossary, text):
    orders = {tuple(passage.chunk.chunk_id for passage in retrieved(archive, text, glossary)) for _ in range(3)}
    assert len(orders) == 1


@pytest.mark.parametrize("top_k", [1, 2, 5, 100])
@pytest.mark.parametrize(("text", "own"), [("قمة بودابست", "ar"), ("نشست بوداپست", "fa"), ("the Budapest summit", "en")])
def test_top_k_bounds_the_own_language_and_half_of_it_the_others(archive, glossary, top_k, text, own):
    passages = retrieved(archive, text, glossary, top_k)
    for language in LANGUAGES:
        most = top_k if language == own else max(1, top_k // 2)
        found = sum(passage.chunk.language == language for passage in passages)
        assert found <= most
        assert found or top_k == 1


@pytest.mark.parametrize("text", ["هل هو؟", "او کیست؟", "who is it?", "xqzwv", "١", "人民"])
def test_a_question_that_nothing_matches_is_no_error(archive, glossary, text):
    assert isinstance(retrieved(archive, text, glossary), list)


# A scripted embedder over a small archive: two English and two Arabic articles, none of which shares a word with the questions.
ARTICLES = {
    "harbour.txt": "title: Harbour\nlanguage: en\n---\nThe boats stay ashore while the gale lasts over the bay.",
    "market.txt": "title: Market\nlanguage: en\n---\nTraders closed their stalls early on Monday afternoon here.",
    "mina.txt": "title: الميناء\nlanguage: ar\n---\nبقيت القوارب على الشاطئ ما دامت العاصفة فوق الخليج.",
    "suq.txt": "title: السوق\nlanguage: ar\n---\nأغلق التجار دكاكينهم باكرا بعد ظهر الاثنين هنا.",
}


def scripted_retriever(folder, embedder):
    articles = folder / "articles"
    articles.mkdir()
    for name, text in ARTICLES.items():
        (articles / name).write_text(f"---\n{text}\n", encoding="utf-8")
    report = build_index(folder / "data", [articles], embedder, BuildOptions(), QuietProgress())
    assert report.articles == 4, report
    catalog = Catalog(folder / "data" / FILE_NAME)
    return Retriever(catalog, LexicalIndex(folder / "data"), VectorIndex(folder / "data", embedder), embedder)


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    """An embedder of English that knows xqzwv for a gale, and would put the wrong Arabic article first, were it asked."""
    embedder = ScriptedEmbedder({"gale": 0, "xqzwv": 0, "التجار": 1, "عاصفة": 1}, ["en"])
    return scripted_retriever(tmp_path_factory.mktemp("english"), embedder), embedder


def retrieved_by(retriever, text, glossary, *history):
    return retriever.retrieve(read_question(text, history, glossary, 2000), 8)


def test_dense_finds_what_shares_no_word(english, glossary):
    retriever, embedder = english
    found = retrieved_by(retriever, "xqzwv?", glossary)
    assert [passage.article.path for passage in found] == ["articles/harbour.txt", "articles/market.txt"]
    assert embedder.queries[-1] == "xqzwv?"


def test_fusion_counts_both_words_and_meaning(english, glossary):
    retriever, _ = english
    # By words alone the market comes first, and the harbour is not found at all; meaning brings it in.
    found = retrieved_by(retriever, "Traders xqzwv?", glossary)
    assert [passage.article.path for passage in found if passage.chunk.language == "en"] == [
        "articles/market.txt",
        "articles/harbour.txt",
    ]


def test_dense_never_ranks_a_language_that_the_embedder_does_not_serve(english, glossary):
    retriever, embedder = english
    assert embedder.passages and all(text.isascii() for text in embedder.passages)
    asked = len(embedder.queries)
    for text in ("هل من عاصفة فوق الخليج؟", "قوارب بر ساحل خلیج ماندند؟"):
        found = retrieved_by(retriever, text, glossary)
        assert next(passage for passage in found if passage.chunk.language == "ar").article.path == "articles/mina.txt"
    assert len(embedder.queries) == asked


def test_a_follow_up_is_embedded_with_what_it_takes_over(english, glossary):
    retriever, embedder = english
    retrieved_by(retriever, "Why?", glossary, "Did the crocodile swim to Riyadh?")
    assert embedder.queries[-1].startswith("Why?") and "crocodile" in embedder.queries[-1]


def test_an_embedder_of_three_languages_ranks_across_them(tmp_path, glossary):
    embedder = ScriptedEmbedder({"gale": 0, "العاصفة": 0, "ظظظظ": 0}, LANGUAGES)
    found = retrieved_by(scripted_retriever(tmp_path, embedder), "ظظظظ چه شد؟", glossary)
    assert len(embedder.passages) == 4
    for language, path in (("en", "articles/harbour.txt"), ("ar", "articles/mina.txt")):
        assert next(passage for passage in found if passage.chunk.language == language).article.path == path


def test_warming_up_loads_the_embedder_where_there_is_one(archive, english):
    archive.answerer._retriever.warm_up()
    retriever, embedder = english
    asked = len(embedder.queries)
    retriever.warm_up()
    assert len(embedder.queries) == asked + 1


def test_the_real_embedder_helps_english_and_leaves_the_others_alone(archive, dense_archive, glossary):
    for text, path in ASKED:
        dense = retrieved(dense_archive, text, glossary)
        assert dense[0].article.path == path
        if not text.isascii():
            plain = retrieved(archive, text, glossary)
            assert [passage.chunk.text for passage in dense] == [passage.chunk.text for passage in plain]
    found = retrieved(dense_archive, "Did inmates go free in a swap of captives?", glossary, top_k=3)
    assert [passage.chunk.language for passage in found].count("en") == 3
