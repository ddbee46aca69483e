"""The embedded encoder: what its vectors say in three languages, and texts of any kind and length."""

from __future__ import annotations

import threading
from itertools import combinations

import numpy as np
import pytest

from index.e5 import engine, graph
from index.e5.encoder import E5Encoder
from index.e5.weights import find_weights
from index.embed import load_embedder
from index.types import KhabarError

# The same four facts in the three languages.
FACTS = {
    "ar": [
        "أعلن البيت الأبيض تأجيل القمّة بين ترامب وبوتين في بودابست.",
        "فاز الفريق المضيف في مباراة كرة القدم بهدفين دون مقابل.",
        "ارتفع سعر برميل النفط إلى ٦٧ دولارًا.",
        "ضرب إعصار ميليسا جامايكا وأودى بحياة العشرات.",
    ],
    "fa": [
        "کاخ سفید اعلام کرد دیدار ترامپ و پوتین در بوداپست به تعویق افتاده است.",
        "تیم میزبان مسابقه‌ی فوتبال را با دو گل برد.",
        "بهای هر بشکه نفت به ۶۷ دلار رسید.",
        "توفند ملیسا جامائیکا را درنوردید و ده‌ها نفر جان باختند.",
    ],
    "en": [
        "The White House said that the summit of Trump and Putin in Budapest is put off.",
        "The home side won the football match by two goals to nil.",
        "The price of a barrel of oil rose to 67 dollars.",
        "Hurricane Melissa hit Jamaica and killed dozens of people.",
    ],
}
EVERY = [text for texts in FACTS.values() for text in texts]


@pytest.fixture(scope="module")
def vectors(encoder) -> dict[str, np.ndarray]:
    embedded = encoder.embed_passages(EVERY)
    return {language: embedded[4 * number : 4 * number + 4] for number, language in enumerate(FACTS)}


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other)


def test_what_it_is(encoder):
    assert encoder.name == "multilingual-e5-small-int8" and encoder.languages == {"ar", "fa", "en"}
    chosen = load_embedder("multilingual-e5-small")
    assert isinstance(chosen, E5Encoder) and (chosen.name, chosen.file) == (encoder.name, encoder.file)


def test_vectors_are_of_length_one(encoder, vectors):
    for found in vectors.values():
        assert found.shape == (4, 384) and found.dtype == np.float32
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    question = encoder.embed_query("متى تُعقد قمة بودابست؟")
    assert question.shape == (384,) and question.dtype == np.float32 and np.linalg.norm(question) == pytest.approx(1, abs=1e-5)
    assert encoder.embed_passages([]).shape == (0, 384)


@pytest.mark.parametrize(("one", "other"), list(combinations(FACTS, 2)))
def test_translations_are_nearer_than_other_subjects(vectors, one, other):
    similar = vectors[one] @ vectors[other].T
    assert (similar.argmax(axis=0) == range(4)).all() and (similar.argmax(axis=1) == range(4)).all()


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("هل تأجّلت قمة الرئيسين؟", 0),
        ("چرا دیدار رئیس‌جمهورها برگزار نمی‌شود؟", 0),
        ("Who won the soccer game?", 1),
        ("كم بلغ سعر النفط؟", 2),
        ("قیمت نفت چند شد؟", 2),
        ("How many died in the storm?", 3),
    ],
)
def test_a_question_is_nearest_to_what_answers_it_in_every_language(encoder, vectors, question, fact):
    asked = encoder.embed_query(question)
    assert [int((found @ asked).argmax()) for found in vectors.values()] == [fact] * 3


@pytest.mark.parametrize("text", ["قمة", "می‌شود", EVERY[0], EVERY[5]])
def test_a_text_has_one_vector_alone_and_among_longer_ones(encoder, text):
    alone = encoder.embed_passages([text])[0]
    among = encoder.embed_passages([*EVERY, text, " ".join(EVERY), " ".join(EVERY[4:])])[12]
    assert np.array_equal(alone, among)


def test_a_question_and_a_passage_are_told_apart(encoder):
    question, passage = encoder.embed_query(EVERY[4]), encoder.embed_passages([EVERY[4]])[0]
    assert 0.8 < alike(question, passage) < 0.9999


@pytest.mark.slow
def test_float32_differs_little(encoder, monkeypatch):
    monkeypatch.setattr(engine, "PRECISION", "float32")
    exact = E5Encoder(find_weights())
    for texts in FACTS.values():
        assert ((exact.embed_passages(texts) * encoder.embed_passages(texts)).sum(axis=1) > 0.98).all()


def test_a_text_of_several_windows(encoder):
    text = (EVERY[0] + "\n" + EVERY[6] + "\n") * 40
    assert 1_200 < len(encoder._parts.tokenizer.ids(text)) < 1_400
    long, short = encoder.embed_passages([text, EVERY[0] + "\n" + EVERY[6]])
    assert np.linalg.norm(long) == pytest.approx(1, abs=1e-5) and alike(long, short) > 0.9


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200c", "\0", "\ud800", "خبر \udfff", "😀", "\u202e", "()", "中" * 30])
def test_texts_of_any_kind_have_a_vector(encoder, text):
    for vector in (encoder.embed_query(text), encoder.embed_passages([text])[0]):
        assert np.isfinite(vector).all() and np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_many_texts_keep_their_order(encoder):
    texts = [f"{number} {EVERY[number % 12]}" for number in range(70)]
    many = encoder.embed_passages(texts)
    for number in (0, 13, 69):
        assert np.array_equal(many[number], encoder.embed_passages([texts[number]])[0])


# The small file


@pytest.fixture
def small(tiny_file, tmp_path) -> E5Encoder:
    return E5Encoder(tiny_file, tmp_path, expected=None)


@pytest.fixture
def exact(tiny_file, monkeypatch) -> E5Encoder:
    monkeypatch.setattr(engine, "PRECISION", "float32")
    return E5Encoder(tiny_file, expected=None)


def test_a_long_text_is_the_mean_of_its_windows_by_their_tokens(exact, model):
    room = model.positions - 2
    words = ["قمة", "دیدار", "summit", "نشست", "meeting", "بودابست", "week"] * 8
    ids = exact._parts.tokenizer.ids("passage: " + " ".join(words))
    assert len(ids) == 2 + len(words) > 2 * room
    windows = [ids[start : start + room] for start in range(0, len(ids), room)]
    means = []
    for window in windows:
        means.append(exact._parts.engine.run([0, *window, 2])[0] * len(window))
    expected = np.sum(means, axis=0) / np.linalg.norm(np.sum(means, axis=0))
    assert np.allclose(exact.embed_passages([" ".join(words)])[0], expected, atol=1e-5)


def test_a_text_of_ten_thousand_tokens(exact):
    text = "قمة دیدار summit نشست meeting " * 2_000
    assert len(exact._parts.tokenizer.ids(text)) == 10_000
    long, short = exact.embed_passages([text, text[:200]])
    assert np.linalg.norm(long) == pytest.approx(1, abs=1e-5) and alike(long, short) > 0.9


@pytest.mark.parametrize("length", [18, 19, 20, 21, 22, 44])
def test_texts_as_long_as_a_window(exact, model, length):
    texts = [" ".join(["قمة"] * length), "دیدار"]
    assert len(exact._parts.tokenizer.ids(f"passage: {texts[0]}")) == length + 2
    both = exact.embed_passages(texts)
    for vector, text in zip(both, texts, strict=True):
        assert np.allclose(vector, exact.embed_passages([text])[0], atol=1e-5)


def test_nothing_is_loaded_before_it_is_needed(tmp_path):
    encoder = E5Encoder(tmp_path / "missing.bin", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
    for _ in range(2):
        with pytest.raises(KhabarError, match=r"missing\.bin' cannot be read"):
            encoder.embed_query("قمة")


def test_questions_that_come_while_it_is_loaded_wait_for_it(small, monkeypatch):
    made = []
    original = graph.encoder_graph
    monkeypatch.setattr(graph, "encoder_graph", lambda *given: made.append(1) or original(*given))
    found: list[object] = []

    def ask() -> None:
        try:
            found.append(small.embed_query("قمة بودابست"))
        except BaseException as error:
            found.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(found) == 8 and all(np.array_equal(vector, found[0]) for vector in found)


def test_questions_and_passages_side_by_side(small):
    texts = ["قمة بودابست", "دیدار رئیس جمهور", "the summit in Budapest"]
    expected, found = [small.embed_query(text) for text in texts], []

    def ask(number: int) -> None:
        found.append(np.array_equal(small.embed_query(texts[number % 3]), expected[number % 3]))

    threads = [threading.Thread(target=ask, args=[number]) for number in range(9)]
    for thread in threads:
        thread.start()
    passages = small.embed_passages(texts * 20)
    for thread in threads:
        thread.join()
    assert len(found) == 9 and all(found) and passages.shape == (60, 64)
