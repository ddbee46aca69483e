from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import chunk_spans, split_sentences
from index.text import words
from index.types import LANGUAGES, Article

ANY_TEXT = st.text(
    st.sampled_from("ابدهوyzA.?!؟…۔،؛:,;\"'«»()[] \n\u200c\u00a0\u2028\t٣3۳٫.-–😀\u0301\u064b。\u3000") | st.characters(),
    max_size=160,
)
LANGUAGE = st.sampled_from(LANGUAGES)
SENTENCES = {
    "ar": [
        "قال البيت الأبيض إن القمة أرجئت.",
        "هل وافق زيلينسكي؟",
        "بلغت النسبة ٣٫٥ في المئة من ١٬٢٠٠ جندي!",
        "«لا توجد خطط»، قال المسؤول.",
    ],
    "fa": [
        "کاخ سفید می‌گوید دیدار لغو شد.",
        "آیا روبیو می‌رود؟",
        "ساعت ۳.۳۰ بامداد با ۱٬۲۰۰ نفر آغاز شد.",
        "او گفت: «برنامه‌ای نیست».",
    ],
    "en": [
        "The White House put it off.",
        "Will Rubio go?",
        "It fell 3.5 per cent to 1,200 points.",
        '"There are no plans," he said.',
    ],
}
NEWS = LANGUAGE.flatmap(
    lambda language: st.tuples(
        st.just(language),
        st.lists(st.tuples(st.sampled_from(SENTENCES[language]), st.sampled_from([" ", "\n"])), min_size=1, max_size=60),
    )
)


def article(text: str, language: str) -> Article:
    return Article("0", "a.txt", "", None, None, language, None, text)  # type: ignore[arg-type]


def pieces(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, language)]  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, LANGUAGE)
def test_sentences_of_any_text(text, language):
    end = 0
    for span in split_sentences(text, language):
        assert end <= span.start < span.end <= len(text)
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip() and "\n" not in sentence
        assert not text[end : span.start].strip(), "nothing but white space lies between two sentences"
        if span.end < len(text):
            assert not (text[span.end - 1].isalnum() and text[span.end].isalnum()), "a word or number is cut"
        end = span.end
    assert not text[end:].strip()


@settings(max_examples=150, deadline=None)
@given(NEWS, st.integers(1, 60), st.integers(0, 40))
def test_chunks_are_whole_sentences_of_about_the_size(news, size, overlap):
    language, parts = news
    text = "".join(sentence + end for sentence, end in parts)
    sentences = split_sentences(text, language)
    assert [text[span.start : span.end] for span in sentences] == [sentence for sentence, _ in parts]
    chunks = chunk_spans(article(text, language), size, overlap)
    starts, ends = {span.start for span in sentences}, {span.end for span in sentences}
    longest = max(len(words(sentence)) for sentence, _ in parts)
    for chunk in chunks:
        assert chunk.start in starts and chunk.end in ends
        inside = [span for span in sentences if chunk.start <= span.start and span.end <= chunk.end]
        count = len(words(text[chunk.start : chunk.end]))
        assert count <= size + overlap + longest or len(inside) == 1
    assert chunks[0].start == sentences[0].start and chunks[-1].end == sentences[-1].end
    for one, other in pairwise(chunks):
        assert one.start < other.start and one.end < other.end
        shared = text[other.start : one.end] if other.start < one.end else ""
        assert len(words(shared)) <= overlap
        assert not text[one.end : other.start].strip(), "a sentence is in no chunk"
        assert len(words(text[one.start : one.end])) + longest >= min(size, 1)


@settings(max_examples=100, deadline=None)
@given(NEWS, st.integers(20, 60))
def test_without_overlap_chunks_are_near_the_size(news, size):
    language, parts = news
    text = "".join(sentence + end for sentence, end in parts)
    counts = [len(words(text[span.start : span.end])) for span in chunk_spans(article(text, language), size, 0)]
    assert all(size - 8 <= count <= size + 8 for count in counts[:-1])
    assert sum(counts) == len(words(text))


def test_neighbours_share_their_border_sentences():
    text = "\n".join(f"جملة رقم {number} عن القمة في بودابست." for number in range(10))
    chunks = chunk_spans(article(text, "ar"), 21, 7)
    assert [(chunk.start, chunk.end) for chunk in chunks][0] == (0, text.index("جملة رقم 3") - 1)
    assert all(text[other.start : one.end].count("جملة") == 1 for one, other in pairwise(chunks))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ar", "ارتفع السعر 3.5 في المئة إلى 1,200 دولار."),
        ("ar", "ارتفع ٣.٥ في المئة إلى ١٬٢٠٠٫٥٠ دولار."),
        ("fa", "دیدار ساعت ۳.۳۰ با حضور ۱,۲۰۰ نفر آغاز شد."),
        ("fa", "نرخ به ۳٫۵ درصد رسید."),
        ("ar", "قال د. أحمد إن القمة أرجئت."),
        ("ar", "التقى أ. د. سامي الوفد."),
        ("en", "Dr. J. D. Vance met Mr. Rubio at 3.30 p.m. in the U.S. embassy."),
        ("en", "The E.U. and U.N. agreed on 1,200.50 euros."),
    ],
)
def test_no_border_inside(language, sentence):
    assert pieces(sentence, language) == [sentence]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("ar", "قال الرئيس ذلك. وأضاف أنه لن يذهب؟ نعم! انتهى.", 4),
        ("fa", "او رفت. آیا برمی‌گردد؟ نه!", 3),
        ("en", "He left. Will he be back? No!", 3),
        ("ar", "عنوان بلا نقطة\nقال إن القمة أرجئت\nوانتهى", 3),
        ("fa", "او گفت Trump رفت. بعد آمد.", 2),
    ],
)
def test_borders(language, text, count):
    assert len(pieces(text, language)) == count


@pytest.mark.parametrize("unit", ["قال الرئيس إن القمة، ", "کاخ سفید می‌گوید ", "the summit and "])
def test_a_page_without_full_stops(unit):
    text = (unit * 2_000).strip()
    spans = split_sentences(text, "ar")
    assert len(spans) > 10 and all(span.end - span.start <= 1_200 for span in spans)
    whole = set(words(unit))
    assert all(set(words(text[span.start : span.end])) <= whole for span in spans), "a word is cut"
    assert sum(len(words(text[span.start : span.end])) for span in spans) == len(words(text))
    if "،" in unit:
        assert all(text[span.end - 1] == "،" for span in spans[:-1])


@pytest.mark.timeout(30)
@pytest.mark.parametrize("unit", ["ش", "خبر. ", "3. 3", "قال (أ. ", "\u064b", "!؟", "A\u00a0."])
def test_a_very_long_line(unit):
    text = unit * (200_000 // len(unit))
    spans = split_sentences(text, "ar")
    assert spans[0].start == 0 and spans[-1].end == len(text.rstrip())
    assert chunk_spans(article(text, "ar"), 120, 25)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028"])
def test_no_text_no_sentence(text):
    assert split_sentences(text, "fa") == [] and chunk_spans(article(text, "fa"), 120, 25) == []


@pytest.mark.parametrize("text", ["A\u00a0.", "A\u2028.»", "\ud800. b", "x\udfff"])
def test_what_the_splitter_panics_at(text):
    spans = split_sentences(text, "en")
    assert spans[0].start == 0 and spans[-1].end == len(text)
