"""A check in the background: it ends, is stopped, waits for readers, and outlives what breaks."""

import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from index.types import EVERYTHING, KhabarError
from rag.ask.question import QuestionError
from rag.evaluate.check import AlreadyRunning, Checks
from rag.evaluate.fixed_question import FixedQuestion
from rag.evaluate.results import Results
from rag.evaluate.run import by_group, compared
from tests.ui import staged

ANSWER = staged.direct("fa")


def question(name, **more):
    given = {"language": "fa", "kind": "what", "question": f"پرسش {name}", "any": ("۵ ساعت",)}
    return FixedQuestion(id=name, **(given | more))


class Catalog:
    def article(self, article_id):
        return None


class Answering:
    """Answers each question in two steps; before the second it waits where it is told to."""

    def __init__(self, *, hold=frozenset(), fail=None):
        self.asked, self.hold, self.fail = [], set(hold), fail
        self.reached, self.go_on = threading.Event(), threading.Event()

    def stream(self, text, history=(), within=EVERYTHING):
        name = text.split()[-1]
        self.asked.append(name)
        if self.fail and name == "b":
            raise self.fail
        if name in self.hold:
            self.hold.remove(name)
            self.reached.set()
            assert self.go_on.wait(20)
        yield replace(ANSWER, direct=None)
        yield ANSWER


def checks(answering, is_idle=lambda: True, **more):
    return Checks(answering, Catalog(), is_idle, look_seconds=0.01, rest_seconds=0.02, **more)


def ended(running):
    running._thread.join(20)
    return running.now()


def test_a_check_asks_every_question_and_tells_how_each_went():
    heard = []
    running = checks(Answering(), ended=heard.append)
    assert running.now().state == "none"
    running.start([question("a"), question("b", any=("نه ساعت",)), question("c")], {"a": False, "b": True, "c": True})
    now = ended(running)
    assert now.state == "over" and [row.correct for row in now.rows] == [True, False, True] and now.total == 3
    better, worse = now.turned
    assert [row.id for row in better] == ["a"] and [row.id for row in worse] == ["b"] and heard == [now]


def test_one_check_at_a_time_and_the_next_after_it():
    answering = Answering(hold={"a"})
    running = checks(answering)
    running.start([question("a")], {})
    assert answering.reached.wait(20)
    with pytest.raises(AlreadyRunning):
        running.start([question("b")], {})
    answering.go_on.set()
    assert ended(running).state == "over"
    running.start([question("b")], {})
    assert [row.id for row in ended(running).rows] == ["b"]


def test_a_check_that_is_stopped_keeps_what_is_answered():
    answering = Answering(hold={"b"})
    running = checks(answering)
    running.start([question("a"), question("b"), question("c")], {})
    assert answering.reached.wait(20)
    running.stop()
    answering.go_on.set()
    now = ended(running)
    assert now.state == "stopped" and [row.id for row in now.rows] == ["a"] and answering.asked == ["a", "b"]


def test_a_check_waits_while_a_reader_asks_and_asks_the_question_again():
    idle = threading.Event()
    idle.set()
    answering = Answering(hold={"b"})
    running = checks(answering, idle.is_set)
    running.start([question("a"), question("b")], {})
    assert answering.reached.wait(20)
    idle.clear()
    answering.go_on.set()
    waited = threading.Event()
    for _ in range(2000):
        if running.now().state == "waiting":
            waited.set()
            break
        threading.Event().wait(0.01)
    assert waited.is_set() and [row.id for row in running.now().rows] == ["a"]
    idle.set()
    assert [row.id for row in ended(running).rows] == ["a", "b"] and answering.asked == ["a", "b", "b"]


@pytest.mark.parametrize("error", [KhabarError("the store is away", "wait"), RuntimeError("boom")])
def test_what_breaks_ends_the_check_and_is_told(error):
    running = checks(Answering(fail=error))
    running.start([question("a"), question("b"), question("c")], {})
    now = ended(running)
    assert now.state == "failed" and now.problem and "boom" not in now.problem and [row.id for row in now.rows] == ["a"]
    running.start([question("a")], {})
    assert ended(running).state == "over"


def test_a_question_that_is_refused_is_an_abstention():
    running = checks(Answering(fail=QuestionError("no words", "write some")))
    running.start([question("b", any=(), abstain=True)], {})
    assert [row.correct for row in ended(running).rows] == [True]


def test_how_questions_went_is_kept_and_a_full_disk_is_no_failure():
    with closing(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)) as connection:

        @contextmanager
        def lend():
            yield connection

        results = Results(lend)
        running = checks(Answering(), ended=lambda now: results.put(now.rows))
        for wanted in (("۵ ساعت",), ("نه ساعت",)):
            running.start([question("a", any=wanted), question("b")], results.all())
            now = ended(running)
        assert results.all() == {"a": False, "b": True} and now.before == {"a": True, "b": True}

    def full(_):
        raise KhabarError("the disk is full", "free it")

    running = checks(Answering(), ended=full)
    running.start([question("a")], {})
    assert ended(running).state == "over"


def test_a_bug_at_the_end_of_a_check_does_not_keep_another_from_beginning():
    def broken(_):
        raise RuntimeError("boom")

    running = checks(Answering(), ended=broken)
    for _ in range(2):
        running.start([question("a")], {})
        now = ended(running)
        assert now.state == "failed" and "RuntimeError" in now.problem and "boom" not in now.problem


def test_only_groups_of_as_many_questions_are_compared():
    running = checks(Answering())
    running.start([question("a"), question("b", any=("نه ساعت",)), question("c", kind="who")], {})
    groups = by_group(ended(running).rows)
    old = {"correct": 1.0, "cited": None, "verbatim": 0.0, "abstained_rightly": None, "direct": 0.5}
    told = compared(groups, {"all": {**old, "questions": 3}, "kind what": {**old, "questions": 9}, "gone": old})
    assert told == {"all": {"correct": (0.6667, 1.0), "verbatim": (0.0, 0.0), "direct": (0.6667, 0.5)}}
