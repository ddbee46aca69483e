"""The embedded encoder's weights as a training file holds them, which then needs no package."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.e5.weights import Weights


def encoder_weights(weights: Weights, known: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Return float16 matrices of the layers, the embeddings of the tokens that occur (`known`, in order), and float32 vectors.

    `special` are the places of the tokens that begin, end and pad a text among the known ones.
    """
    shape = weights.shape
    kept: dict[str, NDArray[Any]] = {
        "emb.word": weights.embeddings(known).astype(np.float16),
        "shape": np.array([shape.hidden, shape.layers, shape.heads, shape.inner, shape.positions]),
        "special": np.searchsorted(known, [weights.special.begin, weights.special.end, weights.special.padding]),
    }
    for name in weights.names():
        if name == "emb.word":
            continue
        rows = shape.inner if name.endswith(".fi.w") else shape.hidden
        is_matrix = name.startswith("l") and name.endswith(".w") and "ln." not in name
        kept[name] = weights.matrix(name, rows).astype(np.float16) if is_matrix else weights.vector(name)
    return kept
