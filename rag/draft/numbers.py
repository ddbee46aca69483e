"""Rules about numbers: what each of them counts, the signs on it, and the ranges and scores that it is part of."""

from __future__ import annotations

from collections.abc import Sequence

from rag.draft import tuning
from rag.draft.actors import is_actor
from rag.draft.alignment import Alignment
from rag.draft.tokens import Token
from rag.text.word_list import sentence_words

_JOINTS = frozenset({"-", ":", "/"})
_JOINING = _JOINTS | {"×", "*", "·", "±", "="}


def numbers_count_the_same(alignment: Alignment) -> bool:
    """False where a number counts something else: 112 killed, from "30 killed and 112 wounded"; or loses its unit."""
    for index, token in enumerate(alignment.claim):
        place = alignment.places[index]
        if token.role == "value" and place is not None and not _counts_the_same(alignment, index, place):
            return False
    return True


def _counts_the_same(alignment: Alignment, index: int, place: int) -> bool:
    claim = alignment.claim
    unit = place + 1
    if unit < len(alignment.source) and not claim[index].is_time and _drops_unit(alignment, unit):
        return False
    around = [near for near in range(len(claim)) if near != index and claim[near].role not in ("operator", "value")]
    around.sort(key=lambda near: (claim[near].clause != claim[index].clause, abs(near - index)))
    for near in around[: tuning.COUNTED_WORDS]:
        found = alignment.places[near]
        if found is None:
            if claim[near].word not in sentence_words("free"):
                return False
        elif not _in_one_clause(alignment.source, found, place):
            return False
    return True


def _drops_unit(alignment: Alignment, place: int) -> bool:
    """Tell whether the claim leaves out what a number of the source counts, other than people."""
    unit, number = alignment.source[place], alignment.source[place - 1]
    counted = unit.role in ("word", "light") and unit.clause == number.clause and unit.word not in sentence_words("free")
    return counted and unit.relation is None and place not in alignment.places


def _in_one_clause(tokens: Sequence[Token], one: int, other: int) -> bool:
    return tokens[one].clause == tokens[other].clause or abs(one - other) <= 1


def same_numbers_order(alignment: Alignment) -> bool:
    """False where numbers or the actors around them change places: from 26 to 24, from "from 24 to 26"."""
    found = [
        place
        for token, _, place in alignment.pairs()
        if (token.role == "value" and not token.is_time) or is_actor(token)
    ]
    return alignment.across or found == sorted(found)


def same_signs(alignment: Alignment) -> bool:
    """False where a number has another sign, or another joint to the number before it: 5% from 5, <5 from >5, 2:1 from 2-1."""
    met = {place for _, _, place in alignment.pairs()}
    for token, other, place in alignment.pairs():
        joints = token.signs & _JOINTS, other.signs & _JOINTS
        if token.signs - _JOINTS != other.signs - _JOINTS or (all(joints) and joints[0] != joints[1]):
            return False
        if place and alignment.source[place - 1].is_currency and place - 1 not in met:
            return False
    return True


def keeps_ranges(alignment: Alignment) -> bool:
    """False where a number is cut out of a range, a score or a product: 5 from 5-6. "To 6" may stand without its "from 5"."""
    met = {place for _, _, place in alignment.pairs()}
    for place, (one, other) in enumerate(zip(alignment.source, alignment.source[1:], strict=False)):
        if not (one.is_number and other.is_number) or (place in met) == (place + 1 in met):
            continue
        ranged = other.relation in sentence_words("range") and one.relation not in sentence_words("from")
        if ranged or other.signs & _JOINING:
            return False
    return True
