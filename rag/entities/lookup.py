"""A name as somebody types it -> what the archive has of it, over spellings and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from index.catalog import Catalog
from index.entities.store import Entity, EntityStore, Key
from index.entities.types import KINDS, EntityKind
from index.language import detect_language
from index.text import squash, words
from rag.entities.known import kind_of
from rag.entities.name_lists import more_names, name_list
from rag.entities.reading import GlossaryNames, entity_key, key_of_name
from rag.glossary import Entry, Glossary


class Entities:
    """Finds the people, places and organisations of an archive by any of their names."""

    def __init__(self, catalog: Catalog, glossary: Glossary) -> None:
        """Keep the archive's names, and the glossary that knows their spellings."""
        self.store = EntityStore(catalog)
        self._glossary = glossary
        self._reader = GlossaryNames(glossary)

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
        found = self.store.of_keys(keys) or self.store.of_letters(name)
        return [entity for entity in found if kind in (None, entity.kind)]

    def near(self, name: str, kind: EntityKind | None = None) -> list[Entity]:
        """Return the entities of which a part is spelt so, or which are spelt nearly so."""
        return [entity for entity in self.store.near_letters(name) if kind in (None, entity.kind)]

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
    return kind_of(entry) is not None and entity_key(entry).removeprefix("=") not in name_list("nothing", "en")


@cache
def _more_by_letters() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in more_names():
        for variant in {squash(" ".join(variant)) for variants in entry.variants.values() for variant in variants}:
            found[variant] = (*found.get(variant, ()), entry)
    return found


def _keys(entries: Iterable[Entry]) -> list[Key]:
    return [(kind, entity_key(entry)) for entry in entries if (kind := kind_of(entry))]


def _bare(name: str) -> str:
    """Return a name without the kind of place that stands before it."""
    first, _, rest = name.strip().partition(" ")
    bare = name_list("bare", "ar") | name_list("bare", "fa")
    return rest if rest and squash(first) in bare else name
