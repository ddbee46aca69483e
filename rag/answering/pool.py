"""Answers many askers: each question takes its turn in a lane, equal ones are computed once, and a model writes apart."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import AsyncGenerator, Callable, Hashable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar

from index.types import EVERYTHING, Filter, KhabarError
from rag.answer import Answerer, Draftable, Quoted, being_written
from rag.answering import tuning
from rag.answering.growing import Follower, Growing, Waited, parts_of
from rag.answering.lane import Lane, Task
from rag.answering.memory import Memory
from rag.answering.meter import Meter, Unmetered
from rag.answering.seat import OwnSeat, Seat
from rag.answering.types import Asked, Overloaded, Stopping
from rag.generate.leash import Leash
from rag.phrases import say
from rag.retrieve.matches import Match
from rag.types import Answer, DraftCount, Passage

Result = TypeVar("Result")

# The doors that take turns.
_PROGRAMS = "programs"
_PAGE = "page"


class Pool:
    """The lanes of a server: searches, answers (with a reader in a lane of their own), what a model writes, and all else."""

    def __init__(
        self,
        answerer: Answerer,
        memory: Memory,
        searching: Sequence[Seat],
        reading: Sequence[Seat] = (),
        writers: int = 1,
        meter: Meter | None = None,
    ) -> None:
        """Start the lanes, with a thread for each seat: `reading` are those of answers, where these have a lane of their own.

        `writers` is how many answers the language model writes at once; `meter` hears how questions go.
        """
        own = OwnSeat(answerer)
        self._answerer = answerer
        self._memory = memory
        self._meter = meter or Unmetered()
        self._searching = Lane("searching", searching, self._meter)
        self._quoting = Lane("reading", reading, self._meter) if reading else self._searching
        self._writing = Lane("writing", [own] * writers, self._meter, tuning.PATIENCE_FOR_A_WRITER)
        self._aside = Lane("aside", [own] * tuning.ASIDE, self._meter)
        self._lock = threading.Lock()
        self._live: dict[Hashable, Growing[Any]] = {}
        self._remembered = -math.inf
        self._closed = False

    # What programs ask

    async def stream(self, asked: Asked, asker: str) -> AsyncGenerator[Answer, None]:
        """Yield an answer as it grows; the last one is whole. Raises KhabarError."""
        last: Answer | None = None
        async with aclosing(parts_of(lambda tell: self._followed(asked, asker, _PROGRAMS, tell))) as answers:
            async for last in answers:
                yield last
        if last:
            self._meter.answered(last, remembered="remembered_ms" in last.timings)

    async def answer(self, asked: Asked, asker: str) -> Answer:
        """Return the whole answer. Raises KhabarError."""
        async with aclosing(self.stream(asked, asker)) as answers:
            async for answer in answers:
                last = answer
        return last

    async def search(self, asked: Asked, top_k: int, asker: str) -> list[Passage]:
        """Return the passages nearest to a question, best first. Raises KhabarError."""
        return await self._found("search", asked, top_k, asker, lambda seat: seat.search(asked, top_k))

    async def explained(self, asked: Asked, top_k: int, asker: str) -> list[tuple[Passage, tuple[Match, ...]]]:
        """Return the same passages, each with where it holds the question's terms. Raises KhabarError."""
        return await self._found("explain", asked, top_k, asker, lambda seat: seat.explained(asked, top_k))

    async def _found(
        self, name: str, asked: Asked, top_k: int, asker: str, search: Callable[[Seat], list[Result]]
    ) -> list[Result]:
        key = (name, asked.question, asked.history, asked.within, asked.meaning, top_k)

        def begin(growing: Growing[list[Result]], keep: Callable[[Any], None]) -> None:
            def find(seat: Seat) -> None:
                found = search(seat)
                keep(found)
                growing.add(found)
                growing.end()

            self._searching.put(Task(growing, find), asker, _PROGRAMS)

        return await _only(lambda tell: self._shared(key, begin, lambda found, _: [found], tell))

    async def run(self, work: Callable[[], Result], asker: str) -> Result:
        """Return what other work on the archive comes to."""

        def began(tell: Callable[[], None]) -> Follower[Result]:
            growing: Growing[Result] = Growing()
            follower = Follower(growing, tell)

            def do(_: Seat) -> None:
                growing.add(work())
                growing.end()

            self._aside.put(Task(growing, do), asker, _PROGRAMS)
            return follower

        return await _only(began)

    # What the page asks

    def of_page(self) -> PageAnswers:
        """Return what answers the page, at a door of its own."""
        return PageAnswers(lambda asked, tell: self._followed(asked, "page", _PAGE, tell))

    # Coming and going

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked, and nothing was lately that was answered from memory."""
        if time.monotonic() - self._remembered < tuning.STILL_THERE:
            return False
        return all(lane.is_idle for lane in (self._searching, self._quoting, self._writing))

    def let_go(self) -> None:
        """End whatever is waited for: the server stops."""
        with self._lock:
            self._closed = True
            left = list(self._live.values())
        for growing in left:
            growing.give_up(Stopping())
        for lane in self._lanes():
            lane.close()

    def close(self) -> None:
        """End everything, and wait some moments for what is at work."""
        self.let_go()
        for lane in self._lanes():
            lane.join(tuning.STOPPING / 4)

    def _lanes(self) -> tuple[Lane, ...]:
        return tuple(dict.fromkeys((self._searching, self._quoting, self._writing, self._aside)))

    # One question

    def _followed(self, asked: Asked, asker: str, door: str, tell: Callable[[], None]) -> Follower[Answer]:
        key = ("answer", asked.question, asked.history, asked.within, asked.write)

        def begin(growing: Growing[Answer], keep: Callable[[Any], None]) -> None:
            since = time.monotonic()

            def quote(seat: Seat) -> None:
                waited = time.monotonic() - since
                quoted = seat.quote(asked)
                quoted = replace(quoted, answer=_after(quoted.answer, wait=waited))
                if asked.write and quoted.draftable:
                    growing.add(being_written(quoted.answer))
                    self._hand_on(growing, quoted, quoted.draftable, keep, asker, door, waited)
                    return
                growing.add(quoted.answer)
                if quoted.lasting:
                    keep(quoted.answer)
                growing.end()

            # A follow-up that a model of this process completes waits for that model, and holds up nobody else.
            lane = self._writing if asked.history and self._answerer.completes_by_model else self._quoting
            lane.put(Task(growing, quote), asker, door)

        return self._shared(key, begin, _remembered, tell)

    def _hand_on(
        self,
        growing: Growing[Answer],
        quoted: Quoted,
        draftable: Draftable,
        keep: Callable[[Any], None],
        asker: str,
        door: str,
        waited: float,
    ) -> None:
        """Let a model write the answer; where it would take too long until then, the quotes are the answer."""
        since = time.monotonic()

        def write(_: Seat) -> None:
            leash = Leash()
            growing.when_given_up(leash.pull)
            began = time.monotonic()
            before = waited + began - since
            last: Answer | None = None
            for written in self._answerer.write(draftable, leash):
                if growing.is_given_up:
                    return
                last = _after(written, wait=before, write=time.monotonic() - began)
                growing.add(last)
            if last and quoted.lasting and last.drafted != DraftCount():
                keep(last)
            growing.end()

        try:
            self._writing.put(Task(growing, write), asker, door)
        except Overloaded:
            notice = say("writer_busy", quoted.answer.language)
            growing.add(replace(quoted.answer, notices=(*quoted.answer.notices, notice)))
            growing.end()

    def _shared(
        self,
        key: Hashable,
        begin: Callable[[Growing[Any], Callable[[Any], None]], None],
        known: Callable[[Any, float], Sequence[Any]],
        tell: Callable[[], None],
    ) -> Follower[Any]:
        """Return a follower of what is asked by `key`: of what is known, of what is at work already, or of what `begin` begins.

        `begin` gets what to let grow, and what remembers its end. Raises what it raises.
        """
        began = time.monotonic()
        state = self._memory.state()
        found = self._memory.find(key, state)
        if found is not None:
            self._remembered = began
            growing: Growing[Any] = Growing()
            follower = Follower(growing, tell)
            for part in known(found, time.monotonic() - began):
                growing.add(part)
            growing.end()
            return follower
        with self._lock:
            if self._closed:
                raise Stopping
            at_work = self._live.get((key, state))
            if at_work and (follower := Follower(at_work, tell)).has_joined:
                return follower
            growing = self._live[key, state] = Growing()
            follower = Follower(growing, tell)
        growing.when_over(lambda: self._forget((key, state), growing))
        try:
            begin(growing, lambda value: self._memory.keep(key, state, value))
        except BaseException as error:
            growing.end(error)
            raise
        return follower

    def _forget(self, key: Hashable, growing: Growing[Any]) -> None:
        with self._lock:
            if self._live.get(key) is growing:
                del self._live[key]


class PageAnswers:
    """Answers the questions of conversations, each in the thread that asks; see rag/conversation/asking.py."""

    def __init__(self, followed: Callable[[Asked, Callable[[], None]], Follower[Answer]]) -> None:
        """Keep what answers."""
        self._followed = followed

    def stream(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Waited[Answer]:
        """Return the answer as it grows; the last one is whole. Closing it, from any thread, ends a model that writes it.

        Raises KhabarError, then or later.
        """
        asked = Asked(question, tuple(history), within)
        return Waited(lambda tell: self._followed(asked, tell))


async def _only(follow: Callable[[Callable[[], None]], Follower[Result]]) -> Result:
    """Return the only part of what grows."""
    async with aclosing(parts_of(follow)) as parts:
        async for part in parts:
            return part
    raise KhabarError("nothing came of it", "ask again")


def _remembered(answer: Answer, seconds: float) -> list[Answer]:
    """Return an answer that is known, with timings that say so and what finding it took."""
    took = round(1000 * seconds, 2)
    return [replace(answer, timings={"retrieve_ms": 0.0, "answer_ms": took, "remembered_ms": took})]


def _after(answer: Answer, **seconds: float) -> Answer:
    """Return an answer with the milliseconds that it waited for its turn, and that a model has written on it."""
    return replace(answer, timings=answer.timings | {f"{name}_ms": round(1000 * took, 2) for name, took in seconds.items()})
