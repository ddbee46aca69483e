"""Questions are answered in the order of their conversation, several conversations at once, and none twice."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from dataclasses import replace

import pytest

from index.types import EVERYTHING, KhabarError
from rag.ask.question import QuestionError, QuestionTooLong
from rag.conversation.asking import Asker, Busy, fault_of
from rag.conversation.store import ConversationStore
from rag.filter import FilterError, FilterInput
from rag.types import Answer, DraftCount
from tests.waiting import until

ONE, OTHER = "c" * 22, "d" * 22


class Scripted:
    """Answers at once, but waits where a question says so; counts what it was asked."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()

    def stream(self, question, history=(), within=EVERYTHING):
        with self.lock:
            self.asked.append((question, tuple(history)))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            yield Answer(question, "ar", "نعم", "quotes", False)
            if question.startswith("wait"):
                assert self.go_on.wait(20)
            if question.startswith("break"):
                raise RuntimeError("a bug")
            yield Answer(question, "ar", "نعم، ثلاث", "quotes", False)
        finally:
            with self.lock:
                self.at_once -= 1


@pytest.fixture
def store(tmp_path):
    made = ConversationStore(tmp_path / "conversations.sqlite")
    yield made
    made.close()


@pytest.fixture
def answerer():
    return Scripted()


@pytest.fixture
def asker(answerer, store):
    made = Asker(answerer, store, lambda _: EVERYTHING)
    yield made
    answerer.go_on.set()
    until(lambda: made.is_idle)
    made.close()


def asked(asker, store, question, conversation=ONE, turn_id=None, since=None):
    turn = store.add("me", conversation, turn_id or f"{question}{'-' * 22}", question, FilterInput(), since)
    return asker.ask("me", conversation, turn)


def states(store, conversation=ONE):
    return [turn.state for turn in store.turns("me", conversation)]


def test_questions_of_a_conversation_are_answered_in_their_order(asker, store, answerer):
    for number in range(6):
        asked(asker, store, f"wait {number}")
    until(lambda: answerer.asked)
    assert answerer.most_at_once == 1
    answerer.go_on.set()
    until(lambda: states(store) == ["over"] * 6)
    earlier = [f"wait {number}" for number in range(6)]
    assert answerer.asked == [(question, tuple(earlier[:place])) for place, question in enumerate(earlier)]
    assert answerer.most_at_once == 1


def test_conversations_do_not_wait_for_each_other(asker, store, answerer):
    asked(asker, store, "wait here")
    asked(asker, store, "quick", OTHER)
    until(lambda: states(store, OTHER) == ["over"])
    assert states(store) == ["waiting"]


def test_two_hundred_questions_from_many_sides_at_once_are_answered_once_each(store, answerer):
    asker = Asker(answerer, store, lambda _: EVERYTHING)

    def side(number):
        for question in range(25):
            for _ in range(2):  # each is sent twice, as a hasty Enter or a lost connection does
                asked(asker, store, f"s{number % 4}-{question}-{number}", f"{number % 4}" * 22)

    sides = [threading.Thread(target=side, args=(number,)) for number in range(8)]
    for one in sides:
        one.start()
    for one in sides:
        one.join()
    until(lambda: asker.is_idle)
    times = defaultdict(int)
    for question, _ in answerer.asked:
        times[question] += 1
    assert len(times) == 200 and set(times.values()) == {1}
    assert all(set(states(store, f"{number}" * 22)) == {"over"} for number in range(4))
    asker.close()


def test_a_turn_is_followed_to_its_end(asker, store, answerer):
    turn = asked(asker, store, "wait for me")

    async def follow():
        seen = []
        async for now in asker.follow(ONE, turn):
            seen.append((now.state, now.answer and now.answer.answer))
            if now.answer:
                answerer.go_on.set()
        return seen

    seen = asyncio.run(follow())
    assert seen[-1] == ("over", "نعم، ثلاث") and ("working", "نعم") in seen
    # One that has ended is shown as it is.
    ended = store.turn("me", ONE, turn.turn_id)
    assert asyncio.run(_all(asker, ended)) == [ended]


async def _all(asker, turn):
    return [now async for now in asker.follow(ONE, turn)]


def test_stop_is_at_once_and_the_next_question_begins(asker, store, answerer):
    turn = asked(asker, store, "wait for long")
    until(lambda: asker.find("me", ONE, turn.turn_id).answer)
    behind = asked(asker, store, "wait behind")
    asked(asker, store, "after")
    assert asker.stop(ONE, behind.turn_id).state == "stopped"
    stopped = asker.stop(ONE, turn.turn_id)
    assert (stopped.state, stopped.answer.answer) == ("stopped", "نعم")
    until(lambda: states(store) == ["stopped", "stopped", "over"])
    assert asker.stop(ONE, turn.turn_id) is None
    answerer.go_on.set()
    until(lambda: answerer.at_once == 0)
    assert states(store) == ["stopped", "stopped", "over"]
    assert "wait behind" not in [question for question, _ in answerer.asked]


def test_nobody_else_finds_or_stops_a_turn(asker, store, answerer):
    turn = asked(asker, store, "wait")
    assert asker.find("thief", ONE, turn.turn_id) is None
    assert asker.find("me", OTHER, turn.turn_id) is None and asker.stop(OTHER, turn.turn_id) is None


def test_what_a_restart_cut_off_is_taken_up_again(store, answerer):
    first = Asker(answerer, store, lambda _: EVERYTHING)
    turn = asked(first, store, "wait and see")
    until(lambda: answerer.asked)
    first.close()
    assert states(store) == ["waiting"]
    answerer.go_on.set()
    second = Asker(answerer, store, lambda _: EVERYTHING)
    second.ask("me", ONE, store.turns("me", ONE)[0])
    until(lambda: states(store) == ["over"])
    assert second.ask("me", ONE, turn).state == "over", "one that was read before it ended is not asked again"
    assert [question for question, _ in answerer.asked] == ["wait and see"] * 2
    second.close()


def test_a_bug_ends_its_turn_alone(asker, store, caplog):
    asked(asker, store, "break")
    asked(asker, store, "next")
    until(lambda: states(store) == ["failed", "over"])
    fault = store.turns("me", ONE)[0].fault
    assert fault.kind == "broken" and "a bug" not in fault.problem + fault.remedy
    assert "a question from the page failed" in caplog.text


def test_an_answer_that_no_disk_takes_is_shown_all_the_same(asker, store, answerer, monkeypatch):
    def full(*_):
        raise KhabarError("the disk is full", "free some space")

    turn = asked(asker, store, "wait")
    monkeypatch.setattr(store, "connection", full)
    answerer.go_on.set()
    ended = asyncio.run(_all(asker, turn))[-1]
    assert (ended.state, ended.kept, ended.answer.answer) == ("over", False, "نعم، ثلاث")
    assert asker.find("me", ONE, turn.turn_id) == ended


def test_there_is_an_end_to_waiting(asker, store, monkeypatch):
    monkeypatch.setattr("rag.conversation.asking._MOST_WAITING", 2)
    asked(asker, store, "wait 1")
    asked(asker, store, "wait 2")
    with pytest.raises(Busy):
        asked(asker, store, "wait 3")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (QuestionTooLong("p", "r"), "too_long"),
        (QuestionError("p", "r"), "no_words"),
        (FilterError("no_date", "دیروز", "p", "r"), "filter"),
        (KhabarError("p", "r"), "away"),
        (ValueError("secret"), "broken"),
    ],
)
def test_what_a_reader_is_told_of_an_error(error, kind):
    fault = fault_of(error)
    assert fault.kind == kind and "secret" not in f"{fault.problem}{fault.remedy}"
    assert (fault.detail, fault.value) == (("no_date", "دیروز") if kind == "filter" else ("", ""))


# A model that writes


class Writing:
    """Answers with quotes at once, as something a model writes; then waits for the next sentence, or to be closed."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.pieces: dict[str, Pieces] = {}

    def stream(self, question, history=(), within=EVERYTHING):
        self.asked.append((question, tuple(history)))
        self.pieces[question] = Pieces(question)
        return self.pieces[question]


class Pieces:
    def __init__(self, question) -> None:
        quoted = Answer(question, "fa", "«آری»", "quotes", False, drafted=DraftCount())
        self.parts = [quoted]
        self.written = [replace(quoted, answer=text, mode="written", drafted=DraftCount(1)) for text in ("یک", "یک دو")]
        self.changed = threading.Condition()
        self.ended = False

    def __iter__(self):
        return self

    def __next__(self):
        with self.changed:
            while not self.parts and not self.ended:
                assert self.changed.wait(20)
            if self.parts and not self.ended:
                return self.parts.pop(0)
        raise StopIteration

    def write(self) -> None:
        with self.changed:
            self.parts.append(self.written.pop(0))
            self.changed.notify()

    def close(self) -> None:
        with self.changed:
            self.ended = True
            self.changed.notify()


@pytest.fixture
def writing(store):
    answerer = Writing()
    made = Asker(answerer, store, lambda _: EVERYTHING)
    yield answerer, made
    made.close()


def test_a_model_that_writes_is_ended_by_stop_while_it_is_silent(writing, store):
    answerer, asker = writing
    turn = asked(asker, store, "first")
    until(lambda: answerer.pieces and asker.find("me", ONE, turn.turn_id).answer)
    stopped = asker.stop(ONE, turn.turn_id)
    assert answerer.pieces["first"].ended
    assert (stopped.state, stopped.answer.mode, stopped.quoted) == ("stopped", "quotes", None)
    until(lambda: asker.is_idle)
    assert states(store) == ["stopped"]


def test_what_a_model_has_written_stands_beside_the_quotes_until_it_ends(writing, store):
    answerer, asker = writing
    turn = asked(asker, store, "first")
    until(lambda: answerer.pieces)
    pieces = answerer.pieces["first"]
    pieces.write()
    until(lambda: asker.find("me", ONE, turn.turn_id).answer.mode == "written")
    now = asker.find("me", ONE, turn.turn_id)
    assert now.answer.answer == "یک" and now.quoted.answer == "«آری»"
    pieces.write()
    until(lambda: asker.find("me", ONE, turn.turn_id).answer.answer == "یک دو")
    pieces.close()
    until(lambda: asker.is_idle)
    [ended] = store.turns("me", ONE)
    assert (ended.state, ended.answer.answer, ended.quoted) == ("over", "یک دو", None)


def test_the_next_question_begins_when_the_quotes_stand_and_leans_on_the_one_before(writing, store):
    answerer, asker = writing
    asked(asker, store, "first")
    asked(asker, store, "second")
    third = asked(asker, store, "third")
    until(lambda: len(answerer.asked) == 2)
    assert answerer.asked == [("first", ()), ("second", ("first",))]
    until(lambda: answerer.pieces["second"].parts == [])
    # One of a conversation is written beside the next, and no more.
    assert asker.find("me", ONE, third.turn_id).state == "waiting"
    answerer.pieces["first"].close()
    until(lambda: states(store)[0] == "over")
    answerer.pieces["second"].write()
    until(lambda: len(answerer.asked) == 3)
    assert answerer.asked[-1] == ("third", ("first", "second"))
    for pieces in list(answerer.pieces.values()):
        pieces.close()
    until(lambda: states(store) == ["over"] * 3)
    until(lambda: asker.is_idle)
    last = asked(asker, store, "later")
    until(lambda: len(answerer.asked) == 4)
    asker.stop(ONE, last.turn_id)
    assert asker.is_idle


def test_one_that_is_written_aside_can_be_stopped_and_holds_up_nobody(writing, store):
    answerer, asker = writing
    first = asked(asker, store, "first")
    asked(asker, store, "second")
    until(lambda: len(answerer.asked) == 2)
    asker.stop(ONE, first.turn_id)
    assert answerer.pieces["first"].ended and not answerer.pieces["second"].ended
    answerer.pieces["second"].close()
    until(lambda: states(store) == ["stopped", "over"])
    until(lambda: asker.is_idle)
