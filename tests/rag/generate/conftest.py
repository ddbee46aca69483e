"""What the tests of the generators share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def one_thread():
    """Let llama.cpp compute in one thread: two that wait for each other crawl where other programs are at work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("multiprocessing.cpu_count", lambda: 1)
        yield
