from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import detect_language
from index.types import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "متى تعقد القمة؟",
        "أين التقى ترامب وبوتين؟",
        "ماذا قال لافروف؟",
        "من هو روبيو",
        "لماذا الغيت القمة",  # no hamza
        "اين يلتقي الرئيسان",
        "كم استمر الاجتماع بين الرئيسين في الاسكا",
        "هل وافق زيلينسكي على وقف إطلاق النار؟",
        "ما موقف الاتحاد الأوروبي من اتفاق السلام؟",
        "قمة بودابست",
        "البيت الأبيض يجمّد خطط عقد قمّة ثانية",
        "قال المتحدث باسم White House إن القمة لن تعقد",
        "٢٠٢٥ عام القمة",
        "وقف إطلاق النار في أوكرانيا",
        "قمة NAT",  # as much of one script as of the other
    ],
)
def test_arabic(text):
    assert detect_language(text) == "ar"


@pytest.mark.parametrize(
    "text",
    [
        "دیدار ترامپ و پوتین کجا برگزار شد؟",
        "چرا نشست لغو شد؟",
        "لاوروف چه گفت؟",
        "ترامپ کیست؟",
        "رئیس‌جمهور آمریکا چه زمانی به مسکو می‌رود",
        "رييس جمهور امريكا چه گفت",  # Persian on an Arabic keyboard
        "ديدار ترامپ و پوتين كجا برگزار شد",
        "آيا آتش بس برقرار شده است",
        "نشست بوداپست",
        "بر اساس گزارش Axios این دیدار لغو شد",
        "۳۵ دقیقه گفت‌وگو",
        "جنگ اوکراین",
        "آتش‌بس",  # told by its ZWNJ alone
    ],
)
def test_persian(text):
    assert detect_language(text) == "fa"


@pytest.mark.parametrize(
    "text",
    [
        "When is the summit?",
        "Trump?",
        "What did Lavrov (لافروف) say to Rubio about the summit?",
        "Did Orbán invite them to Budapest?",
        "G20",
    ],
)
def test_english(text):
    assert detect_language(text) == "en"


@pytest.mark.parametrize("text", ["", " ", "😀🎉", "2025-10-21", "٣٥٪", "؟!…", "\u200c\u064b", "Привет", "你好"])
@pytest.mark.parametrize("default", LANGUAGES)
def test_without_a_letter_of_either_script_the_default_answers(text, default):
    assert detect_language(text, default) == default


@given(st.text())
def test_any_text_has_one_of_the_three_languages(text):
    assert detect_language(text) in LANGUAGES


@given(st.sampled_from(["ar", "fa", "en"]), st.text(st.sampled_from("0123456789٠١۲۳ .,!؟😀\n"), max_size=20))
def test_digits_and_signs_around_a_sentence_change_nothing(language, around):
    sentence = {"ar": "قال الرئيس إن القمة لن تعقد", "fa": "او گفت که دیدار برگزار نمی‌شود", "en": "He said so"}[language]
    assert detect_language(f"{around} {sentence} {around}") == language
