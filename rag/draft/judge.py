"""Does a source say what a claim says? The Judge protocol, and the embedded one, which has learned it from pairs.

It is the embedded encoder with what benchmarks/train_entailment.py taught it (rag/data/judge.safetensors, the mean of several
runs). Where that is sure, one of the runs is asked as well (judge-two.safetensors): what one is wrongly sure of, another seldom
is. What they find counts behind the guards of rag/draft/guards.py alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Protocol

import numpy as np

from index.e5.adapter import read_adapter
from index.e5.engine import Engine, judge_of
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import SHA256, Floats, SpecialTokens, Weights, find_weights
from index.progress import Tell, silent
from index.types import LANGUAGES, KhabarError, Language
from rag.draft import tuning

EMBEDDED = "e5-judge"
NONE = "none"
_ADAPTERS = ("data/judge.safetensors", "data/judge-two.safetensors")
_REMEDY = "install Khabar again, or choose KHABAR_JUDGE=none"


class Judge(Protocol):
    """Tells how likely a source says a claim; either may be in any of the three languages."""

    name: str
    languages: frozenset[Language]

    def odds(self, claim: str, source: str) -> float | None:
        """Return the log odds; None where they cannot be told. Raises KhabarError where it cannot be loaded."""


class NoJudge:
    """Has no opinion: sentences are compared by rules alone."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def odds(self, claim: str, source: str) -> None:
        """Return None."""
        return None


NO_JUDGE = NoJudge()


class E5Judge:
    """The embedded encoder with what it was taught about entailment, loaded when it is first used."""

    name = EMBEDDED
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def __init__(
        self, files: Sequence[Path] = (), weights: Path | None = None, cache: Path | None = None, tell: Tell = silent,
        expected: str | None = SHA256,
    ) -> None:
        """Remember the files: the adapters, and the encoder's weights of which `expected` is the checksum (None: any)."""
        self.files = tuple(files) or tuple(Path(str(resources.files("rag").joinpath(name))) for name in _ADAPTERS)
        self._weights = weights
        self._cache = cache
        self._tell = tell
        self._expected = expected
        self._loading = threading.Lock()

    @cached_property
    def _loaded(self) -> tuple[UnigramTokenizer, list[tuple[Engine, Floats]]]:
        weights = Weights(self._weights or find_weights(), expected=self._expected)
        engines = []
        for file in self.files:
            learned, name = read_adapter(file, weights, "judge", {"shared": (2, weights.shape.hidden)}, _REMEDY)
            engines.append((judge_of(weights, learned, name, self._cache, self._tell), learned["shared"]))
        return UnigramTokenizer(weights.vocabulary()), engines

    def odds(self, claim: str, source: str) -> float | None:
        """Return the log odds that a source says a claim: the first judge's, and where that is sure the mean of both.

        They are None for two texts that are too long to be read together.

        Raises KhabarError where it cannot be loaded.
        """
        with self._loading:
            tokenizer, engines = self._loaded
        ids, shared = read_together(tokenizer.ids(f"query: {claim}"), tokenizer.ids(source), tokenizer.special)
        if len(ids) > tuning.PAIR_TOKENS:
            return None
        found: list[float] = []
        for engine, vectors in engines:
            found.append(float(engine.run(ids, vectors[np.asarray(shared, dtype=np.int64)])[0]))
            if found[0] < tuning.SURE:
                break
        return sum(found) / len(found)


def read_together(claim: Sequence[int], source: Sequence[int], special: SpecialTokens) -> tuple[list[int], list[bool]]:
    """Return the token ids of a claim beside a source, special tokens included, and for each whether both have it."""
    common = set(claim) & set(source)
    ids = [special.begin, *claim, special.end, special.end, *source, special.end]
    return ids, [token in common for token in ids]


def load_judge(choice: str, cache: Path | None = None, tell: Tell = silent) -> Judge:
    """Return the judge that a setting names: the embedded one, or none. Raises KhabarError for another name."""
    if choice == NONE:
        return NoJudge()
    if choice == EMBEDDED:
        return E5Judge(cache=cache, tell=tell)
    raise KhabarError(f"there is no judge '{choice}'", f"choose --judge {EMBEDDED} (KHABAR_JUDGE) or {NONE}")
