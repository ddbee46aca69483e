"""The day of a mail or of a feed's item, as the standard of mails writes it."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime


def day_sent(given: str) -> str:
    """Return the day (YYYY-MM-DD) of a date like "Tue, 21 Oct 2025 10:00:00 +0300", and what is none as it is given.

    Python's reader takes the year 0000 for 2000 and -5 for 2005: a year counts only where it is written.
    """
    try:
        day = parsedate_to_datetime(given).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return given
    return day.isoformat() if re.search(rf"\b{day.year}\b|[A-Za-z][\s-]+{day.year % 100:02}\s", given) else given
