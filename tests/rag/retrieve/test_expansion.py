"""Question -> weighted index terms: which words a language is searched by, and never too many of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import FIELDS
from index.text import analyse, grams, skeletons, stem, words
from index.types import LANGUAGES
from rag.ask.question import QuestionError, read_question
from rag.retrieve import tuning
from rag.retrieve.expansion import LEXICAL_PARTS, expand, inverse_frequency
from rag.text.common_words import is_function_word
from rag.text.glossary import Glossary, parse_glossary
from tests.rag.scripted import stores_of

TERMS = (
    "person\tvladimir putin | putin\tفلاديمير بوتين | بوتين\tولادیمیر پوتین | پوتین\n"
    "word\tceasefire | truce\tهدنة | وقف إطلاق النار\tآتش‌بس\n"
    "organisation\tnato\tحلف شمال الأطلسي | الناتو\tناتو | پیمان آتلانتیک شمالی\n"
)
# A question's own words, the glossary's terms, and names that no glossary knows, each often enough to be no misspelling.
TEXTS = {
    "ar": "قال بوتين إن التمساح في ميناء الخروبة، وحلف شمال الأطلسي يريد هدنة في ٢٠٢٥، كما قال سيارتو. وافق لافروف.",
    "fa": "پوتین گفت تمساح در بندر خرنوب است و ناتو در ۲۰۲۵ آتش‌بس می‌خواهد؛ لاوروف نیز چنین گفت.",
    "en": "Putin said that the crocodile is in the harbour, and NATO wants a truce or ceasefire talks in 2025, Lavrov said.",
}


@pytest.fixture(scope="module")
def lexical(tmp_path_factory):
    articles = [{"language": language, "text": text} for language, text in TEXTS.items() for _ in range(4)]
    return stores_of(tmp_path_factory.mktemp("expand"), articles).lexical


@pytest.fixture(scope="module")
def terms() -> Glossary:
    return Glossary(parse_glossary(TERMS, "x"))


@pytest.fixture
def query(lexical, terms):
    def query(text, language, *history, glossary=None, parts=LEXICAL_PARTS):
        return expand(read_question(text, history, glossary or terms, 2000), language, lexical, parts)

    return query


@pytest.fixture
def weights(query):
    def weights(text, language, *history, **more):
        return query(text, language, *history, **more).weights

    return weights


def of(field, found):
    return {term: weight for (known, term), weight in found.items() if known == field}


def fields(found):
    return {field for field, _ in found}


def test_a_rare_term_weighs_more_than_a_common_one_and_none_below_nothing():
    assert inverse_frequency(100, 1) > inverse_frequency(100, 50) > inverse_frequency(100, 100) > 0
    assert inverse_frequency(0, 0) > 0


# Its own words


@pytest.mark.parametrize(
    ("text", "same", "word"),
    [("ماذا قال التمساح", "ar", "التمساح"), ("تمساح چه گفت", "fa", "تمساح"), ("what did the crocodile say", "en", "crocodile")],
)
def test_a_question_searches_its_own_language_by_grams_and_stem(weights, text, same, word):
    found = weights(text, same)
    assert set(grams(words(word)[0])) <= set(of("grams", found)) and stem(words(word)[0]) in of("stems", found)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("ماذا قال التمساح", "مـاذا قال التِّمسَاح", "ar"),
        ("گفتگوی تمساح", "كفتكوي تمساح", "ar"),
        ("گفتگوی تمساح", "گفتگوي تمساح", "fa"),
        ("بوتين في ٢٠٢٥", "بوتین فی ۲۰۲۵", "ar"),
        ("هدنة الأطلسي", "هدنه الاطلسى", "ar"),
        ("Putin's CROCODILE", "putin's crocodile", "en"),
    ],
)
def test_spelling_leaves_the_query_alone(weights, one, other, language):
    assert weights(one, language) == weights(other, language) != {}


def test_arabic_and_persian_search_each_other_by_words_too(weights):
    for language in ("ar", "fa"):
        assert set(grams("تمساح")) <= set(of("grams", weights("تمساح چه گفت", language)))


@pytest.mark.parametrize(
    ("text", "other"), [("ماذا قال التمساح", "en"), ("what did the crocodile say", "ar"), ("crocodile", "fa")]
)
def test_a_question_does_not_search_the_other_script_by_its_letters(weights, text, other):
    found = weights(text, other)
    assert of("grams", found) == {} == of("stems", found)


@pytest.mark.parametrize("text", ["ماذا قال التمساح", "تمساح چه گفت", "what did the crocodile say"])
def test_function_words_help_at_home_a_little_and_nowhere_else(weights, text):
    own = {"ماذا": "ar", "تمساح": "fa", "what": "en"}[text.split()[0]]
    asking = next(word for word in words(text) if is_function_word(word))
    topic = next(word for word in words(text) if word in ("التمساح", "تمساح", "crocodile"))
    for language in LANGUAGES:
        found = of("stems", weights(text, language))
        assert (stem(asking) in found) == (language == own)
    found = of("stems", weights(text, own))
    assert found[stem(asking)] < found[stem(topic)]


def test_a_long_word_weighs_more_than_a_short_one_but_not_by_its_length(weights):
    found = of("grams", weights("تمساح قسطنطينية", "ar", glossary=Glossary([])))
    short = sum(found[gram] for gram in grams("تمساح"))
    long = sum(found[gram] for gram in grams("قسطنطينيه"))
    assert short < long < short * len(grams("قسطنطينيه")) / len(grams("تمساح"))


@pytest.mark.parametrize("text", ["في ٢٠٢٥", "در سال ۲۰۲۵", "in 2025", "2025"])
def test_a_number_is_sought_in_every_language(weights, text):
    for language in LANGUAGES:
        assert "_2025_" in of("grams", weights(text, language)) and "2025" in of("stems", weights(text, language))


def test_what_a_follow_up_takes_over_is_sought_at_less_weight(weights):
    found = of("grams", weights("ولماذا التمساح؟", "ar", "هل جاء الكركدن أمس؟"))
    assert 0 < found[grams("الكركدن")[2]] < found[grams("التمساح")[1]]


# The glossary's words


def test_the_glossary_translates_a_term_for_each_language(weights):
    assert set(grams("putin")) <= set(of("grams", weights("ماذا قال بوتين", "en")))
    assert set(grams("بوتين")) <= set(of("grams", weights("what did Putin say", "ar")))
    assert set(grams("بوتين")) <= set(of("grams", weights("what did Putin say", "fa")))  # پوتین, folded
    assert stem("putin") in of("stems", weights("پوتین چه گفت", "en"))


@pytest.mark.parametrize(
    ("text", "language", "asked", "other"),
    [
        ("ماذا يريد حلف شمال الأطلسي", "ar", "الأطلسي", "الناتو"),
        ("ماذا قال بوتين", "ar", "بوتين", "فلاديمير"),
        ("ناتو چه می‌خواهد", "fa", "ناتو", "آتلانتیک"),
        ("what does Putin want", "en", "putin", "vladimir"),
    ],
)
def test_the_name_that_was_asked_with_outweighs_the_other_names_of_the_same(weights, text, language, asked, other):
    found = of("stems", weights(text, language))
    asked, other = (stem(words(word)[0]) for word in (asked, other))
    assert 0 < found[other] < found[asked] / 2


@pytest.mark.parametrize(
    ("kind", "used", "rare"),
    [
        ("organisation", "قال إن الناتو سيجتمع غدا.", "قال إن حلف شمال الأطلسي سيجتمع غدا."),
        ("word", "قال إن الناتو سيجتمع غدا.", "قال إن حلف شمال الأطلسي سيجتمع غدا."),
    ],
)
def test_a_word_that_the_archive_hardly_uses_leans_more_on_its_synonyms(tmp_path, kind, used, rare):
    question = read_question(
        "ماذا عن الناتو؟", [], Glossary(parse_glossary(f"{kind}\tnato\tحلف شمال الأطلسي | الناتو\tناتو\n", "x")), 2000
    )
    weight = {}
    for name, text in (("used", used), ("rare", rare)):
        stores = stores_of(tmp_path / name, [{"language": "ar", "text": text} for _ in range(5)])
        found = of("stems", expand(question, "ar", stores.lexical).weights)
        weight[name] = found.get(stem("الاطلسي"), 0.0)
        assert weight[name] < found[stem("الناتو")]
    assert weight["used"] < weight["rare"]
    assert (weight["used"] > 0) == (kind == "organisation"), "a synonym of a word is sought only where the word is hardly used"


def test_without_the_glossary_nothing_of_it_is_sought(weights):
    without = LEXICAL_PARTS - {"glossary"}
    assert stem("vladimir") in of("stems", weights("Putin spoke", "en"))
    assert stem("vladimir") not in of("stems", weights("Putin spoke", "en", parts=without))
    assert of("stems", weights("ماذا قال بوتين", "en", parts=without)) == {}
    assert set(weights("ماذا قال بوتين", "ar", parts=without)) < set(weights("ماذا قال بوتين", "ar"))


@pytest.mark.parametrize("part", FIELDS)
@pytest.mark.parametrize("text", ["من هو لافروف؟", "تارمب کیست؟", "Who is Szijjarto of NATO?"])
def test_a_part_that_is_left_out_is_left_out(weights, part, text):
    for language in LANGUAGES:
        everything = weights(text, language)
        left = weights(text, language, parts=LEXICAL_PARTS - {part})
        assert left == {key: weight for key, weight in everything.items() if key[0] != part}
        assert fields(weights(text, language, parts=frozenset({part}))) <= {part}


def test_no_part_is_no_query(query):
    assert query("ماذا قال التمساح", "ar", parts=frozenset()).weights == {}


# Consonants


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Szijjarto and Lavrov", "ar", "lavrov"),
        ("Szijjarto and Lavrov", "fa", "szijjarto"),
        ("ماذا قال لافروف", "en", "لافروف"),
        ("لاوروف چه گفت", "en", "لاوروف"),
    ],
)
def test_a_name_that_no_glossary_knows_is_sought_by_its_consonants_in_the_other_script(weights, text, language, name):
    assert skeletons(name) and set(skeletons(name)) <= set(of("skeletons", weights(text, language)))


@pytest.mark.parametrize(("text", "own"), [("ماذا قال لافروف", "ar"), ("لاوروف چه گفت", "fa"), ("Lavrov said", "en")])
def test_a_name_that_the_archive_writes_so_is_not_sought_by_its_consonants(weights, text, own):
    assert of("skeletons", weights(text, own)) == {}


@pytest.mark.parametrize(
    ("text", "own", "meant"),
    [
        ("ماذا قال بوتن", "ar", "بوتين"),
        ("ماذا قال لافورف", "ar", "لافروف"),
        ("لاورف چه گفت", "fa", "لاوروف"),
        ("what did Lavrow say", "en", "lavro"),
        ("did the crocodil swim", "en", "crocodile"),
    ],
)
def test_a_word_that_the_archive_never_uses_may_be_a_misspelt_one(weights, text, own, meant):
    assert set(skeletons(words(meant)[0])) & set(of("skeletons", weights(text, own, glossary=Glossary([]))))


@pytest.mark.parametrize("text", ["ماذا عن بتن", "ماذا عن 20255", "ماذا عن g20x", "چه شد در ۱۴۰۷"])
def test_neither_a_short_word_nor_one_with_digits_is_taken_for_misspelt(weights, text):
    for language in ("ar", "fa"):
        assert of("skeletons", weights(text, language)).keys() <= {*skeletons("g20x")}


# Definitions


@pytest.mark.parametrize(
    ("text", "own", "subject"),
    [
        ("من هو لافروف؟", "ar", "لافروف"),
        ("ما هو الناتو؟", "ar", "الناتو"),
        ("لاوروف کیست؟", "fa", "لاوروف"),
        ("ناتو چیست؟", "fa", "ناتو"),
        ("Who is Lavrov?", "en", "lavrov"),
        ("What is NATO?", "en", "nato"),
    ],
)
def test_a_definition_is_sought_where_its_subject_opens_the_passage(weights, text, own, subject):
    for language in LANGUAGES:
        found = of("opening", weights(text, language))
        assert set(found) == ({*grams(subject), stem(subject)} if language == own else set())


@pytest.mark.parametrize("text", ["ماذا قال لافروف؟", "لاوروف چه گفت؟", "When did Lavrov speak?", "متى عقدت قمة الناتو؟"])
def test_another_question_is_not_sought_in_openings(weights, text):
    assert all(of("opening", weights(text, language)) == {} for language in LANGUAGES)


# Bounds


@pytest.mark.parametrize("text", ["هل هو؟", "او کیست؟", "who is it?", "ماذا قال بوتين في ٢٠٢٥؟", "x", "٣"])
def test_weights_and_reach_are_positive_and_finite(query, glossary, text):
    for language in LANGUAGES:
        found = query(text, language, glossary=glossary)
        assert all(0 < weight < 10 for weight in found.weights.values())
        assert 0 < found.reach < math.inf


@given(
    st.text(st.sampled_from("ابتثيیکكلمنوهةأ\u200c\u064b ـ٣۳3 abcputin،؟") | st.characters(), min_size=1, max_size=60),
    st.sampled_from(LANGUAGES),
)
def test_any_question_is_a_bounded_query(lexical, glossary, text, language):
    try:
        question = read_question(text, [], glossary, 2000)
    except QuestionError:
        return
    found = expand(question, language, lexical)
    assert all(field in FIELDS and 0 < weight < 10 for (field, _), weight in found.weights.items())
    assert 0 < found.reach < math.inf
    assert len(found.weights) < 1_500 * len(question.terms) + 4 * len(analyse(text)) + 20


@pytest.mark.parametrize(
    ("text", "language"), [("ماذا قال بوتين عن التمساح؟", "ar"), ("تمساح چه گفت؟", "fa"), ("Putin said", "en")]
)
def test_a_large_archive_is_not_searched_by_what_everything_holds(query, lexical, monkeypatch, text, language):
    everything = query(text, language)
    monkeypatch.setattr(tuning, "LARGE", 2)
    pruned = query(text, language)
    assert pruned.reach == everything.reach
    size = lexical.sizes[language]
    rare = {key for key in everything.weights if lexical.document_frequency(*key, language) < size / 5}
    assert set(pruned.weights) == (rare or set(everything.weights)) != set()
    assert pruned.weights.items() <= everything.weights.items()
    monkeypatch.setattr(tuning, "COMMON", 0.0)
    assert query(text, language) == everything, "where nothing would be left all of it stays"


def test_what_comes_twice_weighs_once(weights):
    assert weights("تمساح تمساح تمساح", "ar") == weights("تمساح", "ar")
