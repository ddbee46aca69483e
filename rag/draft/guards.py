"""What refuses a claim whatever the judge thinks of it: numbers, names, days, units, negations and speakers that differ.

Each guard is a function whose first line says which claims it refuses. The judge has learned what words mean together; it has
not learned to read digits, nor names that it never saw. Numbers, days and units are compared in every claim; names, negations
and speakers only in one that keeps the source's words: where a claim is free, a "not" or a "said" that differs is as often
another way to say the same: of our own pairs, true ones were refused as often as false ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from rapidfuzz.distance.Levenshtein import distance

from index.text import is_latin
from rag.draft import tuning
from rag.draft.alignment import Alignment
from rag.draft.numbers import same_signs
from rag.draft.statement import is_report
from rag.draft.tokens import Token
from rag.draft.units import measure_of
from rag.text.match import sounds_of, without_article

# Consonants from which on one of them may differ: scripts tell some apart that others write alike.
_LONG_ENOUGH = 4
# Counts of what a sentence may list.
_COUNTS = frozenset(map(str, range(2, 11)))


def numbers_are_met(whole: Alignment) -> bool:
    """False where a number of the claim is not in the source, in any digits or in words.

    A count up to ten may be of what the source lists, if it counts nothing itself.
    """
    values = _values_of(whole.source)
    told = [token for token in whole.claim if token.is_number and not values & _values(token)]
    return not told or (not values & _COUNTS and all(_values(token) <= _COUNTS for token in told))


def days_are_met(whole: Alignment) -> bool:
    """False where a date, a month or a day of the week of the claim is not in the source."""
    return all(place is not None for token, place in _placed(whole) if token.is_time)


def names_are_met(whole: Alignment) -> bool:
    """False where a name of the claim is not in the source, neither in its letters nor in its sounds, and another may be.

    In a close claim any other is, and across languages; in a free one a name of that kind which the claim has not: another
    city, say.
    """
    strange = _strange(whole)
    told = {id(entry) for token in whole.claim for entry in token.entries}
    spare = {entry.kind for token in whole.source if token.role == "name" for entry in token.entries if id(entry) not in told}
    if any(entry.kind in spare for token in strange for entry in token.entries):
        return False
    return not (strange and (whole.across or is_close(whole)))


def units_are_met(whole: Alignment) -> bool:
    """False where what a number of both is measured in is not in the source, or a number has another sign on it."""
    said = {measure_of(token.word) for token in whole.source}
    values = _values_of(whole.source)
    for (token, place), before in zip(_placed(whole), (None, *whole.claim), strict=False):
        counted = before is not None and before.is_number and not values.isdisjoint(_values(before))
        unit = measure_of(token.word) if token.is_currency or counted else ""
        if unit and place is None and unit not in said:
            return False
    return whole.across or same_signs(whole)


def negations_are_met(whole: Alignment) -> bool:
    """False where a close claim denies more often than the source."""
    return not is_close(whole) or denials(whole) <= 0


def speakers_are_kept(whole: Alignment) -> bool:
    """False where the source says who says it, and a close claim tells it as a fact."""
    return not (is_close(whole) and is_unspoken(whole))


GUARDS: tuple[Callable[[Alignment], bool], ...] = (
    numbers_are_met, days_are_met, names_are_met, units_are_met, negations_are_met, speakers_are_kept,
)  # fmt: skip


def is_open(whole: Alignment) -> bool:
    """Tell whether a judge may speak for a claim: no guard refuses it, and it is in the source's language.

    Across two languages a bar that lets few false claims pass lets hardly a true one pass (docs/decisions.md).
    """
    return not whole.across and all(guard(whole) for guard in GUARDS)


def is_close(whole: Alignment) -> bool:
    """Tell whether a claim keeps the words of its source, but for names and numbers; across languages none does."""
    return not whole.across and whole.missing(lambda token: token.role not in ("name", "value")) < tuning.CLOSE


def denials(whole: Alignment) -> int:
    """Return how many times more often the claim denies than the source; below 0 where it denies less often."""
    told, said = (sum(token.operator == "not" for token in tokens) for tokens in (whole.claim, whole.source))
    return told - said


def is_unspoken(whole: Alignment) -> bool:
    """Tell whether the source says who says it, and the claim does not."""
    claim, source = whole.statements
    if source.speaker is None or claim.speaker is not None:
        return False
    return not any(is_report(token, claim.language) for token in whole.claim)


def _strange(whole: Alignment) -> list[Token]:
    names = [(token, place) for token, place in _placed(whole) if token.role == "name"]
    return [token for token, place in names if place is None and not _sounds_in(token, whole.source)]


def _placed(whole: Alignment) -> list[tuple[Token, int | None]]:
    return list(zip(whole.claim, whole.places, strict=True))


def _values_of(tokens: Sequence[Token]) -> set[str]:
    return {value for token in tokens if token.value for value in _values(token)}


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
