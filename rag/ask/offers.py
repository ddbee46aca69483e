"""The places that a question offers as a choice: was it in Egypt or in Sudan?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text import fold
from index.types import Language
from rag.ask import tuning
from rag.text.common_words import is_function_word
from rag.text.glossary import Entry, Glossary, Match

PLACE_KINDS = frozenset({"city", "country"})
# By language, because the Arabic "or" is the Persian "he".
_OR: dict[Language, frozenset[str]] = {
    "en": frozenset({"or"}), "ar": frozenset(fold("أو أم").split()), "fa": frozenset({fold("یا")}),
}  # fmt: skip
_LOCATIVE = frozenset(fold("in at في در").split())
_JOINED_LOCATIVE, _JOINED_AND = "ب", "و"


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """Places with an "or" between them; `located` where they say where something is: in Egypt or Sudan."""

    places: frozenset[Entry]
    located: bool


def place_offers(found: Sequence[str], language: Language, glossary: Glossary) -> list[PlaceChoice]:
    """Return the choices of places among a question's folded words: in Egypt or Sudan; Cairo, Khartoum or Tripoli."""
    offers: list[PlaceChoice] = []
    for run in _runs(found, [match for match in glossary.find(found, language) if places_of(match)], language):
        between = [word for one, other in zip(run, run[1:], strict=False) for word in found[one.end : other.start]]
        if not _OR[language].isdisjoint(between):
            places = frozenset(entry for match in run for entry in places_of(match))
            offers.append(PlaceChoice(places, _is_located(found, run[0].start)))
    return offers


def places_of(match: Match) -> list[Entry]:
    """Return the cities and countries that words may name."""
    return [entry for entry in match.entries if entry.kind in PLACE_KINDS]


def _runs(found: Sequence[str], matches: Sequence[Match], language: Language) -> Iterator[list[Match]]:
    """Yield the places that follow one another with an "or" between them, or with nothing but a comma."""
    run: list[Match] = []
    for match in matches:
        between = found[run[-1].end : match.start] if run else ()
        listed = not between and found[match.start][0] != _JOINED_AND
        joined = _or_follows(between, language)
        if run and not (listed or joined):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _or_follows(between: Sequence[str], language: Language) -> bool:
    """Tell whether the words between two places end in an "or", but for a preposition: held in Egypt or (in) Sudan."""
    place = next((place for place, word in enumerate(between) if word in _OR[language]), None)
    return place is not None and place <= tuning.MOST_WORDS_BEFORE_OR and all(map(is_function_word, between[place:]))


def _is_located(found: Sequence[str], at: int) -> bool:
    joined = found[at][0] == _JOINED_LOCATIVE and len(found[at]) >= tuning.SHORTEST_JOINED
    before = [word for word in found[max(0, at - 2) : at] if word != "the"]
    return joined or before[-1:] != [] and before[-1] in _LOCATIVE
