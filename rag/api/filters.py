"""The articles that a request is about: a filter in a body or in an address -> the Filter of the search."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from index.catalog import Catalog
from index.types import EVERYTHING, Filter, Language
from rag.filter import filter_of

# Limits of safety: names in a filter, and characters of one.
MOST_OUTLETS = 1000
LONGEST_OUTLET = 500
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _iso_day(value: object) -> date | None:
    """Return a day that is written as 2025-10-21; pydantic itself would take numbers and times for days as well."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("no_day", "input should be a day such as 2025-10-21")


Day = Annotated[date, BeforeValidator(_iso_day)]
Outlet = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=LONGEST_OUTLET)]


class AskFilter(BaseModel):
    """The articles to answer from. What is left out or empty matches all; an undated article matches no range of days."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"outlets": ["جريدة الرواق"], "languages": ["ar", "fa"], "since": "2025-10-01"}]},
    )

    outlets: list[Outlet] = Field(
        default_factory=list,
        max_length=MOST_OUTLETS,
        description="Names as GET /api/v1/outlets lists them, compared by their folded letters.",
    )
    languages: list[Language] = Field(default_factory=list, max_length=MOST_OUTLETS)
    since: Day | None = Field(None, description="The first day.", examples=["2025-10-01"])
    until: Day | None = Field(None, description="The last day.", examples=["2025-10-31"])


class FilterQuery(BaseModel):
    """A filter in an address: ?outlet=…&outlet=…&language=ar&since=2025-10-01."""

    model_config = ConfigDict(extra="forbid")

    outlet: list[Outlet] = Field(default_factory=list, max_length=100, description="An outlet; give several to match any.")
    language: list[Language] = Field(default_factory=list, max_length=100, description="A language; give several to match any.")
    since: Day | None = Field(None, description="The first day.", examples=["2025-10-01"])
    until: Day | None = Field(None, description="The last day.", examples=["2025-10-31"])

    @property
    def wanted(self) -> AskFilter:
        """The filter as a body would have it."""
        # Not validated again: a day is one already.
        return AskFilter.model_construct(
            outlets=self.outlet, languages=self.language, since=self.since, until=self.until
        )


def is_open(wanted: AskFilter | None) -> bool:
    """Tell whether a filter lets everything pass, so that no catalog need be read for it."""
    return wanted is None or not (wanted.outlets or wanted.languages or wanted.since or wanted.until)


def within_of(wanted: AskFilter | None, catalog: Catalog) -> Filter:
    """Return the filter that is meant. Raises FilterError for an outlet that no article is from, or days in the wrong order."""
    if wanted is None or is_open(wanted):
        return EVERYTHING
    return filter_of(wanted.outlets, wanted.languages, wanted.since, wanted.until, catalog)
