"""Who says a sentence, in three languages: the named, or somebody who only speaks for him."""

from __future__ import annotations

import pytest

from index.types import Article
from rag.request.naming import naming_of
from rag.request.speaker import sayings, speaker_of


@pytest.mark.parametrize(
    ("sentence", "person", "says_it"),
    [
        ("وقال المتحدث باسم الكرملين دميتري بيسكوف إن الزيارة ناجحة.", "بيسكوف", True),
        ("وقالت المتحدثة باسم البيت الأبيض كارولين ليفيت إن ترامب غاضب.", "ليفيت", True),
        ("وقالت المتحدثة باسم البيت الأبيض كارولين ليفيت إن ترامب غاضب.", "ترامب", False),
        ("وأعلن الناطق باسم الجيش الإسرائيلي أفيخاي أدرعي أن الغارة انتهت.", "أدرعي", True),
        ("وقال المبعوث الأمريكي إلى المنطقة ستيف ويتكوف إن المحادثات مثمرة.", "ويتكوف", True),
        ("وقال المتحدث باسم الرئيس الأمريكي دونالد ترامب إن القرار نهائي.", "ترامب", False),
        ("قال المتحدث باسم حكومة بنيامين نتنياهو إن القرار نهائي.", "نتنياهو", False),
        ("قال مسؤول في إدارة ترامب إن القرار نهائي.", "ترامب", False),
        ("دمیتری پسکوف، سخنگوی کرملین، گفت سفر موفق بود.", "پسکوف", True),
        ("سخنگوی ترامپ گفت تصمیم نهایی است.", "ترامپ", False),
        ("Kremlin spokesman Dmitry Peskov said the visit went well.", "Peskov", True),
        ("A spokesman for Trump said the decision was final.", "Trump", False),
    ],
)
def test_who_speaks_for_an_office_speaks_himself_and_who_speaks_for_a_person_does_not(glossary, sentence, person, says_it):
    language = "ar" if "ال" in sentence else "en" if sentence.isascii() else "fa"
    speaker = speaker_of(person, language, glossary)
    said = list(sayings(Article("a", "a.txt", "", None, None, language, None, sentence), naming_of(speaker)))
    assert bool(said) == says_it


@pytest.mark.parametrize(
    ("text", "person", "said"),
    [
        (
            "Lavrov arrived in Moscow. He said the talks went well. The weather was fine.",
            "Lavrov", ["He said the talks went well."],
        ),
        (
            "قال بيسكوف إن الزيارة ناجحة. وأضاف أن الوفد عاد. وكان الطقس جميلا.",
            "بيسكوف", ["قال بيسكوف إن الزيارة ناجحة.", "وأضاف أن الوفد عاد."],
        ),
        ("لاوروف به مسکو رسید. او گفت گفت‌وگوها خوب بود. هوا خوب بود.", "لاوروف", ["او گفت گفت‌وگوها خوب بود."]),
        ("لاوروف گفت‌وگو با همتای خود را ادامه داد.", "لاوروف", []),
        (
            "According to Peskov, it went well. According to two sources, Peskov was late. According to Peskov's aide, no.",
            "Peskov", ["According to Peskov, it went well."],
        ),
        ("وبحسب بيسكوف الزيارة ناجحة. وبحسب مستشار بيسكوف لم يحدث شيء.", "بيسكوف", ["وبحسب بيسكوف الزيارة ناجحة."]),
        ("به گفته پسکوف سفر موفق بود. به گفته معاون پسکوف چیزی نشد.", "پسکوف", ["به گفته پسکوف سفر موفق بود."]),
    ],
)  # fmt: skip
def test_a_pronoun_goes_on_with_the_speaker_and_a_talk_is_no_saying(glossary, text, person, said):
    language = "en" if text.isascii() else "ar" if "ال" in text else "fa"
    naming = naming_of(speaker_of(person, language, glossary))
    found = sayings(Article("a", "a.txt", "", None, None, language, None, text), naming)
    assert [text[span.start : span.end] for span in found] == said
