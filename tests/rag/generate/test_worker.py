"""The thread that drafts: in turn, for a bounded line of askers, and no longer than somebody listens."""

import ctypes
import gc
import threading
import time
import weakref

import pytest

from rag.generate.generator import GenerationError
from rag.generate.worker import Flag, Worker


class Stage:
    """A work that writes its first piece, waits for a sign, and then writes on until its flag is raised."""

    def __init__(self):
        self.began, self.go_on, self.ended = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, cancelled):
        try:
            self.began.set()
            yield "أول"
            assert self.go_on.wait(20)
            while not cancelled:
                yield "دوم"
        finally:
            self.ended.set()


def writes(*pieces):
    return lambda cancelled: iter(pieces)


def fails(error):
    def work(cancelled):
        yield "نص"
        raise error

    return work


def test_a_flag_is_a_string_for_c_and_a_truth_for_python():
    strlen = ctypes.CDLL(None).strlen
    flag = Flag()
    assert not flag and strlen(flag.text) == 0
    flag.hoist()
    flag.hoist()
    assert flag and strlen(flag.text) == 1


def test_pieces_come_as_they_were_written_without_empty_ones():
    assert list(Worker().ask(writes("سلام", "", "‌ی ", "12"))) == ["سلام", "‌ی ", "12"]
    assert list(Worker().ask(writes())) == []


def test_a_failure_comes_after_the_pieces_before_it_and_the_next_asker_is_served():
    worker = Worker()
    broken = worker.ask(fails(GenerationError("out of memory", "ask again")))
    after = worker.ask(writes("بعد"))
    assert next(broken) == "نص"
    with pytest.raises(GenerationError, match="out of memory"):
        next(broken)
    assert list(broken) == [] and list(after) == ["بعد"]


def test_one_works_at_a_time_in_the_order_asked():
    worker, at_work, order = Worker(places=20), [], []

    def work(number):
        def write(cancelled):
            at_work.append(number)
            assert len(at_work) == 1
            order.append(number)
            yield str(number)
            at_work.remove(number)

        return write

    asked = [worker.ask(work(number)) for number in range(15)]
    assert [list(pieces) for pieces in asked] == [[str(number)] for number in range(15)]
    assert order == list(range(15))


def test_a_full_line_is_told_at_once_and_has_room_again_when_somebody_leaves():
    worker, stage = Worker(places=2), Stage()
    served = worker.ask(stage)
    assert stage.began.wait(10)
    first, second = worker.ask(writes("۱")), worker.ask(writes("۲"))
    with pytest.raises(GenerationError, match="busy") as caught:
        worker.ask(writes("۳"))
    assert "a minute" in caught.value.remedy
    first.close()
    third = worker.ask(writes("۳"))
    served.close()
    stage.go_on.set()
    assert (list(first), list(second), list(third)) == ([], ["۲"], ["۳"])


def test_an_asker_whose_turn_does_not_come_is_told_and_gives_up_its_place():
    worker, stage = Worker(places=1, patience=0.05), Stage()
    served = worker.ask(stage)
    assert next(served) == "أول"
    waiting = worker.ask(writes("x"))
    with pytest.raises(GenerationError, match="busy"):
        next(waiting)
    assert list(waiting) == []
    worker.ask(writes("y")).close()
    stage.go_on.set()
    served.close()


def test_patience_is_for_the_turn_alone():
    def slow(cancelled):
        time.sleep(0.3)
        yield "آهسته"

    assert list(Worker(patience=0.1).ask(slow)) == ["آهسته"]


@pytest.mark.parametrize("how", ["close", "let go", "break"])
def test_who_listens_no_more_ends_the_work(how):
    worker, stage = Worker(), Stage()
    pieces = worker.ask(stage)
    stage.go_on.set()
    assert next(pieces) == "أول"
    if how == "close":
        pieces.close()
        assert list(pieces) == []
    elif how == "let go":
        del pieces
    else:
        for _ in pieces:
            break
        del pieces
    gc.collect()
    assert stage.ended.wait(10)


def test_closing_from_another_thread_wakes_who_waits():
    worker, stage = Worker(), Stage()
    pieces = worker.ask(stage)
    assert next(pieces) == "أول"
    heard = []
    waiting = threading.Thread(target=lambda: heard.append(list(pieces)))
    waiting.start()
    pieces.close()
    waiting.join(10)
    assert heard == [[]] and not stage.ended.is_set()
    stage.go_on.set()
    assert stage.ended.wait(10)


def test_a_work_that_was_given_up_before_its_turn_is_never_begun():
    worker, stage, other = Worker(), Stage(), Stage()
    served, waiting = worker.ask(stage), worker.ask(other)
    waiting.close()
    stage.go_on.set()
    served.close()
    assert list(worker.ask(writes("z"))) == ["z"] and not other.began.is_set()


@pytest.mark.parametrize("trickles", [False, True])
def test_a_limit_holds_for_the_whole(trickles):
    def work(cancelled):
        while not cancelled:
            time.sleep(0.02)
            if trickles:
                yield "."

    with pytest.raises(GenerationError, match="longer than 0.2 seconds") as caught:
        list(Worker().ask(work, limit=0.2))
    assert "KHABAR_LLM_TIMEOUT" in caught.value.remedy


def idle(worker):
    """Wait until a worker's thread has ended."""
    deadline = time.monotonic() + 10
    while worker._thread is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    return worker._thread is None


def test_the_thread_ends_with_the_work_and_begins_again():
    worker = Worker()
    for piece in ("a", "b"):
        assert list(worker.ask(writes(piece))) == [piece] and idle(worker)


def test_an_owner_who_stops_its_worker_when_it_goes_may_go_while_it_works():
    class Owner:
        def __init__(self):
            self.worker = Worker()
            self.gone = weakref.finalize(self, self.worker.stop)

        def ask(self):
            return self.worker.ask(lambda cancelled: self.work(cancelled))

        def work(self, cancelled):
            yield "أول"
            assert go_on.wait(20)

    go_on, owner = threading.Event(), Owner()
    worker, gone, pieces = owner.worker, owner.gone, owner.ask()
    assert next(pieces) == "أول"
    del owner, pieces
    assert gone.alive
    go_on.set()
    assert idle(worker) and not gone.alive


def test_stopping_cancels_who_is_served_and_who_waits():
    worker, stage = Worker(), Stage()
    served, waiting = worker.ask(stage), worker.ask(writes("هرگز"))
    assert stage.began.wait(10)
    stage.go_on.set()
    worker.stop()
    assert stage.ended.is_set()
    assert list(served) == [] and list(waiting) == []
    worker.stop()
