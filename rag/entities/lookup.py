"""A name as somebody types it -> what the archive has on it, across spellings and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from index.catalog import Catalog
from index.entities.store import Entity, EntityStore, Key
from index.entities.types import KINDS, EntityKind
from index.language import detect_language
from index.text import squash, words
from index.types import Language
from rag.entities.extraction import GlossaryNames, entity_key, key_of_name, name_sounds
from rag.entities.known import kind_named
from rag.entities.name_words import more_names, name_list
from rag.text.glossary import COLUMNS, Entry, Glossary
from rag.text.origin import shown_name


class Entities:
    """Finds the people, places and organisations of an archive by any of their names."""

    def __init__(self, catalog: Catalog, glossary: Glossary) -> None:
        """Keep the archive's names, and the glossary that knows their spellings."""
        self.store = EntityStore(catalog)
        self._glossary = glossary
        self._reader = GlossaryNames(glossary)
        self._firsts: dict[str, Mapping[Language, str]] | None = None

    @property
    def are_read(self) -> bool:
        """Whether the names of every article were read with this glossary."""
        return self.store.is_complete(self._reader.made_with)

    def named(self, name: str, kind: EntityKind | None = None) -> list[Entity]:
        """Return what a name may mean, what most articles name first; [] where no article names it."""
        language = detect_language(name)
        entries = [*self._entries(name), *more_terms(name)]
        keys = _keys(entries)
        keys += [(each, key_of_name(_bare(name), language)) for each in KINDS]
        found = self.store.of_keys(keys) or self.store.of_letters(name) or self.store.of_sounds(name_sounds(name))
        return [self._with_name(entity) for entity in found if kind in (None, entity.kind)]

    def all(self, kind: EntityKind | None = None) -> list[Entity]:
        """Return every entity, those in most articles first."""
        return list(map(self._with_name, self.store.all(kind)))

    def foremost(self, kind: EntityKind, most: int) -> list[Entity]:
        """Return the entities of a kind that most articles name, the first of them first."""
        return list(map(self._with_name, self.store.foremost(kind, most)))

    def of_key(self, kind: EntityKind, key: str) -> Entity | None:
        """Return the entity of a key, None where no article names it."""
        return next(map(self._with_name, self.store.of_keys([(kind, key)])), None)

    def of_article(self, article_id: str, most: int) -> list[Entity]:
        """Return what an article names, what it names most often first."""
        return list(map(self._with_name, self.store.of_article(article_id, most)))

    def name_in(self, entity: Entity, language: Language) -> str:
        """Return how to name an entity to readers of a language: as the glossary does there, or else as articles do.

        English has the capitals and accents of articles, which the glossary leaves out; a place is not named by its adjective.
        """
        spellings = [each.name for each in entity.spellings if each.language == language]
        written = self._preferred().get(entity.keys[0], {}).get(language, "")
        if written and language == "en":
            return next((name for name in spellings if squash(name) == squash(written)), written)
        return written or next(iter(spellings if entity.kind != "place" else ()), entity.name)

    def _with_name(self, entity: Entity) -> Entity:
        """Return an entity with a spelling first that the glossary prefers in some language: Russia rather than Russian."""
        preferred = {squash(name) for name in self._preferred().get(entity.keys[0], {}).values()}
        first = next((each for each in entity.spellings if squash(each.name) in preferred), None)
        if first is None:
            return entity
        return replace(entity, spellings=(first, *(each for each in entity.spellings if each != first)))

    def _preferred(self) -> dict[str, Mapping[Language, str]]:
        """Return by its key what the glossary calls an entity in each language."""
        if self._firsts is None:
            named = (entry for entry in (*more_names(), *self._glossary.entries()) if kind_named(entry))
            self._firsts = {entity_key(entry): _first_names(entry) for entry in named}
        return self._firsts

    def is_listed(self, name: str) -> bool:
        """Tell whether the glossary has a whole name, so that all its spellings are known."""
        return any(map(kind_named, (*self._entries(name), *more_terms(name))))

    def near(self, name: str, kind: EntityKind | None = None) -> list[Entity]:
        """Return the entities of which a part is spelt so, or which are spelt nearly so, in an article or in the glossary."""
        found = self.store.near_letters(name)
        slip = self._glossary.nearest_name(squash(name), detect_language(name)) if not found and squash(name) else None
        return [entity for entity in found or self.of_entries([slip[1]] if slip else ()) if kind in (None, entity.kind)]

    def of_entries(self, entries: Iterable[Entry]) -> list[Entity]:
        """Return what terms of the glossary name, where articles do."""
        return self.store.of_keys(_keys(entries))

    def _entries(self, name: str) -> Sequence[Entry]:
        """Return the terms of which a whole name is one."""
        found = words(name)
        matches = self._glossary.find(found, detect_language(name))
        return matches[0].entries if len(matches) == 1 and (matches[0].start, matches[0].end) == (0, len(found)) else ()


def more_terms(name: str) -> tuple[Entry, ...]:
    """Return the bodies and places beside the glossary's that have a name."""
    return _more_by_letters().get(squash(name), ())


def is_named(entry: Entry) -> bool:
    """Tell whether a term is of those that are read in articles."""
    return kind_named(entry) is not None and entity_key(entry).removeprefix("=") not in name_list("nothing", "en")


@cache
def _more_by_letters() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in more_names():
        for variant in {squash(" ".join(variant)) for variants in entry.variants.values() for variant in variants}:
            found[variant] = (*found.get(variant, ()), entry)
    return found


def _first_names(entry: Entry) -> Mapping[Language, str]:
    """Return the name that a term goes by in each language, as the glossary writes it where that is known."""
    folded = dict(zip(COLUMNS, (column.split("|")[0] for column in entry.columns), strict=True))
    names = {language: next(iter(entry.written[language]), folded[language]) for language in COLUMNS}
    english = names["en"].title() if kind_named(entry) != "organisation" else shown_name(names["en"], "en")
    return {**names, "en": english}


def _keys(entries: Iterable[Entry]) -> list[Key]:
    return [(kind, entity_key(entry)) for entry in entries if (kind := kind_named(entry))]


def _bare(name: str) -> str:
    """Return a name without the kind of place that stands before it."""
    first, _, rest = name.strip().partition(" ")
    bare = name_list("bare", "ar") | name_list("bare", "fa")
    return rest if rest and squash(first) in bare else name
