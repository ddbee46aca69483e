import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import detect_language
from index.types import LANGUAGES
from rag import phrases
from rag.phrases import in_percent, listed, written_count, written_date

TEXTS = [
    phrases.QUOTES_FOLLOW, phrases.NOT_TOLD, phrases.UNKNOWN_DATE, phrases.RELATED, phrases.SOURCES,
    phrases.SOURCES_DIFFER, phrases.MORE_SAID, phrases.EARLIER,
]  # fmt: skip
# With their gaps, which have Latin names.
TEMPLATES = [
    phrases.BY_MEANING_SO_FAR, phrases.AS_OF, phrases.AS_OF_DIFFER, phrases.BOTH_CITE, phrases.ALL_CITE,
    phrases.BOTH_OUTLETS_CITE, phrases.TOLD_OF, phrases.READ_AS, phrases.UNREAD,
]  # fmt: skip


@pytest.mark.parametrize("texts", TEXTS)
def test_each_phrase_stands_in_its_own_language(texts):
    assert set(texts) == set(LANGUAGES)
    assert len(set(texts.values())) == 3
    for language in ("ar", "fa"):
        assert not set("abcdefghijklmnopqrstuvwxyz") & set(texts[language].lower())
    assert not set("يك") & set(texts["fa"])
    assert not set("یکپچژگ\u200c") & set(texts["ar"])


@pytest.mark.parametrize("texts", TEMPLATES)
def test_each_template_stands_in_its_own_language_and_keeps_its_gaps(texts):
    gaps = {language: sorted(re.findall(r"\{(\w+)\}", text)) for language, text in texts.items()}
    assert gaps["ar"] == gaps["fa"] == gaps["en"] != []
    bare = {language: re.sub(r"\{\w+\}", "", text) for language, text in texts.items()}
    assert not re.search("[a-z]", bare["ar"] + bare["fa"]) and re.search("[a-z]", bare["en"])
    assert not set("يك") & set(bare["fa"]) and not set("یکپچژگ\u200c") & set(bare["ar"])


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", ["أ", "أ وب", "أ وب وج"]), ("fa", ["أ", "أ و ب", "أ، ب و ج"]), ("en", ["أ", "أ and ب", "أ, ب and ج"])],
)
def test_names_in_a_list(language, expected):
    assert [listed(["أ", "ب", "ج"][:length], language) for length in (1, 2, 3)] == expected


@pytest.mark.parametrize("texts", [phrases.QUOTES_FOLLOW, phrases.NOT_TOLD])
def test_the_long_phrases_are_taken_for_their_language(texts):
    assert {language: detect_language(text) for language, text in texts.items()} == {
        language: language for language in LANGUAGES
    }


@pytest.mark.parametrize(
    ("day", "arabic", "persian", "english"),
    [
        (date(2025, 8, 15), "15 أغسطس 2025", "۲۴ مرداد ۱۴۰۴ (۱۵ اوت ۲۰۲۵)", "15 August 2025"),
        (date(2025, 2, 12), "12 فبراير 2025", "۲۴ بهمن ۱۴۰۳ (۱۲ فوریهٔ ۲۰۲۵)", "12 February 2025"),
        (date(2025, 3, 21), "21 مارس 2025", "۱ فروردین ۱۴۰۴ (۲۱ مارس ۲۰۲۵)", "21 March 2025"),
        (date(2025, 3, 20), "20 مارس 2025", "۳۰ اسفند ۱۴۰۳ (۲۰ مارس ۲۰۲۵)", "20 March 2025"),  # a leap year
        (date(2023, 3, 20), "20 مارس 2023", "۲۹ اسفند ۱۴۰۱ (۲۰ مارس ۲۰۲۳)", "20 March 2023"),
        (date(2024, 1, 1), "1 يناير 2024", "۱۱ دی ۱۴۰۲ (۱ ژانویهٔ ۲۰۲۴)", "1 January 2024"),
    ],
)
def test_dates(day, arabic, persian, english):
    assert [written_date(day, language) for language in ("ar", "fa", "en")] == [arabic, persian, english]


@pytest.mark.parametrize(("language", "text"), [("ar", "بلا تاريخ"), ("fa", "بی‌تاریخ"), ("en", "undated")])
def test_an_unknown_date(language, text):
    assert written_date(None, language) == text


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_any_date_is_written_in_the_digits_of_its_reader(day):
    assert str(day.year) in written_date(day, "ar") and str(day.year) in written_date(day, "en")
    persian = written_date(day, "fa")
    assert not set("0123456789") & set(persian)
    assert not set("٤٥٦يك") & set(persian)
    assert persian.endswith(f"{day.year})".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(622, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_of_nonsense_is_no_crash(day, language):
    assert written_date(day, language)


def test_counts_and_shares_in_the_digits_of_a_language():
    assert [written_count(1_234_567, language) for language in LANGUAGES] == ["1,234,567", "۱٬۲۳۴٬۵۶۷", "1,234,567"]
    assert [in_percent(45, language) for language in LANGUAGES] == ["45%", "۴۵٪", "45%"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_near_miss_tells_of_whom_the_articles_do_tell(language):
    names = {"ar": ["عمر صالح", "أحمد", "مصر"], "fa": ["پزشکیان", "ایران", "قم"], "en": ["Omar Saleh", "Egypt"]}[language]
    told = phrases.not_told(language, names=names)
    first, last = told.split("\n\n")
    assert first == phrases.NOT_TOLD[language] and all(name in last for name in names)
    assert "\n" not in phrases.not_told(language)
