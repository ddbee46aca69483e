"""The people, places and organisations of an archive: how often, since when, in which articles, with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz.process import extract

from index.catalog import Catalog
from index.entities.types import EntityKind
from index.entities.update import unread
from index.queries import in_parts, marks
from index.text import squash
from index.types import Language

# How alike, of 100, the letters of a mistyped name are at least.
_ALIKE = 80
# So many times the entities asked for are counted exactly.
_AHEAD = 2
# (kind, key)
Key = tuple[EntityKind, str]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which articles of a language write a name, and how many do."""

    name: str
    language: Language
    articles: int


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, place or organisation: its spellings, the most frequent first, how many articles name it, and their days."""

    kind: EntityKind
    keys: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    articles: int
    first: date | None
    last: date | None

    @property
    def name(self) -> str:
        """The spelling that most articles have."""
        return self.spellings[0].name

    @property
    def entity_id(self) -> str:
        """What it is named by in programs; it stays the same while the archive grows in one language."""
        return f"{self.kind}:{self.keys[0].removeprefix('=')}"

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object, dates in ISO form."""
        spellings = [{"name": each.name, "language": each.language, "articles": each.articles} for each in self.spellings]
        return {
            "id": self.entity_id, "kind": self.kind, "name": self.name, "spellings": spellings, "articles": self.articles,
            "first": self.first.isoformat() if self.first else None, "last": self.last.isoformat() if self.last else None,
        }  # fmt: skip


class EntityStore:
    """Reads the names that `update_entities` wrote into a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Keep the catalog."""
        self._catalog = catalog
        self._linked: tuple[tuple[int, int, int], Mapping[Key, tuple[str, ...]]] | None = None
        self._complete: tuple[int, str] | None = None

    def is_complete(self, made_with: str) -> bool:
        """Tell whether the names of every article were read by this reader."""
        state = (self._catalog.revision, made_with)
        if self._complete != state:
            if unread(self._catalog, made_with, 1):
                return False
            self._complete = state
        return True

    def all(self, kind: EntityKind | None = None) -> list[Entity]:
        """Return every entity, those in most articles first."""
        return self._entities("1" if kind is None else "n.kind = ?", [] if kind is None else [kind])

    def foremost(self, kind: EntityKind, most: int) -> list[Entity]:
        """Return the entities of a kind that most articles name, without reading all others.

        Counted by spelling at first, so that one of many spellings in each article may come in with too many.
        """
        rows = self._catalog.connection.execute(
            "SELECT n.key, sum(m.count) AS named FROM entity_names n JOIN "
            "(SELECT name_id, count(*) AS count FROM entity_mentions GROUP BY name_id) m USING (name_id) "
            "WHERE n.kind = ? GROUP BY n.key ORDER BY named DESC, n.key LIMIT ?",
            (kind, _AHEAD * most),
        )
        return self.of_keys([(kind, row[0]) for row in rows])[:most]

    def of_letters(self, name: str, kind: EntityKind | None = None) -> list[Entity]:
        """Return the entities that some article writes with these letters, those in most articles first."""
        rows = self._catalog.connection.execute(
            "SELECT DISTINCT kind, key FROM entity_names WHERE letters = ?", (squash(name),)
        )
        return self.of_keys([(row[0], row[1]) for row in rows if kind in (None, row[0])])

    def of_sounds(self, sounds: Collection[str]) -> list[Entity]:
        """Return the person of no glossary who alone sounds so, in whatever script; [] where nobody does, or several do."""
        rows = self._catalog.connection.execute("SELECT kind, key, sounds FROM entity_names WHERE sounds != ''")
        alike = [(kind, key) for kind, key, own in rows if kind == "person" and not set(own.split()).isdisjoint(sounds)]
        found = self.of_keys(alike)
        return found if len(found) == 1 else []

    def near_letters(self, name: str, most: int = 5) -> list[Entity]:
        """Return the entities some spelling of which holds these letters, or else differs in few of them."""
        letters = squash(name)
        rows = self._catalog.connection.execute("SELECT DISTINCT letters, kind, key FROM entity_names").fetchall()
        keys = [(kind, key) for own, kind, key in rows if letters and letters in own]
        if not keys:
            by_letters = {own: (kind, key) for own, kind, key in rows}
            keys = [by_letters[own] for own, *_ in extract(letters, list(by_letters), score_cutoff=_ALIKE, limit=most)]
        return self.of_keys(keys)[:most]

    def of_keys(self, keys: Iterable[Key]) -> list[Entity]:
        """Return the entities of these keys, each once, with the keys of their names in other languages."""
        links = self._links()
        whole = {(kind, key) for kind, one in keys for key in links.get((kind, one), (one,))}
        found: list[Entity] = []
        for kind in sorted({kind for kind, _ in whole}):
            own = sorted(key for its_kind, key in whole if its_kind == kind)
            for part in in_parts(own):
                found += self._entities(f"n.kind = ? AND n.key IN {marks(part)}", [kind, *part])
        return sorted(found, key=_order)

    def article_ids(self, entity: Entity) -> set[str]:
        """Return the ids of the articles that name an entity."""
        rows = self._catalog.connection.execute(
            "SELECT DISTINCT m.article_id FROM entity_mentions m JOIN entity_names n USING (name_id) "
            f"WHERE n.kind = ? AND n.key IN {marks(entity.keys)}",
            [entity.kind, *entity.keys],
        )
        return {row[0] for row in rows}

    def of_article(self, article_id: str, most: int) -> list[Entity]:
        """Return the entities that an article names, those that it names most often first."""
        rows = self._catalog.connection.execute(
            "SELECT n.kind, n.key, m.count, m.start FROM entity_mentions m JOIN entity_names n USING (name_id) "
            "WHERE m.article_id = ?",
            (article_id,),
        ).fetchall()
        links = self._links()
        counts: defaultdict[Key, int] = defaultdict(int)
        starts: dict[Key, int] = {}
        for kind, key, count, start in rows:
            own = (kind, links.get((kind, key), (key,))[0])
            counts[own] += count
            starts[own] = min(start, starts.get(own, start))
        chosen = sorted(counts, key=lambda own: (-counts[own], starts[own]))[:most]
        entities = {(each.kind, each.keys[0]): each for each in self.of_keys(chosen)}
        return [entities[own] for own in chosen if own in entities]

    def keys_by_article(self) -> Mapping[str, frozenset[Key]]:
        """Return the names in each article, the same key for all spellings of one thing, by the article's id."""
        rows = self._catalog.connection.execute(
            "SELECT DISTINCT m.article_id, n.kind, n.key FROM entity_mentions m JOIN entity_names n USING (name_id)"
        )
        links = self._links()
        found: defaultdict[str, set[Key]] = defaultdict(set)
        for article_id, kind, key in rows:
            found[article_id].add((kind, links.get((kind, key), (key,))[0]))
        return {article_id: frozenset(keys) for article_id, keys in found.items()}

    def together(self, entity: Entity, most: int) -> list[tuple[Entity, int]]:
        """Return those who stand in the same articles as an entity, and in how many, the most frequent first."""
        rows = self._catalog.connection.execute(
            "SELECT n.kind, n.key, count(DISTINCT m.article_id) FROM entity_mentions m JOIN entity_names n USING (name_id) "
            "WHERE m.article_id IN (SELECT o.article_id FROM entity_mentions o JOIN entity_names e USING (name_id) "
            f"WHERE e.kind = ? AND e.key IN {marks(entity.keys)}) GROUP BY n.kind, n.key",
            [entity.kind, *entity.keys],
        ).fetchall()
        links = self._links()
        counts: defaultdict[Key, int] = defaultdict(int)
        for kind, key, count in rows:
            counts[kind, links.get((kind, key), (key,))[0]] += count
        counts.pop((entity.kind, entity.keys[0]), None)
        chosen = sorted(counts, key=lambda key: (-counts[key], key))[:most]
        entities = {(each.kind, each.keys[0]): each for each in self.of_keys(chosen)}
        return [(entities[key], counts[key]) for key in chosen if key in entities]

    def _entities(self, condition: str, values: Sequence[str]) -> list[Entity]:
        links = self._links()
        joined = "entity_mentions m JOIN entity_names n USING (name_id) JOIN articles a ON a.article_id = m.article_id"
        connection = self._catalog.connection
        totals: dict[Key, tuple[int, list[str]]] = {}
        for kind, key, count, first, last in connection.execute(
            f"SELECT n.kind, n.key, count(DISTINCT m.article_id), min(a.published), max(a.published) FROM {joined} "
            f"WHERE {condition} GROUP BY n.kind, n.key",
            values,
        ):
            own = (kind, links.get((kind, key), (key,))[0])
            before, days = totals.get(own, (0, []))
            totals[own] = (before + count, [*days, *filter(None, (first, last))])
        spellings: defaultdict[Key, list[Spelling]] = defaultdict(list)
        for kind, key, name, language, count in connection.execute(
            f"SELECT n.kind, n.key, n.name, n.language, count(*) FROM {joined} WHERE {condition} "
            "GROUP BY n.kind, n.key, n.name, n.language",
            values,
        ):
            spellings[kind, links.get((kind, key), (key,))[0]].append(Spelling(name, language, count))
        found = []
        for (kind, key), (count, days) in totals.items():
            ordered = tuple(sorted(spellings[kind, key], key=lambda each: (-each.articles, each.language, each.name)))
            first, last = (date.fromisoformat(day) if day else None for day in (min(days, default=""), max(days, default="")))
            found.append(Entity(kind, links.get((kind, key), (key,)), ordered, count, first, last))
        return sorted(found, key=_order)

    def _links(self) -> Mapping[Key, tuple[str, ...]]:
        """Return the keys that are one person, by each of them: names of no glossary that sound alike in two languages.

        Only where one name alone sounds so in each language: حسن and حسين have the same consonants.
        """
        connection = self._catalog.connection
        counted = connection.execute("SELECT count(*), coalesce(max(name_id), 0) FROM entity_names").fetchone()
        state = (int(counted[0]), int(counted[1]), self._catalog.revision)
        if self._linked is None or self._linked[0] != state:
            rows = connection.execute(
                "SELECT kind, key, language, sounds FROM entity_names WHERE kind = 'person' AND sounds != ''"
            )
            self._linked = (state, linked((row[0], row[1], row[2], row[3].split()) for row in rows))
        return self._linked[1]


def linked(names: Iterable[tuple[EntityKind, str, Language, Collection[str]]]) -> Mapping[Key, tuple[str, ...]]:
    """Return for each key that sounds like one of another language all keys that are the same, sorted."""
    by_sound: defaultdict[tuple[EntityKind, str, int], defaultdict[Language, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind, key, language, sounds in names:
        for sound in sounds:
            by_sound[kind, sound, len(key.split())][language].add(key)
    groups: dict[Key, set[str]] = {}
    for (kind, _, _), languages in sorted(by_sound.items()):
        keys = set().union(*languages.values())
        if len(languages) < 2 or len(keys) < 2 or any(len(own) > 1 for own in languages.values()):
            continue
        whole = set().union(*(groups.get((kind, key), {key}) for key in keys))
        for key in whole:
            groups[kind, key] = whole
    return {key: tuple(sorted(whole)) for key, whole in groups.items()}


def _order(entity: Entity) -> tuple[int, str, tuple[str, ...]]:
    return (-entity.articles, entity.kind, entity.keys)
