"""What words and reader together say of sentences, with the weights that are shipped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import split_sentences
from index.language import detect_language
from rag.weigh.confidence import ReadSigns, confidence_by_reading, read_signs
from rag.weigh.evidence import EvidenceWeigher
from rag.weigh.logistic import BIAS, weights_of
from rag.weigh.read_sentence import ReadSentence, SentenceSigns, likeliest, phrase_of, read_sentences, with_its_marks
from rag.weigh.reader import AnswerSpan, Reading
from rag.weigh.sentences import Sentence, sentences_of
from tests.rag.scripted import ScriptedReader, passage

ODDS = st.floats(-30, 30)
TEXTS = {
    "ar": ("متى أبحرت سفينة التمساح؟", "أبحرت سفينة التمساح يوم الأحد. رست السفينة في ميناء الخرّوبة ٣ أيام."),
    "fa": ("کشتی تمساح کی راه افتاد؟", "کشتی تمساح روز یکشنبه راه افتاد. کشتی ۳ روز در بندر خرنوب ماند."),
    "en": ("When did the ship Crocodile sail?", "The ship Crocodile sailed on Sunday. It lay in Carob for 3 days."),
}
DAY = {"ar": "الأحد", "fa": "یکشنبه", "en": "Sunday"}
LANGUAGES = list(TEXTS)


def ranked(found, odds):
    """Return the sentences of a passage, as the weighing of words hands them on, with their odds."""
    spans = split_sentences(found.chunk.text, found.chunk.language)
    starts = [(found.chunk.start + span.start, found.chunk.start + span.end) for span in spans]
    return [(Sentence(found, start, end, (), 0, None), value) for (start, end), value in zip(starts, odds, strict=True)]


def reading(found, answers, *spans):
    starts = [found.chunk.start + span.start for span in split_sentences(found.chunk.text, found.chunk.language)]
    return Reading(found, answers, {at: AnswerSpan(at + 1, at + 4, odds) for at, odds in zip(starts, spans, strict=True)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_reader_finds_comes_first_and_each_sign_is_told(weighted, language):
    question, text = TEXTS[language]
    found = passage(text, language, before="x. ", score=0.5)
    first, second = read_sentences(weighted(question), ranked(found, [1.0, 3.0]), [reading(found, 4.0, 9.0, -5.0)])
    assert (first.sentence.start, second.sentence.start) == (3, 3 + text.index(". ") + 2)
    assert first.signs == SentenceSigns(span=9.0, behind=0.0, answers=4.0, words=-2.0, score=0.5, own=1.0)
    assert second.signs == SentenceSigns(span=-5.0, behind=-14.0, answers=4.0, words=0.0, score=0.5, own=1.0)
    assert first.odds > second.odds


def test_a_sentence_that_two_passages_share_counts_once_at_its_best(weighted):
    question, text = TEXTS["fa"]
    one, other = passage(text, "fa", article_id="a", score=0.2), passage(text, "fa", article_id="a", rank=2, score=0.2)
    readings = [reading(one, 1.0, 1.0, 0.0), reading(other, 5.0, 8.0, 0.0)]
    found = read_sentences(weighted(question), ranked(one, [1.0, 0.0]), readings)
    assert len(found) == 2 and found[0].span.odds == 8.0


def test_a_passage_that_was_not_read_gives_no_sentence(weighted):
    question, text = TEXTS["ar"]
    read, other = passage(text, "ar"), passage(text, "ar", rank=2)
    both = [*ranked(read, [0.0, 0.0]), *ranked(other, [9.0, 9.0])]
    found = read_sentences(weighted(question), both, [reading(read, 0.0, 0.0, 0.0)])
    assert {one.sentence.passage.rank for one in found} == {1}
    assert read_sentences(weighted(question), [], []) == []


@given(st.builds(SentenceSigns, ODDS, st.floats(-30, 0), ODDS, st.floats(-30, 0), st.floats(0, 1), st.sampled_from([0.0, 1.0])))
def test_no_sign_of_an_answer_speaks_against_it(signs):
    weights = weights_of("judged")
    assert set(weights) == {*SentenceSigns._fields, BIAS}
    assert all(weights[name] >= 0 for name in ("span", "answers", "words", "score", "own"))


@given(st.builds(ReadSigns, ODDS, st.floats(0, 30), ODDS, ODDS, st.floats(-30, 0)), st.floats(0, 10))
def test_confidence_is_a_share_that_grows_with_each_sign_and_falls_with_a_gap(signs, more):
    assert set(weights_of("judged-confidence")) == {*ReadSigns._fields, BIAS}
    assert 0 <= confidence_by_reading(signs) <= 1
    assert confidence_by_reading(signs._replace(span=signs.span + more)) >= confidence_by_reading(signs)
    assert confidence_by_reading(signs._replace(mass=signs.mass + more)) >= confidence_by_reading(signs)
    assert confidence_by_reading(signs._replace(gap=signs.gap + more)) <= confidence_by_reading(signs)


def test_what_words_say_is_bounded(weighted):
    """A near miss meets all words, too."""
    question, text = TEXTS["en"]
    found = passage(text)
    (one, _) = read_sentences(weighted(question), ranked(found, [0.0, 0.0]), [reading(found, 1.0, 2.0, 0.0)])
    assert read_signs(one, 1.5, 40.0) == ReadSigns(mass=1.5, gap=10.0, span=2.0, answers=1.0, behind=0.0)
    assert read_signs(one, 9.0, 0.0).mass == read_signs(one, 99.0, 0.0).mass


@pytest.mark.parametrize(("odds", "marked"), [(9.0, True), (-19.0, False)])
def test_in_a_sentence_that_hardly_answers_nothing_is_marked(weighted, odds, marked):
    question, text = TEXTS["en"]
    found = passage(text, score=0.1)
    one = read_sentences(weighted(question), ranked(found, [0.0, 0.0]), [reading(found, odds / 3, odds, odds - 1)])[0]
    assert (phrase_of(weighted(question).question, one) is not None) == marked
    assert phrase_of(weighted("Did the ship Crocodile sail?").question, one) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_first_passages_are_read(retriever, weighted, language):
    question, text = TEXTS[language]
    reader = ScriptedReader(DAY[language])
    passages = [passage(text, language, rank=rank) for rank in range(1, 9)]
    weighed = EvidenceWeigher(retriever.lexical, reader, 3).weigh(weighted(question).question, passages)
    assert reader.asked == [(question, 3)]
    assert {item.passage.rank for item in weighed.evidence} <= {1, 2, 3}
    assert DAY[language] in weighed.evidence[0].quote and weighed.evidence[0].phrase is not None


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        ("ممن طلب زيلينسكي صواريخ توماهوك؟", "طلب فولوديمير زيلينسكي صواريخ.", False),
        ("من الذي التقاه زيلينسكي؟", "التقى زيلينسكي نظيره دونالد ترامب.", True),
        ("زلنسکی از چه کسی موشک خواست؟", "ولودیمیر زلنسکی موشک خواست.", False),
        ("Who did Zelensky ask for Tomahawks?", "Volodymyr Zelensky asked for Tomahawks.", False),
        ("Who is Zelensky?", "Volodymyr Zelensky is the president.", False),
        ("من هو زيلينسكي؟", "التقى زيلينسكي نظيره دونالد ترامب.", False),
        ("زلنسکی کیست؟", "ولودیمیر زلنسکی موشک خواست.", False),
    ],
)
def test_whom_a_question_names_it_does_not_ask_for(weighted, question, sentence, marked):
    name = {"طلب": "فولوديمير زيلينسكي", "التقى": "دونالد ترامب"}.get(sentence.split()[0], " ".join(sentence.split()[:2]))
    asked = weighted(question)
    found = passage(sentence, asked.question.language)
    start = sentence.index(name)
    span = AnswerSpan(start, start + len(name), 5.0)
    one = ReadSentence(sentences_of(asked, [found])[0], span, SentenceSigns(5.0, 0.0, 2.0, 0.0, 1.0, 1.0), 3.0)
    assert (phrase_of(asked.question, one) is not None) == marked


@pytest.mark.parametrize("language", TEXTS)
def test_of_several_ways_to_ask_the_better_answer_counts_for_each_sentence(weighted, language):
    question, text = TEXTS[language]
    sentences = sentences_of(weighted(question), [passage(text, language)])
    signs = SentenceSigns(1.0, 0.0, 0.0, 0.0, 1.0, 1.0)
    first, second = (
        [
            ReadSentence(one, AnswerSpan(one.start, one.start + place, odds), signs, odds)
            for one, odds in zip(sentences, row, strict=True)
        ]
        for place, row in ((1, (2.0, -3.0)), (2, (1.0, 4.0)))
    )
    found = likeliest([first, second])
    assert [(one.odds, one.span.end - one.span.start) for one in found] == [(4.0, 2), (2.0, 1)]
    assert likeliest([first]) == first and likeliest([]) == []


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
def test_a_sentence_that_names_other_countries_than_the_question_tells_of_elsewhere(weighted, question, text, elsewhere):
    found = passage(text, detect_language(text))
    starts = [0.0] * len(split_sentences(text, found.chunk.language))
    [one, *_] = read_sentences(weighted(question), ranked(found, starts), [reading(found, 0.0, *starts)])
    assert one.signs.elsewhere == elsewhere


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ('He gave it "a 10" out of ten.', 'a 10" out of ten', '"a 10" out of ten'),
        ("وصفه بأنه «ضربة معلم» في خطابه.", "ضربة معلم» في خطابه", "«ضربة معلم» في خطابه"),
        ("او آن را «یک ۱۰ از ده» خواند.", "آن را «یک ۱۰ از ده", "آن را «یک ۱۰ از ده»"),
        ("They met in Budapest (Hungary) on Monday.", "Budapest (Hungary", "Budapest (Hungary)"),
        ('"Nothing," he said, "was decided."', "Nothing", "Nothing"),
        ("قال «نعم» ثم «لا».", "«نعم» ثم «لا»", "«نعم» ثم «لا»"),
    ],
)
def test_a_span_takes_the_other_half_of_its_marks_along(text, span, whole):
    start = text.index(span)
    found = with_its_marks(text, start, start + len(span))
    assert text[slice(*found)] == whole
