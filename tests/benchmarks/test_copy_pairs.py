from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.copies import judged, made_pairs, table

pytestmark = pytest.mark.slow


def test_pairs_are_the_same_each_time_and_of_every_kind():
    pairs = made_pairs()
    assert pairs == made_pairs() and len(pairs) > 200
    counts = Counter(pair.kind for pair in pairs)
    assert counts["translation"] == 48 and counts["copy in other bytes"] == 42 and counts["copy with edits"] == 60
    assert all(pair.one.text != pair.other.text or pair.kind == "copy in other bytes" for pair in pairs)
    assert {pair.one.language for pair in pairs} == {"ar", "fa", "en"}


def test_copies_are_told_from_other_reports_through_a_real_index(tmp_path):
    chosen = [pair for pair in made_pairs() if "two languages" not in pair.kind][::12]
    assert {pair.is_one for pair in chosen} == {True, False}
    told = judged(chosen, tmp_path, None)
    assert told == [pair.is_one for pair in chosen]
    assert "precision 1.000, recall 1.000" in table(chosen, told)
