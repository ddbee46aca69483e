"""Weights that may not change sides, and those that are held."""

import math

import numpy as np
import pytest

from benchmarks.logistic import auroc, fit_logistic

CHANCE = np.random.default_rng(7)
SIGNS = np.column_stack([CHANCE.normal(0, 1, 400), CHANCE.normal(0, 50, 400), np.ones(400)])
POSITIVE = CHANCE.random(400) < 1 / (1 + np.exp(-(2 * SIGNS[:, 0] - 0.04 * SIGNS[:, 1] + 0.5)))
SHARES = np.full(400, 1 / 400)
FREE = (None, None)


def test_it_finds_what_made_the_examples_in_each_signs_own_units():
    weights, bias = fit_logistic(SIGNS, POSITIVE, SHARES, [FREE] * 3)
    assert weights[0] == pytest.approx(2, abs=0.5) and weights[1] == pytest.approx(-0.04, abs=0.015)
    assert bias + weights[2] == pytest.approx(0.5, abs=0.4)


def test_a_sign_that_may_not_speak_against_does_not():
    weights, _ = fit_logistic(SIGNS, POSITIVE, SHARES, [FREE, (0.0, None), FREE])
    assert weights[1] == pytest.approx(0, abs=1e-9) and weights[0] > 1


def test_a_held_weight_stays():
    weights, _ = fit_logistic(SIGNS, POSITIVE, SHARES, [(0.3, 0.3), FREE, FREE])
    assert weights[0] == pytest.approx(0.3)


def test_what_counts_nothing_teaches_nothing():
    counted = np.where((SIGNS[:, 0] > 0) == POSITIVE, 2 / 400, 0.0)
    weights, _ = fit_logistic(SIGNS[:, :1], POSITIVE, counted, [FREE])
    weaker, _ = fit_logistic(SIGNS[:, :1], POSITIVE, SHARES, [FREE])
    assert weights[0] > weaker[0]


@pytest.mark.parametrize(
    ("high", "low", "share"),
    [([3.0, 2.0], [1.0, 0.0], 1.0), ([1.0], [1.0], 0.5), ([0.0, 2.0], [1.0], 0.5), ([0.0], [1.0, 0.0], 0.25)],
)
def test_auroc(high, low, share):
    assert auroc(high, low) == share


def test_auroc_of_nothing_is_no_number():
    assert math.isnan(auroc([], [1.0])) and math.isnan(auroc([1.0], []))
