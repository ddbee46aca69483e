"""A small run of benchmarks/way_in.py: each file is found or named; and three seconds of damaged files."""

from __future__ import annotations

import pytest

from benchmarks.way_in import fuzz, measure

pytestmark = pytest.mark.adversarial


@pytest.mark.timeout(120)
def test_every_file_is_found_or_named(tmp_path):
    assert measure(tmp_path, 160) == 0


@pytest.mark.timeout(120)
def test_damaged_files_end_neither_the_run_nor_the_process(tmp_path):
    counted = fuzz(tmp_path / "fuzz", 3, seed=5)
    assert counted["files"] > 5 and not counted["crash"] and not counted["time"]
