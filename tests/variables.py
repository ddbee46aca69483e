"""The KHABAR_* variables of whoever runs the tests, out of their way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def without_variables() -> Iterator[None]:
    """Take them away for a while: one that says what tests need, such as KHABAR_REQUIRE_BROWSER, holds elsewhere."""
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("KHABAR_")]:
            patched.delenv(name)
        yield
