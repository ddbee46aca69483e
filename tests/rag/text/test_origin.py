from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.origin import origin_of, same_origin
from tests.rag.scripted import evidence, passage


def told(text, language, outlet="Northgate Wire", sentence=0):
    return evidence(passage(text, language, outlet=outlet), sentence)


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("A strike killed 12 people, according to Reuters.", "en", "Reuters"),
        ("Officials told CNN that the talks had failed.", "en", "CNN"),
        ("The dam will hold, the New York Times reported on Friday.", "en", "New York Times"),
        ("A clerk told the Harbour News Agency that the bridge was shut.", "en", "Harbour News Agency"),
        ("نقلت رويترز عن مصدر أن القمة تأجّلت.", "ar", "رويترز"),
        ("وقال المصدر لموقع أكسيوس إن اللقاء لن يُعقد.", "ar", "أكسيوس"),
        ("قال مسؤول لوكالة المنارة إن الجسر أُغلق.", "ar", "وكالة المنارة"),
        ("ذكرت وكالة الأنباء السعودية (واس) أن السفينة وصلت.", "ar", "وكالة الأنباء السعودية"),
        ("به گزارش خبرگزاری فرانسه، پل بسته شد.", "fa", "خبرگزاری فرانسه"),
        ("شبکه سی‌ان‌ان به نقل از افراد مطلع خبر داد که نشست نیست.", "fa", "سی‌ان‌ان"),
        ("به نقل از رويترز، پل بسته شد.", "fa", "رویترز"),
        ("خبرگزاری پیدا گزارش داد پل بسته است.", "fa", "خبرگزاری پیدا"),
    ],
)
def test_a_sentence_that_cites_a_source_has_its_origin(text, language, name):
    found = origin_of(told(text, language))
    assert found is not None and found.name(language) == name


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("LONDON (Reuters) - The bridge is shut. Nobody knows why.", "en", "Reuters"),
        ("WASHINGTON (AP) — The bridge is shut. Nobody knows why.", "en", "Associated Press"),
        ("القاهرة (أ ف ب) - أُغلق الجسر. ولا يعرف أحد السبب.", "ar", "فرانس برس"),
        ("واشنطن - وكالة المنارة للأنباء\n\nأُغلق الجسر. ولا يعرف أحد السبب.", "ar", "وكالة المنارة"),
        ("تهران (ایرنا) - پل بسته شد. کسی دلیلش را نمی‌داند.", "fa", "ایرنا"),
    ],
)
@pytest.mark.parametrize("sentence", [0, -1])
def test_a_byline_speaks_for_every_sentence_of_its_article(text, language, name, sentence):
    found = origin_of(told(text, language, sentence=sentence))
    assert found is not None and found.name(language) == name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Reuters journalists were among the injured.", "en"),
        ("The sun rose over the hill.", "en"),
        ("The International Atomic Energy Agency said the reactor was safe.", "en"),
        ("قالت وكالة الطاقة الذرية إن المفاعل آمن.", "ar"),
        ("قال الوزير إن التقرير كاذب.", "ar"),
        ("وزیر گفت گزارش نادرست است.", "fa"),
        ("به گزارش مردم محلی پل بسته است.", "fa"),
    ],
)
def test_what_is_no_news_source_is_no_origin(text, language):
    assert origin_of(told(text, language)) is None


def test_an_outlet_is_not_its_own_origin():
    assert origin_of(told("A clerk told Reuters that the bridge was shut.", "en", outlet="Reuters")) is None
    assert origin_of(told("قال موظف لرويترز إن الجسر مغلق.", "ar", outlet="وكالة رويترز")) is None


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (("The bridge is shut, Reuters reported.", "en", "A"), ("نقلت رويترز أن الجسر مغلق.", "ar", "ب"), "Reuters"),
        (("نقلت رويترز أن الجسر مغلق.", "ar", "ب"), ("به نقل از رویترز پل بسته است.", "fa", "پ"), "Reuters"),
        (("نقلا عن وكالة المنارة للأنباء. أُغلق الجسر.", "ar", "ب"), ("به نقل از خبرگزاری مناره، پل بسته شد.", "fa", "پ"), None),
        (("The bridge is shut.", "en", "Reuters"), ("The bridge is shut, according to Reuters.", "en", "B"), "Reuters"),
    ],
)
def test_reports_that_go_back_to_one_source(one, other, name):
    for first, second in ((one, other), (other, one)):
        found = same_origin(told(*first), told(*second))
        assert found is not None and (name is None or found.name("en") == name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("The bridge is shut, Reuters reported.", "en", "A"), ("نقلت فرانس برس أن الجسر مغلق.", "ar", "ب")),
        (("The bridge is shut, Reuters reported.", "en", "A"), ("The bridge is shut.", "en", "B")),
        (("الجسر مغلق.", "ar", "ب"), ("پل بسته است.", "fa", "پ")),
    ],
)
def test_reports_of_two_sources_or_of_none(one, other):
    assert same_origin(told(*one), told(*other)) is None


@given(st.text(min_size=1, max_size=80), st.sampled_from(["ar", "fa", "en"]))
def test_any_text_has_an_origin_or_none(text, language):
    found = passage(f"x {text} y", language, published=date(2025, 1, 1))
    origin = origin_of(evidence(found))
    assert origin is None or origin.name(language)
