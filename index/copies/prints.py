"""What tells whether two texts are copies: their letters, and the runs of three words that they have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.text import fold, squash, words

if TYPE_CHECKING:
    from datasketch import MinHash

# Goes up with every change of the prints: they are then taken again.
VERSION = "1"
_RUN = 3
_PERMUTATIONS = 64
# 16 bands of 4: of texts with .7 of their runs in common 99 in 100 meet in one, with .5 two in three, with .3 one in eight.
_BAND = 4
_SEED = 1
# The share of all runs in common, or of the shorter text's where it stands in a longer one, that makes a copy.
LEAST_ALIKE = 0.5
_LEAST_CONTAINED = 0.8
# Shorter texts are copies only letter by letter.
_FEWEST_RUNS = 12
# Reports that are written to a pattern (weather, rates of exchange) differ in most of their numbers.
_FEWEST_NUMBERS = 4
_LEAST_NUMBERS = 0.6
_NUMBER = re.compile(r"\d+(?:[.,٫٬]\d+)*")
_GROUPING = re.compile(r"[,٬.](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:1[3489]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Print:
    """A text's letters as 16 bytes, its MinHash signature (64 uint32) and the bands of it, () where it is too short.

    `numbers` are those of its digits that tell one report from another: in ASCII, without years, of two digits or more.
    """

    letters: bytes
    signature: bytes
    bands: tuple[bytes, ...]
    numbers: frozenset[str]


def print_of(text: str) -> Print:
    """Return the print of a text: byte-order marks, spacing, harakat and forms of letters leave no trace in it."""
    letters = blake2b(squash(text).encode(), digest_size=16).digest()
    runs = runs_of(text)
    if len(runs) < _FEWEST_RUNS:
        return Print(letters, b"", (), numbers_of(text))
    minhash = _empty().copy()
    minhash.update_batch([run.encode() for run in runs])
    signature = minhash.hashvalues.astype("<u4").tobytes()
    width = 4 * _BAND
    bands = (
        blake2b(signature[start : start + width], digest_size=8, salt=(start // width).to_bytes(2, "little")).digest()
        for start in range(0, len(signature), width)
    )
    return Print(letters, signature, tuple(bands), numbers_of(text))


def alike(one: str, other: str) -> float:
    """Return how much of two texts is the same, from 0 to 1; 0 where they are no copies but two reports of one pattern."""
    mine, theirs = runs_of(one), runs_of(other)
    common = len(mine & theirs)
    if not common or _differs_in_numbers(one, other):
        return 0.0
    whole = common / len(mine | theirs)
    contained = common / min(len(mine), len(theirs))
    return contained if whole < LEAST_ALIKE and contained >= _LEAST_CONTAINED else whole


def runs_of(text: str) -> frozenset[str]:
    """Return the runs of three folded words of a text."""
    found = words(text)
    return frozenset(" ".join(found[start : start + _RUN]) for start in range(max(len(found) - _RUN + 1, 1)))


def numbers_of(text: str) -> frozenset[str]:
    """Return the numbers of a text as they are compared over languages: ۸۷٫۴ and 87.4 are one, so are ۳۲۰٬۰۰۰ and 320,000."""
    found = (_GROUPING.sub("", number).replace("٫", ".") for number in _NUMBER.findall(fold(text)))
    return frozenset(number for number in found if len(number) > 1 and not _YEAR.fullmatch(number))


def _differs_in_numbers(one: str, other: str) -> bool:
    mine, theirs = set(_NUMBER.findall(fold(one))), set(_NUMBER.findall(fold(other)))
    fewer = min(len(mine), len(theirs))
    return fewer >= _FEWEST_NUMBERS and len(mine & theirs) < _LEAST_NUMBERS * fewer


@cache
def _empty() -> MinHash:
    from datasketch import MinHash  # it loads SciPy, which takes a second

    return MinHash(num_perm=_PERMUTATIONS, seed=_SEED)
