"""What was learned beside the encoder's weights: a file of safetensors -> matrices, checked against the encoder."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import numpy as np

from index.e5.weights import Floats, Weights
from index.types import KhabarError


def read_adapter(
    file: Path, weights: Weights, whose: str, shapes: Mapping[str, tuple[int, ...]], remedy: str
) -> tuple[dict[str, Floats], str]:
    """Return what was learned, in float32, and a name that tells it from other adapters.

    `whose` it is stands in errors; `shapes` are those that some of its matrices must have. Raises KhabarError for a file that
    is missing, broken, or for another encoder.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        content = file.read_bytes()
        learned = {name: value.astype(np.float32) for name, value in load(content).items()}
        for name, shape in shapes.items():
            if learned[name].shape != shape:
                raise ValueError(f"it is for an encoder of another size than {weights.shape.hidden}")
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise KhabarError(f"the {whose}'s weights '{file}' cannot be used ({error})", remedy) from error
    return learned, blake2b(content, digest_size=4).hexdigest()
