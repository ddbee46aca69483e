"""One reader of numbers for quotes and for drafts: digits, words, both together, in three languages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from rag.draft.tokens import read_tokens
from rag.text.amount import Amount, amount_at, amounts, tokens_of
from rag.text.glossary import load_glossary
from rag.text.numeral import read_numeral, written
from rag.text.quantity import quantities

EASTERN = {
    "en": str.maketrans("", ""),
    "ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "fa": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
}


def first(text, language=None) -> Amount | None:
    return amount_at(tokens_of(text), 0, language)


def only(text, language=None) -> Amount:
    [number] = amounts(tokens_of(text), language)
    return number


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("4.5 hours", "4.5", 1), ("1,500", "1500", 1), ("١٬٥٠٠", "1500", 1), ("۳٫۵", "3.5", 1), ("3,5", "3.5", 1),
        ("12 th", "12", 1),
        ("2 million people", "2000000", 2), ("1.2 مليار", "1200000000", 2), ("۱٫۵ میلیون", "1500000", 2),
        ("ninety minutes", "90", 1), ("twenty three", "23", 2), ("three hundred and five men", "305", 4),
        ("four and a half hours", "4.5", 4), ("five six", "5", 1), ("3 and 5", "3", 1), ("12 30", "12", 1),
        ("ثلاثة وعشرين قتيلا", "23", 2), ("ثلاثة عشر", "13", 2), ("اثني عشر", "12", 2), ("مئة وخمسين", "150", 2),
        ("خمسة آلاف", "5000", 2), ("بیست و سه نفر", "23", 3), ("سه هزار و پانصد", "3500", 4), ("نود", "90", 1),
        ("٢٠٢٥", "2025", 1),
        # What the two readers of before disagreed on.
        ("خمسة وعشرون ألفا", "25000", 3), ("۱۲ هزار و ۵۰۰", "12500", 4), ("twenty-five thousand", "25000", 3),
        ("دوازده هزار و پانصد", "12500", 4), ("بیست‌وپنج", "25", 2), ("نه هزار", "9000", 2), ("ألفا شخص", "2000", 1),
        ("مئة وأحد عشر", "111", 3), ("إحدى وعشرون", "21", 2), ("مليونان وثلاثمئة ألف", "2300000", 3),
        ("مئتا ألف", "200000", 2), ("مليون وألف", "1001000", 2), ("ثلاث مئة", "300", 2), ("چهار صد", "400", 2),
        ("مليون ونصف المليون", "1500000", 3), ("two and a half million", "2500000", 5), ("دو میلیون و نیم", "2500000", 4),
        ("quarter of a million", "250000", 4), ("ربع مليون", "250000", 2), ("نیم میلیون", "500000", 2),
        ("۱۲ هزار میلیارد تومان", "12000000000000", 3), ("۱۲ هزار و ۵۰۰ میلیارد", "12500000000000", 5),
        ("1,500.75", "1500.75", 1), ("1.500,75", "1500.75", 1), ("١،٥٠٠", "1500", 1), ("١٫٥٠٠", "1.5", 1),
        ("12.345.678", "12345678", 1),
        ("10⁵", "100000", 1), ("5½", "5.5", 1), ("-5", "-5", 1), ("−٥", "-5", 1), ("20 and five", "20", 1),
        ("ten five", "10", 1),
        ("عشرة ونصف السكان", "10", 1), ("1.2 million and 300", "1200000", 2),
    ],
)  # fmt: skip
def test_a_number_in_digits_or_words(text, number, words):
    found = first(text)
    assert ("" if found is None else found.plain, 0 if found is None else found.last) == (number, words)


@pytest.mark.parametrize("word", ["hours", "ساعة", "2.5.3", "نصف", "20.10.2025", "بنود", "لست", "m²", "9" * 5_000])
def test_what_is_no_number(word):
    assert amounts(tokens_of(word)) == []


@pytest.mark.parametrize("word", ["نه", "one", "یک", "واحد", "zero"])
def test_a_word_that_may_be_an_article_or_a_no_is_marked(word):
    found = first(word)
    assert found is not None and found.also_word
    assert not any(token.is_number for token in read_tokens(word, "fa", load_glossary()))


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("the 12th man", "en", "12"), ("twenty-five men", "en", "25"), ("خمسة وعشرون ألف رجل", "ar", "25000"),
        ("بیست‌وپنج مرد", "fa", "25"), ("بیست و نه مرد", "fa", "29"), ("-$5 each", "en", "-5"), ("10⁵ cells", "en", "100000"),
        ("1.500 رجل", "ar", "1500|1.5"), ("ده‌ها مرد", "fa", None), ("several thousand men", "en", None),
        ("آلاف الرجال", "ar", None),
    ],
)  # fmt: skip
def test_the_check_of_drafts_reads_the_same(text, language, value):
    assert next((token.value for token in read_tokens(text, language, load_glossary()) if token.is_number), None) == value


def test_persian_words_that_are_arabic_ones_are_no_numbers_in_arabic():
    assert amounts(tokens_of("صد الجيش هجوما"), "ar") == []
    assert only("صد نفر", "fa").value == 100


@pytest.mark.parametrize("text", ["1.500", "١.٥٠٠", "۱.۵۰۰"])
def test_fifteen_hundred_may_be_one_and_a_half(text):
    assert only(text, "ar").readings == (1500, Fraction(3, 2))
    assert only(text, "en").readings == (Fraction(3, 2), 1500)
    assert only(text).is_ambiguous and not only("1,500").is_ambiguous
    assert only(f"{text} million").value == 1_500_000


def test_a_slash_is_a_persian_point_or_a_ratio():
    assert only("۱۰/۵", "fa").readings == (Fraction(21, 2), 2)
    assert only("10/5", "en").readings == (2, Fraction(21, 2))
    [item] = quantities("تورم ۹/۲ درصد بود.", "fa")
    assert (item.unit, item.low) == ("percent", pytest.approx(9.2))
    assert quantities("The attacks of 9/11 changed it.", "en") == ()


@pytest.mark.parametrize(
    ("text", "sign"),
    [("it was -5", -1), ("F-16", 1), ("2-1", 1), ("10 –15", 1), ("($-5)", -1), ("منفی ۵", -1),
     ("5 degrees below zero", -1), ("5 درجات تحت الصفر", -1), ("۵ درجه زیر صفر", -1), ("5 degrees", 1)],
)
def test_a_minus_belongs_to_the_number_that_it_touches(text, sign):
    number = [number for number in amounts(tokens_of(text)) if number.value][-1]
    assert (number.value < 0) == (sign < 0)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two to three million", [2_000_000, 3_000_000]), ("2-3 million", [2_000_000, 3_000_000]),
        ("خمسة أو ستة آلاف", [5_000, 6_000]), ("۲ تا ۳ هزار", [2_000, 3_000]), ("between 2 and 5000", [2, 5_000]),
        ("بين ثلاثة آلاف وخمسة آلاف", [3_000, 5_000]), ("سه هزار و پنج هزار", [3_000, 5_000]),
        ("two thousand and twenty-five thousand", [2_000, 25_000]), ("مئة ألف وخمسة ملايين", [100_000, 5_000_000]),
        ("سی‌وسه", [33]), ("مئة وست", [106]), ("12, 13", [12, 13]),
    ],
)  # fmt: skip
def test_where_one_number_ends_and_another_begins(text, values):
    assert [number.value for number in amounts(tokens_of(text))] == values


def test_some_before_digits_is_a_hedge_and_some_thousand_no_number():
    assert [number.value for number in amounts(tokens_of("some 20 people, several thousand more"))] == [20]


def test_an_ambiguous_quantity_agrees_with_either_reading():
    [unclear], [many], [few] = quantities("1.500 شخص", "ar"), quantities("1,500 شخص", "ar"), quantities("90 شخص", "ar")
    assert unclear.agrees_with(many) and many.agrees_with(unclear) and not unclear.agrees_with(few)


# A number written in words

_EN_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_EN_TENS = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
]  # fmt: skip
_FA_UNITS = [
    "صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه",
    "ده", "یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده",
]  # fmt: skip
_FA_TENS = [
    "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود",
]  # fmt: skip
_FA_HUNDREDS = [
    "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد",
]  # fmt: skip
_AR_UNITS = [
    "صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة",
    "عشرة",
]  # fmt: skip
_AR_TENS = [
    "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون",
]  # fmt: skip
_AR_HUNDREDS = [
    "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة",
]  # fmt: skip


def _english(number, conjunction):
    if number < 20:
        return _EN_UNITS[number]
    if number < 100:
        return _EN_TENS[number // 10 - 2] + (f"-{_EN_UNITS[number % 10]}" if number % 10 else "")
    for order, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= order:
            count, rest = divmod(number, order)
            behind = f" {conjunction if rest < 100 else ''}{_english(rest, conjunction)}" if rest else ""
            return f"{_english(count, conjunction)} {name}{behind}"
    raise AssertionError(number)


def _persian(number, joint):
    parts = []
    for order, name in ((10**9, "میلیارد"), (10**6, "میلیون"), (1000, "هزار")):
        if number >= order:
            parts.append(f"{_persian(number // order, joint)} {name}")
            number %= order
    if number >= 100:
        parts.append(_FA_HUNDREDS[number // 100 - 1])
        number %= 100
    if number >= 20:
        parts.append(_FA_TENS[number // 10 - 2])
        number %= 10
    if number or not parts:
        parts.append(_FA_UNITS[number])
    return joint.join(parts)


def _arabic_below_thousand(number):
    parts = []
    if number >= 100:
        parts.append(_AR_HUNDREDS[number // 100 - 1])
        number %= 100
    if number > 10 and number < 20:
        parts.append(f"{['أحد', 'اثنا', *_AR_UNITS[3:10]][number - 11]} عشر")
    elif number >= 20:
        parts += [_AR_UNITS[number % 10]] if number % 10 else []
        parts.append(_AR_TENS[number // 10 - 2])
    elif number:
        parts.append(_AR_UNITS[number])
    return parts


def _arabic(number):
    parts = []
    for order, one, two, few, many in (
        (10**9, "مليار", "ملياران", "مليارات", "مليارا"),
        (10**6, "مليون", "مليونان", "ملايين", "مليونا"),
        (1000, "ألف", "ألفان", "آلاف", "ألفا"),
    ):
        count, number = divmod(number, order)
        if count == 1:
            parts.append(one)
        elif count == 2:
            parts.append(two)
        elif count:
            *before, last = _arabic_below_thousand(count)
            noun = few if 3 <= count <= 10 else one if count % 100 == 0 else many
            parts += [*before, f"{last.replace('مئتان', 'مئتا')} {noun}"]
    return " و".join([*parts, *_arabic_below_thousand(number)]) or "صفر"


ROUND = [10**power * digit for power in range(9) for digit in range(1, 10)]
NUMBERS = st.one_of(st.integers(0, 10**9), st.integers(0, 3_000), st.sampled_from(ROUND))


@given(NUMBERS, st.sampled_from(["", "and "]))
def test_english_words_are_read_as_they_are_written(number, conjunction):
    assert only(_english(number, conjunction), "en").value == number


@given(NUMBERS, st.sampled_from([" و ", "\u200cو\u200c", " و\u200c"]))
def test_persian_words_are_read_as_they_are_written(number, joint):
    assert only(_persian(number, joint), "fa").value == number
    assert only(_persian(number, joint).replace("ی", "ي").replace("ک", "ك")).value == number


@given(NUMBERS)
def test_arabic_words_are_read_as_they_are_written(number):
    assert only(_arabic(number), "ar").value == number
    assert only(_arabic(number).replace("مئ", "مائ"), "ar").value == number


@given(st.integers(0, 10**12), st.sampled_from(LANGUAGES), st.sampled_from(",٬،"))
def test_grouped_digits_of_any_script(number, language, separator):
    assert only(f"{number:,}".translate(EASTERN[language]).replace(",", separator)).readings == (number,)


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from(LANGUAGES), st.sampled_from(["٫", ".", ","]))
def test_decimals_of_any_script(number, hundredths, language, point):
    found = only(f"{number}{point}{hundredths:02}".translate(EASTERN[language]))
    assert found.readings == (number + Fraction(hundredths, 100),) and found.step == Fraction(1, 100)


@given(st.integers(2, 10**9), st.integers(1, 10**9))
def test_both_consumers_read_one_value(number, other):
    text = f"Rubio counted {number} ships and lost {other} boats."
    drafted = [token.value for token in read_tokens(text, "en", load_glossary()) if token.is_number]
    assert [str(number.value) for number in amounts(tokens_of(text), "en") if not number.also_word] == drafted


@given(st.text(alphabet=st.sampled_from("0123456789٠١۵,.٬٫،/^²⁵⁻½-+$% aو\u200cنصفملیون"), max_size=40))
def test_any_text_is_read_or_not_and_spans_stand_in_it(text):
    tokens = tokens_of(text)
    for number in amounts(tokens):
        assert 0 <= tokens[number.first].start < tokens[number.last - 1].end <= len(text)
        assert number.first < number.last and number.readings[0] == number.value and number.plain


@given(st.text(max_size=60))
def test_the_written_fold_keeps_its_offsets(text):
    folded, offsets = written(text)
    assert len(folded) == len(offsets) == len([*folded]) and offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.text(alphabet=st.sampled_from("0123456789.,/^-½"), max_size=12))
def test_no_digits_are_a_crash(text):
    numeral = read_numeral(text)
    assert numeral is None or len(numeral.readings) in (1, 2)
