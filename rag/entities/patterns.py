"""Names that no glossary has, by their surroundings: bodies, places and persons in each language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.types import Language
from rag.entities.bodies import Bodies
from rag.entities.english import EnglishNames
from rag.entities.known import KnownNames
from rag.entities.name_words import NameWords
from rag.entities.parts import Found, Part
from rag.entities.persons import Persons


class Patterns:
    """Finds names by their surroundings."""

    def __init__(self, known: KnownNames) -> None:
        """Take from the glossary which words are ordinary ones and which are first names."""
        words = NameWords(known)
        self._english, self._bodies, self._persons = EnglishNames(words), Bodies(words), Persons(words)

    def find(self, parts: Sequence[Part], language: Language, known: frozenset[int]) -> Iterator[Found]:
        """Yield the names among the parts of a text; `known` are the parts that the glossary has as names."""
        if language == "en":
            yield from self._english.find(parts, known)
            return
        bodies = list(self._bodies.find(parts, language, known))
        yield from bodies
        taken = {at for item in bodies for at in range(item.first, item.last)}
        yield from (item for item in self._persons.find(parts, language, known) if item.first not in taken)
