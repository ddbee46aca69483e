"""The weights that are shipped, and the log odds that they give."""

from typing import NamedTuple

import pytest

from rag.weigh.confidence import ReadSigns, WordSigns
from rag.weigh.logistic import BIAS, log_odds, probability, weights_of
from rag.weigh.read_sentence import SentenceSigns
from rag.weigh.sentences import Features


class Pair(NamedTuple):
    one: float
    other: float


@pytest.mark.parametrize(
    ("model", "features"), [("confidence", WordSigns), ("judged", SentenceSigns), ("judged-confidence", ReadSigns)]
)
def test_the_features_and_the_weights_are_the_same(model, features):
    assert set(weights_of(model)) == {BIAS, *features._fields}
    # No bias among those of sentences by words: it would be the same for every sentence.
    assert set(weights_of("sentence")) == set(Features._fields)


@pytest.mark.parametrize("model", ["sentence", "confidence", "judged", "judged-confidence"])
def test_weights_are_finite_numbers_and_not_all_nought(model):
    weights = weights_of(model)
    assert all(isinstance(weight, float) and abs(weight) < 100 for weight in weights.values())
    assert any(weights.values())


def test_weights_are_read_once():
    assert weights_of("sentence") is weights_of("sentence")


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        ({"one": 2.0, "other": -0.5}, 2 * 3 - 0.5 * 4),
        ({"one": 2.0, "other": -0.5, BIAS: 10.0}, 2 * 3 - 0.5 * 4 + 10),
        ({"other": 1.0}, 4),
        ({"another": 7.0}, 0),
        ({}, 0),
    ],
)
def test_a_sum_of_features_times_weights_and_the_bias(weights, total, monkeypatch):
    monkeypatch.setattr("rag.weigh.logistic.weights_of", lambda _: weights)
    assert log_odds("sentence", Pair(3.0, 4.0)) == total


def test_log_odds_however_great_are_a_probability():
    assert probability(0.0) == 0.5 and probability(1000.0) == 1.0 and probability(-1000.0) == 0.0
