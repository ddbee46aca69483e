"""Letters that change inside a word: a question's noun is found where an article has it with a pronoun or another spelling."""

from datetime import date

import pytest

from index.text import words
from rag.ask.term import terms_of
from rag.quote.topic import word_forms
from rag.text.glossary import load_glossary
from tests.rag.scripted import archive_of

ARTICLES = [
    ("ar", "افتتاح الجسر الجديد في المدينة",
     "افتتح الوزير الجسر الجديد يوم 3 مارس 2026 بحضور 200 ضيف. وبلغت كلفته 40 مليون دولار. وتبلغ سعته ألف سيارة في الساعة. "
     "وقال المهندس إن العمل استمر عامين. ووصفه السكان بأنه أهم ما بني هنا."),
    ("ar", "مطار الميناء يستقبل أول طائرة",
     "هبطت أول طائرة في مطار الميناء مساء السبت. وبلغت كلفة المطار ٩٠٠ مليون دولار. وتصل سعة المطار إلى خمسة ملايين مسافر في "
     "العام. وقال مديره إن الرحلات الدولية تبدأ في الصيف."),
    ("ar", "ملعب الوادي يفتح أبوابه",
     "فتح ملعب الوادي أبوابه يوم الجمعة. وتقدر كُلفة الملعب بنحو 120 مليون دولار. وسعة الملعب ثلاثون ألف متفرج. وفاز الفريق "
     "المحلي بهدفين."),
    ("ar", "وفاة الرسام هاني البدري",
     "توفي الرسام هاني البدري مساء الخميس. وقالت زوجته إن جنازته تقام السبت. وعاش في بيته القديم ستين عاما. وكانت علاقاته "
     "بالرسامين الشبان طيبة."),
    ("fa", "مدرسهٔ تازهٔ سپیدار",
     "مدرسهٔ تازهٔ سپیدار پس از دو سال باز شد. هزینه‌اش به ۳ میلیون دلار رسید. گنجایش آن ۶۰۰ دانش‌آموز است. مردم خوشحال‌اند."),
    ("fa", "توفان در بندر",
     "توفان دیشب به بندر رسید. خانه‌هایشان در محلهٔ ساحلی ویران شد و ۱۲۰ خانواده جا ندارند. شهردار از مردم خواست آرام بمانند. "
     "کمک‌ها فردا می‌رسد."),
    ("en", "Old bridge to be repaired",
     "Engineers will repair the old stone bridge this summer. The work will take three months. The council has set aside two "
     "million euros for it. Traffic goes over the new road."),
]  # fmt: skip


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    rows = [
        {"title": title, "text": text, "language": language, "outlet": f"outlet {n}", "date": date(2026, 3, n)}
        for n, (language, title, text) in enumerate(ARTICLES, 1)
    ]
    archive = archive_of(tmp_path_factory.mktemp("letters"), rows)
    yield archive.answerer
    archive.catalog.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("كم تبلغ كلفة الجسر؟", "كلفته 40 مليون"),
        ("كم بلغت كلفة الجسر الجديد؟", "كلفته 40 مليون"),
        ("كم كلفه الجسر؟", "كلفته 40 مليون"),
        ("كم كُلْفَةُ الجسر؟", "كلفته 40 مليون"),
        ("كم سعة الجسر؟", "سعته ألف سيارة"),
        ("کم سعه الجسر؟", "سعته ألف سيارة"),
        ("كم تبلغ سعة الجسر الجديد؟", "سعته ألف سيارة"),
        ("كم كلفته المطار؟", "كلفة المطار ٩٠٠"),
        ("متى تقام جنازة الرسام؟", "جنازته تقام السبت"),
        ("كيف كانت علاقات الرسام بالشبان؟", "علاقاته بالرسامين"),
        ("هزينة مدرسة چند بود؟", "هزینه‌اش به ۳"),
        ("خانه‌های کدام محله ویران شد؟", "خانه‌هایشان"),
    ],
)
def test_the_sentence_that_has_the_noun_in_another_form_is_quoted_first(answerer, question, first):
    answer = answerer.answer(question)
    assert answer.citations and first in answer.citations[0].quote, [item.quote for item in answer.citations]


@pytest.mark.parametrize(
    ("language", "asked", "told"),
    [
        ("ar", "كلفة", "بكلفتها"), ("ar", "سعة", "وسعتهما"), ("ar", "ولايته", "ولاية"), ("ar", "حياة", "حياتهم"),
        ("ar", "بيت", "بيته"), ("ar", "والدة", "والدتها"), ("ar", "ألمانيا", "وألمانيا"),
        ("fa", "خانه", "خانه‌هایشان"), ("fa", "خانۀ", "خانه‌ی"), ("fa", "کتاب", "کتابهایش"), ("fa", "سال", "سال‌هایی"),
    ],
)  # fmt: skip
def test_a_term_is_met_by_its_other_form(language, asked, told):
    [term] = terms_of(words(asked), language, load_glossary())
    assert word_forms(told, language).meets(term)


@pytest.mark.parametrize(("asked", "told"), [("سكه", "سکته"), ("نگه", "نکته")])
def test_persian_words_in_te_are_no_pronoun_forms(asked, told):
    [term] = terms_of(words(asked), "fa", load_glossary()) or [None]
    assert term is None or not word_forms(told, "fa").meets(term)
