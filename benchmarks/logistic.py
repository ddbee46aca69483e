"""Logistic regression with weights that may not change sides, or are held, and how well scores tell two groups apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

PENALTY = 1e-3

Matrix: TypeAlias = npt.NDArray[np.float64]
Bounds: TypeAlias = tuple[float | None, float | None]


def fit_logistic(
    signs: Matrix, positive: npt.NDArray[np.bool_], shares: Matrix, bounds: Sequence[Bounds]
) -> tuple[Matrix, float]:
    """Return the weights, and the bias, of least logistic loss with a ridge penalty on weights in units of each sign's spread.

    `signs` has the shape (examples, signs), `shares` (examples,) is how much each example counts, and `bounds` are the least
    and the greatest weight of each sign, in the sign's own units.
    """
    spread = signs.std(axis=0)
    spread[spread < 1e-6] = 1.0
    columns = np.hstack([signs / spread, np.ones((len(signs), 1))])
    sides = np.where(positive, 1.0, -1.0)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        margins = sides * (columns @ weights)
        penalised = np.append(weights[:-1], 0.0)
        gradient = columns.T @ (-sides * shares / (1 + np.exp(margins))) + 2 * PENALTY * penalised
        return float(shares @ np.logaddexp(0.0, -margins)) + PENALTY * float(penalised @ penalised), gradient

    scaled = [tuple(None if end is None else end * scale for end in pair) for pair, scale in zip(bounds, spread, strict=True)]
    start = np.array([*(low or 0.0 for low, _ in scaled), 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*scaled, (None, None)]).x
    return found[:-1] / spread, float(found[-1])


def auroc(high: Sequence[float], low: Sequence[float]) -> float:
    """Return how often one of the first is above one of the second, the area under the ROC curve; NaN where one has none.

    As high as one another counts half.
    """
    if not high or not low:
        return float("nan")
    ordered, scores = np.sort(np.asarray(low)), np.asarray(high)
    below = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return float(np.mean(below / (2 * len(ordered))))
