"""What a sentence does not match of a question: names that its article lacks, counts of something else, other years."""

import pytest

from rag.text.glossary import Glossary, parse_glossary
from rag.weigh.confidence import confidence_by_words, mismatch_of, word_signs
from rag.weigh.sentences import sentences_of
from tests.rag.scripted import passage

GLOSSARY = Glossary(
    parse_glossary("person\tZoqwell\tزقويلة\tزکویله\noutlet\tVashwire\tفاشوير\tواشوایر\nmonth\tMonthary\tشهرار\tماهار\n", "x")
)


@pytest.fixture(scope="module")
def first(weighted):
    """Return a function that gives a question made ready, and the first sentence of a passage."""

    def first(text, found):
        question = weighted(text, GLOSSARY)
        return question, sentences_of(question, [found])[0]

    return first


@pytest.fixture(scope="module")
def mismatch(first):
    return lambda text, found: mismatch_of(*first(text, found))


ASKED = {"ar": "ماذا قال زقويلة عن القمح؟", "fa": "زکویله درباره گندم چه گفت؟", "en": "What did Zoqwell say about wheat?"}


@pytest.mark.parametrize(
    ("language", "holds", "lacks"),
    [
        ("ar", "قال زَقويلة إن القمح غال.", "قال الوزير إن القمح غال."),
        ("fa", "زكويله گفت گندم گران است.", "وزیر گفت گندم گران است."),
        ("en", "ZOQWELL said that wheat was dear.", "The minister said that wheat was dear."),
    ],
)
def test_a_name_that_the_article_lacks_tells_against_it(mismatch, language, holds, lacks):
    asked = ASKED[language]
    assert mismatch(asked, passage(holds, language)) == 0
    absent = mismatch(asked, passage(lacks, language))
    # Elsewhere in the article, it tells against it less; in the title it stands over every sentence.
    far = mismatch(asked, passage(lacks, language, after=f"\n\n{'س ' * 50}\n\n{holds}"))
    assert absent > far >= 0 and absent > 10
    assert mismatch(asked, passage(lacks, language, title=holds)) < absent


@pytest.mark.parametrize("other", ["ar", "fa", "en"])
@pytest.mark.parametrize("language", ASKED)
def test_the_glossary_knows_the_name_in_every_language(first, language, other):
    text = {"ar": "تحدث زقويلة أمس.", "fa": "زکویله دیروز سخن گفت.", "en": "Zoqwell spoke."}[other]
    question, sentence = first(ASKED[language], passage(text, other))
    assert mismatch_of(question, sentence) == 0 == sentence.far_names


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("ماذا قال فاشوير عن القمح؟", "ar"),
        ("What did Vashwire say in Monthary?", "en"),
        ("در ماهار چه شد؟", "fa"),
        ("What did Nobodyknown say?", "en"),
    ],
)
def test_outlets_months_and_plain_words_are_no_such_names(first, question, language):
    asked, sentence = first(question, passage("xyz.", language))
    assert mismatch_of(asked, sentence) == 0 == sentence.far_names


@pytest.mark.parametrize(
    ("question", "language", "counts", "counts_other"),
    [
        ("كم سفينة غرقت في الميناء؟", "ar", "غرقت ٧ سفينة في الميناء.", "غرق ٧ رجال في الميناء."),
        ("چند كشتي در بندر غرق شد؟", "fa", "۷ کشتی در بندر غرق شد.", "۷ مرد در بندر غرق شد."),
        ("How many walruses drowned there?", "en", "There 7 walruses drowned.", "There 7 men drowned."),
    ],
)
def test_a_count_of_something_else_is_a_gap(mismatch, question, language, counts, counts_other):
    assert mismatch(question, passage(counts, language)) == 0
    assert mismatch(question, passage(counts_other, language)) > 0


@pytest.mark.parametrize("language", ASKED)
def test_a_penalty_lowers_the_confidence(first, language):
    found = passage({"ar": "القمح غال.", "fa": "گندم گران است.", "en": "Wheat is dear."}[language], language)
    question, sentence = first(ASKED[language], found)
    signs = word_signs(question, [sentence], [found])
    by_words = [confidence_by_words(signs, mismatch) for mismatch in (mismatch_of(question, sentence), 1.0, 0.0)]
    assert 0 <= by_words[0] < by_words[1] < by_words[2]


@pytest.mark.parametrize(
    ("question", "language", "text", "other"),
    [
        ("كم قتل الزلزال سنة 2023؟", "ar", "قتل الزلزال 628 شخصا.", True),
        ("كم قتل الزلزال سنة ٢٠٢٥؟", "ar", "قتل الزلزال 628 شخصا.", False),
        ("كم قتل الزلزال سنة ١٤٤٧؟", "ar", "قتل الزلزال 628 شخصا.", False),
        ("زلزله سال ۱۳۹۶ چند کشته داشت؟", "fa", "زلزله ۶۲۸ کشته داشت.", True),
        ("زلزله سال ۱۴۰۴ چند کشته داشت؟", "fa", "زلزله ۶۲۸ کشته داشت.", False),
        ("زلزله سال ۱۳۹۶ چند کشته داشت؟", "fa", "زلزله سال ۱۳۹۶ بود و ۶۲۸ کشته داشت.", False),
        ("How many did the earthquake of 2004 kill?", "en", "The earthquake killed 628 people.", True),
        ("How many did the earthquake of 2004 kill?", "en", "In 2004 the earthquake killed 628 people.", False),
        ("How many did the earthquake of 2024 kill?", "en", "The earthquake killed 628 people.", False),
        ("How many of the 5000 soldiers died?", "en", "The earthquake killed 628 people.", False),
    ],
)
def test_a_year_that_is_neither_named_nor_the_articles_tells_against_it(mismatch, question, language, text, other):
    """The article is of August 2025."""
    assert (mismatch(question, passage(text, language)) >= 10) == other
    assert mismatch(question, passage(text, language, published=None)) < 10, "nobody knows its year"


@pytest.mark.parametrize(
    ("question", "other_word", "another_fate"),
    [
        ("كم قتيلا سقط في زلزال القمح؟", "أودى زلزال القمح بحياة ٥٤ شخصا.", "أصيب في زلزال القمح ٥٤ شخصا."),
        ("زلزله گندم چند کشته داشت؟", "در زلزلهٔ گندم ۵۴ نفر جان باختند.", "در زلزلهٔ گندم ۵۴ نفر زخمی شدند."),
        ("How many fatalities did the wheat quake have?", "The wheat quake killed 54.", "The wheat quake hurt 54."),
    ],
)
def test_a_toll_in_another_word_is_counted_and_another_fate_is_not(mismatch, question, other_word, another_fate):
    asked, language = question, "ar" if "كم" in question else "fa" if "چند" in question else "en"
    assert mismatch(asked, passage(other_word, language)) == 0
    assert mismatch(asked, passage(another_fate, language)) > 0
