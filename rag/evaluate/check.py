"""A check: fixed questions asked in the background of a server, one run at a time, which waits while anybody else asks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from index.catalog import Catalog
from index.processors import step_back
from index.types import Filter, KhabarError
from rag.ask.question import QuestionError
from rag.evaluate.fixed_question import FixedQuestion
from rag.evaluate.run import Row, judge, refused
from rag.types import Answer

_LOGGER = logging.getLogger(__name__)
# Seconds between two looks at whether anybody asks, and for which nobody has asked when it goes on.
_LOOK_SECONDS = 0.2
_REST_SECONDS = 2.0

# waiting: while somebody asks; failed: of a bug, or of a store or a model that is away.
State = Literal["none", "running", "waiting", "stopped", "over", "failed"]


class Streams(Protocol):
    """What answers a question: rag.answer.Answerer."""

    def stream(self, question: str, history: Sequence[str] = (), within: Filter = ...) -> Iterator[Answer]:
        """Yield the answer as it grows. Raises KhabarError."""
        ...


class AlreadyRunning(KhabarError):
    """A check is at work already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("a check is running already", "wait for its end, or stop it")


@dataclass(frozen=True, slots=True)
class Check:
    """A run as it is now: how each question went so far, of how many; `problem` is what ended it early.

    `before` tells which questions were answered rightly when they were last asked, by id.
    """

    state: State = "none"
    total: int = 0
    rows: tuple[Row, ...] = ()
    problem: str = ""
    before: Mapping[str, bool] = field(default_factory=dict)

    @property
    def is_at_work(self) -> bool:
        """Whether it has not ended."""
        return self.state in {"running", "waiting"}

    @property
    def turned(self) -> tuple[list[Row], list[Row]]:
        """The questions that are right now and were wrong, and those that are wrong now and were right."""
        known = [row for row in self.rows if self.before.get(row.id, row.correct) != row.correct]
        return [row for row in known if row.correct], [row for row in known if not row.correct]


class Checks:
    """Runs checks, one after the other, each in a thread of its own that steps back behind all others."""

    def __init__(
        self,
        answerer: Streams,
        catalog: Catalog,
        is_idle: Callable[[], bool],
        ended: Callable[[Check], None] = lambda _: None,
        look_seconds: float = _LOOK_SECONDS,
        rest_seconds: float = _REST_SECONDS,
    ) -> None:
        """Keep what answers, the catalog to compare quotes with, what tells whether nobody asks, and who hears of an end."""
        self._answerer = answerer
        self._catalog = catalog
        self._is_idle = is_idle
        self._ended = ended
        self._look_seconds = look_seconds
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._now = Check()
        self._thread: threading.Thread | None = None

    def now(self) -> Check:
        """Return the run as it is, or the last one."""
        return self._now

    def start(self, questions: Sequence[FixedQuestion], before: Mapping[str, bool]) -> Check:
        """Begin to ask the questions; `before` is how they went the last time. Raises AlreadyRunning."""
        with self._lock:
            if self._now.is_at_work:
                raise AlreadyRunning
            self._stopping = threading.Event()
            self._now = Check("running", len(questions), before=before)
            run = (tuple(questions), self._stopping)
            self._thread = threading.Thread(target=self._run, args=run, name="check", daemon=True)
            self._thread.start()
            return self._now

    def stop(self) -> None:
        """Let the run end; what is answered stays. It waits for the question at work."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, and wait the second that it takes."""
        self.stop()
        if self._thread:
            self._thread.join(10)

    def _run(self, questions: Sequence[FixedQuestion], stopping: threading.Event) -> None:
        """Ask the questions; whatever happens, the run has ended then, and another can begin."""
        ended = replace(self._now, state="failed")
        try:
            step_back()
            ended = self._asked(questions, stopping)
            with suppress(KhabarError):  # on a full disk the next check has nothing to compare with
                self._ended(ended)
        except KhabarError as error:
            ended = replace(self._now, state="failed", problem=str(error))
        except Exception as error:
            _LOGGER.exception("a check failed")
            ended = replace(self._now, state="failed", problem=f"{type(error).__name__}; the server's log has the details")
        finally:
            self._now = ended

    def _asked(self, questions: Sequence[FixedQuestion], stopping: threading.Event) -> Check:
        """Return the run as it is once the questions are asked, or it was stopped. Raises KhabarError."""
        for question in questions:
            row = self._row(question, stopping)
            if row is None:
                break
            self._now = replace(self._now, state="running", rows=(*self._now.rows, row))
        over = len(self._now.rows) == len(questions)
        return replace(self._now, state="over" if over else "stopped")

    def _row(self, question: FixedQuestion, stopping: threading.Event) -> Row | None:
        """Return how a question went, asked again from its beginning where somebody asked meanwhile; None if stopped."""
        while self._has_room(stopping):
            started = time.perf_counter()
            answer = self._answer(question, stopping)
            if answer:
                return judge(question, answer, self._catalog, time.perf_counter() - started)
        return None

    def _has_room(self, stopping: threading.Event) -> bool:
        """Wait until nobody asks; return whether to go on."""
        rest = 0.0
        while not stopping.is_set() and (rest > 0 or not self._is_idle()):
            self._now = replace(self._now, state="waiting")
            # Who has asked will ask again: it goes on only when nobody has for a while.
            rest = rest - self._look_seconds if self._is_idle() else self._rest_seconds
            stopping.wait(self._look_seconds)
        self._now = replace(self._now, state="running")
        return not stopping.is_set()

    def _answer(self, question: FixedQuestion, stopping: threading.Event) -> Answer | None:
        """Return the whole answer, or None where a reader or a stop came before its end."""
        last: Answer | None = None
        try:
            for answer in self._answerer.stream(question.question, question.history, question.filter):
                if stopping.is_set() or not self._is_idle():
                    return None
                last = answer
        except QuestionError as error:
            return refused(question, error)
        return last
