"""The part of a quoted sentence that answers, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold
from rag.glossary import Glossary
from rag.question import Question, read_question
from rag.weighing.answering import LONGEST, answering_phrase, best_phrase
from rag.weighing.clues import asked_of, clues


@pytest.fixture(scope="module")
def read():
    glossary = Glossary([])

    def understood(text: str) -> Question:
        return read_question(text, [], glossary, 2_000)

    return understood


ANSWERED = [
    ("ar", "متى افتُتح الجسر الجديد؟",
        "قال المهندس إن الجسر الجديد افتُتح في ١٤ مارس ٢٠١٩ بعد عامين من العمل.", "١٤ مارس ٢٠١٩"),
    ("ar", "كم عاملا أصيب في الحريق؟", "أصيب في الحريق 27 عاملا ونقل ثلاثة منهم إلى المستشفى مساء أمس.", "27 عاملا"),
    ("ar", "أين عُقد اجتماع اللجنة؟", "عُقد اجتماع اللجنة في القاهرة بحضور ممثلين عن عشر نقابات ولم يصدر عنه بيان.", "القاهرة"),
    ("ar", "كم بلغت كلفة السد؟", "بلغت كُلفة السَّدّ نحو ۳۵۰ مليون دولار وفق ما أعلنته الشركة المنفذة.", "۳۵۰ مليون دولار"),
    ("fa", "سد جدید در چه سالی ساخته شد؟",
        "به گفتهٔ مهندس ناظر، سد جدید در سال ۱۳۹۸ ساخته شد و دو روستا را آب می‌دهد.", "۱۳۹۸"),
    ("fa", "چند کارگر در آتش‌سوزی زخمی شدند؟",
        "در این آتش‌سوزی ۲۷ کارگر زخمی شدند و سه نفر از آنان در بیمارستان ماندند.", "۲۷"),
    ("fa", "نشست کارشناسان کجا برگزار شد؟", "نشست کارشناسان در تهران برگزار شد و درباره آن بیانیه‌ای منتشر نشد.", "تهران"),
    ("fa", "چرا پرواز لغو شد؟", "پرواز به دلیل بارش برف سنگین لغو شد و مسافران شب را در سالن ماندند.", "بارش برف"),
    ("en", "How many workers were hurt in the fire?",
        "The fire hurt 27 workers, and three of them stayed in hospital overnight.", "27"),
    ("en", "When did the new bridge open?",
        "The new bridge opened on 14 March 2019, two years after work began on it.", "14 March 2019"),
    ("en", "Where did the experts meet?", "The experts met in Cairo for two days but could not agree on a statement.", "Cairo"),
    ("en", "Who wrote the letter to the king?",
        "The letter to the king was written by Marta Oliveira, a nurse from Porto.", "Marta Oliveira"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "question", "quote", "answer"), ANSWERED)
def test_the_phrase_holds_the_answer(read, language, question, quote, answer):
    span = answering_phrase(read(question), quote, language)
    assert span is not None
    assert answer in quote[slice(*span)]
    assert len(quote[slice(*span)]) <= 0.6 * len(quote)


def test_a_question_in_another_language(read):
    span = answering_phrase(read("How many workers were hurt?"), "أُصيب في الحريق ٢٧ عاملا ونُقلوا إلى المستشفى.", "ar")
    assert span is not None
    assert "٢٧ عاملا" in "أُصيب في الحريق ٢٧ عاملا ونُقلوا إلى المستشفى."[slice(*span)]


@pytest.mark.parametrize(
    ("language", "question", "quote"),
    [
        ("ar", "هل افتُتح الجسر؟", "افتُتح الجسر في ١٤ مارس ٢٠١٩."),
        ("fa", "آیا سد ساخته شد؟", "سد در سال ۱۳۹۸ ساخته شد."),
        ("en", "Did the bridge open?", "The bridge opened on 14 March 2019."),
        ("ar", "متى افتُتح الجسر؟", "رفض المهندس الحديث عن الجسر."),
        ("fa", "چند کارگر زخمی شدند؟", "مهندس درباره کارگران حرفی نزد."),
        ("en", "Who opened the bridge?", "The bridge was opened without any speeches."),
        ("en", "Where is it?", "…"),
        ("en", "Where is it?", ""),
    ],
)
def test_no_phrase_rather_than_a_silly_one(read, language, question, quote):
    assert answering_phrase(read(question), quote, language) is None


def test_marks_belong_to_the_letter_before_them(read):
    quote = "قال إنّ الجِسْرَ افتُتِحَ في عامِ ٢٠١٩ بحضورِ الأهالي ووجهاءِ المدينةِ."
    start, end = answering_phrase(read("متى افتتح الجسر؟"), quote, "ar") or (0, 0)
    assert "٢٠١٩" in quote[start:end]
    assert not fold(quote[end]).isalnum() and quote[end] not in "\u064e\u064f\u0650\u0651\u0652"


def test_a_compound_with_a_zero_width_joint_is_not_cut(read):
    quote = "نخست‌وزیر پیشین کشور در یک سخنرانی از آتش‌بس سه‌روزه میان دو گروه خبر داد."
    shown = clues(read("از چه خبر داد؟"), quote, "fa")
    assert "آتش‌بس" in [quote[word.start : word.end] for word in shown.words]


def test_a_number_is_one_word(read):
    quote = "بلغ العدد 4,462 أي ٢٫٣٪ من السكان."
    words = [quote[word.start : word.end] for word in clues(read("كم بلغ العدد؟"), quote, "ar").words]
    assert "4,462" in words
    assert "٢٫٣٪" in words


def test_brackets_and_quotations_stay_whole(read):
    quote = "The ship, named “the Northern Star” (built in 1997), sank within an hour off the coast."
    start, end = answering_phrase(read("What was the name of the ship?"), quote, "en") or (0, 0)
    assert end > start
    assert quote[start:end].count("“") == quote[start:end].count("”")
    assert quote[start:end].count("(") == quote[start:end].count(")")


def test_words_of_the_question_are_known_again(read):
    shown = clues(read("متى وصل الوزراء إلى المدينة؟"), "وصل وزراء الخارجية إلى مدينة ساحلية.", "ar")
    matched = [word.folded for word in shown.words if {"matched", "matched light"} & set(word.clues)]
    assert {"وزراء", "مدينه"} <= set(matched)


def test_a_definition_is_a_kind_of_its_own(read):
    assert asked_of(read("ما هو الصندوق؟")) == "definition"
    assert asked_of(read("صندوق چیست؟")) == "definition"
    assert asked_of(read("What did the fund pay?")) == "what"


_QUESTIONS = [question for _, question, _, _ in ANSWERED] + ["ماذا قال؟", "چه گفت؟", "What?", "كيف؟", "x"]
_PIECES = st.sampled_from(
    ["في", "القاهرة", "٢٠١٩", "۱۳۹۸", "14", "March", "آتش‌بس", "می‌رود", "بُنِيَ", "(", ")", "«", "»", "“", "”", '"', "،",
        ".", " ", "\u200f",
     "\u202b", "\u200c", "ـ", "سد", "workers", "27", "1,5", "%", "\n", "😀", "e\u0301"]
)  # fmt: skip


@given(
    st.sampled_from(_QUESTIONS),
    st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=40).map("".join), st.lists(_PIECES, max_size=40).map(" ".join)),
    st.sampled_from(["ar", "fa", "en"]),
)
def test_any_phrase_is_whole_words_within_the_quote(question, quote, language):
    phrase = best_phrase(read_question(question, [], Glossary([]), 2_000), quote, language)
    if phrase is None:
        return
    start, end = phrase.start, phrase.end
    assert 0 <= start < end <= len(quote)
    assert fold(quote[start]).strip("\u200c") and not quote[start].isspace() and not quote[end - 1].isspace()
    words = clues(read_question(question, [], Glossary([]), 2_000), quote, language).words
    assert start in {word.start for word in words} and end in {word.end for word in words}
    assert sum(start <= word.start < end for word in words) <= LONGEST
    assert 0 <= phrase.trust <= 1.0001


@given(st.sampled_from(ANSWERED))
def test_the_same_question_gets_the_same_phrase(answered):
    language, question, quote, _ = answered
    asked = read_question(question, [], Glossary([]), 2_000)
    assert answering_phrase(asked, quote, language) == answering_phrase(asked, quote, language)
