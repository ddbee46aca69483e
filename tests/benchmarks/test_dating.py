from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.dating import HEADERS, LATER, Outcome, outcome, rows_of, shares


@pytest.mark.slow
def test_fifty_dates_a_language_and_what_is_read_is_right():
    rows = rows_of(HEADERS) + rows_of(LATER)
    assert Counter(row["language"] for row in rows) == {"ar": 50, "fa": 50, "en": 50}
    assert len({row["id"] for row in rows}) == 150
    outcomes = [outcome(row) for row in rows]
    precision, recall = shares(outcomes)
    assert precision >= 0.99 and recall >= 0.97, [item for item in outcomes if not item.right]


def test_shares():
    days = ("2025-10-21", "2025-10-21"), (None, "2025-10-21"), ("2025", None)
    read = [Outcome(str(number), "fa", *pair) for number, pair in enumerate(days)]
    assert shares(read) == (0.5, 0.5) and shares([]) == (0.0, 0.0)
