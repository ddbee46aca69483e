"""The people, places and organisations of an archive -> HTML: each a link to the articles that name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from index.entities.store import Entity
from index.entities.types import EntityKind
from index.types import Language
from rag.entities.lookup import Entities
from rag.phrases import counted, written_count
from ui.page.archive.asked import Asked
from ui.page.markup import apart, filled


def names_html(found: Mapping[EntityKind, Sequence[Entity]], asked: Asked, names: Entities, language: Language) -> str:
    """Return the names in columns, one for each kind, those in most articles first."""
    lists = "".join(_kind_html(kind, entities, asked, names, language) for kind, entities in found.items() if entities)
    told = "" if names.are_read else f'<p class="hint">{filled("page_archive.no_names", language)}</p>'
    if not lists:
        none = "page_archive.no_name" if asked.words else "page_archive.no_names"
        return f'<p class="none">{filled(none, language)}</p>'
    return f'{told}<div class="kinds">{lists}</div>'


def _kind_html(kind: EntityKind, entities: Sequence[Entity], asked: Asked, names: Entities, language: Language) -> str:
    items = "".join(f"<li>{_name_html(entity, names.name_in(entity, language), asked, language)}</li>" for entity in entities)
    return f"<section><h3>{filled(f'page_archive_kind.{kind}', language)}</h3><ol>{items}</ol></section>"


def _name_html(entity: Entity, name: str, asked: Asked, language: Language) -> str:
    address = escape(asked.address(part="articles", words="", entity=f"{entity.kind}:{entity.keys[0]}"))
    number = f'<span aria-hidden="true">{written_count(entity.articles, language)}</span>'
    told = f'<span class="unseen">({counted("article", entity.articles, language)})</span>'
    return f'<a data-archive="part" href="{address}">{apart(name)} {number}{told}</a>'
