from __future__ import annotations

import pytest

from benchmarks.growth import grow

pytestmark = pytest.mark.slow


def test_an_archive_that_grows_is_measured_at_each_size(tmp_path):
    first, second = grow([6, 12], tmp_path, questions=3)
    assert (first.chunks, second.chunks) == (6, 12)
    assert second.catalog_mb >= first.catalog_mb > 0 and second.analysed_per_second > 0
    assert 0 < second.p50_ms <= second.p95_ms and second.memory_mb > 10
    assert second.ask_ms > 0
