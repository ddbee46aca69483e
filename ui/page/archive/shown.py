"""What the archive's view shows, put together from the catalog: what is slow to count is counted once for each state of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from index.copies.store import CopyGroup, CopyStore
from index.entities.store import Entity
from index.entities.types import KINDS, EntityKind
from index.report import last_report
from index.shelf import Shelf
from index.status import holdings_of
from index.types import Language
from index.withdrawn import withdrawn
from rag.archive import Archive
from rag.entities.lookup import Entities
from rag.filter import FilterError
from rag.intake.uploads import Uploads
from rag.settings import Settings
from rag.text.glossary import load_glossary
from ui.page.archive.asked import Asked, Part
from ui.page.archive.chart import chart_html
from ui.page.archive.copies import copies_html, withdrawn_html
from ui.page.archive.frame import find_html, form_html, head_html, invitation_html, parts_html
from ui.page.archive.names import names_html
from ui.page.archive.table import PAGE, conditions_html, table_html
from ui.page.filter import fault_in_words
from ui.page.report import report_html

Counted = TypeVar("Counted")
# Names of each kind that are shown, and those that a search finds.
_MOST_NAMES = 60
_MOST_FOUND = 30


class Shown:
    """Renders the archive's view for a reader's language."""

    def __init__(self, archive: Archive, settings: Settings, uploads: Uploads) -> None:
        """Keep the archive, and the glossary that names are looked up by."""
        self._archive, self._catalog, self._uploads = archive, archive.catalog, uploads
        self._names = Entities(archive.catalog, load_glossary(settings.glossary))
        self._limit = uploads.most_bytes(".zip")
        self._kept: dict[str, tuple[int, Any]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether the archive has no article."""
        return not self._catalog.counts()["articles"]

    def view(self, asked: Asked, language: Language) -> str:
        """Return the whole view; an invitation to add files where there is nothing to show."""
        taken_out = withdrawn(self._catalog)
        if self.is_empty and not taken_out:
            return self.invitation(language)
        holdings = self._once("holdings", lambda: holdings_of(self._catalog))
        counts: dict[Part, int | None] = {"articles": sum(holdings.articles.values()), "names": None}
        if groups := self._groups():
            counts["copies"] = len(groups)
        if taken_out:
            counts["withdrawn"] = len(taken_out)
        frame = f'<div id="archive-head">{self.head(language)}</div>'
        frame += f"{parts_html(asked, counts, language)}{self._form(asked, language)}"
        return f'{frame}<div id="archive-body">{self.body(asked, language)}</div>'

    def head(self, language: Language) -> str:
        """Return the head of the view: what the archive holds, how far it is embedded, and the ways in."""
        holdings = self._once("holdings", lambda: holdings_of(self._catalog))
        return head_html(holdings, self._archive.embedded(), self._uploads.are_taken, language)

    def invitation(self, language: Language) -> str:
        """Return what an empty archive shows."""
        return invitation_html(self._uploads.are_taken, self._limit, language)

    def body(self, asked: Asked, language: Language) -> str:
        """Return what a part of the view shows under its form."""
        if asked.part == "names":
            return self._names_html(asked, language)
        if asked.part == "copies":
            return copies_html(self._groups(), asked, language)
        if asked.part == "withdrawn":
            return withdrawn_html(withdrawn(self._catalog), language)
        return self._articles(asked, language)

    def _form(self, asked: Asked, language: Language) -> str:
        if asked.part == "articles":
            return form_html(asked, self._once("outlets", lambda: Shelf(self._catalog).outlets()), language)
        if asked.part == "names":
            find = find_html(asked, "page_archive.find_name", language)
            return f'<form class="narrow" role="search" autocomplete="off">{find}</form>'
        return ""

    def _articles(self, asked: Asked, language: Language) -> str:
        shelf = Shelf(self._catalog)
        try:
            choice = asked.choice(self._catalog)
            over_time = shelf.days(asked.choice(self._catalog, days=False))
        except FilterError as error:
            return f'<p class="fault" role="alert">{fault_in_words(error.fault, error.value)}</p>'
        articles, unread = shelf.count(choice)
        asked = asked.on_page_of(articles + unread, PAGE)
        items = shelf.page(choice, asked.by, asked.descending, PAGE * (asked.page - 1), PAGE)
        waiting = shelf.waiting([item.entry.article_id for item in items if item.entry], self._archive.embedder)
        groups = self._once("by article", lambda: {e.article_id: group for group in self._groups() for e in group.entries})
        chart = chart_html(asked, over_time, choice.within, language)
        report = report_html(last_report(self._catalog.meta("report"))) if asked.problems else ""
        return (
            f"{conditions_html(asked, choice.within, self._entity_name(asked, language), language)}"
            f'<section class="chart">{chart}</section>'
            f"{table_html(asked, items, articles, unread, groups, waiting, language)}{report}"
        )

    def _entity_name(self, asked: Asked, language: Language) -> str | None:
        if asked.key is None:
            return None
        found = self._names.of_key(*asked.key)
        return self._names.name_in(found, language) if found else asked.key[1].removeprefix("=")

    def _names_html(self, asked: Asked, language: Language) -> str:
        if asked.words:
            near = [*self._names.named(asked.words), *self._names.store.near_letters(asked.words, _MOST_FOUND)]
            found = list({(each.kind, each.keys): each for each in near}.values())
            by_kind = {kind: [each for each in found if each.kind == kind] for kind in KINDS}
        else:
            by_kind = self._once("names", self._foremost)
        return names_html(cast(Mapping[EntityKind, Sequence[Entity]], by_kind), asked, self._names, language)

    def _foremost(self) -> dict[EntityKind, list[Entity]]:
        return {kind: self._names.foremost(kind, _MOST_NAMES) for kind in KINDS}

    def _groups(self) -> list[CopyGroup]:
        return self._once("groups", lambda: CopyStore(self._catalog).groups())

    def _once(self, name: str, count: Callable[[], Counted]) -> Counted:
        """Return what is counted, again only once the catalog has changed."""
        revision = self._catalog.revision
        kept = self._kept.get(name)
        if kept is None or kept[0] != revision:
            kept = self._kept[name] = (revision, count())
        return cast(Counted, kept[1])
