"""Rules about the order and the forms of words, and what they depend on."""

from __future__ import annotations

from rag.draft.actors import is_actor
from rag.draft.alignment import Alignment
from rag.draft.statement import is_report
from rag.draft.tokens import Token
from rag.text.match import same_stem
from rag.text.word_list import sentence_words

_NEAR = 3
_RELATIONS = ("from", "by", "to", "against", "without")
_STRICT_RELATIONS = frozenset({"from", "by", "against", "without"})


def order_is_kept(alignment: Alignment) -> bool:
    """Tell whether the words stand in the source's order, but for times and places, which may stand anywhere.

    Across languages a verb moves, and an adjective behind its noun; names do not.
    """
    units = {near for i, token in enumerate(alignment.claim) if token.role == "value" for near in (i - 1, i + 1)}
    found = [
        (place, token.role == "name")
        for index, (token, place) in enumerate(zip(alignment.claim, alignment.places, strict=True))
        if place is not None and token.role in ("word", "name") and not token.is_place and index not in units
    ]
    if not alignment.across:
        return all(one[0] <= other[0] for one, other in zip(found, found[1:], strict=False))
    names = [place for place, is_name in found if is_name]
    moved = sum(one[0] > other[0] + 2 for one, other in zip(found, found[1:], strict=False))
    return names == sorted(names) and moved <= 1 + len({token.clause for token in alignment.claim})


def same_numbers_order(alignment: Alignment) -> bool:
    """Tell whether bare numbers and the actors around them follow one another as in the source."""
    found = [
        place
        for token, _, place in alignment.pairs()
        if (token.role == "value" and not token.is_time) or is_actor(token)
    ]
    return alignment.across or found == sorted(found)


def keeps_what_things_are_of(alignment: Alignment) -> bool:
    """Tell whether no word is put in the place of the one that it depends on: a call for the fighting, not for its end."""
    met = {place for _, _, place in alignment.pairs()}
    for token, other, place in alignment.pairs():
        if place == 0 or place - 1 in met or token.relation is None or other.relation == token.relation:
            continue
        before = alignment.source[place - 1]
        if before.role == "word" and before.clause == other.clause and before.relation == token.relation:
            return False
    return True


def keeps_what_governs(alignment: Alignment) -> bool:
    """Tell whether the claim is not cut out of a "that ..." of which it leaves out what stands before: He hopes that ..."""
    met = {place for _, _, place in alignment.pairs()}
    first = min(met, default=0)
    governed = [place for place, token in enumerate(alignment.source[: first + 1]) if "that" in token.marks and place > 0]
    return not governed


def same_marks(alignment: Alignment) -> bool:
    """Tell whether passives and infinitives are the same, and names are behind prepositions of the same direction."""
    for token, other, _ in alignment.pairs():
        if not alignment.across and token.role in ("word", "light") and not _same_form(token, other):
            return False
        if token.role == "name" and not _same_direction(token, other):
            return False
        if token.role == "name" and not alignment.across and token.is_place != other.is_place:
            return False
        if is_actor(token) and not alignment.across and ("object" in token.marks) != ("object" in other.marks):
            return False
    return True


def _same_form(token: Token, other: Token) -> bool:
    """Tell whether two words that mean the same are of the same form: both passive, both to come true, both a verb."""
    if (token.marks ^ other.marks) - {"object", "apart", "that"}:
        return False
    # An Arabic "for" is written with its word: a plan for disarming (لنزع) is no disarming (نزع).
    if other.word.startswith("ل") and other.word[1:] == token.word:
        return False
    if token.word == other.word or same_stem(token.word, other.word):
        return True
    return other.relation not in sentence_words("preposition") or token.relation in sentence_words("preposition")


def _same_direction(token: Token, other: Token) -> bool:
    one, two = (
        next((name for name in _RELATIONS if relation in sentence_words(name)), None)
        for relation in (token.relation, other.relation)
    )
    return one == two or not {one, two} & _STRICT_RELATIONS


def same_reporting(alignment: Alignment) -> bool:
    """Tell whether the claim drops no verb of saying that its words stand under."""
    met = {place for _, _, place in alignment.pairs()}
    last = max(met, default=0)
    for place, token in enumerate(alignment.source):
        if is_report(token, alignment.languages[1]) and place not in met and (
            place < last or place >= len(alignment.source) - _NEAR
        ):
            return False
    return True
