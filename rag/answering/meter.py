"""Who hears of how questions go, so that an operator can see it: the protocols, and one that hears nothing."""

from __future__ import annotations

from typing import Protocol

from rag.types import Answer


class LineMeter(Protocol):
    """Hears of one line; from any thread, at once, and never with an exception."""

    def line(self, waiting: int) -> None:
        """Hear how many wait for their turn now."""
        ...

    def waited(self, seconds: float) -> None:
        """Hear how long one has waited for its turn, which has come."""
        ...

    def refused(self) -> None:
        """Hear that one was sent away, because the line was full."""
        ...


class Meter(Protocol):
    """Hears of what answers many; from any thread, at once, and never with an exception."""

    def lane(self, name: str) -> LineMeter:
        """Return who hears of the line of a lane."""
        ...

    def answered(self, answer: Answer, *, remembered: bool = False) -> None:
        """Hear of a whole answer; `remembered` are those that were not made again, because the same had been asked before."""
        ...


class Unmetered:
    """Hears nothing."""

    def lane(self, name: str) -> LineMeter:
        """Return one that hears nothing either."""
        return self

    def line(self, waiting: int) -> None:
        """Do nothing."""

    def waited(self, seconds: float) -> None:
        """Do nothing."""

    def refused(self) -> None:
        """Do nothing."""

    def answered(self, answer: Answer, *, remembered: bool = False) -> None:
        """Do nothing."""
