"""Rules about the words that make another statement of the same words: not, if, may, before, only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rag.draft.alignment import Alignment
from rag.draft.tokens import Token

_NEAR = 3
# These turn a sentence round wherever they stand in it.
_GOVERNING = frozenset({"if", "deny", "until"})
# These only from in front.
_GOVERNING_FROM_FRONT = frozenset({"claim", "may", "accuse", "refuse", "must"})
# These say something of the words beside them only, and go with them.
_BESIDE = frozenset({"more", "less", "least", "all", "some", "most", "only", "nearly", "first", "last", "former", "half"})
_LINKING = frozenset({"before", "after", "against", "instead", "despite"})


def operators_agree(alignment: Alignment) -> bool:
    """Tell whether the same words turn both sentences round, and turn the same part of them."""
    told = Counter(token.operator for token in alignment.claim if token.operator)
    return told == Counter(_operators_that_count(alignment)) and all(
        _turns_the_same(alignment, index) for index, token in enumerate(alignment.claim) if token.operator
    )


def _operators_that_count(alignment: Alignment) -> Iterator[str]:
    """Yield the source's operators, without those of words that the claim leaves out."""
    met = {place for _, token, place in alignment.pairs() if token.role != "operator"}
    touched = {alignment.source[place].clause for place in met if alignment.source[place].role != "light"}
    for place, token in enumerate(alignment.source):
        if token.operator is None:
            continue
        if token.operator in _BESIDE:
            counts = bool(met & {place, _next_content(alignment.source, place)})
        elif token.operator in _LINKING:
            following = _next_content(alignment.source, place)
            counts = bool(met & {place, following, _next_content(alignment.source, following)})
        elif token.operator == "not":
            counts = token.clause in touched or not _has_subject(alignment.source, place)
        else:
            governs = token.operator in _GOVERNING or (token.operator in _GOVERNING_FROM_FRONT and place < min(met, default=0))
            counts = token.clause in touched or governs
        if counts:
            yield token.operator


def _has_subject(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether something stands before a "not" in its clause, so that it denies that clause and not the sentence."""
    return any(near.clause == tokens[place].clause and near.role in ("word", "name") for near in tokens[:place])


def _next_content(tokens: Sequence[Token], place: int) -> int:
    following = range(place + 1, len(tokens))
    return next((near for near in following if tokens[near].role != "operator"), len(tokens))


def _turns_the_same(alignment: Alignment, index: int) -> bool:
    """Tell whether the word beside an operator stands beside the same operator in the source."""
    operator = alignment.claim[index].operator
    if alignment.claim[index].role != "operator":
        return True  # a word with a sense of its own, whose place the other rules look at
    found = [place for place, token in enumerate(alignment.source) if token.operator == operator]
    beside = [_next_content(alignment.claim, index), index - 1]
    places = [alignment.places[near] for near in beside if 0 <= near < len(alignment.claim)]
    known = [place for place in places if place is not None]
    return not known or any(abs(known[0] - place) <= _NEAR for place in found)
