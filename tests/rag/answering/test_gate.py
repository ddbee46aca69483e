from __future__ import annotations

import threading

import pytest

from rag.answering.gate import Line
from rag.answering.types import Overloaded, Stopping


def taken(line: Line[str], count: int) -> list[str]:
    found = []
    for _ in range(count):
        waiting = line.take()
        assert waiting
        line.done(None)
        found.append(waiting.thing)
    return found


def test_askers_take_turns_each_in_their_own_order():
    line: Line[str] = Line(1)
    for thing in ("أ١", "أ٢", "أ٣"):
        line.put(thing, "سارة")
    line.put("ب۱", "بهرام")
    line.put("c1", "local")
    line.put("c2", "local")
    assert taken(line, 6) == ["أ١", "ب۱", "c1", "أ٢", "c2", "أ٣"]
    assert line.is_idle


def test_doors_take_turns_whatever_stands_at_one():
    line: Line[str] = Line(1)
    for number in range(9):
        line.put(f"program {number}", f"key:{number}")
    line.put("صفحة", "page", door="page")
    line.put("صفحه", "page", door="page")
    assert taken(line, 4) == ["program 0", "صفحة", "program 1", "صفحه"]


def test_a_full_line_says_when_to_come_again():
    line: Line[str] = Line(1, most=3, most_of_one=2)
    line.put("a", "one")
    line.put("b", "one")
    with pytest.raises(Overloaded) as full:
        line.put("c", "one")
    assert full.value.wait == 1
    line.put("d", "other")
    with pytest.raises(Overloaded):
        line.put("e", "third")
    assert len(line) == 3


def test_who_would_wait_longer_than_their_patience_is_sent_away_and_others_are_not():
    line: Line[str] = Line(2, patience=10.0)
    line.put("first", "one")
    assert line.take()
    line.done(4.0)
    for number in range(6):
        line.put(f"{number}", "one")
    assert line.wait("one") == pytest.approx(5 * 4.0 / 2)
    line.put("6", "one")
    with pytest.raises(Overloaded) as full:
        line.put("7", "one")
    assert full.value.wait == 2
    assert line.wait("other") == 0.0 if len(line) < 2 else line.wait("other") <= 4.0
    line.put("mine", "other")
    line.put("صفحة", "page", door="page")


def test_who_leaves_is_not_waited_for():
    line: Line[str] = Line(1)
    gone = line.put("gone", "one")
    line.put("here", "one")
    assert line.drop(gone) and not line.drop(gone)
    assert taken(line, 1) == ["here"]
    last = line.put("last", "one")
    assert line.drop(last) and line.is_idle


def test_a_closed_line_lets_all_go():
    line: Line[str] = Line(1)
    ended = []
    threads = [threading.Thread(target=lambda: ended.append(line.take())) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert line.close() == []
    for thread in threads:
        thread.join(10)
    assert ended == [None, None]
    with pytest.raises(Stopping):
        line.put("late", "one")


class Heard:
    def __init__(self) -> None:
        self.lines: list[int] = []
        self.sent_away = 0
        self.waits = 0

    def line(self, waiting: int) -> None:
        self.lines.append(waiting)

    def waited(self, seconds: float) -> None:
        self.waits += seconds >= 0

    def refused(self) -> None:
        self.sent_away += 1

    def answered(self, answer, *, remembered=False) -> None: ...


def test_a_meter_hears_of_the_line():
    heard = Heard()
    line: Line[str] = Line(1, heard, most=2)
    line.put("a", "one")
    line.put("b", "two")
    with pytest.raises(Overloaded):
        line.put("c", "three")
    taken(line, 2)
    assert (heard.lines, heard.sent_away, heard.waits) == ([1, 2, 1, 0], 1, 2)
