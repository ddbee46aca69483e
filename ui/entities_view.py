"""The people, places and organisations of an archive for a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from index.catalog import Catalog
from index.entities.store import Entity
from index.entities.types import EntityKind
from index.types import Entry, KhabarError
from rag.entities.lookup import Entities
from rag.settings import Settings
from rag.text.glossary import load_glossary
from ui.list_view import apart, entry_line

_SHOWN_SPELLINGS = 6
_TOGETHER = 12
_NEAR = 3


def print_entities(catalog: Catalog, settings: Settings, kind: EntityKind | None, most: int, as_json: bool) -> None:
    """Print every entity, of one kind where one is given, those in most articles first."""
    entities = _opened(catalog, settings)
    found = entities.all(kind)
    click.echo(_json([each.to_json() for each in found]) if as_json else entities_text(found, most))


def print_entity(
    catalog: Catalog, settings: Settings, name: str, kind: EntityKind | None, most: int, as_json: bool
) -> None:
    """Print what there is of a name; of several things that it may mean, each. Raises KhabarError where no article has it."""
    entities = _opened(catalog, settings)
    found = entities.named(name, kind)
    if not found:
        near = ", ".join(f"'{each.name}'" for each in entities.near(name, kind)[:_NEAR])
        raise KhabarError(
            f"no article names '{name}'{f' as a {kind}' if kind else ''}",
            f"the nearest are {near}" if near else "see khabar entities for all names",
        )
    by_id = {entry.article_id: entry for entry in catalog.entries()}
    told = []
    for each in found:
        listed = [by_id[article_id] for article_id in entities.store.article_ids(each) if article_id in by_id]
        listed.sort(key=lambda entry: (entry.day or "", entry.path), reverse=True)
        told.append((each, listed, entities.store.together(each, _TOGETHER)))
    if as_json:
        click.echo(_json([entity_json(*each) for each in told]))
    else:
        click.echo("\n\n".join(entity_text(*each, most) for each in told))


def _opened(catalog: Catalog, settings: Settings) -> Entities:
    entities = Entities(catalog, load_glossary(settings.glossary))
    if not entities.are_read:
        click.echo("The names of some articles were not read yet, or by another glossary; khabar index reads them.", err=True)
    return entities


def _json(whole: Any) -> str:
    return json.dumps(whole, ensure_ascii=False, indent=2)


def entities_text(found: Sequence[Entity], most: int) -> str:
    """Return a line for each entity: articles, first and last day, kind, spellings; the last line says how many there are."""
    lines = [_line(entity) for entity in found[:most]]
    left = len(found) - len(lines)
    told = f"{len(found)} name{'' if len(found) == 1 else 's'}"
    return "\n".join([*lines, f"{told}, {left} of them not shown (--limit)" if left else told])


def entity_text(entity: Entity, articles: Sequence[Entry], together: Sequence[tuple[Entity, int]], most: int) -> str:
    """Return all there is of one entity: its spellings, its articles, the newest first, and who is named with it."""
    spellings = (f"{apart(each.name)} ({each.language}, {each.articles})" for each in entity.spellings)
    lines = [_line(entity), f"spellings: {', '.join(spellings)}"]
    if together:
        lines.append(f"named with: {', '.join(f'{apart(other.name)} ({count})' for other, count in together)}")
    lines += ["", *map(entry_line, articles[:most])]
    left = len(articles) - most
    return "\n".join([*lines, *([f"… {left} more (--limit)"] if left > 0 else [])])


def entity_json(entity: Entity, articles: Sequence[Entry], together: Sequence[tuple[Entity, int]]) -> dict[str, Any]:
    """Return the same as a JSON object, every article of it."""
    return entity.to_json() | {
        "listed": [each.to_json() for each in articles],
        "together": [{"id": o.entity_id, "kind": o.kind, "name": o.name, "articles": count} for o, count in together],
    }


def _line(entity: Entity) -> str:
    days = f"{entity.first or '–'} – {entity.last or '–'}"
    names = list(dict.fromkeys(each.name for each in entity.spellings))
    shown = ", ".join(map(apart, names[:_SHOWN_SPELLINGS])) + (", …" if len(names) > _SHOWN_SPELLINGS else "")
    return f"{entity.articles:>6}  {days:<23}  {entity.kind:<12}  {shown}"
