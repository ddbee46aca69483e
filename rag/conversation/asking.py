"""Questions of conversations -> their answers: each conversation's in their order, several conversations at once.

A question need not wait for a model that writes the answer before it: it begins when that one's quotes stand.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from queue import SimpleQueue
from typing import Protocol

from index.types import Filter, KhabarError
from rag.ask.question import QuestionError, QuestionTooLong
from rag.conversation.store import ConversationStore
from rag.conversation.types import Fault, Turn
from rag.filter import FilterError, FilterInput
from rag.generate.leash import Leash
from rag.types import Answer

_LOGGER = logging.getLogger(__name__)
# Questions that are answered at a time, of one conversation at most two, and questions that may wait.
_AT_ONCE = 16
_MOST_WAITING = 512
# Answers that no disk took and that can be read all the same.
_MOST_UNKEPT = 100


class Streams(Protocol):
    """What answers a question: rag.answer.Answerer."""

    def stream(self, question: str, history: Sequence[str] = (), within: Filter = ...) -> Iterator[Answer]:
        """Yield the answer as it grows. Raises KhabarError."""
        ...


class Busy(KhabarError):
    """More questions wait than can be answered soon."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(f"{_MOST_WAITING} questions are waiting already", "ask again in a minute; the question is kept")


class _Live:
    """A turn that has not ended, as it is now, those who follow it, and the leash by which its answer is ended.

    It is `aside` where a model writes it and the next question of its conversation has begun.
    """

    def __init__(self, visitor: str, conversation_id: str, turn: Turn) -> None:
        self.visitor = visitor
        self.conversation_id = conversation_id
        self.turn = turn
        self.stopped = False
        self.aside = False
        self.leash = Leash()
        self.followers: set[Callable[[], None]] = set()


class Asker:
    """Answers the questions of conversations in the background: what is asked goes on when its page is closed."""

    def __init__(
        self,
        answerer: Streams,
        store: ConversationStore,
        read_filter: Callable[[FilterInput], Filter],
        at_once: int = _AT_ONCE,
        answered: Callable[[Answer], None] = lambda _: None,
    ) -> None:
        """Keep what answers, where turns are stored, what makes a Filter of what was typed, and who hears of whole answers."""
        self._answerer = answerer
        self._store = store
        self._read_filter = read_filter
        self._answered = answered
        # Daemons: a server that is stopped does not wait for a model that writes.
        self._begun: SimpleQueue[_Live | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"asking-{number}", daemon=True) for number in range(at_once)]
        self._closed = False
        self._lock = threading.Lock()
        self._live: dict[str, _Live] = {}
        # The turns of a conversation that wait; one that is here at all has a question at work.
        self._queues: dict[str, deque[_Live]] = {}
        # Conversations of which a model writes an answer while the next question is at work.
        self._aside: set[str] = set()
        # The last turns that no disk took: nobody else has them.
        self._unkept: deque[_Live] = deque(maxlen=_MOST_UNKEPT)
        for thread in self._threads:
            thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return not self._live

    def ask(self, visitor: str, conversation_id: str, turn: Turn) -> Turn:
        """Take up a turn that has not ended, after those before it, and return it as it is now. Raises Busy."""
        if turn.has_ended:
            return turn
        with self._lock:
            if turn.turn_id in self._live:
                return self._live[turn.turn_id].turn
            # It may have ended since the caller read it; of one that no disk takes the caller knows more than the disk.
            turn = self._store.latest(conversation_id, turn) if turn.kept else turn
            if turn.has_ended:
                return turn
            if len(self._live) >= _MOST_WAITING:
                raise Busy
            live = self._live[turn.turn_id] = _Live(visitor, conversation_id, replace(turn, state="waiting", answer=None))
            if conversation_id in self._queues:
                self._queues[conversation_id].append(live)
            else:
                self._queues[conversation_id] = deque()
                self._begun.put(live)
            return live.turn

    def find(self, visitor: str, conversation_id: str, turn_id: str) -> Turn | None:
        """Return a turn that is at work or waiting, or that no disk took."""
        live = self._held(turn_id)
        if live is None or (live.visitor, live.conversation_id) != (visitor, conversation_id):
            return None
        return live.turn

    def _held(self, turn_id: str) -> _Live | None:
        unkept = (live for live in list(self._unkept) if live.turn.turn_id == turn_id)
        return self._live.get(turn_id) or next(unkept, None)

    def stop(self, conversation_id: str, turn_id: str) -> Turn | None:
        """Stop a turn at once, with what there is of its answer, and the model that writes it; the next question begins."""
        with self._lock:
            live = self._live.get(turn_id)
            if live is None or live.conversation_id != conversation_id or live.stopped:
                return None
            live.stopped = True
            waiting = self._queues.get(conversation_id, deque())
            is_waiting = live in waiting
            if is_waiting:
                waiting.remove(live)
        live.leash.pull()
        self._end(live, replace(live.turn, state="stopped", quoted=None))
        if not is_waiting:
            self._make_way(live)
        return live.turn

    async def follow(self, conversation_id: str, turn: Turn) -> AsyncIterator[Turn]:
        """Yield a turn as it is now and after each change, to its end."""
        live = self._held(turn.turn_id)
        if live is None:
            yield self._store.latest(conversation_id, turn)
            return
        changed, loop = asyncio.Event(), asyncio.get_running_loop()

        def tell() -> None:
            loop.call_soon_threadsafe(changed.set)

        live.followers.add(tell)
        try:
            while True:
                changed.clear()
                now = live.turn
                yield now
                if now.has_ended:
                    return
                await changed.wait()
                if self._closed:
                    return
        finally:
            live.followers.discard(tell)

    def close(self) -> None:
        """Stop everything; what is unanswered is taken up when its conversation is opened again."""
        self._closed = True
        with self._lock:
            left = list(self._live.values())
            for live in left:
                live.stopped = True
            self._queues.clear()
        for live in left:
            live.leash.pull()
            self._tell(live)
        for _ in self._threads:
            self._begun.put(None)

    def _work(self) -> None:
        """Answer what is begun, until there is nothing more."""
        while live := self._begun.get():
            try:
                self._run(live)
            except Exception:
                _LOGGER.exception("a question of conversation %s was left", live.conversation_id)

    def _run(self, live: _Live) -> None:
        """Answer one turn, then let the next of its conversation begin."""
        for turn in self._grow(live):
            with self._lock:
                if live.stopped:
                    return
                live.stopped = turn.has_ended
                if not turn.has_ended:
                    live.turn = turn
            if turn.has_ended:
                if turn.state == "over" and turn.answer:
                    self._answered(turn.answer)
                self._end(live, turn)
                self._make_way(live)
            else:
                self._tell(live)
                if turn.answer and turn.answer.drafted:
                    self._step_aside(live)

    def _grow(self, live: _Live) -> Iterator[Turn]:
        """Yield a turn as its answer grows; a fault ends it."""
        turn = replace(live.turn, state="working")
        yield turn
        try:
            turn = replace(turn, within=self._read_filter(turn.choice))
            history = self._store.history(live.conversation_id, turn)
            answers = self._answerer.stream(turn.question, history, turn.within)
            live.leash.hold(answers)
            quoted: Answer | None = None
            for answer in answers:
                quoted = answer if answer.mode == "quotes" else quoted
                turn = replace(turn, answer=answer, quoted=None if answer is quoted else quoted)
                yield turn
        except Exception as error:
            yield replace(turn, state="failed", fault=fault_of(error), quoted=None)
            return
        finally:
            live.leash.pull()
        yield replace(turn, state="over", quoted=None)

    def _step_aside(self, live: _Live) -> None:
        """Let the next question of a conversation begin while a model writes: the quotes stand, and what it may lean on.

        One at most is written so; a second waits for it.
        """
        with self._lock:
            if live.stopped or live.aside or live.conversation_id in self._aside:
                return
            self._store.put(live.conversation_id, live.turn)
            live.aside = True
            self._aside.add(live.conversation_id)
            self._next(live.conversation_id)

    def _make_way(self, live: _Live) -> None:
        """Let the next question of a conversation begin, behind one that has ended."""
        with self._lock:
            if live.aside:
                self._aside.discard(live.conversation_id)
            else:
                self._next(live.conversation_id)

    def _next(self, conversation_id: str) -> None:
        """Let the next question of a conversation begin; the lock is held."""
        waiting = self._queues.get(conversation_id)
        if waiting:
            self._begun.put(waiting.popleft())
        else:
            self._queues.pop(conversation_id, None)

    def _end(self, live: _Live, turn: Turn) -> None:
        # Stored before it is told: whoever reads of the end can rely on what is stored.
        live.turn = self._store.put(live.conversation_id, turn)
        with self._lock:
            for old in [old for old in self._unkept if old.turn.turn_id == turn.turn_id]:
                self._unkept.remove(old)
            if not live.turn.kept:
                self._unkept.append(live)
        self._tell(live)
        with self._lock:
            self._live.pop(turn.turn_id, None)

    def _tell(self, live: _Live) -> None:
        for tell in list(live.followers):
            try:
                tell()
            except RuntimeError:  # its event loop is gone, and with it who followed
                live.followers.discard(tell)


def fault_of(error: Exception) -> Fault:
    """Return what a reader is told of an error; a bug is logged."""
    if isinstance(error, FilterError):
        return Fault("filter", error.problem, error.remedy, error.fault, error.value)
    if isinstance(error, QuestionTooLong):
        return Fault("too_long", error.problem, error.remedy)
    if isinstance(error, QuestionError):
        return Fault("no_words", error.problem, error.remedy)
    if isinstance(error, KhabarError):
        return Fault("away", error.problem, error.remedy)
    _LOGGER.error("a question from the page failed", exc_info=error)
    return Fault("broken", "this question broke something in Khabar", "see the terminal that it runs in")
