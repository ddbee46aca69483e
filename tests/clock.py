"""A clock for tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Clock:
    """Tells seconds: those that a test has put it to, and `step` more each time that it is asked."""

    time: float = 1_764_000_000.0
    step: float = 0.0

    def __call__(self) -> float:
        self.time += self.step
        return self.time
