"""What an index holds, how far it is embedded, and how much disk it takes: shown by status, page and API."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.embed import NONE, Embedder
from index.embedding import Embedded, searchable_share
from index.stores import store_of
from index.text import squash
from index.types import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an index is of: files, articles by language, chunks, outlets, and the days of the first and the last article."""

    files: int
    articles: Mapping[Language, int]
    chunks: int
    outlets: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an index: where it lies, what it was made of, its size in bytes, and how far it is embedded.

    `store` is where its words and vectors lie (index/stores.py); what lies elsewhere is not in `size`. `embedder` is the chosen
    one. `before` is the one that it takes the place of, until it has embedded everything.
    """

    data: Path
    store: str
    folders: tuple[Path, ...]
    size: int
    holdings: Holdings
    embedder: str
    embedded: Embedded
    before: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the status as a JSON object, dates in ISO form."""
        holdings = self.holdings
        return {
            "data": str(self.data),
            "store": self.store,
            "folders": [str(folder) for folder in self.folders],
            "bytes": self.size,
            "files": holdings.files,
            "articles": sum(holdings.articles.values()),
            "chunks": holdings.chunks,
            "languages": dict(holdings.articles),
            "outlets": holdings.outlets,
            "first": _iso(holdings.first),
            "last": _iso(holdings.last),
            "embedded": {**embedded_json(self.embedded, self.embedder), "before": self.before},
        }


def holdings_of(catalog: Catalog) -> Holdings:
    """Return what an index is of."""
    counts, languages = catalog.counts(), catalog.language_counts()
    days = [day for _, *span in languages.values() for day in span if day]
    outlets = {squash(outlet) for outlet in catalog.outlets()} - {""}
    return Holdings(
        counts["sources"],
        {language: languages[language][0] if language in languages else 0 for language in LANGUAGES},
        counts["chunks"],
        len(outlets),
        min(days, default=None),
        max(days, default=None),
    )


def status_of(catalog: Catalog, embedder: Embedder) -> Status:
    """Return the state of the index that a catalog belongs to."""
    data = Path(os.path.abspath(catalog.file.parent))
    return Status(
        data,
        store_of(catalog),
        tuple(Path(folder) for folder in json.loads(catalog.meta("folders") or "[]")),
        sum(_sizes(data)),
        holdings_of(catalog),
        embedder.name,
        searchable_share(catalog, embedder),
        embedder_before(catalog, embedder),
    )


def embedder_before(catalog: Catalog, embedder: Embedder) -> str | None:
    """Return the embedder that last embedded everything, where that is another one than the chosen."""
    last = catalog.meta("embedder")
    return last if embedder.languages and last not in (None, NONE, embedder.name) else None


def embedded_json(embedded: Embedded, embedder: str) -> dict[str, Any]:
    """Return how far an index is embedded, and by which embedder, as a JSON object."""
    return {"chunks": embedded.chunks, "of": embedded.of, "embedder": embedder}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the size of every file in a folder; one that two generations share counts once, one that goes meanwhile not."""
    seen: set[tuple[int, int]] = set()
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                found = os.stat(os.path.join(place, name))
            except OSError:
                continue
            if (found.st_dev, found.st_ino) not in seen:
                seen.add((found.st_dev, found.st_ino))
                yield found.st_size
