"""When an article was published: what its file states, its page, its text or its link, the first that gives a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from index.dating.deciding import Clues, decide

_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/_-]|$)")


@dataclass(frozen=True, slots=True)
class Publication:
    """The day of publication, or the month or year, as `stated`, `by` what; and what there is to tell the user of it."""

    day: date | None = None
    about: str | None = None
    stated: str | None = None
    by: str | None = None
    reason: str | None = None


def publication(metadata: Mapping[str, str], line: str | None, language: str, today: date | None = None) -> Publication:
    """Return when a document was published: by its header or page, a line of its text, or its link.

    `reason` tells why what its header states tells no day; a line or link that tells none is passed over.
    """
    fetched = decide(metadata.get("fetched", ""), Clues(language)).day
    clues = Clues(language, today or date.today(), fetched)
    first: Publication | None = None
    for stated, by in _stated(metadata, line):
        told = decide(stated, clues)
        found = Publication(told.day, told.about, stated, by, told.reason)
        if told.day:
            return Publication(told.day, None, stated, by, first.reason if first and _is_amiss(first) else None)
        first = first or found
    return first or Publication()


def _stated(metadata: Mapping[str, str], line: str | None) -> Iterator[tuple[str, str]]:
    if metadata.get("published"):
        yield metadata["published"], metadata.get("dated_by") or "header"
    if line:
        yield line, "line of the text"
    if found := _URL_DAY.search(metadata.get("url", "")):
        yield "-".join((found[1], found[2].zfill(2), found[3].zfill(2))), "link"


def _is_amiss(told: Publication) -> bool:
    """Tell whether a header's date is worth a note though another place tells the day: not where it is only less exact."""
    return told.by == "header" and told.about is None
