"""Rules about numbers: what each of them counts, the signs on it, and the ranges and scores that it is part of."""

from __future__ import annotations

from collections.abc import Sequence

from rag.draft import tuning
from rag.draft.actors import is_actor
from rag.draft.alignment import Alignment
from rag.draft.tokens import Token
from rag.text.measure import unit_name
from rag.text.word_list import sentence_words

# These join a range or a list, whose members may be told apart; any other joint makes one thing of two numbers.
_LOOSE_JOINTS = frozenset({"and", ",", "،", ";", "؛", " "})
# The Arabic article before a name: al-Sudani, el-Sisi. What stands behind it is a name by itself.
_NAME_ARTICLES = frozenset(["al", "el", "ul", "as", "ash", "ad", "an", "ar", "at", "az", "es"])
_DASH_OR_WORD = frozenset({"-", "to"})


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
    if index + 1 < len(claim) and alignment.places[index + 1] == unit and _is_part_of(claim[index + 1], alignment.source[unit]):
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
    """Tell whether the claim leaves out what a number of the source counts, other than people, or what kind of unit it is."""
    unit, number = alignment.source[place], alignment.source[place - 1]
    counted = (unit.role in ("word", "light") or unit_name(unit.word)) and unit.clause == number.clause
    counted = counted and unit.word not in sentence_words("free")
    if counted and unit.relation is None and place not in alignment.places:
        return True
    for near in range(place, min(place + tuning.UNIT_WORDS, len(alignment.source))):
        token = alignment.source[near]
        kind = token.is_symbol or token.is_currency or token.word in sentence_words("measure") or _is_per(token)
        if token.clause != number.clause or (near > place and not kind):
            return False
        if kind and near not in alignment.places:
            return True
    return False


def _is_per(token: Token) -> bool:
    return token.relation in sentence_words("per")


def _is_part_of(unit: Token, other: Token) -> bool:
    """Tell whether a unit is only one word of another: kilometres, of square kilometres."""
    return len(unit.parts) < len(other.parts) and set(unit.entries).isdisjoint(other.entries)


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
    for index, (token, place) in enumerate(zip(alignment.claim, alignment.places, strict=True)):
        if place is None:
            continue
        other = alignment.source[place]
        if token.signs != other.signs or not _same_joint(alignment, index, place):
            return False
        if place and alignment.source[place - 1].is_currency and token.is_number and place - 1 not in met:
            return False
        if _is_short(token, alignment.claim[:index]) and token.word == other.word and token.raw != other.raw:
            return False
    return True


def _same_joint(alignment: Alignment, index: int, place: int) -> bool:
    """Tell whether a number is joined to the one before it as in the source; a dash and a "to" are the same."""
    joint, other = alignment.claim[index].joint, alignment.source[place].joint
    before = _number_before(alignment.claim, index) if joint else None
    if joint is None or before is None or joint == other or {joint, other} == _DASH_OR_WORD:
        return True
    return alignment.places[before] != _number_before(alignment.source, place) and joint in _LOOSE_JOINTS


def _number_before(tokens: Sequence[Token], index: int) -> int | None:
    """Return the place of the number before another, over currencies."""
    near = index - 1
    while near >= 0 and tokens[near].is_currency:
        near -= 1
    return near if near >= 0 and tokens[near].is_number else None


def _is_short(token: Token, before: Sequence[Token]) -> bool:
    """Tell whether a token is a unit of so few letters that their case counts: MW and mW."""
    is_short = len(token.word) <= tuning.SHORT_UNIT and token.raw.isascii() and token.raw.isalpha()
    return is_short and bool(before) and before[-1].is_number


def keeps_glued(alignment: Alignment) -> bool:
    """False where half a word stands for the whole: G from G7, 5 from 5G, the war rally from "the anti-war rally"."""
    met = {place for _, _, place in alignment.pairs()}
    for place, token in enumerate(alignment.source):
        if not token.is_glued or not place or (place in met) == (place - 1 in met):
            continue
        before = alignment.source[place - 1]
        halves = not before.raw.islower() or before.word in _NAME_ARTICLES
        if place not in met or token.is_number or before.is_number or not halves:
            return False
    return True


def keeps_ranges(alignment: Alignment) -> bool:
    """False where a number is cut out of a range, a score or a product: 5 from 5-6. "To 6" may stand without its "from 5"."""
    met = {place for _, _, place in alignment.pairs()}
    for place, (one, other) in enumerate(zip(alignment.source, alignment.source[1:], strict=False)):
        if not (one.is_number and other.is_number) or (place in met) == (place + 1 in met):
            continue
        if other.joint is None or other.joint in _LOOSE_JOINTS:
            continue
        if other.joint != "to" or one.relation not in sentence_words("from"):
            return False
    return True
