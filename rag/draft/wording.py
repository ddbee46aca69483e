"""Rules about wording: the words that make another statement of the same words, their order and their forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rag.draft import tuning
from rag.draft.actors import is_actor
from rag.draft.alignment import Alignment
from rag.draft.statement import is_report
from rag.draft.tokens import Token
from rag.text.match import same_stem
from rag.text.word_list import sentence_words

# These turn a sentence round wherever they stand in it.
_GOVERNING = frozenset({"if", "deny", "until"})
# These only from in front.
_GOVERNING_FROM_FRONT = frozenset({"claim", "may", "accuse", "refuse", "must"})
# These say something of the words beside them only, and go with them.
_BESIDE = frozenset({"more", "less", "least", "all", "some", "most", "only", "nearly", "first", "last", "former", "half"})
_LINKING = frozenset({"before", "after", "against", "instead", "despite"})
_RELATIONS = ("from", "by", "to", "against", "without")
_STRICT_RELATIONS = frozenset({"from", "by", "against", "without"})


def operators_agree(alignment: Alignment) -> bool:
    """False where a "not", "if", "may" or the like is added, left out or moved: resigned, from "will resign if"."""
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
            beside = token.operator == "claim" and _next_content(alignment.source, place) in met
            counts = token.clause in touched or governs or beside
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
    return not known or any(abs(known[0] - place) <= tuning.OPERATOR_REACH for place in found)


def order_is_kept(alignment: Alignment) -> bool:
    """False where words or names change places: Senegal beat Morocco. Times and places may stand anywhere.

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
    moved = sum(one[0] > other[0] + tuning.MOVED_WORDS for one, other in zip(found, found[1:], strict=False))
    return names == sorted(names) and moved <= 1 + len({token.clause for token in alignment.claim})


def keeps_what_things_are_of(alignment: Alignment) -> bool:
    """False where a word takes its head's place: called for the fighting, from "called for an end to the fighting"."""
    met = {place for _, _, place in alignment.pairs()}
    for token, other, place in alignment.pairs():
        if place == 0 or place - 1 in met or token.relation is None or other.relation == token.relation:
            continue
        before = alignment.source[place - 1]
        if before.role == "word" and before.clause == other.clause and before.relation == token.relation:
            return False
    return True


def keeps_what_governs(alignment: Alignment) -> bool:
    """False where a claim is cut out of a "that ...": talks resume, from "he hopes that talks resume"."""
    met = {place for _, _, place in alignment.pairs()}
    first = min(met, default=0)
    governed = [place for place, token in enumerate(alignment.source[: first + 1]) if "that" in token.marks and place > 0]
    return not governed


def same_choices(alignment: Alignment) -> bool:
    """False where an "and" becomes an "or": Trump or Putin came, from "Trump and Putin came". 5 or 6 may be 5 to 6."""
    for (token, other, place), (_, _, before) in zip([*alignment.pairs()][1:], alignment.pairs(), strict=False):
        if place == before + 1 and token.role != "value" and ("or" in token.marks) != ("or" in other.marks):
            return False
    return True


def same_forms(alignment: Alignment) -> bool:
    """False where an active becomes a passive, a plan a deed, or a name has another preposition: "from" for "to"."""
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
    if (token.marks ^ other.marks) - {"object", "apart", "that", "and", "or"}:
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
    """False where a claim drops a verb of saying over its words: the army fled, from "rebels confirmed the army fled"."""
    met = {place for _, _, place in alignment.pairs()}
    last = max(met, default=0)
    for place, token in enumerate(alignment.source):
        if is_report(token, alignment.languages[1]) and place not in met and (
            place < last or place >= len(alignment.source) - tuning.REPORT_AT_END
        ):
            return False
    return True
