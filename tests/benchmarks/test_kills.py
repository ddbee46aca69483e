from __future__ import annotations

import pytest

from benchmarks.kills import run_kills

pytestmark = pytest.mark.crash


def test_a_few_random_kills_lose_nothing_and_double_nothing(tmp_path):
    outcome = run_kills(4, 18, 7, tmp_path)
    assert outcome.killed == 4 and outcome.faults == ()
