"""A lane: a line, and the threads that do what stands in it, each at a seat of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rag.answering import tuning
from rag.answering.gate import Line
from rag.answering.growing import Growing
from rag.answering.meter import Meter
from rag.answering.seat import Seat
from rag.answering.types import Stopping


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is done at a seat, for those who wait for `growing`; an exception ends that."""

    growing: Growing[Any]
    do: Callable[[Seat], None]


class Lane:
    """Does tasks in their turn, as many at once as it has seats; of what nobody waits for any more, nothing."""

    def __init__(
        self, name: str, seats: Sequence[Seat], meter: Meter | None = None, patience: float = tuning.PATIENCE
    ) -> None:
        """Start a thread for each seat; `meter` hears of the line, where one is given."""
        self._line: Line[Task] = Line(len(seats), meter.lane(name) if meter else None, patience)
        self._seats = tuple(seats)
        # Daemons: a server that is stopped does not wait for a model that writes.
        self._threads = [
            threading.Thread(target=self._serve, args=(seat,), name=f"{name}-{number}", daemon=True)
            for number, seat in enumerate(seats)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is at work."""
        return self._line.is_idle

    def put(self, task: Task, asker: str, door: str) -> None:
        """Put a task in the line, which it leaves when nobody waits for it. Raises Overloaded and Stopping."""
        waiting = self._line.put(task, asker, door)
        task.growing.when_given_up(lambda: self._line.drop(waiting))

    def close(self) -> None:
        """End what waits and what is at work at a seat; the threads go when they have done what they are at."""
        for task in self._line.close():
            task.growing.end(Stopping())
        for seat in self._seats:
            seat.close()

    def join(self, seconds: float) -> None:
        """Wait for the threads, up to some seconds in all."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _serve(self, seat: Seat) -> None:
        while waiting := self._line.take():
            task, began = waiting.thing, time.monotonic()
            took = None
            try:
                if not task.growing.is_given_up:
                    task.do(seat)
                    took = time.monotonic() - began
            except BaseException as error:  # whatever it is, also a panic of a library, it belongs to who asked
                task.growing.end(error)
            finally:
                self._line.done(took)
