"""What an archive holds: `khabar status`, `list`, `show`, `entities` and `duplicates`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import click

from index.catalog import FILE_NAME, Catalog
from index.copies.store import CopyStore
from index.entities.store import Entity
from index.entities.types import KINDS, EntityKind
from index.listing import MISSING, SORTS, listing
from index.status import status_of
from index.taken_away import find_article, taken_away
from index.types import Entry, KhabarError
from rag.archive import build_options, chosen_embedder
from rag.entities.lookup import Entities
from rag.entities.same_story import same_stories
from rag.filter import FilterInput, read_filter
from rag.text.glossary import load_glossary
from ui.commands.options import echo_json, filter_options, settings_in, settings_options
from ui.terminal.archive import status_text, tell
from ui.terminal.articles import (
    article_text,
    copies_lines,
    duplicates_text,
    entities_text,
    entity_text,
    list_text,
    removed_text,
)

# Names shown that occur together with one, and names suggested in place of one that no article has.
_TOGETHER = 12
_NEAREST = 3


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print the status as JSON")
@settings_options
def status(as_json: bool, **values: Any) -> None:
    """Show what the index holds, how much of it is embedded, and where it lies."""
    settings = settings_in(values)
    found = status_of(Catalog(settings.data / FILE_NAME), chosen_embedder(settings))
    if as_json:
        echo_json(found.to_json())
    else:
        click.echo(status_text(found))


@click.command("list")
@click.option("--sort", type=click.Choice(list(SORTS)), default="published", help="what to sort by  [published, newest first]")
@filter_options
@click.option("--without", multiple=True, type=click.Choice(list(MISSING)), help="only articles that lack this (repeatable)")
@click.option("--problems", is_flag=True, help="only files that were skipped or have a note")
@click.option("--once", is_flag=True, help="only the first of several copies")
@click.option("--json", "as_json", is_flag=True, help="print the list as JSON")
@settings_options
def list_articles(
    sort: str,
    outlets: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    without: tuple[str, ...],
    problems: bool,
    once: bool,
    as_json: bool,
    **values: Any,
) -> None:
    """List the articles with what is known of them: day, language, outlet, title, author, section, tags, agency, copies."""
    catalog = Catalog(settings_in(values).data / FILE_NAME)
    within = read_filter(FilterInput(outlets, languages, since, until), catalog)
    found = listing(catalog, within, sort=sort, without=without, problems=problems, once=once)
    if as_json:
        echo_json([item.to_json() for item in found])
    else:
        click.echo(list_text(found))


@click.command()
@click.argument("article")
@click.option("--removed", is_flag=True, help="also show what was removed as page noise, each piece with its reason")
@settings_options
def show(article: str, removed: bool, **values: Any) -> None:
    """Show an ARTICLE, named by its id or path, as it can be quoted."""
    settings = settings_in(values)
    with closing(Catalog(settings.data / FILE_NAME)) as catalog:
        found = find_article(catalog, article)
        group = CopyStore(catalog).by_article().get(found.article_id)
        click.echo(article_text(found, copies_lines(group, found.article_id)))
        if removed:
            click.echo(removed_text(taken_away(catalog, found, build_options(settings).read_options)))


@click.command()
@click.argument("name", required=False)
@click.option("--kind", type=click.Choice(KINDS), help="only persons, places or organisations")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="names, or articles of one, to list")
@click.option("--json", "as_json", is_flag=True, help="print all of them as JSON")
@settings_options
def entities(name: str | None, kind: EntityKind | None, limit: int, as_json: bool, **values: Any) -> None:
    """List the people, places and organisations of the articles, or show what there is on NAME in any spelling."""
    settings = settings_in(values)
    with closing(Catalog(settings.data / FILE_NAME)) as catalog:
        known = Entities(catalog, load_glossary(settings.glossary))
        if not known.are_read:
            tell("The names in some articles were not read yet, or with another glossary; khabar index reads them.")
        if name is None:
            _tell_all(known, kind, limit, as_json)
        else:
            _tell_named(known, catalog, name, kind, limit, as_json)


def _tell_all(known: Entities, kind: EntityKind | None, most: int, as_json: bool) -> None:
    """Print every entity, of one kind where one is given, those in most articles first."""
    found = known.all(kind)
    if as_json:
        echo_json([each.to_json() for each in found])
    else:
        click.echo(entities_text(found, most))


def _tell_named(known: Entities, catalog: Catalog, name: str, kind: EntityKind | None, most: int, as_json: bool) -> None:
    """Print what the archive has on each thing that a name may mean. Raises KhabarError where no article has it."""
    found = known.named(name, kind)
    if not found:
        near = ", ".join(f"'{each.name}'" for each in known.near(name, kind)[:_NEAREST])
        raise KhabarError(
            f"no article names '{name}'{f' as a {kind}' if kind else ''}",
            f"the nearest are {near}" if near else "see khabar entities for all names",
        )
    by_id = {entry.article_id: entry for entry in catalog.entries()}
    told = []
    for each in found:
        listed = [by_id[article_id] for article_id in known.store.article_ids(each) if article_id in by_id]
        listed.sort(key=lambda entry: (entry.day or "", entry.path), reverse=True)
        told.append((each, listed, known.store.together(each, _TOGETHER)))
    if as_json:
        echo_json([_entity_json(*each) for each in told])
    else:
        click.echo("\n\n".join(entity_text(*each, most) for each in told))


def _entity_json(entity: Entity, articles: Sequence[Entry], together: Sequence[tuple[Entity, int]]) -> dict[str, Any]:
    """Return an entity as a JSON object with every article of it."""
    return entity.to_json() | {
        "listed": [each.to_json() for each in articles],
        "together": [{"id": o.entity_id, "kind": o.kind, "name": o.name, "articles": count} for o, count in together],
    }


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print them as JSON")
@settings_options
def duplicates(as_json: bool, **values: Any) -> None:
    """Show which articles are copies of each other, and which stories are told in several languages; none is ever removed."""
    with closing(Catalog(settings_in(values).data / FILE_NAME)) as catalog:
        groups, stories = CopyStore(catalog).groups(), same_stories(catalog)
    if as_json:
        echo_json({"copies": [group.to_json() for group in groups], "stories": [story.to_json() for story in stories]})
    else:
        click.echo(duplicates_text(groups, stories))
