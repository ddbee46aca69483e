"""Judgements in the file of conversations."""

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date

import pytest

from index.types import Filter
from rag.conversation.feedback import LONGEST_NOTE, Feedback, Judgement
from rag.types import ShortAnswer
from tests.ui import staged

WITHIN = Filter(frozenset({"جريدة الرواق"}), frozenset({"ar"}), date(2025, 3, 1), date(2025, 3, 17))
ANSWER = staged.several("fa")


@pytest.fixture
def connect():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:

        @contextmanager
        def lend():
            yield connection

        yield lend


def judged(turn="t1", **more):
    versions = {"page_language": "ar", "khabar": "1", "revision": 7}
    given = {"verdict": "right", "answer": ANSWER, "note": "درست است", "history": ("پیش از این؟",), "within": WITHIN}
    return Judgement(turn, question=ANSWER.question, **(versions | given | more))


def test_a_judgement_is_kept_with_all_that_it_was_said_of(connect):
    Feedback(connect, lambda: 12.0).put(judged())
    (found,) = Feedback(connect).all()
    assert found == judged(judged=12.0)
    told = found.to_json()
    assert told["languages"] == {"question": "fa", "sources": ["ar", "fa", "en"], "page": "ar"}
    assert told["versions"] == {"khabar": "1", "models": ANSWER.models, "revision": 7}
    assert told["filter"] == {"outlets": ["جريدة الرواق"], "languages": ["ar"], "since": "2025-03-01", "until": "2025-03-17"}


def test_a_judgement_can_be_changed_and_removed(connect):
    feedback = Feedback(connect)
    feedback.put(judged())
    feedback.put(judged(verdict="wrong_source", note=""))
    feedback.put(judged("t2", answer=staged.untold("ar")))
    assert [each.verdict for each in feedback.of({"t1", "t3"}).values()] == ["wrong_source"]
    feedback.remove("t1")
    feedback.remove("t1")
    assert [each.turn_id for each in feedback.all()] == ["t2"]
    assert feedback.of([]) == {}


def test_the_latest_comes_first(connect):
    clock = iter([1.0, 3.0, 2.0])
    feedback = Feedback(connect, lambda: next(clock))
    for turn in ("a", "b", "c"):
        feedback.put(judged(turn))
    assert [each.turn_id for each in feedback.all()] == ["b", "c", "a"]


def test_a_page_of_some_verdicts(connect):
    clock = iter(range(9))
    feedback = Feedback(connect, lambda: float(next(clock)))
    for turn, verdict in zip("abcd", ("right", "wrong", "wrong", "wrong_source"), strict=True):
        feedback.put(judged(turn, verdict=verdict))
    asked = (((), 0), ((), 2), (("wrong", "right"), 1), (("right",), 9))
    pages = [feedback.page(wanted, 2, offset) for wanted, offset in asked]
    assert [("".join(each.turn_id for each in found), total) for found, total in pages] == [
        ("dc", 4), ("ba", 4), ("ba", 3), ("", 1),
    ]  # fmt: skip


def test_a_note_of_any_length_is_kept_as_far_as_it_goes(connect):
    feedback = Feedback(connect)
    feedback.put(judged(note=f"  {'ب' * 50_000}"))
    assert feedback.all()[0].note == "ب" * LONGEST_NOTE


def test_what_an_earlier_khabar_stored_otherwise_is_left_out_and_told(connect, caplog):
    feedback = Feedback(connect)
    feedback.put(judged("old"))
    feedback.put(judged("new", answer=replace(ANSWER, direct=ShortAnswer("سه", "fa", 1, 0, 2))))
    with connect() as connection:
        connection.execute("UPDATE judgement SET answer = '{}' WHERE turn = 'old'")
    assert [each.turn_id for each in feedback.all()] == ["new"] and set(feedback.of(["old", "new"])) == {"new"}
    assert {record.getMessage().split(" is ")[0] for record in caplog.records} == {"the judgement of turn old"}
    feedback.put(judged("old"))
    # A filter that no article could pass.
    never = '{"outlets": [], "languages": ["ar"], "since": "2025-03-02", "until": "2025-03-01"}'
    with connect() as connection:
        connection.execute("UPDATE judgement SET within = ? WHERE turn = 'old'", (never,))
    assert [each.turn_id for each in feedback.all()] == ["new"]
