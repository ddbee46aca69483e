"""Near misses: names of the question that the best sentence's article lacks, and counts of something else."""

import pytest

from index.language import detect_language
from rag.ask.question import read_question
from rag.text.glossary import Glossary, load_glossary, parse_glossary
from rag.weigh.confidence import confidence_of, signs_of
from rag.weigh.features import sentences_of
from rag.weigh.near_miss import far_names, gap_penalty, is_elsewhere, is_of_another_year
from rag.weigh.weighted_term import Rarity, SoughtTerm
from tests.rag.scripted import passage

GLOSSARY = Glossary(
    parse_glossary("person\tZoqwell\tزقويلة\tزکویله\noutlet\tVashwire\tفاشوير\tواشوایر\nmonth\tMonthary\tشهرار\tماهار\n", "x")
)


@pytest.fixture(scope="module")
def read(retriever):
    """Return a function that gives a question, the first sentence of a passage, and the terms."""

    def read(text, found):
        question = read_question(text, [], GLOSSARY, 2000)
        rarity = Rarity(retriever.lexical)
        terms = [SoughtTerm(term, rarity) for term in question.all_terms]
        return question, sentences_of(question, [found], terms)[0], terms

    return read


ASKED = {"ar": "ماذا قال زقويلة عن القمح؟", "fa": "زکویله درباره گندم چه گفت؟", "en": "What did Zoqwell say about wheat?"}


@pytest.mark.parametrize(
    ("language", "holds", "lacks"),
    [
        ("ar", "قال زَقويلة إن القمح غال.", "قال الوزير إن القمح غال."),
        ("fa", "زكويله گفت گندم گران است.", "وزیر گفت گندم گران است."),
        ("en", "ZOQWELL said that wheat was dear.", "The minister said that wheat was dear."),
    ],
)
def test_a_name_that_the_article_lacks_tells_against_it(read, language, holds, lacks):
    asked = ASKED[language]
    assert gap_penalty(*read(asked, passage(holds, language))) == 0
    absent = gap_penalty(*read(asked, passage(lacks, language)))
    # Elsewhere in the article, it tells against it less; in the title it stands over every sentence.
    far = gap_penalty(*read(asked, passage(lacks, language, after=f"\n\n{'س ' * 50}\n\n{holds}")))
    assert absent > far >= 0 and absent > 10
    assert gap_penalty(*read(asked, passage(lacks, language, title=holds))) < absent


@pytest.mark.parametrize("other", ["ar", "fa", "en"])
@pytest.mark.parametrize("language", ASKED)
def test_the_glossary_knows_the_name_in_every_language(read, language, other):
    text = {"ar": "تحدث زقويلة أمس.", "fa": "زکویله دیروز سخن گفت.", "en": "Zoqwell spoke."}[other]
    question, sentence, terms = read(ASKED[language], passage(text, other))
    assert gap_penalty(question, sentence, terms) == 0 == far_names(question, sentence, terms)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("ماذا قال فاشوير عن القمح؟", "ar"),
        ("What did Vashwire say in Monthary?", "en"),
        ("در ماهار چه شد؟", "fa"),
        ("What did Nobodyknown say?", "en"),
    ],
)
def test_outlets_months_and_plain_words_are_no_such_names(read, question, language):
    found = read(question, passage("xyz.", language))
    assert gap_penalty(*found) == 0 == far_names(*found)


@pytest.mark.parametrize(
    ("question", "language", "counts", "counts_other"),
    [
        ("كم سفينة غرقت في الميناء؟", "ar", "غرقت ٧ سفينة في الميناء.", "غرق ٧ رجال في الميناء."),
        ("چند كشتي در بندر غرق شد؟", "fa", "۷ کشتی در بندر غرق شد.", "۷ مرد در بندر غرق شد."),
        ("How many walruses drowned there?", "en", "There 7 walruses drowned.", "There 7 men drowned."),
    ],
)
def test_a_count_of_something_else_is_a_gap(read, question, language, counts, counts_other):
    assert gap_penalty(*read(question, passage(counts, language))) == 0
    assert gap_penalty(*read(question, passage(counts_other, language))) > 0


@pytest.mark.parametrize("language", ASKED)
def test_a_penalty_lowers_the_confidence(read, language):
    found = passage({"ar": "القمح غال.", "fa": "گندم گران است.", "en": "Wheat is dear."}[language], language)
    question, sentence, terms = read(ASKED[language], found)
    signs = signs_of(question, [sentence], [found], terms, 100)
    assert 0 <= confidence_of(signs, gap_penalty(question, sentence, terms)) < confidence_of(signs, 1.0) < confidence_of(signs)


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
def test_a_year_that_is_neither_named_nor_the_articles_tells_against_it(read, question, language, text, other):
    """The article is of August 2025."""
    asked, sentence, terms = read(question, passage(text, language))
    assert is_of_another_year(asked, sentence.passage.article) == other
    assert (gap_penalty(asked, sentence, terms) >= 10) == other
    undated = passage(text, language, published=None)
    assert not is_of_another_year(asked, undated.article), "nobody knows its year"


@pytest.mark.parametrize(
    ("question", "other_word", "another_fate"),
    [
        ("كم قتيلا سقط في زلزال القمح؟", "أودى زلزال القمح بحياة ٥٤ شخصا.", "أصيب في زلزال القمح ٥٤ شخصا."),
        ("زلزله گندم چند کشته داشت؟", "در زلزلهٔ گندم ۵۴ نفر جان باختند.", "در زلزلهٔ گندم ۵۴ نفر زخمی شدند."),
        ("How many fatalities did the wheat quake have?", "The wheat quake killed 54.", "The wheat quake hurt 54."),
    ],
)
def test_a_toll_in_another_word_is_counted_and_another_fate_is_not(read, question, other_word, another_fate):
    asked, language = question, "ar" if "كم" in question else "fa" if "چند" in question else "en"
    assert gap_penalty(*read(asked, passage(other_word, language))) == 0
    assert gap_penalty(*read(asked, passage(another_fate, language))) > 0


@pytest.mark.parametrize(
    ("question", "text", "elsewhere"),
    [
        ("How many did the storm kill in Cuba?", "The storm killed 32 people in Jamaica.", True),
        ("How many did the storm kill in Cuba?", "It killed 32 people in Jamaica and nobody in Cuba.", False),
        ("How many did the storm kill in Cuba?", "It killed 32 people.", False),
        ("How many did the storm kill?", "The storm killed 32 people in Jamaica.", False),
        ("In which country did the president of Cuba land?", "He landed in Jamaica.", False),
        ("Why was Cuba refused help?", "Jamaica needs it itself.", False),
        ("كم قُتل في كوبا؟", "وقتل الإعصار ٣٢ شخصا في جامايكا.", True),
        ("كم قُتل في كوبا؟", "32 نفر در جامائیکا کشته شدند.", True),
        ("در کوبا چند نفر کشته شدند؟", "در کوبا ۳ نفر کشته شدند.", False),
        ("در كوبا چند نفر کشته شدند؟", "۳۲ نفر در جامائیکا کشته شدند.", True),
    ],
)
def test_a_sentence_that_names_other_countries_than_the_question_tells_of_elsewhere(question, text, elsewhere):
    asked = read_question(question, (), load_glossary(), 2000)
    assert is_elsewhere(asked, text, detect_language(text)) == elsewhere
