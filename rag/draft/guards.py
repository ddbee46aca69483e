"""What refuses a claim whatever the judge thinks of it: numbers, names, days, units, negations and speakers that differ.

Each guard is a function whose first line says which claims it refuses. The judge has learned what words mean together; it has
not learned to read digits, nor names that it never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from rapidfuzz.distance.Levenshtein import distance

from index.text import is_latin
from rag.draft.alignment import Alignment
from rag.draft.numbers import same_signs
from rag.draft.statement import is_report
from rag.draft.tokens import Token
from rag.draft.units import measure_of
from rag.text.match import sounds_of, without_article

# Consonants from which on one of them may differ: scripts tell some apart that others write alike.
_LONG_ENOUGH = 4


def numbers_are_met(whole: Alignment) -> bool:
    """False where a number of the claim is not in the source, in any digits or in words."""
    values = {value for token in whole.source if token.value for value in _values(token)}
    return all(values & _values(token) for token in whole.claim if token.is_number)


def days_are_met(whole: Alignment) -> bool:
    """False where a date, a month or a day of the week of the claim is not in the source."""
    return all(place is not None for token, place in _placed(whole) if token.is_time)


def names_are_met(whole: Alignment) -> bool:
    """False where a name of the claim is not in the source, neither in its letters nor in its sounds."""
    return all(place is not None or _sounds_in(token, whole.source) for token, place in _placed(whole) if token.role == "name")


def units_are_met(whole: Alignment) -> bool:
    """False where what a number of the claim is measured in is not in the source, or a number has another sign on it."""
    said = {measure_of(token.word) for token in whole.source}
    for (token, place), before in zip(_placed(whole), (None, *whole.claim), strict=False):
        unit = measure_of(token.word) if token.is_currency or (before is not None and before.is_number) else ""
        if unit and place is None and unit not in said:
            return False
    return whole.across or same_signs(whole)


def negations_are_met(whole: Alignment) -> bool:
    """False where the claim denies more often than the source."""
    told, said = (sum(token.operator == "not" for token in tokens) for tokens in (whole.claim, whole.source))
    return told <= said


def speakers_are_kept(whole: Alignment) -> bool:
    """False where the source says who says it, and the claim tells it as a fact."""
    claim, source = whole.statements
    if source.speaker is None or claim.speaker is not None:
        return True
    return any(is_report(token, claim.language) for token in whole.claim)


GUARDS: tuple[Callable[[Alignment], bool], ...] = (
    numbers_are_met, days_are_met, names_are_met, units_are_met, negations_are_met, speakers_are_kept,
)  # fmt: skip


def _placed(whole: Alignment) -> list[tuple[Token, int | None]]:
    return list(zip(whole.claim, whole.places, strict=True))


def _values(token: Token) -> set[str]:
    """Return the values that a number may have: 6/5 is 6.5 to some."""
    return set((token.value or "").split("|"))


def _sounds_in(token: Token, source: Sequence[Token]) -> bool:
    """Tell whether the words of a name sound like words of a source in another script, as far as they have sounds."""
    across = [word for other in source if is_latin(other.word) != is_latin(token.word) for word in other.word.split(" ")]
    heard = sounds_of([*across, *map(without_article, across)])
    return bool(across) and all(_is_heard(sounds_of([word, without_article(word)]), heard) for word in token.word.split(" "))


def _is_heard(sounds: Set[str], heard: Set[str]) -> bool:
    return not sounds or any(distance(one, other) <= (len(one) >= _LONG_ENOUGH) for one in sounds for other in heard)
