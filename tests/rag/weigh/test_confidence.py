"""The signs of confidence, worked out by hand, and the words that an abstention names as missing."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.glossary import Glossary, parse_glossary
from rag.weigh.confidence import WordSigns, confidence_by_words, is_near_subject, missing_words, names_told, word_signs
from rag.weigh.logistic import BIAS
from rag.weigh.sentences import sentences_of
from tests.rag.scripted import passage

SHARES = ("own", "completed", "local", "title", "around", "anywhere", "missing")
NOTHING = WordSigns(*[0.0] * len(WordSigns._fields))
GLOSSARY = Glossary(parse_glossary("person\tZoqwell\tزقويلة\tزکویله\n", "x"))


@pytest.fixture(scope="module")
def prepared(weighted):
    """Return a function that makes a question ready for weighing, in an archive of 100 chunks."""
    return lambda text: replace(weighted(text, GLOSSARY), size=100)


@pytest.fixture(scope="module")
def signs(prepared):
    """Return a function that gives the signs of passages for a question, their sentences in their order."""
    return lambda text, *passages: word_signs(prepared(text), sentences_of(prepared(text), passages), passages)


@pytest.fixture(scope="module")
def missing(prepared):
    return lambda text, *passages: missing_words(prepared(text), passages)


def share(prepared, text, *met):
    """Return what share of the weight of a question's terms those at some places have."""
    weights = prepared(text).weights
    return sum(weights[place] for place in met) / sum(weights)


# The signs


@pytest.mark.parametrize(
    ("question", "language", "first", "second"),
    [
        ("تمساح زعفران", "ar", "نام تمساح. أكل شيئا.", "أكل زعفران."),
        ("تمساح زعفران", "fa", "تمساح خوابید. چیزی خورد.", "زعفران خورد."),
        ("crocodile saffron", "en", "A crocodile slept. It ate.", "Saffron was eaten."),
    ],
)
def test_what_is_met_by_the_best_sentence_its_passage_and_any(signs, prepared, question, language, first, second):
    alone = signs(question, passage(first, language))
    half = share(prepared, question, 0)
    assert (alone.own, alone.around, alone.anywhere, alone.title) == pytest.approx((half, half, half, 0))
    assert alone.missing == pytest.approx(1 - half), "the other term"
    both = signs(question, passage(first, language), passage(second, language, rank=2))
    assert (both.own, both.around, both.anywhere) == pytest.approx((half, half, 1))
    # The third of the best sentences is in the second passage.
    assert both.missing == pytest.approx(0)
    total = sum(prepared(question).weights)
    assert both.mass == pytest.approx(total / math.log(100)) and both.mass_own == pytest.approx(half * total / math.log(100))
    assert both.terms == pytest.approx(math.log(3))


def test_the_signs_follow_the_three_best_sentences(signs):
    found = [passage(text, rank=rank) for rank, text in enumerate(["A crocodile.", "x.", "x.", "Saffron."], 1)]
    assert signs("crocodile saffron", *found).missing > 0 == signs("crocodile saffron", *found).number_missing
    assert signs("crocodile saffron", *found[1:], found[0]).missing > 0
    assert signs("crocodile saffron", found[0], found[3], *found[1:3]).missing == pytest.approx(0)


@pytest.mark.parametrize(
    ("question", "language", "text", "apart"),
    [
        ("ماذا قال زقويلة عن القمح؟", "ar", "تحدث زقويلة. ارتفع القمح.", 0),
        ("ماذا قال زقويلة عن القمح؟", "ar", "ارتفع القمح.", 1),
        ("ماذا قال زقويلة عن القمح؟", "fa", "زکویله سخن گفت.", 0),
        ("زکویله درباره گندم چه گفت؟", "fa", "زكويله سخن گفت.", 0),
        ("زکویله درباره گندم چه گفت؟", "fa", "گندم گران شد.", 1),
        ("What did Zoqwell say about wheat?", "en", "Wheat prices rose.", 1),
        ("What did Zoqwell say about wheat?", "ar", "تحدث زَقويلة.", 0),
        ("What did somebody say about wheat?", "en", "Wheat prices rose.", 0),
    ],
)
def test_a_name_that_the_best_passage_lacks_is_apart(signs, question, language, text, apart):
    assert signs(question, passage(text, language)).name_apart == apart


def test_a_name_in_another_passage_is_apart_all_the_same(signs):
    question, found = "What did Zoqwell say about wheat?", [passage("Wheat rose."), passage("Zoqwell left.", rank=2)]
    assert (signs(question, *found).name_apart, signs(question, *found[::-1]).name_apart) == (1, 0)
    titled = passage("Wheat rose.", title="Zoqwell speaks")
    assert signs(question, titled).name_apart == 0, "the title is read with the passage"


@pytest.mark.parametrize(
    ("question", "language", "text", "absent"),
    [
        ("كم من ٢٠ سفينة غرقت؟", "ar", "غرقت 20 سفينة.", 0),
        ("كم من ٢٠ سفينة غرقت؟", "ar", "غرقت ٢٠٠ سفينة.", 1),
        ("از ۲۰ کشتی چند کشتی غرق شد؟", "fa", "20 کشتی غرق شد.", 0),
        ("از ۲۰ کشتی چند کشتی غرق شد؟", "fa", "کشتی غرق شد.", 1),
        ("How many of the 20 ships sank?", "en", "٢٠ ships sank.", 0),
        ("How many of the 20 ships sank?", "en", "120 ships sank.", 1),
        ("How many of the ships sank?", "en", "Ships sank.", 0),
    ],
)
def test_a_number_that_the_best_passages_lack_is_missing(signs, question, language, text, absent):
    assert signs(question, passage(text, language, published=None)).number_missing == absent


def test_the_score_and_its_lead_over_the_others_of_its_language(signs):
    first = passage("تمساح.", "ar", score=0.9)
    others = passage("قمح.", "ar", rank=2, score=0.5), passage("قمح.", "ar", rank=3, score=0.3)
    foreign = passage("wheat.", "en", rank=4, score=0.8)
    found = signs("تمساح", first, *others, foreign)
    assert (found.score, found.lead) == (0.9, pytest.approx(0.9 - 0.4))
    # Alone in its language, it is compared with the others, for their scores compare.
    assert signs("تمساح", first, foreign).lead == pytest.approx(0.9 - 0.8)
    # With nobody to be ahead of, it is neither far ahead nor level.
    assert 0 < signs("تمساح", first).lead < 0.5


# Confidence


def test_without_signs_the_bias_decides(monkeypatch):
    for bias, confidence in ((0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25)):
        monkeypatch.setattr("rag.weigh.logistic.weights_of", {"confidence": {BIAS: bias}}.__getitem__)
        assert confidence_by_words(NOTHING) == pytest.approx(confidence)
        assert confidence_by_words(NOTHING, mismatch=bias) == pytest.approx(0.5), "a mismatch is taken off the log odds"


def test_a_sign_moves_the_confidence_the_way_of_its_weight(monkeypatch):
    monkeypatch.setattr("rag.weigh.logistic.weights_of", {"confidence": {"own": 2.0, "name_apart": -1.0}}.__getitem__)
    own, apart = NOTHING._replace(own=1.0), NOTHING._replace(name_apart=1.0)
    assert confidence_by_words(own) == pytest.approx(1 / (1 + math.exp(-2))) and confidence_by_words(NOTHING) == 0.5
    assert confidence_by_words(apart) == pytest.approx(1 / (1 + math.e))
    assert confidence_by_words(own._replace(name_apart=1.0)) == pytest.approx(1 / (1 + math.exp(-1)))


def test_the_shipped_weights_tell_all_from_nothing():
    everything = WordSigns(1, 1, 1, 1, 1, mass=2, mass_own=2, anywhere=1, missing=0, name_apart=0, number_missing=0, score=1,
                       lead=0.5, terms=math.log(4))  # fmt: skip
    assert 0 <= confidence_by_words(NOTHING._replace(missing=1, terms=math.log(4))) < 0.5 < confidence_by_words(everything) <= 1


@pytest.mark.parametrize("question", ["متى نام ١٢ تمساحا؟", "چند کتاب زکویله ab خوابید؟", "Why did 12 «ab» sleep?"])
@given(texts=st.lists(st.text(alphabet="ابتثيیکك 12٣۴.؟\nab\u200c\u064e😀", max_size=40), min_size=1, max_size=4))
def test_odd_texts_keep_within_bounds(prepared, question, texts):
    asked = prepared(question)
    passages = [passage(f"x{text}", "fa", rank=rank, score=1 / rank) for rank, text in enumerate(texts, 1)]
    found = word_signs(asked, sentences_of(asked, passages), passages)
    assert all(-1e-9 <= getattr(found, name) <= 1 + 1e-9 for name in SHARES), found
    assert found.name_apart in (0, 1) and found.number_missing in (0, 1)
    assert all(map(math.isfinite, found)) and 0 <= confidence_by_words(found) <= 1
    assert found.own <= found.around + 1e-9 and found.around <= found.anywhere + 1e-9
    assert all(word in question for word in missing_words(asked, passages))


# Missing words


@pytest.mark.parametrize(
    ("question", "language", "text", "words_missing"),
    [
        ("متى زار مِيسّي القُدس؟", "ar", "زار وفد القدس.", ("مِيسّي",)),
        ("متى زار مِيسّي القُدس؟", "ar", "زار ميسي القدس.", ()),
        ("متى زار مِيسّي القُدس؟", "ar", "ارتفع القمح.", ("زار", "مِيسّي", "القُدس")),
        ("«كتاب» الجِّسر، و(المَدرسة)!", "ar", "قمح.", ("كتاب", "الجِّسر", "المَدرسة")),
        ("کتاب‌فروشی كجا سوخت؟", "fa", "گندم.", ("کتاب‌فروشی", "سوخت")),
        ("آیا ۱۲ تمساح آمدند؟", "fa", "تمساح آمدند.", ("۱۲",)),
        ("Did the Crocodile eat SAFFRON?", "en", "They eat wheat.", ("Crocodile", "SAFFRON")),
        ("Did ZOQWELL's cat eat saffron?", "ar", "زعفران", ("ZOQWELL",)),
        ("saffron Saffron SAFFRON", "en", "wheat", ("saffron",)),
    ],
)
def test_what_no_passage_holds_in_the_questions_own_spelling(missing, question, language, text, words_missing):
    assert missing(question, passage(text, language, published=None)) == words_missing


def test_a_word_that_any_passage_or_title_holds_is_not_missing(missing):
    question = "متى زار ميسي القدس؟"
    assert missing(question, passage("زار.", "ar"), passage("القدس.", "ar", rank=2)) == ("ميسي",)
    assert missing(question, passage("زار.", "ar", title="ميسي في القدس")) == ()
    assert missing("What did Zoqwell eat?", passage("أكل زقويلة.", "ar")) == (), "the glossary's name is met"


def test_the_names_that_the_nearest_passages_hold_are_told(prepared):
    question = prepared("Why did Zoqwell sleep in saffron?")
    held, other = passage("نام زقويلة.", "ar"), passage("قمح.", "ar", rank=4)
    assert names_told(question, [held]) == ("Zoqwell",)
    assert names_told(question, [other]) == names_told(question, []) == ()
    assert names_told(question, [other, other, other, held]) == (), "only the nearest"


# Whether an article is near the subject


@pytest.mark.parametrize(
    ("best", "others", "size", "near"),
    [
        (0.30, 0.10, 10_000, True),
        (0.15, 0.00, 10_000, False),  # too little of the question
        (0.30, 0.25, 10_000, False),  # as much as a large archive has of any question
        (0.30, 0.25, 100, True),  # a small one has not
        (0.30, 0.25, 1_000, True),
        (0.30, 0.28, 1_000, False),
        (0.30, 0.25, 10**9, False),
    ],
)
def test_an_article_is_near_that_has_more_of_a_question_than_the_others_have(prepared, best, others, size, near):
    question = replace(prepared("Who ate saffron?"), size=size)
    found = [passage("x", score=best), *(passage("y", score=others, rank=rank) for rank in range(2, 11))]
    assert is_near_subject(question, found) is near


def test_an_article_on_a_person_of_the_question_is_near_however_many_are(prepared):
    question = replace(prepared("How old is Zoqwell?"), size=10_000)
    others = [passage("قمح.", "ar", score=0.3, rank=rank) for rank in range(2, 11)]
    assert is_near_subject(question, [passage("نام زقويلة.", "ar", score=0.3), *others])
    assert not is_near_subject(question, [passage("قمح.", "ar", score=0.3), *others])
    assert not is_near_subject(question, [passage("نام زقويلة.", "ar", score=0.1)]) and not is_near_subject(question, [])


def test_of_a_word_that_cannot_be_compared_in_the_language_of_the_nearest_nothing_is_said(missing):
    assert missing("Why did Omar eat?", passage("أكل عمر.", "ar")) == ()
    assert missing("Why did Omar eat?", passage("Zoqwell slept.", "en"), passage("أكل عمر.", "ar", rank=2)) == ()
    assert missing("Why did Omar eat?", passage("Zoqwell slept.", "en")) == ("Omar", "eat")
    assert missing("لماذا أكل عمر؟", passage("عمر خوابید.", "fa")) == ()


def test_without_passages_every_word_of_weight_is_missing(missing):
    assert missing("متى زار مِيسّي القدس؟") == ("زار", "مِيسّي", "القدس")
    assert missing("هل هو هذا؟") == ()


def test_words_that_any_news_has_are_never_missing(missing):
    assert missing("عام التمساح", passage("قمح.", "ar")) == ("التمساح",)
    assert missing("سال تمساح", passage("گندم.", "fa")) == ("تمساح",)
    assert missing("year of the crocodile", passage("Wheat.", "en")) == ("crocodile",)
