"""The weights that are shipped, and the sum that they are for."""

from typing import NamedTuple

import pytest

from rag.weigh.confidence import Signs
from rag.weigh.features import Features
from rag.weigh.weights import BIAS, weighted, weights_of


class Pair(NamedTuple):
    one: float
    other: float


def test_the_features_of_sentences_and_the_weights_are_the_same():
    # No bias: it would be the same for every sentence.
    assert set(weights_of("sentence")) == set(Features._fields)


def test_the_signs_of_confidence_and_the_weights_are_the_same():
    assert set(weights_of("confidence")) == {BIAS, *Signs._fields}


@pytest.mark.parametrize("model", ["sentence", "confidence"])
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
def test_a_sum_of_features_times_weights_and_the_bias(weights, total):
    assert weighted(Pair(3.0, 4.0), weights) == total
