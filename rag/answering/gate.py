"""A bounded line in front of those who answer: whoever asks gets a turn, however much somebody else asks for."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rag.answering import tuning
from rag.answering.meter import LineMeter, Unmetered
from rag.answering.types import Overloaded, Stopping

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, eq=False)
class Waiting(Generic[Thing]):
    """A thing in the line, for whom, and since when (`time.monotonic`)."""

    thing: Thing
    door: str
    asker: str
    since: float = field(default_factory=time.monotonic)


class Line(Generic[Thing]):
    """Things that wait for one of so many `seats`: doors take turns, at each door its askers, and of each the first is first.

    The page is a door of its own, so that its users wait for one answer of the programs' at most, not for a line of them.
    """

    def __init__(
        self,
        seats: int,
        meter: LineMeter | None = None,
        patience: float = tuning.PATIENCE,
        most: int = tuning.MOST_WAITING,
        most_of_one: int = tuning.MOST_OF_ONE,
    ) -> None:
        """Bound the line by the seconds that its last would wait (`patience`), by `most`, and by `most_of_one` asker."""
        self._seats = seats
        self._meter = meter or Unmetered()
        self._patience = patience
        self._most, self._most_of_one = most, most_of_one
        self._changed = threading.Condition()
        self._doors: dict[str, dict[str, deque[Waiting[Thing]]]] = {}
        self._count = 0
        self._at_work = 0
        self._mean = 0.0
        self._closed = False

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is at work."""
        return not self._count and not self._at_work

    def put(self, thing: Thing, asker: str, door: str = "") -> Waiting[Thing]:
        """Put a thing in the line. Raises Overloaded where it would wait too long, and Stopping once the line is closed."""
        with self._changed:
            if self._closed:
                raise Stopping
            of_one = len(self._doors.get(door, {}).get(asker, ()))
            late = self._wait(asker, door) - self._patience
            if self._count >= self._most or of_one >= self._most_of_one or late > 0:
                self._meter.refused()
                raise Overloaded(max(1, math.ceil(late)))
            waiting = Waiting(thing, door, asker)
            self._doors.setdefault(door, {}).setdefault(asker, deque()).append(waiting)
            self._count += 1
            self._meter.line(self._count)
            self._changed.notify()
            return waiting

    def wait(self, asker: str, door: str = "") -> float:
        """Return about how many seconds a thing would wait that an asker put in the line now."""
        with self._changed:
            return self._wait(asker, door)

    def take(self) -> Waiting[Thing] | None:
        """Wait for the thing whose turn is next and return it; None once the line is closed. Whoever takes one calls `done`."""
        with self._changed:
            while not self._count:
                if self._closed:
                    return None
                self._changed.wait()
            taken = self._next()
            self._at_work += 1
            self._meter.line(self._count)
        self._meter.waited(time.monotonic() - taken.since)
        return taken

    def done(self, seconds: float | None) -> None:
        """Hear that a thing is done, and what it took; None where that tells nothing of the next."""
        with self._changed:
            self._at_work -= 1
            if seconds is not None:
                self._mean += (seconds - self._mean) * (tuning.FRESH if self._mean else 1.0)

    def drop(self, waiting: Waiting[Thing]) -> bool:
        """Take a thing out of the line; False where it is not there any more."""
        with self._changed:
            askers = self._doors.get(waiting.door, {})
            own = askers.get(waiting.asker, deque())
            if waiting not in own:
                return False
            own.remove(waiting)
            self._forget_if_empty(waiting.door, waiting.asker)
            self._count -= 1
            self._meter.line(self._count)
            return True

    def close(self) -> list[Thing]:
        """Let nothing in any more, and return what was waiting; those who take from the line go."""
        with self._changed:
            self._closed = True
            left = [waiting.thing for waiting in self._waiting()]
            self._doors.clear()
            self._count = 0
            self._changed.notify_all()
            return left

    def _next(self) -> Waiting[Thing]:
        """Take the first thing of the first asker at the first door; asker and door go to the end."""
        door = next(iter(self._doors))
        askers = self._doors.pop(door)
        asker = next(iter(askers))
        own = askers.pop(asker)
        taken = own.popleft()
        if own:
            askers[asker] = own
        if askers:
            self._doors[door] = askers
        self._count -= 1
        return taken

    def _forget_if_empty(self, door: str, asker: str) -> None:
        askers = self._doors[door]
        if not askers[asker]:
            del askers[asker]
        if not askers:
            del self._doors[door]

    def _wait(self, asker: str, door: str) -> float:
        """Return the seconds until a further thing's turn.

        Before it go those of its asker, as many of every other at its door, and as many as that is of every other door.
        """
        askers = self._doors.get(door, {})
        own = len(askers.get(asker, ()))
        here = own + sum(min(len(queue), own + 1) for one, queue in askers.items() if one != asker)
        elsewhere = (sum(map(len, others.values())) for at, others in self._doors.items() if at != door)
        ahead = here + sum(min(count, here + 1) for count in elsewhere)
        return max(0, ahead + 1 - self._seats + self._at_work) * self._mean / self._seats

    def _waiting(self) -> Iterator[Waiting[Thing]]:
        for askers in self._doors.values():
            for queue in askers.values():
                yield from queue
