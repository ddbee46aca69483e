"""Disagreements that belong together are one."""

from __future__ import annotations

from rag.types import Disagreement
from tests.ui.staged import HOURS, differing, quoting
from ui.contrast import contrasts


def test_each_disagreement_has_its_values_by_citation():
    [contrast] = contrasts(differing("fa"))
    assert contrast.numbers == (1, 2, 3)
    assert contrast.values == {1: ("ثلاث ساعات ونصف الساعة",), 2: ("۵",), 3: ("four",)}


def test_disagreements_that_share_a_citation_are_one():
    told = (
        Disagreement("number", (1, 2), ("ثلاث", "۵")),
        Disagreement("person", (3, 9), ("x", "y")),
        Disagreement("place", (2, 3), ("بندر", "harbour")),
    )
    [contrast] = contrasts(quoting("ar", *HOURS.values(), disagreements=told))
    assert contrast.values == {1: ("ثلاث",), 2: ("۵", "بندر"), 3: ("harbour",)}


def test_a_disagreement_with_nobody_is_none():
    told = (Disagreement("date", (1, 7), ("أمس", "غدا")), Disagreement("date", (), ()))
    assert contrasts(quoting("ar", HOURS["ar"], disagreements=told)) == []
