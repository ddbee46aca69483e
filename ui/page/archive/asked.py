"""What the archive's view is asked to show: read from the query of its address, and written as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from index.catalog import Catalog
from index.entities.store import EntityStore
from index.entities.types import KINDS, EntityKind
from index.shelf import SORTS, Choice, Sort
from index.types import LANGUAGES
from rag.filter import FilterInput, read_filter

Part = Literal["articles", "names", "copies", "withdrawn"]
PARTS: tuple[Part, ...] = get_args(Part)
# Sorted so where nothing else is asked: the newest article first.
_USUAL = "-date"
# Characters of a search that are read, and digits of the number of a page.
_MOST_LETTERS = 200
_MOST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of the view, and what of the archive it shows, as the reader gave it."""

    part: Part = "articles"
    words: str = ""
    outlet: str = ""
    language: str = ""
    since: str = ""
    until: str = ""
    entity: str = ""
    undated: bool = False
    problems: bool = False
    sort: str = _USUAL
    page: int = 1

    @property
    def by(self) -> Sort:
        """What is sorted by."""
        return cast(Sort, self.sort.removeprefix("-"))

    @property
    def descending(self) -> bool:
        """Whether the last comes first."""
        return self.sort.startswith("-")

    @property
    def key(self) -> tuple[EntityKind, str] | None:
        """Kind and key of the entity that the articles are to name."""
        kind, _, key = self.entity.partition(":")
        return (kind, key) if kind in KINDS and key else None

    @property
    def is_narrowed(self) -> bool:
        """Whether some articles are left out."""
        return replace(self, part="articles", sort=_USUAL, page=1) != Asked()

    def on_page_of(self, items: int, size: int) -> Asked:
        """Return the same, on the last page of so many items where it is on one behind that."""
        return replace(self, page=min(self.page, max(1, -(-items // size))))

    def query(self, **changes: object) -> str:
        """Return the query of the address that shows this with changes, from the first page on unless that is what changes."""
        new = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        pairs = {
            "part": new.part if new.part != "articles" else "", "q": new.words, "outlet": new.outlet, "language": new.language,
            "since": new.since, "until": new.until, "entity": new.entity, "undated": "1" if new.undated else "",
            "problems": "1" if new.problems else "", "sort": new.sort if new.sort != _USUAL else "",
            "page": str(new.page) if new.page > 1 else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in pairs.items() if value})

    def address(self, **changes: object) -> str:
        """Return the address of the view that shows this with changes."""
        query = self.query(**changes)
        return f"archive?{query}" if query else "archive"

    def choice(self, catalog: Catalog, *, days: bool = True) -> Choice:
        """Return the articles that are meant; without `days`, of all days. Raises FilterError for what is no filter."""
        typed = FilterInput(
            (self.outlet,) if self.outlet else (),
            (self.language,) if self.language else (),
            (self.since or None) if days else None,
            (self.until or None) if days else None,
        )
        within = read_filter(typed, catalog)
        chosen = Choice(self.words, within, undated=self.undated and days, problems=self.problems)
        if not self.key:
            return chosen
        found = EntityStore(catalog).of_keys([self.key])
        return replace(chosen, kind=self.key[0], keys=found[0].keys if found else (self.key[1],))


def asked_in(query: QueryParams) -> Asked:
    """Return what an address asks for; what is none of its values counts as not given."""
    sort = query.get("sort", _USUAL)
    part = query.get("part", "articles")
    page = query.get("page", "1")
    language = query.get("language", "")
    return Asked(
        part if part in PARTS else "articles",
        " ".join(query.get("q", "")[:_MOST_LETTERS].split()),
        query.get("outlet", "")[:_MOST_LETTERS],
        language if language in LANGUAGES else "",
        query.get("since", "").strip()[:_MOST_LETTERS],
        query.get("until", "").strip()[:_MOST_LETTERS],
        query.get("entity", "")[:_MOST_LETTERS],
        query.get("undated") == "1",
        query.get("problems") == "1",
        sort if sort.removeprefix("-") in SORTS else _USUAL,
        max(int(page), 1) if page.isascii() and page.isdecimal() and len(page) <= _MOST_DIGITS else 1,
    )
