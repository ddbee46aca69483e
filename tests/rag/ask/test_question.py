from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from rag.ask.kind import asks_definition, asks_latest
from rag.ask.question import Question, QuestionError, QuestionTooLong, asks_several, questions_in, read_question

MOST = 2000


@pytest.fixture
def read(glossary):
    def read(text: str, *history: str) -> Question:
        return read_question(text, history, glossary, MOST)

    return read


def named(question: Question) -> set[str]:
    return {" ".join(term.words) for term in question.terms}


def taken_over(question: Question) -> set[str]:
    return {" ".join(term.words) for term in question.context}


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("متى عُقدت قمة ألاسكا؟", "ar", "when"),
        ("متی عقدت قمة ألاسكا؟", "ar", "when"),
        ("أين التقى ترامب وبوتين؟", "ar", "where"),
        ("في أي مدينة التقى ترامب وبوتين؟", "ar", "where"),
        ("كم استمرت المكالمة؟", "ar", "howmany"),
        ("وكم استمرت المكالمة؟", "ar", "howmany"),
        ("من رافق ترامب؟", "ar", "who"),
        ("لماذا أُلغيت القمة؟", "ar", "why"),
        ("كيف ردت أوروبا؟", "ar", "how"),
        ("هل حصل زيلينسكي على صواريخ توماهوك؟", "ar", "yesno"),
        ("ماذا قال روبيو؟", "ar", "what"),
        ("نشست آلاسکا چه تاریخی برگزار شد؟", "fa", "when"),
        ("ترامپ و پوتین کجا دیدار کردند؟", "fa", "where"),
        ("در کدام شهر دیدار کردند؟", "fa", "where"),
        ("گفت‌وگو چند ساعت طول کشید؟", "fa", "howmany"),
        ("چه کسانی همراه ترامپ بودند؟", "fa", "who"),
        ("چرا نشست لغو شد؟", "fa", "why"),
        ("آیا زلنسکی موشک گرفت؟", "fa", "yesno"),
        ("روبیو چه گفت؟", "fa", "what"),
        ("When did the summit take place?", "en", "when"),
        ("Where did they meet?", "en", "where"),
        ("How long was the call?", "en", "howmany"),
        ("Who went with Trump?", "en", "who"),
        ("Why was the summit shelved?", "en", "why"),
        ("Did Zelensky get Tomahawks?", "en", "yesno"),
        ("What did Rubio say about Lavrov?", "en", "what"),
    ],
)
def test_language_and_kind(read, text, language, kind):
    question = read(text)
    assert (question.language, question.kind) == (language, kind)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("متى التقى بوتين وترامب في ألاسكا؟", "مَتَى اِلتقى بوتين وترامب في الاسكا ؟"),
        ("من هو رئيس الجمهورية؟", "من هو رئيس الجمهوريه"),
        ("کم طول کشید گفت‌وگوی پوتین؟", "كم طول كشيد گفت‌وگوی پوتين؟"),
        ("در ۱۲ فوریه چه شد؟", "در ١٢ فوریه چه شد؟"),
        ("در ۱۲ فوریه چه شد؟", "در 12 فوریه چه شد؟"),
        ("NATO and Rutte in Washington", "nato AND rutte in WASHINGTON?"),
    ],
)
def test_spelling_leaves_the_terms_alone(read, one, other):
    assert named(read(one)) == named(read(other)) != set()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("هل هو هذا الذي كان في ذلك؟", set()),
        ("او که بود و چه شد؟", set()),
        ("what is it and who are they?", set()),
        ("ماذا فعل تمساح؟", {"فعل", "تمساح"}),
    ],
)
def test_function_words_are_no_terms(read, text, terms):
    assert named(read(text)) == terms


@pytest.mark.parametrize(
    ("text", "topic", "light"),
    [
        ("في أي مدينة التمساح؟", "التمساح", "مدينه"),
        ("تمساح در کدام شهر است؟", "تمساح", "شهر"),
        ("which city has the crocodile?", "crocodile", "city"),
    ],
)
def test_a_light_word_counts_less_than_a_topic_word(read, text, topic, light):
    emphasis = {" ".join(term.words): term.emphasis for term in read(text).terms}
    assert emphasis[topic] == 1.0
    assert 0 < emphasis.get(light, 0.1) < 0.5


def test_a_glossary_term_is_one_term_with_its_translations(read):
    question = read("ماذا قال فلاديمير بوتين عن البيت الأبيض؟")
    terms = {" ".join(term.words): term for term in question.terms}
    assert "فلاديمير بوتين" in terms
    assert ("putin",) in terms["فلاديمير بوتين"].variants("en")
    assert terms["فلاديمير بوتين"].is_name
    assert ("white", "house") in terms["البيت الابيض"].variants("en")


def test_a_word_is_one_term_however_often_it_stands(read):
    question = read("تمساح تمساح تمساح؟")
    assert [term.words for term in question.terms] == [("تمساح",)]


@pytest.mark.parametrize(
    ("text", "history", "terms"),
    [
        ("وكم استمرت؟", ["متى عُقدت قمة ألاسكا؟"], {"الاسكا"}),
        ("وأين؟", ["متى التقى روبيو ولافروف؟"], {"روبيو", "ولافروف"}),
        ("و کجا؟", ["روبیو و لاوروف کی دیدار کردند؟"], {"روبيو", "لاوروف"}),
        ("چرا؟", ["نشست بوداپست لغو شد؟"], {"بودابست"}),
        ("And who went with him?", ["Did Rubio fly to Budapest?"], {"rubio", "budapest"}),
        ("Why?", ["Was the Budapest summit shelved?"], {"budapest"}),
    ],
)
def test_a_follow_up_leans_on_the_question_before(read, text, history, terms):
    question = read(text, *history)
    assert terms <= taken_over(question)
    assert question.text == text


def test_what_is_taken_over_counts_less_and_less(read):
    question = read("ولماذا؟", "هل التقى روبيو بلافروف في الرياض أمس؟", "وكم استمر لقاؤهما؟")
    assert taken_over(question)
    own = read("هل التقى روبيو بلافروف في الرياض أمس؟")
    before = {term.words: term.emphasis for term in own.terms}
    for term in question.context:
        assert 0 < term.emphasis < 1
        assert term.emphasis < before.get(term.words, 1.0)


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("ما موقف بولندا من تحليق طائرة بوتين فوق أراضيها؟", ["متى عُقدت قمة ألاسكا؟"]),
        ("موشک‌های تاماهاک برای زلنسکی چه بردی دارند و کجا ساخته می‌شوند؟", ["روبیو و لاوروف کی دیدار کردند؟"]),
        ("What did Rutte want from the president in Washington on Wednesday?", ["When was the Alaska summit?"]),
    ],
)
def test_a_new_topic_leaves_the_history_behind(read, text, history):
    assert read(text, *history) == read(text)


def test_only_the_last_questions_are_remembered(read):
    question = read("ولماذا؟", "هل جاء تمساح؟", *["ولماذا؟"] * 6)
    assert "تمساح" not in taken_over(question)
    assert "تمساح" in taken_over(read("ولماذا؟", "هل جاء تمساح؟", "وكيف؟"))


def test_what_came_before_the_last_whole_question_is_not_taken_over(read):
    first = "هل جاء التمساح الكبير إلى بركة المدينة القديمة صباح أمس؟"
    second = "هل التقى روبيو بلافروف في فندق بالرياض بعد مكالمة هاتفية طويلة؟"
    assert "التمساح" in taken_over(read("ولماذا؟", first))
    question = read("ولماذا؟", first, second)
    assert "التمساح" not in taken_over(question) and "روبيو" in taken_over(question)


@pytest.mark.parametrize("history", [[""], ["   "], ["😀"], ["؟!"], ["\u202e"], ["x" * 9000]])
def test_history_of_any_kind_is_no_error(read, history):
    assert read("متى عُقدت القمة؟", *history).language == "ar"


def test_no_more_of_an_earlier_question_is_read_than_a_question_may_have(glossary):
    question = read_question("ولماذا؟", ["هل جاء تمساح " + "ثم زرافة " * 20], glossary, 20)
    assert "تمساح" in taken_over(question) and "زرافه" not in taken_over(question)
    assert all(len(text) <= 20 for text in question.earlier)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0", "\u2003"])
def test_an_empty_question(read, text):
    with pytest.raises(QuestionError) as caught:
        read(text)
    assert "empty" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["😀😀", "؟", "…!؟", "\u202e\u202d\u2066", "\u200c", "ـــ", "\u064e\u0651", "\x00\x01\x07", "👩\u200d🚀 🇮🇷", "—", "\ufeff"],
)
def test_a_question_without_words(read, text):
    with pytest.raises(QuestionError) as caught:
        read(text)
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["؟" * 10_000, "س" * 10_000, "ما هذا " * 1_500, "😀" * 10_000, "پ\u200c" * 5_000])
def test_a_question_of_10_000_characters(read, text):
    with pytest.raises(QuestionTooLong) as caught:
        read(text)
    assert f"{len(' '.join(text.split())):,} characters" in str(caught.value) and "2,000" in str(caught.value)
    assert len(str(caught.value)) < 200


def test_the_longest_question_allowed_is_read(read):
    assert read("س" * MOST).terms
    with pytest.raises(QuestionError):
        read("س" * (MOST + 1))


def test_the_error_repeats_little_of_the_question(read):
    with pytest.raises(QuestionError) as caught:
        read("😀" * 1_999)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u202eمتى التقى بوتين\u202c وترامب؟", "متى التقى بوتين وترامب؟"),
        ("متى\x00 التقى\x07 بوتين\x1b وترامب؟", "متى التقى بوتين وترامب؟"),
        ("متى\nالتقى\tبوتين\r\nوترامب؟", "متى التقى بوتين وترامب؟"),
        ("متى التقى بوتين وترامب؟ 😀", "متى التقى بوتين وترامب؟"),
        ("متى التقى «بوتين» (ترامب)؟", "متى التقى بوتين ترامب؟"),
    ],
)
def test_what_carries_no_meaning_changes_no_term(read, text, plain):
    dirty, clean = read(text), read(plain)
    assert (dirty.language, dirty.kind) == (clean.language, clean.kind)
    assert named(dirty) == named(clean)


@pytest.mark.parametrize("text", ["\ud800 ترامب", "\udcff\udcfe بوتين", "Trump \udc80 Putin"])
def test_a_lone_surrogate_goes_no_further(read, text):
    question = read(text)
    question.text.encode()
    assert question.terms


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("؟يیكک\u200c\u064e\u202e\u2066٣۳3 \n[1]،\ud800\ud83d")),
        max_size=120,
    ),
    st.lists(st.text(max_size=30), max_size=5),
)
def test_no_text_raises_anything_but_a_question_error(glossary, text, history):
    try:
        question = read_question(text, history, glossary, 100)
    except QuestionError as error:
        assert error.remedy
        str(error).encode()
    else:
        assert question.language in LANGUAGES
        assert all(term.words and 0 < term.emphasis <= 1 for term in question.all_terms)
        assert len(question.text) <= 100
        question.text.encode()


def test_a_model_is_asked_the_follow_up_with_what_it_leans_on(read):
    assert read("وكم استمرت؟", "متى عُقدت قمة ألاسكا؟").asked == "متى عُقدت قمة ألاسكا؟ وكم استمرت؟"
    asked = read("و چند ساعت بود؟", "نشست آلاسکا کجا بود؟", "چه روزی؟").asked
    assert asked == "نشست آلاسکا کجا بود؟ چه روزی؟ و چند ساعت بود؟"
    alone = "ماذا طلب زيلينسكي من ترامب في البيت الأبيض؟"
    assert read(alone, "متى عُقدت قمة ألاسكا؟").asked == alone


# Questions of two more kinds: for a definition, and for the newest state of things


DEFINITIONS = [
    "من هو لافروف؟", "من هي آنا كيلي؟", "مَن كان هنري كيسنجر؟", "ما هو الناتو؟", "ما هي صواريخ توماهوك؟", "ما معنى الهدنة؟",
    "لاوروف کیست؟", "لاوروف كيست", "آنا کلی چه کسی است؟", "ناتو چیست؟", "آتش‌بس یعنی چه؟", "کیسینجر که بود؟",
    "Who is Lavrov?", "who was Henry Kissinger", "What is NATO?", "What are Tomahawks?",
]  # fmt: skip
NO_DEFINITIONS = [
    "ماذا قال لافروف؟", "متى عقدت القمة؟", "من التقى بوتين في ألاسكا؟", "لاوروف چه گفت؟", "نشست کجا برگزار شد؟",
    "When did Lavrov speak?", "Who said that the Budapest summit was shelved?", "NATO",
    "What was the reason that Trump gave for refusing Tomahawk missiles to Ukraine?",
    "ما هي الأسباب التي ذكرها البيت الأبيض لتأجيل قمة بودابست بين ترامب وبوتين؟",
]  # fmt: skip


@pytest.mark.parametrize("text", DEFINITIONS)
def test_a_question_for_a_definition(read, text):
    assert read(text).asks_definition


@pytest.mark.parametrize("text", NO_DEFINITIONS)
def test_no_question_for_a_definition(read, text):
    assert not read(text).asks_definition


LATEST = [
    "ما آخر أخبار قمة بودابست؟", "ما هي آخر التطورات في أوكرانيا؟", "آخر المستجدات",
    "ما الأحدث في غزة؟", "ما الوضع حتى الآن؟", "ماذا يجري الآن في الرياض؟", "أين يوجد ويتكوف حاليًا؟", "ما آخر ما قاله ترامب؟",
    "ما آخر تصريحات لافروف؟", "ما آخر تطوّرات المفاوضات", "ما آخر مستجدّات الهدنة؟",
    "آخرین خبر درباره نشست چیست؟", "آخرین وضعیت آتش‌بس", "تازه‌ترین خبرها", "تازه ترین خبرها", "جدیدترین موضع روبیو",
    "اکنون اوضاع چگونه است؟", "هم‌اکنون چه خبر است؟", "تاکنون چند نفر کشته شدند؟", "تا کنون چه شد", "الان چه خبر است؟",
    "آخرين خبر نشست", "تازه‌ترين خبر",
    "What is the latest on the summit?", "the NEWEST figures", "most recent statement by Rubio", "How many were killed so far?",
    "Who is currently in Riyadh?", "Where do talks stand at present?", "what is happening right now", "figures to date",
]  # fmt: skip
NOT_LATEST = [
    "متى عُقدت قمة ألاسكا؟", "ما آخر مرة التقى فيها ترامب وبوتين؟", "من آخر من غادر القاعة؟", "ماذا حدث في آخر يوم؟",
    "ماذا قال الآنسة كيلي؟", "ما الآنية؟", "تأخر القطار", "متأخرات الرواتب",
    "نشست آلاسکا کی برگزار شد؟", "آخر هفته چه شد؟", "در آخر نشست چه گفتند؟", "تازه‌کار کیست؟", "جدیدی چه گفت؟",
    "When did they meet?", "What happened later?", "Who came late?", "Did they meet in the presence of Rubio?",
    "How far is Moscow?", "Who knows?", "What did the currency lose?",
]  # fmt: skip


@pytest.mark.parametrize("text", LATEST)
def test_a_question_for_the_latest(read, text):
    assert read(text).asks_latest


@pytest.mark.parametrize("text", ["ما أحدث تصريحات روبيو؟", "أَحدث الأخبار", "ما هو أحدث خبر عن القمة؟"])
def test_a_question_for_the_latest_with_the_commonest_arabic_word(read, text):
    assert read(text).asks_latest


@pytest.mark.parametrize(
    "text",
    ["وآخر الأخبار؟", "والآن ماذا يجري؟", "ما المستجدات في غزة؟", "ما الوضع في الوقت الحالي؟", "در حال حاضر چه خبر است؟"],
)
def test_a_question_for_the_latest_in_other_common_words(read, text):
    assert read(text).asks_latest


@pytest.mark.parametrize("text", NOT_LATEST)
def test_no_question_for_the_latest(read, text):
    assert not read(text).asks_latest


@given(
    st.sampled_from([*LATEST, *NOT_LATEST]),
    st.lists(st.sampled_from(["\u064b", "\u0651", "ـ", "\u200f", "\u202b"]), max_size=9),
)
def test_spelling_does_not_change_what_is_asked_for(text, marks):
    spread = text
    for number, mark in enumerate(marks):
        place = (7 * number + 3) % len(spread)
        spread = spread[:place] + mark + spread[place:]
    spread = spread.replace("ي", "ی").replace("ك", "ک").replace("أ", "ا")
    assert (asks_latest(spread), asks_definition(spread)) == (asks_latest(text), asks_definition(text))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When did they meet, and what did they sign?", ["When did they meet", "what did they sign?"]),
        ("When was it signed, and until when may they leave?", ["When was it signed", "when may they leave?"]),
        ("نخست‌وزیر ژاپن کیست و چند رأی آورد؟", ["نخست‌وزیر ژاپن کیست", "چند رأی آورد؟"]),
        ("Who won? And how many goals did he score?", ["Who won", "And how many goals did he score?"]),
        ("متى التقى الوزيران وماذا وقّعا؟", ["متى التقى الوزيران", "ماذا وقّعا؟"]),
        ("كم قتيلا سقط، وكم جريحا في الزلزال؟", ["كم قتيلا سقط", "كم جريحا في الزلزال؟"]),
        (
            "نخست‌وزیر چه زمانی با امیر کویت دیدار کرد و چند توافق‌نامه امضا شد؟",
            ["نخست‌وزیر چه زمانی با امیر کویت دیدار کرد", "چند توافق‌نامه امضا شد؟"],
        ),
    ],
)
def test_each_part_stands_as_the_question_writes_it(question, parts):
    assert list(questions_in(question)) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who is the president of France and Germany?", "How many were killed and injured?", "ماذا قال ترامب وبوتين؟",
        "من ومتى قتل؟", "چرا و چگونه جنگ آغاز شد؟", "چه کسی و کجا کشته شد؟", "ما منصب روبيو؟",
        "بماذا صاحوا في وجه الوزير؟", "رئیس‌جمهور و وزیر کجا رفتند؟",
    ],
)  # fmt: skip
def test_one_question_stays_whole(question):
    assert questions_in(question) == (question,)


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("ماذا قال الوزيران، ومتى؟", True),
        ("متى وأين عقدت القمة؟", True),
        ("آنها چه خواستند و چه زمانی؟", True),
        ("What did Rubio and Lavrov say, and when?", True),
        ("متى عقدت القمة؟", False),
        ("من صاح في وجه الوزير؟", False),
        ("بازی عقاب‌ها و سواران چند چند شد؟", False),
        ("How old were the man and woman who died?", False),
    ],
)
def test_several_things_are_asked_though_one_cannot_stand_alone(question, several):
    assert asks_several(question) is several


WORDS = ["what", "who", "متى", "وماذا", "كم", "چه", "چند", "و", "and", "؟", "?", "the", "الوفد", "وَقّع", "می‌کرد", "۱۲", "٣"]


@given(st.lists(st.sampled_from(WORDS)))
def test_parts_stand_in_the_question_in_order(words):
    question, place = " ".join(words), 0
    for part in questions_in(question):
        place = question.index(part, place) + len(part)
