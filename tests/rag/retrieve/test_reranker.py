"""A reranker of the user's own: small cross-encoders that the tests make, loaded and used like any other."""

import shutil

import numpy as np
import pytest

from index.types import KhabarError
from rag.archive import chosen_reranker
from rag.retrieve.reranker import NoReranker, load_reranker
from rag.settings import read_settings
from tests import tiny

pytestmark = pytest.mark.slow

QUESTION = "أين عُقدت القمة؟"
TEXTS = [
    "عُقدت القمة في بودابست يوم الخميس ٢٣ أكتوبر.",
    "نشست در بوداپست روز پنجشنبه برگزار می‌شود.",
    "The summit was held in Budapest.",
    "طقس",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.cross_encoder(tmp_path_factory.mktemp("rerankers") / "tiny-reranker")


@pytest.fixture(scope="module")
def reranker(folder):
    return load_reranker(str(folder))


def test_none():
    none = load_reranker("none")
    assert isinstance(none, NoReranker) and (none.name, none.languages) == ("none", frozenset())
    assert none.scores(QUESTION, TEXTS) == [0.0] * 4 and none.scores(QUESTION, []) == []


def test_scores_are_plain_numbers_between_0_and_1_in_the_order_of_the_texts(reranker):
    scores = reranker.scores(QUESTION, TEXTS)
    assert all(type(score) is float and 0 < score < 1 for score in scores)
    assert len(set(scores)) == 4
    assert np.allclose(reranker.scores(QUESTION, TEXTS[::-1]), scores[::-1], atol=2e-2)
    assert np.allclose([reranker.scores(QUESTION, [text])[0] for text in TEXTS], scores, atol=2e-2)


def test_the_question_is_read_too(reranker):
    assert reranker.scores(QUESTION, TEXTS) != reranker.scores("Who wrote on Facebook?", TEXTS)


def test_no_texts_need_no_model(tmp_path):
    reranker = load_reranker(str(tiny.cross_encoder(tmp_path / "unread")))
    assert reranker.scores(QUESTION, []) == [] and "_model" not in vars(reranker)


@pytest.mark.parametrize("text", ["", " \n", "😀\u202e", "\x00", "كلمة " * 2000, "می‌شود"])
def test_any_text_has_a_score(reranker, text):
    assert 0 <= reranker.scores(text, [text, "قمة"])[0] <= 1


def test_many_texts(reranker):
    texts = [f"قمة {number}" for number in range(50)]
    assert len(reranker.scores(QUESTION, texts)) == 50


def test_languages_and_name(folder):
    assert load_reranker(str(folder)).languages == {"ar", "fa", "en"}
    assert load_reranker(str(folder), frozenset({"ar"})).languages == {"ar"}
    assert load_reranker(str(folder)).name == "tiny-reranker"


def test_it_is_loaded_without_a_word(folder, capfd):
    load_reranker(str(folder)).scores(QUESTION, TEXTS)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


@pytest.mark.parametrize(
    "activation",
    ["torch.nn.modules.linear.Identity", "torch.nn.modules.activation.Sigmoid", "torch.nn.modules.activation.Tanh"],
)
def test_whatever_function_a_model_names_its_logits_pass_one_sigmoid(folder, tmp_path, activation):
    """The same weights score the same, whether their configuration asks for the bare logits or for a sigmoid."""
    from sentence_transformers import CrossEncoder

    other = load_reranker(str(tiny.cross_encoder(tmp_path / "other", activation=activation)))
    scores = other.scores(QUESTION, TEXTS)
    assert np.allclose(scores, load_reranker(str(folder)).scores(QUESTION, TEXTS), atol=1e-6)
    assert type(other._model.activation_fn).__name__ == activation.rpartition(".")[2]
    logits = CrossEncoder(str(tmp_path / "other"), device="cpu", local_files_only=True).predict(
        [(QUESTION, text) for text in TEXTS], activation_fn=__import__("torch").nn.Identity()
    )
    assert np.allclose(scores, 1 / (1 + np.exp(-logits)), atol=3e-2)


def test_great_logits_are_0_and_1_not_an_overflow(reranker, monkeypatch):
    monkeypatch.setattr(reranker._model, "predict", lambda *_, **__: np.array([-1e6, 1e6, 0.0, -800.0]))
    assert reranker.scores(QUESTION, TEXTS) == [0.0, 1.0, 0.5, 0.0]


# Settings


def test_the_settings_choose_it(folder, tmp_path):
    settings = read_settings(reranker=str(folder), reranker_languages="fa,ar")
    assert chosen_reranker(settings).languages == {"ar", "fa"}
    assert isinstance(chosen_reranker(read_settings()), NoReranker)
    named = read_settings(reranker="tiny-reranker", models=str(folder.parent))
    assert chosen_reranker(named).name == "tiny-reranker"
    with pytest.raises(KhabarError, match="--reranker-languages is 'de'"):
        chosen_reranker(read_settings(reranker=str(folder), reranker_languages="de"))
    with pytest.raises(KhabarError, match="khabar models download bge-reranker-v2-m3"):
        chosen_reranker(read_settings(reranker="bge-reranker-v2-m3", models=str(tmp_path)))


# What is no reranker


def refused(load, *told):
    with pytest.raises(KhabarError) as caught:
        load()
    line = str(caught.value)
    assert "\n" not in line and "KHABAR_RERANKER" in line
    for part in told:
        assert str(part) in line


def test_no_folder(tmp_path):
    refused(lambda: load_reranker(str(tmp_path / "ناموجود")), tmp_path / "ناموجود", "no reranker")


def test_a_folder_without_weights(folder, tmp_path):
    light = tmp_path / "light"
    shutil.copytree(folder, light)
    (light / "model.safetensors").unlink()
    refused(lambda: load_reranker(str(light)), light, "no weights")


def test_an_embedder(tmp_path):
    refused(lambda: load_reranker(str(tiny.encoder(tmp_path / "encoder"))), tmp_path / "encoder", "SentenceTransformer")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b'{"architectures": ["BertForSequenceClassification"], "model_type": "no such model"}'),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", b"x" * 1000),
    ],
)
def test_a_damaged_model_is_told_when_it_is_loaded(folder, tmp_path, name, content):
    damaged = tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    (damaged / name).write_bytes(content)
    reranker = load_reranker(str(damaged))
    refused(lambda: reranker.scores(QUESTION, TEXTS), damaged, "could not be loaded")


def test_a_classifier_of_several_kinds(tmp_path):
    classifier = load_reranker(str(tiny.cross_encoder(tmp_path / "three", labels=3)))
    refused(lambda: classifier.scores(QUESTION, TEXTS), tmp_path / "three", "3 numbers for a text")
    refused(lambda: classifier.scores(QUESTION, TEXTS[:1]), "3 numbers for a text")


def test_scores_that_are_no_numbers(folder, tmp_path):
    broken = tmp_path / "nan"
    shutil.copytree(folder, broken)
    reranker = load_reranker(str(tiny.without_numbers(broken)))
    refused(lambda: reranker.scores(QUESTION, TEXTS), broken, "NaN")
