"""Does a sentence of an article say what a sentence of a draft says? Where it cannot be told, the answer is no.

Words, numbers and names are looked up one by one (alignment.py); then each of RULES asks whether what stands together in the
draft stands together in the source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from rag.draft import tuning
from rag.draft.actors import actor_groups, keeps_heads, places_stand_the_same, same_objects, same_subjects
from rag.draft.alignment import Alignment, align
from rag.draft.numbers import keeps_glued, keeps_ranges, numbers_count_the_same, same_numbers_order, same_signs
from rag.draft.punctuation import same_pauses, same_quotes, same_vowels
from rag.draft.statement import Statement
from rag.draft.tokens import Token
from rag.draft.wording import (
    keeps_what_governs,
    keeps_what_things_are_of,
    operators_agree,
    order_is_kept,
    same_choices,
    same_forms,
    same_reporting,
)
from rag.text.word_list import sentence_words

# The rules that compare a claim with a source, each a function whose first line says what pair of sentences it refuses.
RULES: tuple[Callable[[Alignment], bool], ...] = (
    # wording.py
    operators_agree,
    order_is_kept,
    keeps_what_things_are_of,
    keeps_what_governs,
    same_choices,
    same_forms,
    same_reporting,
    # actors.py
    same_subjects,
    same_objects,
    keeps_heads,
    places_stand_the_same,
    # numbers.py
    numbers_count_the_same,
    same_numbers_order,
    same_signs,
    keeps_ranges,
    keeps_glued,
    # punctuation.py
    same_vowels,
    same_pauses,
    same_quotes,
)


def support(claim: Statement, source: Statement) -> float:
    """Return how much of a claim a source holds (0 to 1), or 0 where it does not say the same."""
    if not _same_speaker(claim, source):
        return 0.0
    alignment = align(claim, source)
    share = _covered(alignment)
    return share if share and all(rule(alignment) for rule in RULES) else 0.0


def _same_speaker(claim: Statement, source: Statement) -> bool:
    """Tell whether both are said by the same, or neither is said by anybody."""
    if claim.speaker is None or source.speaker is None:
        return claim.speaker is None and source.speaker is None
    if not any(token.role in ("name", "word") for token in source.speaker):
        return not any(token.role in ("name", "word", "value") for token in claim.speaker)
    told = align(Statement(claim.speaker, None, claim.language), Statement(source.speaker, None, source.language))
    places = [place for _, _, place in told.pairs()]
    operators = [Counter(token.operator for token in speaker if token.operator) for speaker in (claim.speaker, source.speaker)]
    return (
        any(place <= _head(source.speaker) for place in places)
        and all(token.role == "light" or place is not None for token, place in zip(told.claim, told.places, strict=True))
        and operators[0] == operators[1]
        and places == sorted(places)
        and not any(_skips_a_name(source.speaker, *pair) for pair in zip(places, places[1:], strict=False))
    )


def _head(speaker: Sequence[Token]) -> int:
    """Return the place of the last word of who speaks; whom he speaks to comes behind it."""
    groups = actor_groups(speaker)
    return max(groups[0]) if groups else len(speaker)


def _skips_a_name(tokens: Sequence[Token], one: int, other: int) -> bool:
    """Tell whether a name is left out between two words, other than in an apposition between commas."""
    beside = {tokens[one].clause, tokens[other].clause}
    return any(token.role == "name" and token.clause in beside for token in tokens[one + 1 : other])


def _covered(alignment: Alignment) -> float:
    """Return the share of a claim's letters that the source holds; 0 where a word that matters is missing."""
    content = [pair for pair in zip(alignment.claim, alignment.places, strict=True) if pair[0].role != "operator"]
    missing = [token for token, place in content if place is None]
    total = sum(len(token.word) for token, _ in content)
    if not any(token.role in ("word", "name") for token, place in content if place is not None):
        return 0.0
    if not all(map(_is_free, missing)):
        return 0.0
    share = 1.0 - sum(len(token.word) for token in missing) / total
    return share if share >= 1.0 - tuning.MISSING_SHARE else 0.0


def _is_free(token: Token) -> bool:
    return token.operator is None and token.role in ("word", "light") and token.word in sentence_words("free")
