"""Reports of one event in several languages: recognised by the names, numbers, agency and day that they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import Any

from index.catalog import Catalog
from index.copies.store import CopyStore, joined
from index.entities.store import EntityStore, Key
from index.types import Entry
from rag.entities import tuning
from rag.text.origin import byline_origin


@dataclass(frozen=True, slots=True)
class Report:
    """What an article is compared by: its names, its numbers, and its agency where its byline names one."""

    names: frozenset[Key]
    numbers: frozenset[str]
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Articles of one event in two languages or more, in the order of their days and paths."""

    articles: tuple[Entry, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {"kind": "same story", "articles": [each.to_json() for each in self.articles]}


def same_stories(catalog: Catalog) -> list[Story]:
    """Return the stories that articles of several languages tell, those in most articles first."""
    names, numbers = EntityStore(catalog).keys_by_article(), CopyStore(catalog).numbers()
    entries = {entry.article_id: entry for entry in catalog.entries() if entry.published}
    weights = name_weights(list(names.values()))
    reports = {each: Report(names.get(each, frozenset()), numbers.get(each, frozenset())) for each in entries}
    agencies: dict[str, str | None] = {}

    def with_agency(article_id: str) -> Report:
        if article_id not in agencies:
            article = catalog.article(article_id)
            origin = byline_origin(article) if article else None
            agencies[article_id] = origin.key if origin else None
        own = reports[article_id]
        return Report(own.names, own.numbers, agencies[article_id])

    pairs = []
    for one, other in _candidates(entries, reports):
        # Agencies are looked up, which takes a while, where they could decide.
        if likeness(reports[one], reports[other], weights) < tuning.LEAST_LIKENESS - tuning.SAME_AGENCY:
            continue
        if likeness(with_agency(one), with_agency(other), weights) >= tuning.LEAST_LIKENESS:
            pairs.append((one, other))
    found = [Story(tuple(sorted((entries[each] for each in ids), key=_order))) for ids in joined(pairs)]
    return sorted(found, key=lambda story: (-len(story.articles), story.articles[0].path))


def likeness(one: Report, other: Report, weights: Mapping[Key, float]) -> float:
    """Return how much speaks for two reports being of one event; 0 where they share too little to tell."""
    names, numbers = one.names & other.names, one.numbers & other.numbers
    if len(names) + len(numbers) < tuning.FEWEST_IN_COMMON or (not names and len(numbers) < tuning.FEWEST_NUMBERS_ALONE):
        return 0.0
    by_names = _weight(names, weights) / max(min(_weight(one.names, weights), _weight(other.names, weights)), 1e-9)
    fewer = min(len(one.numbers), len(other.numbers))
    # Reports of one event that have numbers share one; another story of the same subject has others.
    by_numbers = (len(numbers) / fewer if numbers else tuning.NO_COMMON_NUMBER) if fewer else 0.0
    agency = tuning.SAME_AGENCY if one.agency and one.agency == other.agency else 0.0
    return tuning.NAMES * by_names + tuning.NUMBERS * by_numbers + agency


def name_weights(named: Sequence[frozenset[Key]]) -> Mapping[Key, float]:
    """Return what each name tells: the fewer articles have it, the more."""
    counts = Counter(key for names in named for key in names)
    return {key: log(1 + len(named) / count) for key, count in counts.items()}


def _weight(names: frozenset[Key], weights: Mapping[Key, float]) -> float:
    return sum(weights.get(key, 1.0) for key in names)


def _candidates(entries: Mapping[str, Entry], reports: Mapping[str, Report]) -> Iterator[tuple[str, str]]:
    """Yield pairs of articles in two languages, at most a day apart, that share a name or a number; each once."""
    by_day: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, entry in entries.items():
        if entry.published:
            by_day[entry.published.toordinal()].append(article_id)
    for day in sorted(by_day):
        near = [each for ago in range(tuning.MOST_DAYS_APART + 1) for each in by_day.get(day - ago, ())]
        today = set(by_day[day])
        holding: defaultdict[object, list[str]] = defaultdict(list)
        for article_id in near:
            for sign in (*reports[article_id].names, *reports[article_id].numbers):
                holding[sign].append(article_id)
        pairs = {tuple(sorted(pair)) for ids in holding.values() for pair in combinations(ids, 2) if not today.isdisjoint(pair)}
        for one, other in sorted(pairs):
            if entries[one].language != entries[other].language:
                yield one, other


def _order(entry: Entry) -> tuple[str, str]:
    return (entry.day or "", entry.path)
