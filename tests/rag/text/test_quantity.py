import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import detect_language
from rag.text.amount import amounts, tokens_of
from rag.text.quantity import quantities as all_quantities


def quantities(text):
    return all_quantities(text, detect_language(text))


def values(text):
    return [number.value for number in amounts(tokens_of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("١٢ قتيلا و1,200 جريح", [12, 1200]),
        ("۱۲٬۵۰۰ نفر", [12500]),
        ("خمسة وعشرون شخصا", [25]),
        ("مئةٌ وخمسةٌ وعشرين", [125]),
        ("اثنا عشر قتيلا وثلاثة عشر جريحا", [12, 13]),
        ("مئة واثني عشر", [112]),
        ("ثلاثة آلاف", [3000]),
        ("ثلاثمئة وخمسين ألفا", [350_000]),
        ("بیست و پنج نفر", [25]),
        ("بیست‌وپنج نفر", [25]),
        ("بيست و پنج نفر", [25]),
        ("دویست و بیست و پنج", [225]),
        ("۱۲ هزار و ۵۰۰", [12500]),
        ("یک‌هزار و دویست نفر", [1200]),
        ("نیم میلیون", [500_000]),
        ("twenty-five people and three others", [25, 3]),
        ("one hundred and twelve", [112]),
        ("two hundred twelve thousand five hundred", [212_500]),
        ("1.2 million", [1_200_000]),
        ("half a million", [500_000]),
        ("two dozen", [24]),
        ("twelve and fifteen", [12, 15]),
        ("پنج و شش", [5, 6]),
    ],
)
def test_numbers_in_digits_and_words(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    "text", ["dozens", "hundreds of thousands", "several thousand", "عشرات الآلاف", "ده‌ها نفر", "چند هزار", "لست", "بست"]
)
def test_many_is_no_number(text):
    assert values(text) == []


@given(st.integers(0, 10**9))
def test_digits_of_any_script_are_read_alike(number):
    eastern = str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    persian = str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert values(str(number)) == values(eastern) == values(persian) == values(f"{number:,}") == [number]


@given(st.text(max_size=120))
def test_any_text_has_quantities_that_stand_in_it(text):
    for item in quantities(text):
        assert 0 <= item.start < item.end <= len(text)
        assert item.low <= item.high


def outcomes(text):
    return [(text[item.start : item.end], *sorted(item.outcomes)) for item in quantities(text) if not item.is_part]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 12 people, including three children, were killed and 40 hurt.", [("At least 12", "dead"), ("40", "hurt")]),
        ("Killing 12 people and injuring 40.", [("12", "dead"), ("40", "hurt")]),
        ("مقتل ١٢ شخصا وإصابة 40 آخرين بينهم ثلاثة أطفال.", [("١٢", "dead"), ("40", "hurt")]),
        ("أن 18 شخصا قُتلوا وأن أكثر من مئتي شخص أُصيبوا.", [("18", "dead"), ("أكثر من مئتي", "hurt")]),
        ("۱۲ نفر کشته و ۴۰ نفر زخمی شدند.", [("۱۲", "dead"), ("۴۰", "hurt")]),
        ("کشته شدن ۱۲ نفر و زخمي شدن ۴۰ نفر.", [("۱۲", "dead"), ("۴۰", "hurt")]),
    ],
)
def test_a_number_counts_what_its_clause_says(text, expected):
    assert outcomes(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "low"),
    [
        ("It took three hours.", "time", 180),
        ("دام الاجتماع ساعتين و٤٥ دقيقة.", "time", 165),
        ("نشست دو ساعت طول کشید.", "time", 120),
        ("The price rose to $71.20.", "dollar", 71.2),
        ("بلغت الكلفة 90 مليون دينار.", "dinar", 90_000_000),
        ("تورم ۹٫۲ درصد بود.", "percent", 9.2),
        ("زلزال بقوة 6.1 درجات.", "magnitude", 6.1),
    ],
)
def test_units(text, unit, low):
    [item] = quantities(text)
    assert (item.unit, item.low) == (unit, pytest.approx(low))


@pytest.mark.parametrize(
    "text",
    [
        "F-16 jets", "in 2025", "on 3 May", "at 10:30", "عام 2023", "يوم 20 أكتوبر/تشرين الأول", "روز سه‌شنبه", "در سال ۱۴۰۴",
        "یک شناور واژگون شد", "a 37-year-old man", "مرد ۳۷ ساله", "رجل في العمر 37 عاما", "not four, as reported", "ليس أربعا",
    ],
)  # fmt: skip
def test_dates_names_and_denied_numbers_count_nothing(text):
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("12 people", "۱۲ نفر", True),
        ("12 people", "اثنا عشر شخصا", True),
        ("at least 12 people", "12 people", True),
        ("12 people", "more than 10 people", True),
        ("1,200 people", "about 1,000 people", True),
        ("ما لا يقل عن 12 شخصا", "دوازده نفر", True),
        ("أكثر من مئتي شخص", "212 people", True),
        ("دو میلیارد دلار", "$2.1 billion", True),
        ("71 دولارا", "$71.20", True),
        ("three hours", "ساعتين و٤٥ دقيقة", True),
        ("nearly 250 boats", "240 boats", True),
        ("between 12 and 15 people", "۱۳ نفر", True),
        ("12-15 people", "من 12 إلى 15 شخصا", True),
        ("10 to 12 people", "15 people", False),
        ("12 people", "15 people", False),
        ("about 40 people", "90 people", False),
        ("at least 12 people", "۱۵ نفر", False),
        ("7.5 percent", "۸ درصد", False),
        ("three hours", "أربع ساعات", False),
        ("15,000 people", "40,000 people", False),
    ],
)
def test_hedged_and_rounded_numbers_agree_with_what_they_may_mean(one, other, agree):
    [mine], [theirs] = quantities(one), quantities(other)
    assert mine.agrees_with(theirs) is theirs.agrees_with(mine) is agree


def test_what_a_number_rose_from_is_gone():
    assert [item.low for item in quantities("The toll rose from 12 to 15.")] == [15]
