"""Features and a fitted logistic model -> log odds and probability. The weights are in rag/data.

Those of words are fitted by benchmarks/train_evidence.py, those of words and a reader by benchmarks/train_judging.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from rag.text.word_list import text_of

Model = Literal["sentence", "confidence", "judged", "judged-confidence"]
_FILES = ("evidence.json", "judging.json")
# The weight that goes with no feature.
BIAS = "bias"


@cache
def weights_of(model: Model) -> Mapping[str, float]:
    """Return the weights of a model by the names of its features."""
    files = (json.loads(text_of(name)) for name in _FILES)
    weights: dict[str, float] = next(content[model] for content in files if model in content)
    return weights


def log_odds(model: Model, features: NamedTuple) -> float:
    """Return the log odds that a model gives features: the sum of each times its weight (0 where it has none), and the bias."""
    weights = weights_of(model)
    named = zip(features._fields, features, strict=True)
    return weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) * float(value) for name, value in named)


def probability(odds: float) -> float:
    """Return the probability (0 to 1) of log odds, however great they are."""
    return 0.5 * (1.0 + math.tanh(0.5 * odds))
