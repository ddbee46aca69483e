"""The embedded reader: what was taught, run on own sentences in three languages, and what it is told of damaged weights."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.types import LANGUAGES, KhabarError
from rag.open import chosen_reranker
from rag.reader import E5Reader, best_span
from rag.rerank import ReaderReranker
from rag.settings import read_settings

SUMMIT = "عُقدت القمّة في بودابست يوم الثلاثاء ٢١ أكتوبر بحضور الرئيسين."
SITTING = "نشست سران روز سه‌شنبه ۲۹ مهر در بوداپست برگزار شد."
THEFT = "Two men were arrested on Saturday near Bobigny over the theft of jewels from the museum."
DENIAL = "قال الوزير إن أسعار الخبز لن ترتفع هذا العام."
QUESTIONS = [
    ("متى عقدت القمة؟", SUMMIT, "الثلاثاء"),
    ("أين عُقدت القمة؟", SUMMIT, "بودابست"),
    ("نشست سران در کدام شهر برگزار شد؟", SITTING, "بوداپست"),
    ("نشست چه روزی بود؟", SITTING, "سه‌شنبه"),
    ("On what day were the men arrested?", THEFT, "Saturday"),
    ("In which city was the summit held?", SUMMIT, "بودابست"),
    ("چند نفر در پی سرقت جواهر بازداشت شدند؟", THEFT, "Two"),
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> E5Reader:
    return E5Reader(cache=tmp_path_factory.mktemp("cache"))


def test_most_answers_are_in_the_span_of_the_text_that_says_them(reader):
    """A small model errs (asked who was arrested, it marks "Saturday"): of seven questions it must read five."""
    right = 0
    for question, text, answer in QUESTIONS:
        (reading,) = reader.read(question, [text])
        span = text[reading.start : reading.end]
        right += answer in span and len(span) < len(text)
    assert right >= 5


def test_a_text_that_answers_is_surer_than_one_on_another_subject(reader):
    for question, text, _ in QUESTIONS:
        other, right = reader.read(question, [DENIAL, text])
        assert right.answers > other.answers, question
        assert other.answers < 0, question


def test_readings_come_in_the_order_of_the_texts(reader):
    texts = [DENIAL, SUMMIT * 3, "", THEFT, SITTING]
    together = reader.read("متى عقدت القمة؟", texts)
    assert len(together) == len(texts)
    for text, reading in zip(texts, together, strict=True):
        (alone,) = reader.read("متى عقدت القمة؟", [text])
        assert alone == reading


@pytest.mark.parametrize("text", ["", " ", "\u200c", "؟", "x", "\ud800", "كلمة " * 3000, "🙂" * 400, "a\u0000b"])
@pytest.mark.parametrize("question", ["متى؟", "٢٠٢٥", "x" * 2000, "\ud800"])
def test_any_text_has_a_reading_within_it(reader, question, text):
    (reading,) = reader.read(question, [text])
    assert 0 <= reading.start <= reading.end <= len(text)
    assert np.isfinite(reading.answers) and np.isfinite(reading.span)


def test_no_texts_need_no_weights():
    assert E5Reader(file=Path("none"), adapter=Path("none")).read("متى؟", []) == []


def test_the_best_span_ends_where_it_begins_or_later_and_is_not_endless():
    start, end = np.array([0.0, 5.0, 0.0, 4.0]), np.array([9.0, 0.0, 3.0, 0.0])
    assert best_span(start, end) == (0, 0)
    assert best_span(np.array([0.0, 5.0, 0.0]), np.array([1.0, 0.0, 3.0])) == (1, 2)
    far = np.zeros(100)
    far[0], last = 5.0, np.zeros(100)
    last[90] = 5.0
    first, stop = best_span(far, last)
    assert stop - first < 40


def test_the_reader_reranks(reader):
    scores = ReaderReranker(reader).scores("متى عقدت القمة؟", [DENIAL, SUMMIT, THEFT])
    assert all(0 <= score <= 1 for score in scores) and scores.index(max(scores)) == 1
    assert scores[1] > 0.5 > scores[0]


def test_the_settings_choose_it(tmp_path):
    chosen = chosen_reranker(read_settings(reranker="e5-reader", cache=tmp_path))
    assert isinstance(chosen, ReaderReranker) and chosen.name == "e5-reader" and chosen.languages == set(LANGUAGES)
    assert not any(tmp_path.iterdir())  # nothing is made before a question comes


def damaged(reader: E5Reader, tmp_path: Path, kind: str) -> Path:
    file = tmp_path / "reader.safetensors"
    content = reader.adapter.read_bytes()
    if kind == "cut short":
        file.write_bytes(content[: len(content) // 2])
    elif kind == "empty":
        file.write_bytes(b"")
    elif kind == "no weights":
        file.write_bytes(b"this is a text")
    elif kind == "of another encoder":
        learned = load_file(reader.adapter)
        learned["span.weight"] = np.zeros((2, 768), np.float16)
        save_file(learned, file)
    elif kind == "without its heads":
        learned = load_file(reader.adapter)
        save_file({name: value for name, value in learned.items() if not name.startswith("span")}, file)
    return file


@pytest.mark.parametrize("kind", ["missing", "cut short", "empty", "no weights", "of another encoder", "without its heads"])
def test_damaged_weights_are_told_in_one_line(reader, tmp_path, kind):
    file = damaged(reader, tmp_path, kind)
    with pytest.raises(KhabarError) as told:
        E5Reader(adapter=file, cache=tmp_path).read("متى؟", [SUMMIT])
    assert str(file) in str(told.value) and "KHABAR_RERANKER=none" in told.value.remedy
    assert "\n" not in str(told.value)


def test_what_is_taught_is_small(reader):
    assert reader.adapter.stat().st_size < 8_000_000
