"""The short answer: whether there is one, which it is, and what it says in the language of the question."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.question import read_question
from rag.render.short_answer import render, with_short_answer
from rag.text.glossary import Glossary, load_glossary, parse_glossary
from rag.types import Answer, Disagreement, citation
from tests.rag.scripted import evidence, passage

TOLD = {
    "ar": ("كم دامت السرقة؟", "وقال الوزير إن السرقة استغرقت سبع دقائق.", "سبع دقائق"),
    "fa": ("سرقت چقدر طول کشید؟", "وزیر گفت سرقت تنها ۴ دقیقه طول کشید.", "۴ دقیقه"),
    "en": ("How long did the robbery last?", "The robbery lasted seven minutes, police said.", "seven minutes"),
}
LANGUAGES = list(TOLD)


def marked(number, language, phrase=True):
    _, text, value = TOLD[language]
    found = evidence(passage(text, language, rank=number, before="x. "))
    at = found.start + text.index(value)
    return citation(number, replace(found, phrase=(at, at + len(value)) if phrase else None))


def answered(glossary, language, *citations, differ=(), values=()):
    question = read_question(TOLD[language][0], [], glossary, 2000)
    disagreements = (Disagreement("number", tuple(differ), tuple(values)),) if differ else ()
    answer = Answer(question.text, language, "…", "quotes", False, citations, disagreements=disagreements)
    return with_short_answer(question, answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_marked_in_the_first_quote_is_the_short_answer(glossary, language):
    first = marked(1, language)
    direct = answered(glossary, language, first, marked(2, "en")).direct
    assert (direct.text, direct.citation, (direct.start, direct.end)) == (TOLD[language][2], 1, first.phrase)
    assert direct.others == () and direct.language == language


@pytest.mark.parametrize("asked", LANGUAGES)
def test_it_is_said_in_the_language_of_the_question(glossary, asked):
    expected = {"ar": "4 دقائق", "fa": None, "en": "4 minutes"}[asked]
    assert answered(glossary, asked, marked(1, "fa")).direct.rendered == expected


def test_only_the_first_quote_counts_for_others_may_be_old(glossary):
    assert answered(glossary, "en", marked(1, "en", phrase=False), marked(2, "ar")).direct is None
    assert answered(glossary, "en").direct is None


def test_values_that_differ_are_all_told(glossary):
    told = (marked(1, "ar"), marked(2, "fa"), marked(3, "en"))
    direct = answered(glossary, "ar", *told, differ=(1, 2), values=("سبع دقائق", "۴ دقیقه")).direct
    assert direct.text == "سبع دقائق" and [other.text for other in direct.others] == ["۴ دقیقه"]


def test_a_value_that_differs_is_told_though_the_reader_did_not_mark_it(glossary):
    told = (marked(1, "en"), marked(2, "fa", phrase=False))
    direct = answered(glossary, "en", *told, differ=(1, 2), values=("seven minutes", "۴ دقیقه")).direct
    (other,) = direct.others
    quote = told[1].quote
    assert (other.text, other.citation) == ("۴ دقیقه", 2) and quote[other.start - told[1].start :].startswith("۴ دقیقه")


def test_nearly_a_whole_long_sentence_is_no_short_answer(glossary):
    text = "The minister said " + "that the talks would go on and " * 4 + "end."
    found = evidence(passage(text))
    whole = citation(1, replace(found, phrase=(found.start, found.end - 1)))
    assert answered(glossary, "en", whole).direct is None


# What it says in another language


TUESDAY = date(2025, 10, 21)
GLOSSARY = load_glossary()

SAID = [
    # Arabic to English
    ("ar", "en", "ثلاث ساعات", "3 hours"),
    ("ar", "en", "ثَلاث سـاعات", "3 hours"),
    ("ar", "en", "ساعتان", "2 hours"),
    ("ar", "en", "أكثر من ساعتين", "more than 2 hours"),
    ("ar", "en", "نحو ساعتين ونصف", "about 2.5 hours"),
    ("ar", "en", "ساعة ونصف", "1.5 hours"),
    ("ar", "en", "ساعتين و٤٥ دقيقة", "2 hours and 45 minutes"),
    ("ar", "en", "لمدة ثلاثة أعوام", "for 3 years"),
    ("ar", "en", "54 قتيلا", "54 killed"),
    ("ar", "en", "٥٤ قتيلًا و١٢ جريحًا", "54 killed and 12 injured"),
    ("ar", "en", "3 آلاف و500 قتيل", "3,500 killed"),
    ("ar", "en", "١٬٥٠٠ شخص", "1,500 people"),
    ("ar", "en", "من 3 إلى 5 ساعات", "3 to 5 hours"),
    ("ar", "en", "بين ثلاث وخمس ساعات", "3 to 5 hours"),
    ("ar", "en", "1.2 مليار دولار أمريكي", "1.2 billion US dollars"),
    ("ar", "en", "45 بالمئة", "45%"),
    ("ar", "en", "295 كيلومترا في الساعة", "295 kilometres per hour"),
    ("ar", "en", "١٥ أغسطس/آب", "15 August 2025"),
    ("ar", "en", "الاثنين الماضي", "Monday 20 October 2025"),
    ("ar", "en", "غدا الأربعاء", "Wednesday 22 October 2025"),
    ("ar", "en", "يوم الاثنين", "Monday"),
    ("ar", "en", "7 أكتوبر", "7 October"),
    ("ar", "en", "أكتوبر/تشرين الأول 2025", "October 2025"),
    ("ar", "en", "عام ٢٠٢٣", "2023"),
    ("ar", "en", "بالقاهرة", "in Cairo"),
    ("ar", "en", "القاهرة ودمشق", "Cairo and Damascus"),
    ("ar", "en", "في الولايات المتحدة", "in the United States"),
    ("ar", "en", "الرئيس بوتين", "President Putin"),
    ("ar", "en", "رئيس فرنسا", "president of France"),
    ("ar", "en", "حماس", "Hamas"),
    ("ar", "en", "في قطاع غزة", "in the Gaza Strip"),
    ("ar", "en", "منذ 2011", "since 2011"),
    ("ar", "en", "وزير خارجية إيران", "foreign minister of Iran"),
    ("ar", "en", "رئيس وزراء إسرائيل", "prime minister of Israel"),
    # English to Arabic
    ("en", "ar", "2 hours and 45 minutes", "ساعتان و45 دقيقة"),
    ("en", "ar", "at least two hours", "ما لا يقل عن ساعتين"),
    ("en", "ar", "54 killed", "54 قتيلًا"),
    ("en", "ar", "3 killed and 2 injured", "3 قتلى وجريحان"),
    ("en", "ar", "six to seven billion dollars", "من 6 إلى 7 مليارات دولار"),
    ("en", "ar", "$1.2 billion", "1.2 مليار دولار"),
    ("en", "ar", "€1,200", "1,200 يورو"),
    ("en", "ar", "half an hour", "30 دقيقة"),
    ("en", "ar", "two weeks or so", "نحو أسبوعين"),
    ("en", "ar", "on October 30", "30 أكتوبر 2025"),
    ("en", "ar", "last Tuesday", "الثلاثاء الماضي"),
    ("en", "ar", "in the US", "في الولايات المتحدة"),
    ("en", "ar", "prime minister of Israel", "رئيس وزراء إسرائيل"),
    ("en", "ar", "President Donald Trump", "الرئيس دونالد ترامب"),
    ("en", "ar", "London, Paris and New York", "لندن وباريس ونيويورك"),
    # Persian to English
    ("fa", "en", "۱۵ اوت", "15 August 2025"),
    ("fa", "en", "٢٤ مهر", "16 October 2025"),
    ("fa", "en", "یكم آبان", "23 October 2025"),
    ("fa", "en", "سه‌شنبه گذشته", "Tuesday 14 October 2025"),
    ("fa", "en", "۱۴۰۴/۷/۲۹", "21 October 2025"),
    ("fa", "en", "سه ساعت و ۴۵ دقیقه", "3 hours and 45 minutes"),
    ("fa", "en", "بیست‌وپنج کیلومتر", "25 kilometres"),
    ("fa", "en", "۱٫۵ میلیون دلار", "1.5 million dollars"),
    ("fa", "en", "بیش از ۲۰ هزار نفر", "more than 20,000 people"),
    ("fa", "en", "۴۵٪", "45%"),
    ("fa", "en", "نخست‌وزیر اسرائیل", "prime minister of Israel"),
    ("fa", "en", "نخست وزير اسرائيل", "prime minister of Israel"),
    ("fa", "en", "ایران، عراق و سوریه", "Iran, Iraq and Syria"),
    ("fa", "en", "به تهران", "to Tehran"),
    # English to Persian
    ("en", "fa", "1,500 people", "۱٬۵۰۰ نفر"),
    ("en", "fa", "almost 66 dollars", "نزدیک به ۶۶ دلار"),
    ("en", "fa", "12.5 km/h", "۱۲٫۵ کیلومتر در ساعت"),
    ("en", "fa", "15 August", "۲۴ مرداد ۱۴۰۴ (۱۵ اوت ۲۰۲۵)"),
    ("en", "fa", "until Tuesday", "تا سه‌شنبه ۲۹ مهر ۱۴۰۴ (۲۱ اکتبر ۲۰۲۵)"),
    ("en", "fa", "5 May", "۵ مه"),
    ("en", "fa", "Oct. 26, 2025", "۴ آبان ۱۴۰۴ (۲۶ اکتبر ۲۰۲۵)"),
    ("en", "fa", "between 10 and 15 percent", "۱۰ تا ۱۵٪"),
    ("en", "fa", "Turkey", "ترکیه"),
    ("en", "fa", "UN", "سازمان ملل"),
    ("en", "fa", "Prime Minister Benjamin Netanyahu", "نخست‌وزیر بنیامین نتانیاهو"),
    # Arabic to Persian and back
    ("ar", "fa", "تسعة عشر قتيلا", "۱۹ کشته"),
    ("ar", "fa", "أمس", "۲۸ مهر ۱۴۰۴ (۲۰ اکتبر ۲۰۲۵)"),
    ("ar", "fa", "حماس وحزب الله", "حماس و حزب‌الله"),
    ("ar", "fa", "في القاهرة", "در قاهره"),
    ("fa", "ar", "۵۴ کشته", "54 قتيلًا"),
    ("fa", "ar", "چهار دقیقه", "4 دقائق"),
    ("fa", "ar", "سه‌شنبه، ۲۹ مهر", "الثلاثاء 21 أكتوبر 2025"),
    ("fa", "ar", "عباس عراقچی", "عباس عراقجي"),
    # A language in itself: only a day gains
    ("en", "en", "Tuesday", "Tuesday 21 October 2025"),
    ("en", "en", "yesterday", "20 October 2025"),
    ("en", "en", "15 August", "15 August 2025"),
    ("ar", "ar", "23 أكتوبر/تشرين الأول", "23 أكتوبر 2025"),
    ("fa", "fa", "۱۵ مهر", "۱۵ مهر ۱۴۰۴ (۷ اکتبر ۲۰۲۵)"),
]

UNSAID = [
    # A word is left over
    ("ar", "en", "ثلاث ساعات كاملة"), ("ar", "en", "القاهرة القديمة"), ("ar", "en", "وزير الخارجية الإيراني"),
    ("en", "ar", "three more hours"), ("en", "ar", "in Cairo yesterday"), ("en", "ar", "54 people of Gaza"),
    ("fa", "en", "سه نفر دیگر"), ("fa", "en", "۳ روز پیش"), ("ar", "en", "يوم الثلاثاء الموافق 21 أكتوبر"),
    ("ar", "en", "رئيس لبنان الأسبق"), ("en", "fa", "Israel and others"), ("en", "ar", "about"),
    # A letter of another word is left over
    ("ar", "en", "وثلاث ساعات"), ("ar", "en", "لثلاث ساعات"), ("ar", "en", "بـ3 ساعات"), ("ar", "en", "وغدا"),
    # Unknown nouns and names
    ("en", "ar", "12 dogs"), ("ar", "fa", "12 كلبا"), ("fa", "ar", "هشت قطعه"), ("en", "ar", "John Smith"),
    ("ar", "en", "شارع الرشيد"), ("fa", "en", "کوچهٔ بهار"),
    # Numbers of two readings
    ("en", "fa", "1.500"), ("fa", "en", "۱.۵۰۰ نفر"), ("ar", "en", "1,5 مليون"), ("ar", "en", "1,500 مليار"),
    ("fa", "en", "۱٫۵۰۰ نفر"), ("en", "ar", "1,500.75.3"), ("en", "ar", "007"), ("en", "ar", "dozens"),
    ("en", "ar", "two dozen people"), ("en", "ar", "a few hours"), ("en", "ar", "three or four hours"),
    ("fa", "en", "دو سه روز"), ("en", "ar", "million dollars"), ("ar", "en", "مليونا دولار"), ("en", "ar", "10²"),
    ("en", "ar", "½ hour"),
    ("en", "ar", "-5 degrees Celsius"),
    ("en", "ar", "$5%"), ("en", "ar", "10:30"), ("en", "fa", "3-1"), ("fa", "en", "نه"), ("fa", "en", "۱۴۰۳"),
    # Words of two meanings
    ("fa", "en", "۱۰۰ تن"), ("en", "ar", "5 pounds"), ("ar", "en", "40 درجة"), ("ar", "en", "ساعة"), ("fa", "en", "۳ شهر"),
    ("ar", "en", "الساعة 3"), ("en", "ar", "seven-minute"), ("en", "ar", "7 minute"), ("ar", "en", "ثلاثة ساعتين"),
    # Days that are not certain
    ("en", "fa", "3/4/2025"), ("ar", "en", "10 محرم"), ("ar", "en", "١٥ أغسطس/أيلول"), ("ar", "en", "31 فبراير"),
    ("ar", "en", "الاثنين 21 أكتوبر"), ("fa", "en", "۲۲ بهمن"), ("fa", "en", "سال ۱۴۰۳"), ("fa", "en", "۲۵ اوت ۱۴۰۴"),
    ("en", "fa", "Monday and Tuesday"),
    # Names of several things, or no names
    ("ar", "en", "تونس"), ("ar", "en", "عمان"), ("en", "ar", "Jordan"), ("en", "fa", "turkey"), ("en", "ar", "Us"),
    ("ar", "en", "الأمريكي"), ("ar", "en", "رئيس"), ("ar", "en", "بنيوي"), ("ar", "en", "باكرا"), ("fa", "en", "غرب"),
    ("ar", "en", "جون"), ("ar", "en", "مارس"), ("ar", "en", "في اليوم"), ("fa", "en", "مه"),
    # One thing said of another is no list
    ("fa", "en", "هگست، وزیر دفاع"), ("en", "ar", "Paris, France"), ("en", "fa", "Paris, France and London"),
    ("en", "ar", "2, 2026"), ("en", "ar", "2023, and Hungary"), ("ar", "fa", "عشر قتيلا"), ("fa", "ar", "کرملین، دمیتری پسکوف"),
    # A language in itself
    ("en", "en", "Monday"), ("en", "en", "three hours"), ("ar", "ar", "القاهرة"), ("fa", "fa", "۲۹ مهر ۱۴۰۴"),
    ("en", "en", "7 October"), ("ar", "en", ""), ("fa", "ar", "«»"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "into", "text", "expected"), SAID)
def test_what_is_certain_is_said_in_the_other_language(language, into, text, expected):
    assert render(text, language, into, TUESDAY, GLOSSARY) == expected


@pytest.mark.parametrize(("language", "into", "text"), UNSAID)
def test_what_is_uncertain_is_not_said(language, into, text):
    assert render(text, language, into, TUESDAY, GLOSSARY) is None


@pytest.mark.parametrize(
    ("language", "into", "text", "expected"),
    [
        ("ar", "en", "أمس", "yesterday"),
        ("fa", "ar", "سه‌شنبه", "الثلاثاء"),
        ("en", "ar", "15 August", "15 أغسطس"),
        ("en", "ar", "15 August 2025", "15 أغسطس 2025"),
        ("fa", "en", "۲۴ مهر", None),
        ("ar", "en", "الاثنين الماضي", None),
        ("en", "en", "Tuesday", None),
    ],
)
def test_without_a_day_of_publication_a_day_stays_as_it_is_told(language, into, text, expected):
    assert render(text, language, into, None, GLOSSARY) == expected


@pytest.mark.parametrize("published", [None, date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize(("text", "expected"), [("أمس", "yesterday"), ("الثلاثاء", "Tuesday"), ("15 أغسطس", "15 August")])
def test_an_undated_article_gives_no_date(text, published, expected):
    assert render(text, "ar", "en", published, GLOSSARY) == expected


@pytest.mark.parametrize("published", [date(2025, 2, 10), date(2025, 5, 1)])
def test_a_day_far_from_its_publication_gets_no_year(published):
    assert render("15 August", "en", "ar", published, GLOSSARY) == "15 أغسطس"
    assert render("۲۴ مرداد", "fa", "en", published, GLOSSARY) is None


def test_a_name_of_two_entries_is_said_only_where_both_are_called_alike():
    places = ["tripoli\tطرابلس\tطرابلس", "tripoli\tطرابلس\tطرابلس لبنان", "sidon\tصيدون\tصیدون"]
    lines = [*(f"city\t{place}" for place in places), "word\thunter\tصيدون\tشکارچی"]
    glossary = Glossary(parse_glossary("\n".join(lines), "own"))
    assert render("طرابلس", "ar", "en", None, glossary) == "Tripoli"
    assert render("طرابلس", "ar", "fa", None, glossary) is None
    assert render("صيدون", "ar", "en", None, glossary) is None


def test_a_glossary_of_ones_own_keeps_its_capitals():
    glossary = Glossary(parse_glossary("city\tDeir ez-Zor\tدير الزور\tدیرالزور", "own"))
    assert render("دير الزور", "ar", "en", None, glossary) == "Deir ez-Zor"


DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]
NOUNS = {
    "en": ["hours", "kilometres", "dollars", "people", "percent", "killed", ""],
    "ar": ["ساعة", "كيلومترا", "دولار", "شخصا", "بالمئة", "قتيلا", ""],
    "fa": ["ساعت", "کیلومتر", "دلار", "نفر", "درصد", "کشته", ""],
}
AND = {"en": " and ", "ar": " و", "fa": " و "}
WRITTEN = st.integers(3, 10**9).map(str) | st.integers(3, 10**9).map("{:,}".format) | st.decimals(3, 10**6, places=2).map(str)


SCALES = {"million": 6, "مليون": 6, "ملايين": 6, "میلیون": 6, "billion": 9, "مليار": 9, "میلیارد": 9}
TO_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫٬", "0123456789.,")


def values(text):
    found = re.findall(r"(\d[\d,]*(?:\.\d+)?)(?: ([^\W\d]+))?", text.translate(TO_ASCII))
    return {Decimal(digits.replace(",", "")).scaleb(SCALES.get(word, 0)) for digits, word in found}


@given(st.data())
def test_no_digits_lose_their_value(data):
    language, into = data.draw(st.permutations(["en", "ar", "fa"]))[:2]
    numbers = data.draw(st.lists(WRITTEN, min_size=1, max_size=3))
    script = data.draw(st.sampled_from(DIGITS))
    nouns = [data.draw(st.sampled_from(NOUNS[language])) for _ in numbers]
    written = [number.translate(str.maketrans(DIGITS[0], script)) for number in numbers]
    pieces = [f"{number} {noun}".strip() for number, noun in zip(written, nouns, strict=True)]
    said = render(AND[language].join(pieces), language, into, TUESDAY, GLOSSARY)
    if said is not None:
        assert {Decimal(number.replace(",", "")) for number in numbers} <= values(said)


@given(st.text(alphabet="0123٤۵.,٫٬-/:%٪$ ()وبلhouraميلنثسعدقتیکچ\u200c\u064e", max_size=30), st.none() | st.dates())
def test_any_text_of_any_day_is_rendered_or_not(text, published):
    for language in ("en", "ar", "fa"):
        for into in ("en", "ar", "fa"):
            said = render(text, language, into, published, GLOSSARY)
            assert said is None or said.strip()
