"""Something that grows in one thread while others wait for it: answers, and whatever else is computed for several."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Growing(Generic[Part]):
    """What has come so far, and whether it has ended; given up when the last of those who wait for it has gone.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        """Begin empty, with nobody waiting."""
        self._lock = threading.Lock()
        self._parts: list[Part] = []
        self._ended = False
        self._error: BaseException | None = None
        self._followers: set[Callable[[], None]] = set()
        self._given_up = False
        self._when_given_up: list[Callable[[], object]] = []
        self._when_over: Callable[[], None] | None = None

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._given_up

    def add(self, part: Part) -> None:
        """Add what has come; nothing, once it has ended."""
        with self._lock:
            if self._ended:
                return
            self._parts.append(part)
        self._tell()

    def end(self, error: BaseException | None = None) -> None:
        """End it; an error is raised in those who wait. What has ended stays as it is."""
        with self._lock:
            if self._ended:
                return
            self._ended, self._error = True, error
        self._be_over([])
        self._tell()

    def give_up(self, error: BaseException) -> None:
        """End it with an error, and whatever is being done for it."""
        with self._lock:
            self._given_up, acts = True, self._when_given_up
        self.end(error)
        self._be_over(acts)

    def when_given_up(self, act: Callable[[], object]) -> None:
        """Do something when nobody waits any more: at once, where it is so already."""
        with self._lock:
            if not self._given_up:
                self._when_given_up.append(act)
                return
        act()

    def when_over(self, act: Callable[[], None]) -> None:
        """Do something, once, when it ends or is given up."""
        self._when_over = act

    def since(self, count: int) -> tuple[list[Part], bool]:
        """Return what has come after the first `count` parts, and whether that is all. Raises the error that ended it."""
        with self._lock:
            new, ended, error = self._parts[count:], self._ended, self._error
        if not new and error:
            raise error
        return new, ended and not error

    def join(self, follower: Callable[[], None]) -> bool:
        """Tell a follower of each change from now on, in the thread that makes it; False where it has been given up."""
        with self._lock:
            if self._given_up:
                return False
            self._followers.add(follower)
            return True

    def leave(self, follower: Callable[[], None]) -> None:
        """Tell a follower no more; with the last one it is given up, unless it has ended."""
        with self._lock:
            self._followers.discard(follower)
            if self._followers or self._ended or self._given_up:
                return
            self._given_up, acts = True, self._when_given_up
        self._be_over(acts)

    def _be_over(self, acts: Sequence[Callable[[], object]]) -> None:
        with self._lock:
            over, self._when_over = self._when_over, None
        for act in (*acts, *filter(None, [over])):
            act()

    def _tell(self) -> None:
        with self._lock:
            followers = list(self._followers)
        for follower in followers:
            try:
                follower()
            except RuntimeError:  # its event loop is gone, and with it who waited
                self.leave(follower)


class Follower(Generic[Part]):
    """One who waits for something that grows; it joins at once, so that what is followed is not given up meanwhile."""

    def __init__(self, growing: Growing[Part], tell: Callable[[], None]) -> None:
        """Join; `tell` wakes who waits."""
        self._growing = growing
        self._tell = tell
        self._count = 0
        self.has_joined = growing.join(tell)

    def new(self) -> tuple[list[Part], bool]:
        """Return what has come since the last look, and whether that was all. Raises the error that ended it."""
        parts, ended = self._growing.since(self._count)
        self._count += len(parts)
        return parts, ended

    def leave(self) -> None:
        """Go."""
        self._growing.leave(self._tell)


async def parts_of(growing: Callable[[Callable[[], None]], Follower[Part]]) -> AsyncGenerator[Part, None]:
    """Yield what grows, to its end, without holding up the event loop; `growing` gives the follower that `tell` wakes."""
    changed, loop = asyncio.Event(), asyncio.get_running_loop()
    follower = growing(lambda: _wake(loop, changed))
    try:
        while True:
            changed.clear()
            parts, ended = follower.new()
            for part in parts:
                yield part
            if ended:
                return
            if not parts:
                await changed.wait()
    finally:
        follower.leave()


def _wake(loop: asyncio.AbstractEventLoop, changed: asyncio.Event) -> None:
    loop.call_soon_threadsafe(changed.set)


class Waited(Iterator[Part]):
    """What grows, to its end, for the thread that waits for it. Closed from any other thread it ends at once, and is left."""

    def __init__(self, growing: Callable[[Callable[[], None]], Follower[Part]]) -> None:
        """Follow it from now on; `growing` gives the follower that `tell` wakes."""
        self._changed = threading.Event()
        self._closed = False
        self._come: list[Part] = []
        self._follower = growing(self._changed.set)

    def __iter__(self) -> Waited[Part]:
        return self

    def __next__(self) -> Part:
        while not self._closed:
            if self._come:
                return self._come.pop(0)
            self._changed.clear()
            try:
                self._come, ended = self._follower.new()
            except BaseException:
                self.close()
                raise
            if self._come:
                continue
            if ended:
                self.close()
            elif not self._closed:
                self._changed.wait()
        raise StopIteration

    def close(self) -> None:
        """Wait no more."""
        self._closed = True
        self._follower.leave()
        self._changed.set()

    def __del__(self) -> None:
        if hasattr(self, "_follower"):
            self.close()
