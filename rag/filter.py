"""A filter as a user types it (outlets by name, languages, days in three calendars) -> the Filter of the search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from index.catalog import Catalog
from index.dates import parse_date
from index.text import squash, words
from index.types import LANGUAGES, Filter, KhabarError, Language

Fault = Literal["unknown_outlet", "unknown_language", "no_date", "days_reversed"]

# Outlets that an error names.
_NEAREST = 3
# The score (0 to 100) of rapidfuzz from which a name may be a misspelling of another.
_NEAR_ENOUGH = 60
# Characters of a user's own text that an error quotes.
_SHOWN = 80


class FilterError(KhabarError):
    """What was typed is not a filter: `fault` says why, for doors that speak other languages, and `value` is what was typed."""

    def __init__(self, fault: Fault, value: str, problem: str, remedy: str) -> None:
        """Keep the fault and its value beside problem and remedy."""
        super().__init__(problem, remedy)
        self.fault = fault
        self.value = value


@dataclass(frozen=True, slots=True)
class FilterInput:
    """A filter as a user gives it: names and days as typed, empty where anything will do."""

    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet that a filter can name: how many of the articles are from it, and the days of the first and the last."""

    name: str
    articles: int
    first: date | None
    last: date | None

    def to_json(self) -> dict[str, Any]:
        """Return the outlet as the JSON object of the API, dates in ISO form."""
        first, last = (day.isoformat() if day else None for day in (self.first, self.last))
        return {"outlet": self.name, "articles": self.articles, "first": first, "last": last}


def read_filter(typed: FilterInput, catalog: Catalog) -> Filter:
    """Return the filter that a user means. Raises FilterError for what is not an outlet, a language or a day."""
    languages = [_language(code) for code in typed.languages]
    return filter_of(typed.outlets, languages, _day(typed.since), _day(typed.until), catalog)


def filter_of(
    outlets: Iterable[str], languages: Iterable[Language], since: date | None, until: date | None, catalog: Catalog
) -> Filter:
    """Return the filter of these values, none standing for any. Raises FilterError where no article could pass it."""
    known = frozenset(_known_outlets(list(outlets), catalog))
    try:
        return Filter(known, frozenset(languages) or frozenset(LANGUAGES), since, until)
    except KhabarError as error:
        raise FilterError("days_reversed", f"{since} {until}", error.problem, error.remedy) from error


def outlets_of(catalog: Catalog) -> tuple[Outlet, ...]:
    """Return the outlets that the archive's articles name, those of the most articles first.

    Spellings that fold to one are one outlet, as they are for a Filter, under the name that most articles have.
    """
    spellings: defaultdict[str, list[Outlet]] = defaultdict(list)
    for counted in catalog.outlet_counts():
        spellings[squash(counted[0])].append(Outlet(*counted))
    found = [_united(same) for key, same in spellings.items() if key]
    return tuple(sorted(found, key=lambda outlet: (-outlet.articles, outlet.name)))


def _united(spellings: Sequence[Outlet]) -> Outlet:
    days = [day for outlet in spellings for day in (outlet.first, outlet.last) if day]
    name = max(spellings, key=lambda outlet: (outlet.articles, outlet.name)).name
    articles = sum(outlet.articles for outlet in spellings)
    return Outlet(name, articles, min(days, default=None), max(days, default=None))


def _known_outlets(names: Sequence[str], catalog: Catalog) -> list[str]:
    """Return the outlets that are meant, as the catalog spells them. Raises FilterError for one that no article names."""
    if not names:
        return []
    known: dict[str, str] = {}
    for outlet in catalog.outlets():
        known.setdefault(squash(outlet), outlet)
    for name in names:
        if not squash(name) or squash(name) not in known:
            raise FilterError("unknown_outlet", name, f"no article is from an outlet '{name[:_SHOWN]}'", _nearest(name, known))
    return [known[squash(name)] for name in names]


def _nearest(name: str, known: dict[str, str]) -> str:
    """Return what to do about an unknown outlet: the known ones that are spelled most like it, or some of them."""
    if not known:
        return "leave the outlet out: no article in this archive says where it is from"
    from rapidfuzz import fuzz, process

    folded = {outlet: " ".join(words(outlet)) for outlet in known.values()}
    near = process.extract(" ".join(words(name)), folded, scorer=fuzz.WRatio, limit=_NEAREST, score_cutoff=_NEAR_ENOUGH)
    if near:
        return f"did you mean {_listed([outlet for _, _, outlet in near])}?"
    others = len(folded) - _NEAREST
    return f"choose from {_listed(list(folded)[:_NEAREST])}{f' and {others} more' if others > 0 else ''}"


def _listed(outlets: Sequence[str]) -> str:
    return ", ".join(f"'{outlet}'" for outlet in outlets)


def _language(code: str) -> Language:
    found = next((language for language in LANGUAGES if language == code.strip().lower()), None)
    if found is None:
        problem = f"'{code[:_SHOWN]}' is not a language that Khabar reads"
        raise FilterError("unknown_language", code, problem, "give one or more of ar, fa and en")
    return found


def _day(text: str | None) -> date | None:
    """Return the day that a text names in any of three calendars."""
    if text is None:
        return None
    found = parse_date(text)
    if found is None:
        raise FilterError(
            "no_date", text, f"'{text[:_SHOWN]}' is not a date", "write it like 2025-10-21, 1404/07/29 or 21 أكتوبر 2025"
        )
    return found
