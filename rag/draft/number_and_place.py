"""Rules about what a number counts, and about when and where things happen."""

from __future__ import annotations

from collections.abc import Sequence

from rag.draft.actors import is_actor
from rag.draft.alignment import Alignment
from rag.draft.tokens import Token
from rag.text.word_list import sentence_words


def numbers_count_the_same(alignment: Alignment) -> bool:
    """Tell whether each number stands with the words beside it in the claim: in one clause, or not far off."""
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
    for near in around[:2]:
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


def places_stand_the_same(alignment: Alignment) -> bool:
    """Tell whether places follow one another as in the source, each nearer to the word beside it than another place is."""
    claim = alignment.claim
    spots = [(index, place) for index, place in enumerate(alignment.places) if place is not None and claim[index].is_place]
    if [place for _, place in spots] != sorted(place for _, place in spots):
        return False
    others = {place for place, token in enumerate(alignment.source) if token.is_place}
    for index, place in spots:
        beside = [
            (claim[near].clause != claim[index].clause, abs(near - index), found)
            for near, found in enumerate(alignment.places)
            if found is not None and not claim[near].is_place and not claim[near].is_grammatical
        ]
        word = min(beside, default=(False, 0, place))[2]
        between = {other for other in others if min(word, place) < other < max(word, place)}
        if any(not _one_place(alignment.source, other, place) for other in between):
            return False
        if not (_in_one_statement(alignment.source, word, place) or _is_adverbial(alignment.source, place)):
            return False
    return True


def _in_one_clause(tokens: Sequence[Token], one: int, other: int) -> bool:
    return tokens[one].clause == tokens[other].clause or abs(one - other) <= 1


def _in_one_statement(tokens: Sequence[Token], one: int, other: int) -> bool:
    """Tell whether two words are of one clause, or of two that have a subject in common."""
    behind = tokens[min(one, other) + 1 : max(one, other) + 1]
    return tokens[one].clause == tokens[other].clause or not any(is_actor(token) for token in behind)


def _is_adverbial(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a place stands with nothing but times and places between commas: "In Riyadh on Monday, ..."."""
    beside = [token for token in tokens if token.clause == tokens[place].clause]
    return all(token.is_place or token.is_time or token.role in ("light", "value") for token in beside)


def _one_place(tokens: Sequence[Token], one: int, other: int) -> bool:
    """Tell whether all between two places is names and titles: the Turkish city of Malatya."""
    between = tokens[min(one, other) + 1 : max(one, other)]
    return all(token.role == "name" or token.is_office or token.role == "light" for token in between)
