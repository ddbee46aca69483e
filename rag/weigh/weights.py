"""The fitted weights of evidence and confidence, by words (benchmarks/train_evidence.py) and by a reader (train_judging.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

Model = Literal["sentence", "confidence", "judged", "judged-confidence"]
_FILES = ("data/evidence.json", "data/judging.json")
# The weight that goes with no feature.
BIAS = "bias"


@cache
def weights_of(model: Model) -> Mapping[str, float]:
    """Return the weights of a model by the names of its features."""
    files = (resources.files("rag").joinpath(name).read_text(encoding="utf-8") for name in _FILES)
    weights: dict[str, float] = next(content[model] for content in map(json.loads, files) if model in content)
    return weights


def weighted(features: NamedTuple, weights: Mapping[str, float]) -> float:
    """Return the sum of the features, each times its weight (0 where it has none), and the bias."""
    named = zip(features._fields, features, strict=True)
    return weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) * float(value) for name, value in named)
