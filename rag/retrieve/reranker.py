"""Question and passages -> how well each passage answers: the Reranker protocol and its cross-encoder implementation."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.models import check_transformer, loading_options, locate, not_loaded
from index.types import LANGUAGES, KhabarError, Language
from rag.retrieve import tuning

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

NONE = "none"


class Reranker(Protocol):
    """Reads a question and a text together, in the languages that it serves."""

    name: str
    languages: frozenset[Language]

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, 0 to 1, in the order of the texts. Raises KhabarError."""


class NoReranker:
    """Serves no language: the order of retrieval stays."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return 0 for every text."""
        return [0.0] * len(texts)


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder from a local folder, loaded at its first use and never from a hub."""

    def __init__(self, folder: Path, name: str, languages: frozenset[Language]) -> None:
        """Remember where the model is; loading takes seconds and waits until a question comes."""
        self.folder = folder
        self.name = name
        self.languages = languages

    @cached_property
    def _model(self) -> CrossEncoder:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(str(self.folder), **loading_options())
        except Exception as error:  # the library raises many kinds for a broken folder
            raise not_loaded("reranker", self.folder, error) from error

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, 0 to 1, in the order of the texts. Raises KhabarError."""
        if not texts:
            return []
        from torch.nn import Identity

        # The bare logits, whatever function the model's configuration names for them: some name a sigmoid and some nothing,
        # and a sigmoid over a sigmoid would squeeze every score towards 0.6.
        pairs = [(question, text) for text in texts]
        found = self._model.predict(pairs, batch_size=tuning.BATCH, activation_fn=Identity(), show_progress_bar=False)
        logits = np.asarray(found, dtype=np.float64)
        if logits.shape != (len(texts),):
            raise self._useless(f"gives {logits[0].size} numbers for a text where one is expected")
        if not np.isfinite(logits).all():
            raise self._useless("gives scores that are not numbers (NaN)")
        return [float(score) for score in 0.5 * (1.0 + np.tanh(0.5 * logits))]  # a sigmoid that never overflows

    def _useless(self, what: str) -> KhabarError:
        return KhabarError(
            f"the reranker in '{self.folder}' {what}", "give KHABAR_RERANKER a cross-encoder with one score, or 'none'"
        )


def load_reranker(
    choice: str,
    languages: frozenset[Language] = frozenset(LANGUAGES),
    models: Path | None = None,
) -> Reranker:
    """Return the reranker that a setting names: `none`, a folder, or a name in the folder `models`.

    A folder's serves `languages`. Raises KhabarError for a folder that holds no cross-encoder.
    """
    if choice == NONE:
        return NoReranker()
    folder = locate(choice, "reranker", models)
    check_transformer(folder, "reranker")
    return CrossEncoderReranker(folder, folder.resolve().name, languages)
