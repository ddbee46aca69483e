"""Terms met by their own words, by the glossary's and by their consonants; each by words worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import words
from rag.ask.term import Term, terms_of
from rag.text.glossary import Glossary, parse_glossary
from rag.weigh import tuning
from rag.weigh.weighted_question import WeightedTerm, compared

# No word of seeds/ and of the real glossary: everything that is met is met by what the test says.
GLOSSARY = Glossary(parse_glossary("person\tZoqwell|Zoqwell Brand\tزقويلة\tزکویله\ncity\tVash Tal\tفاش تل\tواش تال\n", "x"))


@pytest.fixture(scope="module")
def met(rarity):
    def met(sought, text, language, asked_in=None):
        [term] = terms_of(words(sought), asked_in or language, GLOSSARY)
        return WeightedTerm(term, rarity).met_by(compared(text), language)

    return met


@pytest.mark.parametrize(
    ("sought", "text", "language"),
    [
        ("التمساح", "رأى الناسُ التِّمْساحَ في النهر", "ar"),
        ("مدرسة", "دخل المدرسه صباحا", "ar"),
        ("مستشفى", "نقل الى المستشفي", "ar"),
        ("کتابخانه", "در كتابخانه نشست", "fa"),
        ("رئیس‌جمهوری", "رئيس‌جمهوري گفت", "fa"),
        ("بیمارستان", "به بيمارستان رفت", "fa"),
        ("Crocodile", "a CROCODILE swam", "en"),
        ("2019", "en ٢٠١٩ sank", "en"),
        ("٢٠١٩", "سال ۲۰۱۹ بود", "fa"),
        ("۲۰۱۹", "عام 2019 كان", "ar"),
    ],
)
def test_a_word_is_met_whole_in_any_spelling(met, sought, text, language):
    assert met(sought, text, language, asked_in=language) == pytest.approx(1)


@pytest.mark.parametrize(
    ("sought", "text", "language"),
    [
        ("التمساح", "ارتفعت أسعار القمح", "ar"),
        ("کتابخانه", "بهای گندم بالا رفت", "fa"),
        ("crocodile", "wheat prices rose", "en"),
        ("crocodile", "", "en"),
        ("2019", "in 2018, 12019 and 20190 ships", "en"),
        ("۱۲", "۱۲۳ کشتی و ۱ قایق", "fa"),
        ("cat", "the cap and the hat", "en"),
        ("دار", "دام الأمر", "ar"),
    ],
)
def test_what_is_not_there_is_not_met_at_all(met, sought, text, language):
    assert met(sought, text, language) == 0


@pytest.mark.parametrize(
    ("sought", "text", "language"),
    [("التمساح", "شوهدت تماسيح وتمساحان", "ar"), ("نماینده", "نمایندگان مجلس آمدند", "fa"), ("crocodile", "crocodiles", "en")],
)
def test_an_inflected_word_is_met(met, sought, text, language):
    assert tuning.MET <= met(sought, text, language) <= 1


@pytest.mark.parametrize(
    ("asked_in", "sought", "language", "text"),
    [
        ("en", "Zoqwell", "ar", "غادر زقويلة المدينة"),
        ("en", "Zoqwell", "fa", "زکویله رفت"),
        ("en", "Zoqwell", "fa", "زكويله رفت"),
        ("ar", "زقويلة", "en", "Mr Zoqwell left"),
        ("fa", "زکویله", "ar", "غادر زقويلة المدينة"),
        ("fa", "واش تال", "en", "They came to Vash Tal."),
    ],
)
def test_the_glossary_meets_a_name_in_another_language_at_a_discount(met, asked_in, sought, language, text):
    assert met(sought, text, language, asked_in) == pytest.approx(0.9)
    assert met(sought, sought, asked_in) == pytest.approx(1)


def test_one_word_of_a_variant_is_not_the_variant(met):
    assert met("واش تال", "Vash came alone", "en", "fa") == 0 == met("واش تال", "a tal at sea", "en", "fa")


@pytest.mark.parametrize(
    ("asked_in", "sought", "language", "text"),
    [
        ("en", "Quzdanov", "ar", "وصل كوزدانوف أمس"),
        ("en", "Quzdanov", "fa", "کوزدانوف دیروز رسید"),
        ("ar", "كوزدانوف", "en", "Quzdanov arrived"),
        ("fa", "کوزدانوف", "en", "Kuzdanov arrived"),
    ],
)
def test_a_name_that_no_glossary_has_is_met_by_its_consonants(met, asked_in, sought, language, text):
    assert met(sought, text, language, asked_in) == pytest.approx(0.8)


def test_consonants_meet_neither_numbers_nor_names_of_the_glossary(met):
    assert met("2019", "twenty", "en", "ar") == 0
    assert met("Zoqwell", "زكول", "ar", "en") == 0, "the glossary knows how Zoqwell is written"


def test_a_misspelt_word_is_met_in_its_own_script_and_a_known_one_is_not(rarity):
    def met_by(sought, text):
        return WeightedTerm(Term((sought,)), rarity).met_by(compared(text), "ar")

    known = "بودابست"
    assert rarity.knows(known) and not rarity.knows("بودابيست") and not rarity.knows("بودوبست")
    assert met_by("بودابيست", known) >= 0.8, "spelt as nobody in seeds/ does"
    assert met_by("بودوبست", known) >= 0.8
    assert met_by(known, "بيدوبست") < 0.8


@pytest.mark.parametrize("pair", [("المستنقعات", "بوتين"), ("باتلاق‌ها", "پوتین"), ("swamps", "Putin")])
def test_what_is_rare_weighs_more_than_what_is_common(rarity, pair):
    rare, common = (WeightedTerm(Term((words(word)[0],)), rarity).weight for word in pair)
    assert rare > common > 0


def test_the_weight_goes_with_the_emphasis(rarity):
    whole, some, none = (WeightedTerm(Term(("putin",), emphasis=emphasis), rarity).weight for emphasis in (1.0, 0.3, 0.0))
    assert some == pytest.approx(0.3 * whole) and none == 0


def test_a_term_weighs_as_its_commonest_wording(rarity):
    glossary = Glossary(parse_glossary("person\tQwxzylo\tبوتين\tپوتین\n", "x"))
    [term] = terms_of(["qwxzylo"], "en", glossary)
    arabic = WeightedTerm(Term(("بوتين",)), rarity).weight
    assert WeightedTerm(term, rarity).weight <= arabic < WeightedTerm(Term(("qwxzylo",)), rarity).weight


def test_rarity_counts_the_chunks_of_all_languages(rarity, retriever):
    assert rarity.size == sum(retriever.lexical.sizes.values()) > 0
    assert rarity["_xqzw"] > rarity["_put"] > 0
    assert "_xqzw" in rarity, "kept for the rest of the question"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("قُتِلَ ١٢ تمساحاً", "قتل 12 تمساحا"),
        ("می‌گویند کتابی بود", "مي‌گويند كتابي بود"),
        ("Crocodile", "CROCODILE"),
        ("الى المدرسة", "إلى المدرسه"),
    ],
)
def test_spellings_are_compared_alike(one, other):
    texts = compared(one), compared(other)
    assert texts[0].grams == texts[1].grams != frozenset() and texts[0].skeletons == texts[1].skeletons


@given(
    text=st.text(alphabet="ابتثکكيی12٣۴.؟\nabcz\u200c\u064e😀_'", max_size=50),
    sought=st.text(alphabet="ابتکكيی12٣ab\u200c", max_size=9),
)
def test_a_term_is_met_between_not_at_all_and_whole(rarity, text, sought):
    for word in words(sought):
        term = WeightedTerm(Term((word,)), rarity)
        for language in ("ar", "fa", "en"):
            assert 0 <= term.met_by(compared(text), language) <= 1 + 1e-9
            assert term.met_by(compared(f"{text} {word}"), language) >= term.met_by(compared(text), language)
        assert term.met_by(compared(word), "ar") == pytest.approx(1)
