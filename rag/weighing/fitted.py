"""The fitted weights of evidence and confidence: rag/data/evidence.json, which benchmarks/train_evidence.py writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

Model = Literal["sentence", "confidence"]
# The weight that goes with no feature.
BIAS = "bias"


@cache
def weights_of(model: Model) -> Mapping[str, float]:
    """Return the weights of a model by the names of its features."""
    text = resources.files("rag").joinpath("data/evidence.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)[model]
    return weights


def weighted(features: NamedTuple, weights: Mapping[str, float]) -> float:
    """Return the sum of the features, each times its weight (0 where it has none), and the bias."""
    named = zip(features._fields, features, strict=True)
    return weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) * float(value) for name, value in named)
