"""The small file of weights, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.e5.weights import Vocabulary, Weights, find_weights
from tests.index.e5.tiny_weights import TinyModel


@pytest.fixture(scope="session")
def model() -> TinyModel:
    return TinyModel()


@pytest.fixture(scope="session")
def tiny_file(model: TinyModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model.write(tmp_path_factory.mktemp("weights") / "tiny.bin")


@pytest.fixture(scope="session")
def tiny_weights(tiny_file: Path) -> Weights:
    return Weights(tiny_file, expected=None)


@pytest.fixture(scope="session")
def real_vocabulary() -> Vocabulary:
    """The vocabulary of the embedded file."""
    return Weights(find_weights()).vocabulary()
