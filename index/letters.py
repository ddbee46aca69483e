"""How likely a run of Arabic or Persian letters is, by pairs of letters counted in the sample archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

ALPHABET = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگ"
_SAME = {"ک": "ك", "ی": "ي", "ٱ": "ا", "ە": "ه", "ۀ": "ه"}
_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_SMOOTHING = 0.3
Pairs = npt.NDArray[np.float64]


def letter_pairs(texts: Iterable[str]) -> Pairs:
    """Return how often each letter (row) stands before each (column), 0 standing for the border of a word."""
    counts = np.zeros((len(ALPHABET) + 1,) * 2)
    for text in texts:
        codes = _codes(text)
        np.add.at(counts, (codes[:-1], codes[1:]), 1)
    counts[0, 0] = 0
    return counts


def likelihood(text: str) -> float:
    """Return the mean log probability of a text's pairs of letters; about -2.5 for words, -4 and less for noise."""
    codes = _codes(text)
    values = _log_probabilities()[codes[:-1], codes[1:]]
    inside = (codes[:-1] > 0) | (codes[1:] > 0)
    return float(values[inside].mean()) if inside.any() else float("-inf")


def gain_of_reversal(text: str) -> tuple[float, int]:
    """Return how much likelier (in nats) a text's letters are from last to first, and how many pairs inside words tell so."""
    codes = _codes(text)
    table = _log_probabilities()
    either = (codes[:-1] > 0) | (codes[1:] > 0)
    before, behind = codes[:-1][either], codes[1:][either]
    return float((table[behind, before] - table[before, behind]).sum()), int(((before > 0) & (behind > 0)).sum())


def _codes(text: str) -> npt.NDArray[np.int64]:
    """Return the places of a text's letters in the alphabet, from 1; signs above letters are left out, all else is 0."""
    points = np.frombuffer(f" {_SIGNS.sub('', text)} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    return np.asarray(_table()[np.where(points < len(_table()), points, 0)])


@cache
def _table() -> npt.NDArray[np.int64]:
    table = np.zeros(0x700, dtype=np.int64)
    for place, letter in enumerate(ALPHABET, 1):
        table[ord(letter)] = place
    for letter, same in _SAME.items():
        table[ord(letter)] = table[ord(same)]
    return table


@cache
def _log_probabilities() -> Pairs:
    text = resources.files("index").joinpath("data/letters.tsv").read_text(encoding="utf-8")
    counts = np.array([[float(value) for value in line.split("\t")] for line in text.splitlines() if line[:1] != "#"])
    smooth = counts + _SMOOTHING
    return np.asarray(np.log(smooth / smooth.sum(axis=1, keepdims=True)))
