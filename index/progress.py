"""Who is told of a long run's stages: a progress bar in a terminal, a list in a test, nobody in a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

# Takes a line about what the user must wait for, or should know.
Tell = Callable[[str], None]


def silent(_: str) -> None:
    """Tell nobody."""


class Progress(Protocol):
    """Hears of the run's stages."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""

    def advance(self, steps: int) -> None:
        """Some steps of the stage are done."""


class Silent:
    """Progress that nobody hears."""

    def stage(self, name: str, total: int) -> None:
        """Say nothing."""

    def advance(self, steps: int) -> None:
        """Say nothing."""
