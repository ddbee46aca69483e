"""The features of sentences, each worked out by hand on passages of a few words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.weigh.sentences import Features, met_around, sentences_of
from tests.rag.scripted import passage

SHARES = ("own", "exact", "completed", "local", "local_completed", "before", "title", "window", "pairs")
FITS = ("fits_when", "fits_howmany", "fits_who", "fits_where", "fits_why")
FLAGS = ("echo", *FITS, "heading", "asks", "first")


@pytest.fixture(scope="module")
def read(weighted):
    """Return a function that gives the sentences of passages for a question."""
    return lambda text, *passages: sentences_of(weighted(text), passages)


@pytest.fixture(scope="module")
def one(read):
    """Return a function that gives the features of a passage's first sentence."""
    return lambda question, text, language, **more: read(question, passage(text, language, **more))[0].features


def check_bounds(found):
    assert all(0 <= getattr(found, name) <= 1 + 1e-9 for name in (*SHARES, "rank")), found
    assert all(getattr(found, name) in (0, 1) for name in FLAGS), found
    assert -1 <= found.numbers <= 0 and 0 <= found.fresh <= math.log1p(30), found
    assert sum(getattr(found, name) for name in FITS) <= 1 and all(map(math.isfinite, found)), found


# What is met


@pytest.mark.parametrize(
    ("question", "whole", "nothing", "language"),
    [
        ("أين شوهد التمساح الأخضر؟", "شوهد التمساح الأخضر في البركة.", "ارتفعت أسعار القمح كثيرا.", "ar"),
        ("تمساح سبز کجا خوابید؟", "تمساح سبز در برکه خوابید.", "بهای گندم بالا رفت.", "fa"),
        ("Where did the green crocodile sleep?", "The green crocodile did sleep in a pond.", "Wheat prices rose.", "en"),
    ],
)
def test_all_terms_are_a_share_of_one_and_none_of_nought(one, question, whole, nothing, language):
    met, missed = one(question, whole, language), one(question, nothing, language)
    assert (met.own, met.exact, met.completed, met.window) == pytest.approx((1, 1, 1, 1))
    assert (missed.own, missed.exact, missed.completed, missed.window, missed.pairs) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("تمساح", "ar", "نام تمساح كبير. ثم استيقظ بعد حين. ثم غادر المكان."),
        ("تمساح", "fa", "تمساح بزرگ خوابید. سپس بیدار شد. سپس از آنجا رفت."),
        ("crocodile", "en", "The crocodile slept. Then it woke up. Then it went away."),
    ],
)
def test_what_stands_before_and_around_a_sentence_completes_it(read, question, language, text):
    features = [sentence.features for sentence in read(question, passage(text, language))]
    assert [found.own for found in features] == [1, 0, 0]
    assert [found.completed for found in features] == [1, 0.6, 0.5], "the sentence before counts 0.6, the passage one half"
    assert [found.local_completed for found in features] == [1, 0.8, 0.8]
    assert [found.before for found in features] == [1, 1, 0], "before the first stands its whole surrounding"
    assert [found.window for found in features] == [1, 1, 0]
    assert [found.title for found in features] == [0, 0, 0]


@pytest.mark.parametrize(
    ("question", "language", "title", "text"),
    [
        ("تمساح", "ar", "تمساحٌ في البركة", "نام طويلا."),
        ("تمساح", "fa", "تمساح برکه", "خوابید."),
        ("crocodile", "en", "Crocodile!", "Slept."),
    ],
)
def test_the_title_is_read_with_the_passage(read, question, language, title, text):
    [sentence] = read(question, passage(text, language, title=title))
    assert (sentence.features.title, sentence.features.own, sentence.features.completed) == (1, 0, 0.6)


def test_the_day_and_the_outlet_are_around_a_passage(weighted):
    def around(text, language):
        return met_around(weighted(text), passage("x.", language, outlet="جريدة الرواق"))

    assert around("2025", "en") == around("٢٠٢٥", "ar") == around("۲۰۲۵", "fa") == (1,)
    assert around("August", "en") == around("أغسطس", "ar") == (1,)
    assert around("الرواق", "ar") == (1,) and around("2024", "en") == around("٢٠٢٤", "ar") == (0,)


def test_what_tells_a_sentence_from_its_neighbours_weighs_more_locally(read):
    text = "The crocodile slept. The crocodile ate saffron. The crocodile swam."
    slept, ate, swam = (sentence.features for sentence in read("crocodile saffron", passage(text)))
    assert slept.local < slept.own == swam.own < ate.own == 1 == ate.local
    text = "نام التمساح. أكل التمساح زعفرانا. سبح التمساح."
    slept, ate, swam = (sentence.features for sentence in read("التمساح زعفرانا", passage(text, "ar")))
    assert slept.local < slept.own == swam.own < ate.own == 1 == ate.local


def test_the_words_of_another_language_count_as_they_are_met(one):
    found = one("ماذا قال لافروف؟", "Lavrov spoke to reporters.", "en")
    assert found.exact == found.own > 0


@pytest.mark.parametrize(
    ("plain", "odd", "question", "language"),
    [
        ("قتل 12 تمساحا في المدرسة على الجبل.", "قُتِلَ ١٢ تِمْساحًا في المدرسـه علي الجبل.", "كم تمساحا قتل في المدرسة؟", "ar"),
        ("۱۲ کتاب یک نویسنده می‌رسد.", "12 كتاب يك نويسنده مي‌رسد.", "چند کتاب به نویسنده می‌رسد؟", "fa"),
        ("In 2019 the crocodile slept.", "IN ۲۰۱۹ THE CROCODILE SLEPT.", "Did the crocodile sleep in 2019?", "en"),
    ],
)
def test_spelling_leaves_every_feature_alone(one, plain, odd, question, language):
    assert one(question, odd, language) == pytest.approx(one(question, plain, language))


# Numbers


@pytest.mark.parametrize(
    ("question", "language", "text", "number"),
    [
        ("متى غرقت ٢٠ سفينة؟", "ar", "غرقت 20 سفينة.", 0),
        ("متى غرقت ٢٠ سفينة؟", "ar", "غرقت ۲۰ سفينة.", 0),
        ("متى غرقت ٢٠ سفينة؟", "ar", "غرقت ٢٠٠ سفينة.", -1),
        ("کی ۲۰ کشتی غرق شد؟", "fa", "٢٠ کشتی غرق شد.", 0),
        ("کی ۲۰ کشتی غرق شد؟", "fa", "۲ کشتی غرق شد.", -1),
        ("When did 20 of 50 ships sink?", "en", "Then ٢٠ of 50 ships sank.", 0),
        ("When did 20 of 50 ships sink?", "en", "Then 20 of 150 ships sank.", -0.5),
        ("When did 20 of 50 ships sink?", "en", "Then ships sank.", -1),
        ("When did the ships sink?", "en", "Then 20 ships sank.", 0),
    ],
)
def test_numbers_of_the_question_are_met_whole_or_held_against_it(one, question, language, text, number):
    assert one(question, text, language).numbers == pytest.approx(number)


# What is asked for


@pytest.mark.parametrize(
    ("question", "language", "holds", "lacks", "name"),
    [
        ("متى نام التمساح؟", "ar", "نام التمساح يوم الأحد.", "نام التمساح في هدوء.", "fits_when"),
        ("تمساح چه روزی خوابید؟", "fa", "تمساح یکشنبه خوابید.", "تمساح آرام خوابید.", "fits_when"),
        ("When did the crocodile sleep?", "en", "The crocodile slept on Sunday.", "The crocodile slept well.", "fits_when"),
        ("كم تمساحا من أصل ١٢ نام؟", "ar", "نام ٧ من أصل 12 تمساحا.", "نام تمساح من أصل 12.", "fits_howmany"),
        ("چند تمساح از ۱۲ تمساح خوابیدند؟", "fa", "۷ تمساح از 12 تمساح خوابیدند.", "تمساح از 12 تمساح.", "fits_howmany"),
        ("How many of 12 crocodiles slept?", "en", "Of 12 crocodiles, 7 slept.", "Of ۱۲ crocodiles, none.", "fits_howmany"),
        ("لماذا نام التمساح؟", "ar", "نام التمساح بسبب الحر.", "نام التمساح في هدوء.", "fits_why"),
        ("چرا تمساح خوابید؟", "fa", "تمساح به دلیل گرما خوابید.", "تمساح آرام خوابید.", "fits_why"),
        ("Why did the crocodile sleep?", "en", "It slept because of the heat.", "The crocodile slept well.", "fits_why"),
        ("من أيقظ التمساح؟", "ar", "أيقظ بوتين التمساح.", "استيقظ التمساح.", "fits_who"),
        ("Where did the crocodile sleep?", "en", "The crocodile slept in Alaska.", "The crocodile slept well.", "fits_where"),
    ],
)
def test_a_sentence_that_holds_what_is_asked_for_fits_that_alone(one, question, language, holds, lacks, name):
    fitting, other = one(question, holds, language), one(question, lacks, language)
    assert {kind: getattr(fitting, kind) for kind in FITS} == {kind: float(kind == name) for kind in FITS}
    assert not any(getattr(other, kind) for kind in FITS)


@pytest.mark.parametrize("question", ["ماذا فعل التمساح؟", "آیا تمساح خوابید؟", "What did the crocodile do?"])
def test_a_question_that_anything_may_answer_is_fitted_by_nothing(one, question):
    found = one(question, "The crocodile slept in Alaska on Sunday because of 12 Russians.", "en")
    assert not any(getattr(found, kind) for kind in FITS)


# What a sentence is like


@pytest.mark.parametrize(
    ("text", "language", "heading", "asks"),
    [
        ("نام التمساح الأخضر في البركة طويلا.", "ar", 0, 0),
        ("نام التمساح الأخضر في البركة طويلا", "ar", 1, 0),
        ("هل نام التمساح الأخضر في البركة؟", "ar", 0, 1),
        ("نام التمساح.", "ar", 1, 0),
        ("آیا تمساح سبز در برکه خوابید؟", "fa", 0, 1),
        ("«تمساح سبز در برکه خوابید.»", "fa", 0, 0),
        ("Did the green crocodile sleep there?", "en", 0, 1),
        ("The green crocodile slept there.", "en", 0, 0),
    ],
)
def test_headings_and_questions_are_told_from_sentences(one, text, language, heading, asks):
    found = one("تمساح crocodile", text, language)
    assert (found.heading, found.asks) == (heading, asks)


def test_the_first_sentence_of_an_article_is_told_from_the_first_of_a_passage(read):
    inside = read("crocodile", passage("The crocodile slept. It woke.", before="نص قبله. "))
    opening = read("crocodile", passage("The crocodile slept. It woke.", before="\n \n"))
    assert [sentence.features.first for sentence in (*inside, *opening)] == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("question", "language", "text", "fresh", "echo"),
    [
        ("crocodile harbour", "en", "The crocodile is in the harbour.", 0, 1),
        ("crocodile harbour", "en", "Crocodile harbour saffron wheat.", 2, 1),
        ("crocodile harbour", "en", "Crocodile harbour saffron wheat pond.", 3, 0),
        ("تمساح میناء", "ar", "تمساح في ميناء زعفران قمح بركة.", 3, 0),
        ("تمساح بندر", "fa", "تمساح در بندر و زعفران گندم برکه.", 3, 0),
    ],
)
def test_words_that_the_question_has_not_are_fresh(one, question, language, text, fresh, echo):
    found = one(question, text, language)
    assert (found.fresh, found.echo) == (pytest.approx(math.log1p(fresh)), echo)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("crocodile harbour carob", 1),
        ("crocodile and then harbour far off is the carob", 0.5),
        ("carob harbour crocodile", 0),
        ("harbour of the carob", 0.5),
        ("crocodile a b c harbour", 0),
        ("crocodile", 0),
    ],
)
def test_neighbouring_terms_near_each_other_are_pairs(one, text, pairs):
    assert one("crocodile harbour carob", text, "en").pairs == pairs


def test_score_and_rank_are_relative_to_the_best(read):
    found = read(
        "تمساح",
        passage("نام تمساح.", "ar", score=0.8),
        passage("تمساح خوابید.", "fa", rank=2, score=0.4),
        passage("slept.", rank=4, score=0.2),
    )
    assert [sentence.features.score for sentence in found] == [1, 0.5, 0.25]
    assert [sentence.features.rank for sentence in found] == [1, 0.5, 0.25]
    assert [sentence.features.score for sentence in read("تمساح", passage("x.", score=0.0))] == [0]


# Where sentences stand


def test_sentences_are_verbatim_wherever_the_chunk_stands(read):
    texts = ["نامَ التِّمْساح.", "تمساح در برکهٔ ۱۲ می‌خوابد.", "It woke up!"]
    found = passage("\n".join(texts), "fa", before="😀 مقدمة.\u200c\n\n", after="\n\nخاتمة.")
    sentences = read("متى نام التمساح؟", found)
    assert [sentence.text for sentence in sentences] == texts
    assert all(found.article.text[one.start : one.end] == text for one, text in zip(sentences, texts, strict=True))
    assert all(len(one.met) == 2 for one in sentences), "a share for each of the two terms"


def test_a_sentence_that_two_passages_share_stands_there_twice(read):
    text = "نام التمساح."
    found = read("تمساح", passage(text, "ar", article_id="one"), passage(text, "ar", rank=2, article_id="one"))
    assert [sentence.text for sentence in found] == [text, text]


def test_no_passages_have_no_sentences(read):
    assert read("متى نام التمساح؟") == [] == read("متى نام التمساح؟", passage("", "ar"), passage(" \n ", "ar", rank=2))


def test_every_sentence_of_seeds_keeps_within_bounds(archive, weighted):
    for text in ("متى التقى ترامب وبوتين في ٢٠٢٥؟", "چند نفر در آلاسکا بودند؟", "Who met Putin in Alaska?"):
        question = weighted(text)
        found = sentences_of(question, archive.retriever.retrieve(question.question, 20))
        assert len(found) > 20
        for sentence in found:
            check_bounds(sentence.features)


@pytest.mark.parametrize("question", ["متى نام ١٢ تمساحا؟", "چند کتاب ab خوابید؟", "Why did 12 «ab» sleep?"])
@given(texts=st.lists(st.text(alphabet="ابتثيیکك 12٣۴.؟!\nab\u200c«»\u064e\u202e😀", max_size=50), max_size=3))
def test_odd_texts_keep_within_bounds(read, question, texts):
    for sentence in read(question, *(passage(text, "fa", rank=rank, title=text[:9]) for rank, text in enumerate(texts, 1))):
        check_bounds(sentence.features)
        assert isinstance(sentence.features, Features) and sentence.text.strip()
        assert sentence.text == sentence.passage.chunk.text[sentence.start : sentence.end]
