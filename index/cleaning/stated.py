"""Lines in which a page states whose article it is and when it was published."""

from __future__ import annotations

import re

from index.cleaning.noise import FULL_STOP
from index.dates import is_date_line
from index.text import words

_OUTLET = re.compile(r"^\W*(?P<label>المصدر|مصدر|منبع|source)\s*:\s*(?P<outlet>.{2,60})$", re.IGNORECASE)
# "مصدر: ..." and "Source: ..." also open headlines ("a source: no talks planned"): only a name of few words is an outlet.
_OUTLET_WORDS = {"مصدر": 2, "source": 4}
_PUBLISHED = re.compile(
    r"^\W*(?:تاريخ النشر|نشر في|نشر بتاريخ|اخر تحديث|تاريخ انتشار|زمان انتشار|published(?: on| at)?|updated|date)\b"
    r"(?:\s*:\W*(?:[^\W\d]+\W+){0,3}|\W*(?:[^\W\d]+\W+)?)(?=\d)"
)
_LONGEST = 200


def outlet_of(line: str) -> str | None:
    """Return the outlet that a line like "المصدر: وكالات" names."""
    found = _OUTLET.match(line) if len(line) <= _LONGEST else None
    if not found:
        return None
    count = len(words(found["outlet"]))
    if count > _OUTLET_WORDS.get(found["label"].lower(), 6) or (count > 3 and FULL_STOP.search(line)):
        return None
    return found["outlet"].strip(" .")


def states_date(line: str, folded: str) -> bool:
    """Tell whether a line is one like "تاريخ النشر: 21 أكتوبر 2025"."""
    return len(line) <= _LONGEST and bool(_PUBLISHED.match(folded)) and is_date_line(line) and not FULL_STOP.search(line)
