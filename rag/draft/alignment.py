"""The words, names and numbers of a claim, each at its place in a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.text import is_latin
from index.types import Language
from rag.draft.statement import Statement
from rag.draft.tokens import Token
from rag.draft.units import measures_agree
from rag.text.match import sound_alike, sounds_of


@dataclass(frozen=True, slots=True)
class Alignment:
    """A claim and a source (their bodies), and for each token of the claim its place in the source, or None.

    `statements` are the two as a whole, the claim first, for what stands beside their bodies.
    """

    claim: tuple[Token, ...]
    source: tuple[Token, ...]
    places: tuple[int | None, ...]
    statements: tuple[Statement, Statement]

    def pairs(self) -> Iterator[tuple[Token, Token, int]]:
        """Yield each claim token that was found, with the source's token and its place there."""
        for token, place in zip(self.claim, self.places, strict=True):
            if place is not None:
                yield token, self.source[place], place

    def missing(self, wanted: Callable[[Token], bool] = lambda token: True) -> float:
        """Return the share (0 to 1) of the letters of the claim's content words, of those `wanted`, that the source has not."""
        pairs = zip(self.claim, self.places, strict=True)
        content = [(len(token.word), place) for token, place in pairs if not token.is_grammatical and wanted(token)]
        total = sum(length for length, _ in content)
        return sum(length for length, place in content if place is None) / total if total else 0.0

    @property
    def languages(self) -> tuple[Language, Language]:
        """The languages of the claim and of the source."""
        return self.statements[0].language, self.statements[1].language

    @property
    def across(self) -> bool:
        """Whether claim and source are of two languages."""
        return self.languages[0] != self.languages[1]


def align(claim: Statement, source: Statement) -> Alignment:
    """Find each token of a claim in the source, so that together they stand as near to the claim's order as can be."""
    found: list[list[int | None]] = [
        [place for place in range(len(source.body)) if _same_at(token, source.body, place)] or [None] for token in claim.body
    ]
    # For each place where the tokens so far may end: what it costs, and the places before it.
    paths: dict[int | None, tuple[int, list[int | None]]] = {None: (0, [])}
    for candidates in found:
        longer: dict[int | None, tuple[int, list[int | None]]] = {}
        for place in candidates:
            last = min(paths, key=lambda end: (paths[end][0] + _step(end, place), -1 if end is None else end))
            cost, before = paths[last]
            longer[last if place is None else place] = (cost + _step(last, place), [*before, place])
        paths = longer
    _, places = min(paths.values(), key=lambda path: path[0])
    return Alignment(claim.body, source.body, tuple(places), (claim, source))


def align_whole(claim: Statement, source: Statement) -> Alignment:
    """Find a claim in a source where who says it is a part of what is said."""
    return align(_whole(claim), _whole(source))


def _whole(statement: Statement) -> Statement:
    return replace(statement, body=(*(statement.speaker or ()), *statement.body))


def _step(last: int | None, place: int | None) -> int:
    """Return how far a place is from the one behind the last: nothing for the first, or for a word that is not found."""
    return 0 if last is None or place is None else abs(place - last - 1)


def _same_at(token: Token, source: Sequence[Token], place: int) -> bool:
    """Tell whether a token is met at a place; the words of a term may be met one after another."""
    if _same(token, source[place]):
        return True
    if len(token.parts) < 2 or not _parts_meet(token.parts[0], source[place]):
        return False
    near = source[max(place - 1, 0) : place + len(token.parts) + 1]
    return all(any(_parts_meet(part, other) for other in near) for part in token.parts)


def _same(token: Token, other: Token) -> bool:
    if token.operator != other.operator:
        return False
    if token.value is not None or other.value is not None:
        return token.value == other.value
    if token.entries and other.entries and not set(token.entries).isdisjoint(other.entries):
        return measures_agree(token.word, other.word)
    if token.role == "operator":
        return True
    if len(token.parts) == 1 and (len(token.word) > 1 or len(other.parts) == 1) and _parts_meet(token.parts[0], other):
        return True
    return _sound_alike(token, other)


def _parts_meet(part: frozenset[str], other: Token) -> bool:
    return any(not part.isdisjoint(held) for held in other.parts)


def _sound_alike(token: Token, other: Token) -> bool:
    """Tell whether two words, of which the glossary knows neither, are one name in two scripts."""
    if token.entries or other.entries or is_latin(token.word) == is_latin(other.word):
        return False
    latin = token if is_latin(token.word) else other
    return latin.capital and sound_alike(sounds_of([token.word]), sounds_of([other.word]), across_scripts=True)
