"""The file of conversations: whose they are, what is found again, and what a full disk takes away."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import replace
from datetime import date

import pytest

from index.types import Filter, KhabarError
from rag.conversation.store import ConversationStore, NoConversation, TooManyTurns, title_of
from rag.conversation.types import Fault
from rag.filter import FilterInput
from rag.types import Answer
from tests.clock import Clock
from tests.ui.staged import HOURS, differing, quoting, several, untold

ONE, OTHER = "c" * 22, "d" * 22
ASKED = "كم ساعة دام اللقاء؟"
CHOSEN = FilterInput(("جريدة الرواق",), ("ar",), "۱ مهر ۱۴۰۴", "2025-10-21")


@pytest.fixture
def clock():
    return Clock(1000.0, step=1.0)


@pytest.fixture
def store(tmp_path, clock):
    made = ConversationStore(tmp_path / "conversations.sqlite", clock)
    yield made
    made.close()


def turn_id(number):
    return f"turn-{number:020}"


def test_what_is_stored_comes_back_as_it_was(store, tmp_path, clock):
    turn = store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    within = Filter(frozenset({"جريدة الرواق"}), frozenset({"ar"}), date(2025, 9, 23), None)
    for answer in (several("fa"), differing("ar"), untold("en"), quoting("ar", HOURS["fa"])):
        stored = store.put(ONE, replace(turn, state="over", answer=answer, within=within))
        assert stored.kept
        assert store.turns("me", ONE) == [stored]
    again = ConversationStore(tmp_path / "conversations.sqlite", clock)
    assert again.turns("me", ONE) == [stored]
    again.close()


def test_a_fault_comes_back_too(store):
    turn = store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    fault = Fault("filter", "p", "r", "no_date", "دیروز")
    store.put(ONE, replace(turn, state="failed", fault=fault))
    assert store.turn("me", ONE, turn_id(1)).fault == fault
    reopened = store.reopen("me", ONE, turn_id(1))
    assert (reopened.state, reopened.fault) == ("waiting", None) == (store.turn("me", ONE, turn_id(1)).state, None)


def test_a_question_that_is_sent_twice_is_asked_once(store):
    first = store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    assert store.add("me", ONE, turn_id(1), ASKED, CHOSEN) == first
    assert store.count(ONE) == 1


def test_nobody_else_sees_changes_or_asks_in_a_conversation(store):
    store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    for taken in (
        lambda: store.conversation("thief", ONE),
        lambda: store.turns("thief", ONE),
        lambda: store.turn("thief", ONE, turn_id(1)),
        lambda: store.add("thief", ONE, turn_id(2), ASKED, CHOSEN),
        lambda: store.add("thief", ONE, turn_id(1), ASKED, CHOSEN),
        lambda: store.add("thief", OTHER, turn_id(1), ASKED, CHOSEN),
        lambda: store.change("thief", ONE, title="mine"),
        lambda: store.change("thief", ONE, draft="mine"),
        lambda: store.delete("thief", ONE),
        lambda: store.restore("thief", ONE),
        lambda: store.reopen("thief", ONE, turn_id(1)),
        lambda: store.conversation("me", OTHER),
    ):
        with pytest.raises(NoConversation):
            taken()
    assert store.conversations("thief") == [] and store.count(ONE) == 1 and store.conversations("me")[0].title == ASKED


def test_the_list_is_found_by_words_in_any_spelling_and_pinned_ones_come_first(store):
    alaska = ["نشست آلاسکا چند ساعت طول کشید؟", "وکی پایان یافت؟"]
    asked = {"a": ["كم ساعة قضى ويتكوف في موسكو؟"], "b": alaska, "c": ["Who won?"]}
    for name, questions in asked.items():
        for number, question in enumerate(questions):
            store.add("me", name * 22, f"{name * 20}-{number}", question, FilterInput())
    store.change("me", "d" * 22, draft="nothing was asked here")
    assert [one.conversation_id[0] for one in store.conversations("me")] == ["c", "b", "a"]
    store.change("me", "a" * 22, pinned=True)
    assert [one.conversation_id[0] for one in store.conversations("me")] == ["a", "c", "b"]
    for words, found in (("موسکو", "a"), ("الاسكا", "b"), ("پايان يافت", "b"), ("WON", "c"), ("ساعت won", "")):
        assert "".join(one.conversation_id[0] for one in store.conversations("me", words)) == found
    store.change("me", "c" * 22, title="  Finale \n")
    assert [one.title for one in store.conversations("me", "finale")] == ["Finale"]


def test_draft_and_filter_are_kept_and_a_question_empties_the_draft(store):
    store.change("me", ONE, draft="نیمه‌کاره", choice=CHOSEN)
    assert (store.conversation("me", ONE).draft, store.conversation("me", ONE).choice) == ("نیمه‌کاره", CHOSEN)
    store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    assert (store.conversation("me", ONE).draft, store.conversation("me", ONE).choice) == ("", CHOSEN)


def test_what_was_deleted_can_be_brought_back_for_a_day(store, tmp_path, clock):
    store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    store.delete("me", ONE)
    assert store.conversations("me") == []
    with pytest.raises(NoConversation):
        store.add("me", ONE, turn_id(2), ASKED, CHOSEN)
    store.restore("me", ONE)
    assert [one.conversation_id for one in store.conversations("me")] == [ONE]
    store.delete("me", ONE)
    clock.time += 25 * 3600
    ConversationStore(tmp_path / "conversations.sqlite", clock).close()
    assert store.count(ONE) == 0
    with pytest.raises(NoConversation):
        store.restore("me", ONE)


def test_the_history_of_a_question_is_what_was_answered_before_it(store):
    answered = quoting("ar", HOURS["ar"])
    for number in range(1, 5):
        turn = store.add("me", ONE, turn_id(number), f"q{number}", FilterInput(), since=2 if number == 4 else None)
        if number != 3:
            store.put(ONE, replace(turn, state="over", answer=answered))
    turns = store.turns("me", ONE)
    assert [store.history(ONE, turn) for turn in turns[:3]] == [[], ["q1"], ["q1", "q2"]]
    assert store.history(ONE, turns[3]) == ["q1"], "a question asked in place of the second one"


def test_a_conversation_has_an_end(store, monkeypatch):
    monkeypatch.setattr("rag.conversation.store._MOST_TURNS", 2)
    for number in (1, 2):
        store.add("me", ONE, turn_id(number), ASKED, CHOSEN)
    with pytest.raises(TooManyTurns, match="2 questions"):
        store.add("me", ONE, turn_id(3), ASKED, CHOSEN)


def test_the_file_is_its_owner_s_alone(store):
    assert stat.S_IMODE(os.stat(store.file).st_mode) == 0o600


def test_a_full_disk_keeps_nothing_and_breaks_nothing(store):
    turn = store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    with store.connection() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")  # the disk has no page more
    long = Answer("q" * 90_000, "en", "a", "quotes", True)
    assert store.put(ONE, replace(turn, state="over", answer=long)).kept is False
    with pytest.raises(KhabarError, match="full"):
        store.change("me", ONE, draft="d" * 90_000)
    assert store.turn("me", ONE, turn_id(1)).state == "waiting"


def test_a_damaged_file_is_told_with_its_name(tmp_path):
    file = tmp_path / "conversations.sqlite"
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(KhabarError, match="conversations.sqlite"):
        ConversationStore(file)


def test_an_answer_that_cannot_be_read_any_more_leaves_its_question(store):
    turn = store.add("me", ONE, turn_id(1), ASKED, CHOSEN)
    store.put(ONE, replace(turn, state="over", answer=untold("fa")))
    with sqlite3.connect(store.file) as other:
        other.execute("UPDATE turn SET answer = '{\"answer\": 1}'")
    other.close()
    found = store.turn("me", ONE, turn_id(1))
    assert (found.question, found.answer, found.state) == (ASKED, None, "stopped")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("کی\u200cرفت؟\n\tبه کجا؟", "کی\u200cرفت؟ به کجا؟"),
        ("ما " + "هذا " * 40, "ما" + " هذا" * 19 + "…"),
        ("w" * 100, "w" * 80 + "…"),
    ],
)
def test_a_title_is_the_beginning_of_the_first_question(question, title):
    assert title_of(question) == title
