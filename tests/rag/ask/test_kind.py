"""The kind of a question and what a sentence holds, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.kind import asked_words, asks_latest, holds_answer_of, kind_of

KINDS = {
    "who": [
        "من وقّع الاتفاق؟", "ومن رافق الوفد؟", "من هو وزير النقل الجديد؟", "لمن مُنحت الجائزة؟", "على يد من سقطت المدينة؟",
        "ما اسم رئيس الوفد؟", "مين فاز؟", "چه کسی استعفا داد؟", "چه‌كسانی در نشست بودند؟", "سخنگوی دولت کیست؟",
        "نام فرمانده جدید چیست؟", "کدام وزیر برکنار شد؟", "کی گفت که جنگ تمام شده؟", "Who resigned?",
        "Whose house burned down?", "What is the name of the president of the bank?", "Which Dutch official signed it?",
        "In the end, who paid for the bridge?",
    ],
    "when": [
        "متى بدأ الإضراب؟", "منذ متى يعمل المصنع؟", "إلى متى تمتد الهدنة؟", "في أي عام افتُتح الجسر؟", "ما تاريخ التوقيع؟",
        "وفي أي يوم وصل الوفد؟", "چه زمانی سد ساخته شد؟", "در چه سالی به دنیا آمد؟", "اعتصاب از کی آغاز شد؟",
        "کدام روز رأی‌گیری است؟", "تاریخ امضا چیست؟", "When did it open?", "In what year was it built?",
        "Which day is the vote?",
    ],
    "where": [
        "أين عُقد الاجتماع؟", "إلى أين توجّه الوزير؟", "من أين جاءت السفينة؟", "في أي مدينة يقع المصنع؟", "ما عاصمة البلاد؟",
        "ما هي الدولة التي استضافت القمة؟", "کجا برگزار شد؟", "در کدام شهر دیدار کردند؟", "از کجا آمدند؟", "سد کجاست؟",
        "پایتخت این کشور چیست؟", "Where was he born?", "Which country hosts the talks?", "What is the capital of the province?",
    ],
    "howmany": [
        "كم قتيلا سقط؟", "وكم استمر الاجتماع؟", "بكم بيعت اللوحة؟", "ما عدد الجرحى؟", "ما هو مقدار القرض؟",
        "كم يبلغ طول الجسر؟", "كم عمر الرئيس؟", "ما نسبة البطالة؟", "چند نفر زخمی شدند؟", "چه تعداد خانه ویران شد؟",
        "هزینه پل چقدر بود؟",
        "چه میزان باران بارید؟", "تعداد کشته‌شدگان چیست؟", "در چه سنی درگذشت؟", "How many were hurt?", "How far is the border?",
        "What percentage voted?", "At what age did she retire?",
    ],
    "why": [
        "لماذا أُغلق المطار؟", "ما سبب التأجيل؟", "ما هي أسباب الاستقالة؟", "چرا پرواز لغو شد؟", "به چه دلیل استعفا داد؟",
        "علت حادثه چیست؟", "Why was it closed?", "What was the reason for the delay?",
    ],
    "how": ["كيف ردّت الحكومة؟", "ما طريقة الدفع؟", "چگونه فرار کردند؟", "چطور ساخته شد؟", "How did they cross?"],
    "what": [
        "ماذا قال الناطق؟", "بماذا وعد الوزير؟", "ما الخطة الجديدة؟", "چه تصمیمی گرفتند؟", "نام این کتاب چیست؟",
        "کدام شبکه خبر داد؟", "What did the minister promise?", "Which newspaper reported it?", "الهدنة", "آتش‌بس", "ceasefire",
    ],
    "yesno": [
        "هل وافق المجلس؟", "وهل عاد الوفد؟", "آیا مجلس موافقت کرد؟", "Did they agree?", "Was the minister who resigned there?",
        "After the vote on Monday, is the party still in power?",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "question"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_what_a_question_asks_for(kind, question):
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("من بين الدول الأوروبية، متى انضمت المجر؟", "when"),
        ("من خلال أي مدينة يمر الأنبوب؟", "where"),
        ("هر چند جنگ تمام شد، چرا مرز بسته است؟", "why"),
        ("چه کسی گفت که چگونه فرار کردند؟", "who"),
        ("رئیس‌جمهور از کی‌یف چه می‌خواهد؟", "what"),
        ("چرا مصرف گاز کم شده است؟", "why"),
        ("Which company, known to those who travel when it is cold, was fined?", "what"),
    ],
)
def test_a_question_word_that_asks_nothing_there(question, kind):
    assert kind_of(question) == kind


@given(
    st.sampled_from([(kind, text) for kind, texts in KINDS.items() for text in texts]),
    st.lists(st.sampled_from(["\u064e", "\u0651", "ـ", "\u200f", "\u202b"]), max_size=9),
)
def test_marks_and_keyboards_do_not_change_the_kind(asked, marks):
    kind, text = asked
    spread = text
    for number, mark in enumerate(marks):
        place = (7 * number + 3) % len(spread)
        spread = spread[:place] + mark + spread[place:]
    assert kind_of(spread) == kind
    assert kind_of(spread.replace("أ", "ا").replace("ة", "ه")) == kind


@given(st.text(max_size=60))
def test_any_text_has_a_kind(text):
    assert kind_of(text) in KINDS


def test_the_noun_that_is_asked_for():
    assert asked_words("في أي مدينة يقع المصنع؟") == ("اي", "مدينه")
    assert asked_words("در کدام شهر دیدار کردند؟")[-1] == "شهر"
    assert asked_words("Which Dutch official signed it?")[-1] == "official"
    assert asked_words("ceasefire") == ()


@pytest.mark.parametrize(
    "question",
    [
        "ما آخر حصيلة للزلزال؟", "ما الجديد في المفاوضات؟", "هل ما زال المطار مغلقا؟", "هل لا يزال الوزير في منصبه؟",
        "تازه چه خبر؟", "آخرین وضعیت بیمار چیست؟", "آیا مرز هنوز بسته است؟", "What's new in the talks?", "What’s new?",
        "How many as of now?",
        "Is the road still closed?",
    ],
)  # fmt: skip
def test_a_question_for_the_newest_state(question):
    assert asks_latest(question)


@pytest.mark.parametrize(
    "question",
    [
        "متى كانت آخر مرة زار فيها الوزير المدينة؟", "ما آخر كتاب نشره؟", "آخرین بار کی دیده شد؟", "آخر هفته چه شد؟",
        "When was the last time they met?", "What did the last letter say?", "Who makes distilled water?",
    ],
)  # fmt: skip
def test_a_question_for_something_past(question):
    assert not asks_latest(question)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("when", "وصل الوفد يوم الثلاثاء"), ("when", "بدأ العمل في رجب"), ("when", "سد در ۱۳۹۸ ساخته شد"),
        ("when", "دیروز آمدند"),
        ("when", "The bridge opened in spring ١٩٩٨"), ("when", "They left yesterday"), ("when", "They left on Friday"),
        ("howmany", "أصيب ٣ عمال"), ("howmany", "استمر ساعتين"), ("howmany", "سی نفر زخمی شدند"),
        ("howmany", "Dozens were hurt"),
        ("why", "أُغلق بسبب العاصفة"), ("why", "به دلیل برف بسته شد"), ("why", "It closed because of snow"),
        ("who", "قال السيد قاسم إن العمل انتهى"), ("who", "وزیر نیرو استعفا داد"),
        ("who", "The bridge was built by Karim Saleh."),
        ("where", "اجتمعوا في القاهرة"), ("where", "در تهران دیدار کردند"), ("where", "They met near Oldbury."),
    ],
)  # fmt: skip
def test_a_sentence_that_holds_it(kind, sentence, glossary):
    assert holds_answer_of(kind, sentence, glossary)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("when", "رفض الوفد المقترح"), ("when", "پیشنهاد را نپذیرفتند"), ("when", "They refused"),
        ("howmany", "رفض الوفد المقترح"), ("howmany", "پیشنهاد را نپذیرفتند"), ("howmany", "They refused"),
        ("why", "رفض الوفد المقترح"), ("why", "پیشنهاد را نپذیرفتند"), ("why", "They refused"),
        ("who", "انتهى العمل بهدوء"), ("who", "They refused it"), ("where", "انتهى العمل بهدوء"), ("where", "They refused it"),
        ("yesno", "وافق المجلس في القاهرة يوم الثلاثاء"), ("how", "They met on Friday"), ("what", "They met on Friday"),
    ],
)  # fmt: skip
def test_a_sentence_that_does_not(kind, sentence, glossary):
    assert not holds_answer_of(kind, sentence, glossary)
