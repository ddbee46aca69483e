"""The file of conversations: SQLite beside the catalog, a row for each conversation and each turn, with the one who asked."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from index.private import private_file, private_folder
from index.text import fold
from index.types import EVERYTHING, Filter, KhabarError
from rag.conversation.types import Conversation, Fault, Turn
from rag.filter import FilterInput
from rag.types import Answer

FILE_NAME = "conversations.sqlite"
# Characters of a first question that become the title, and of a title that a user gives.
_TITLE = 80
_LONGEST_TITLE = 200
# Characters of a draft that are kept: more than can be asked, so that nothing typed is lost.
_LONGEST_DRAFT = 100_000
# Seconds for which what was deleted can be brought back.
_UNDO_SECONDS = 24 * 3600.0
# Questions of one conversation.
_MOST_TURNS = 1000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0,
    updated REAL NOT NULL, draft TEXT NOT NULL DEFAULT '', choice TEXT NOT NULL DEFAULT '{}', deleted REAL
) STRICT;
CREATE INDEX IF NOT EXISTS conversation_of ON conversation (visitor, updated);
CREATE TABLE IF NOT EXISTS turn (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    question TEXT NOT NULL, folded TEXT NOT NULL, choice TEXT NOT NULL, state TEXT NOT NULL, answer TEXT, fault TEXT,
    within TEXT, since INTEGER, asked REAL NOT NULL, UNIQUE (conversation, number)
) STRICT;
"""
_ANSWER, _FILTER = TypeAdapter(Answer), TypeAdapter(Filter)


class NoConversation(KhabarError):
    """A conversation that is not there, or belongs to somebody else: the two are not told apart."""

    def __init__(self) -> None:
        """Say that there is none."""
        super().__init__("there is no such conversation", "open one of the list, or begin a new one")


class TooManyTurns(KhabarError):
    """A conversation with all the questions that one may have."""


class ConversationStore:
    """Conversations in a file that its owner alone can read; safe to use from several threads."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        """Open the file, made where there is none. Raises KhabarError."""
        self.file = file
        self._now = now
        self._lock = threading.RLock()
        try:
            private_folder(file.parent)
            # Made with these rights, not given them afterwards: nobody may open it in between.
            private_file(file)
            self._connection = sqlite3.connect(file, timeout=30, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.executescript(_SCHEMA)
            self._forget(self._connection)
        except (OSError, sqlite3.DatabaseError) as error:
            raise KhabarError(
                f"'{file}', which keeps the conversations, cannot be used ({error})",
                "make its folder writable and its disk free, or move the file away if it is damaged",
            ) from error

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for one transaction: all of it is stored, or nothing. Raises KhabarError on a full disk."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                finally:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
            except sqlite3.DatabaseError as error:
                raise KhabarError(
                    f"'{self.file}' cannot be written ({error})", "free some space on its disk, or make its folder writable"
                ) from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection to read: nothing is locked for other processes."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    # Conversations

    def begin(self, visitor: str, conversation_id: str, title: str = "") -> Conversation:
        """Make a conversation that has no question yet, and return it. Raises NoConversation where the id is another's."""
        with self.connection() as connection:
            self._make(connection, visitor, conversation_id)
            self._require(connection, visitor, conversation_id)
        if title:
            self.change(visitor, conversation_id, title=title)
        return self.conversation(visitor, conversation_id)

    def conversations(self, visitor: str, find: str = "", *, empty: bool = False) -> list[Conversation]:
        """Return a user's conversations, pinned ones first, then the latest; with `find` those that hold all of its words.

        Those without a question are among them where `empty` is set.
        """
        wanted = fold(find).split()
        # Questions are read only where they are searched: there are many, and answers lie beside them.
        questions = "coalesce(group_concat(t.folded, ' '), '')" if wanted else "''"
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT c.id, c.title, c.pinned, c.updated, count(t.id), '', '{{}}', {questions} "
                f"FROM conversation c {'LEFT ' if empty else ''}JOIN turn t ON t.conversation = c.id "
                "WHERE c.visitor = ? AND c.deleted IS NULL GROUP BY c.id ORDER BY c.pinned DESC, c.updated DESC, c.id",
                (visitor,),
            ).fetchall()
        return [
            _conversation(row[:7]) for row in rows if all(word in f"{fold(row[1])} {row[7]}" for word in wanted)
        ]

    def conversation(self, visitor: str, conversation_id: str) -> Conversation:
        """Return a conversation. Raises NoConversation where it is not this user's."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT id, title, pinned, updated, (SELECT count(*) FROM turn WHERE conversation = c.id), draft, choice "
                "FROM conversation c WHERE id = ? AND visitor = ? AND deleted IS NULL",
                (conversation_id, visitor),
            ).fetchone()
        if row is None:
            raise NoConversation
        return _conversation(row)

    def change(
        self,
        visitor: str,
        conversation_id: str,
        *,
        title: str | None = None,
        pinned: bool | None = None,
        draft: str | None = None,
        choice: FilterInput | None = None,
    ) -> None:
        """Rename or pin a conversation, or keep what is in its box. Raises NoConversation; a draft makes it where it is new."""
        values: dict[str, Any] = {}
        if title is not None:
            values["title"] = " ".join(title.split())[:_LONGEST_TITLE]
        if pinned is not None:
            values["pinned"] = int(pinned)
        if draft is not None:
            values["draft"] = draft[:_LONGEST_DRAFT]
        if choice is not None:
            values["choice"] = _choice_json(choice)
        with self.connection() as connection:
            if draft is not None or choice is not None:
                self._make(connection, visitor, conversation_id)
            self._require(connection, visitor, conversation_id)
            for name, value in values.items():
                connection.execute(f"UPDATE conversation SET {name} = ? WHERE id = ?", (value, conversation_id))

    def delete(self, visitor: str, conversation_id: str) -> None:
        """Delete a conversation; for a day it can be brought back. Raises NoConversation."""
        with self.connection() as connection:
            self._require(connection, visitor, conversation_id)
            connection.execute("UPDATE conversation SET deleted = ? WHERE id = ?", (self._now(), conversation_id))
            self._forget(connection)

    def restore(self, visitor: str, conversation_id: str) -> None:
        """Bring a deleted conversation back. Raises NoConversation where it is gone."""
        with self.connection() as connection:
            changed = connection.execute(
                "UPDATE conversation SET deleted = NULL WHERE id = ? AND visitor = ? AND (deleted IS NULL OR deleted >= ?)",
                (conversation_id, visitor, self._now() - _UNDO_SECONDS),
            ).rowcount
        if not changed:
            raise NoConversation

    # Turns

    def add(
        self, visitor: str, conversation_id: str, turn_id: str, question: str, choice: FilterInput, since: int | None = None
    ) -> Turn:
        """Store a question at the end of a conversation, made where it is new, and return its turn.

        A turn that is there already is returned as it is: a question that is sent twice is asked once. Raises NoConversation
        and TooManyTurns.
        """
        with self.connection() as connection:
            if found := self._turn(connection, conversation_id, turn_id):
                self._require(connection, visitor, conversation_id)
                return found
            self._make(connection, visitor, conversation_id)
            self._require(connection, visitor, conversation_id)
            if connection.execute("SELECT 1 FROM turn WHERE id = ?", (turn_id,)).fetchone():
                raise NoConversation  # the turn of another conversation
            number = self.count(conversation_id) + 1
            if number > _MOST_TURNS:
                raise TooManyTurns(f"this conversation has {_MOST_TURNS} questions, the most it can have", "begin a new one")
            asked = self._now()
            connection.execute(
                "INSERT INTO turn (id, conversation, number, question, folded, choice, state, since, asked) "
                "VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?)",
                (turn_id, conversation_id, number, question, fold(question), _choice_json(choice), since, asked),
            )
            connection.execute(
                "UPDATE conversation SET updated = ?, draft = '', title = CASE title WHEN '' THEN ? ELSE title END "
                "WHERE id = ?",
                (asked, title_of(question), conversation_id),
            )
        return Turn(turn_id, number, question, choice, since=since, asked=asked)

    def turn_ids(self, visitor: str, conversation_id: str) -> list[str]:
        """Return the ids of a conversation's turns in their order, without what came of them. Raises NoConversation."""
        self.conversation(visitor, conversation_id)
        with self.reading() as connection:
            rows = connection.execute("SELECT id FROM turn WHERE conversation = ? ORDER BY number", (conversation_id,))
            return [turn_id for (turn_id,) in rows]

    def count(self, conversation_id: str) -> int:
        """Return how many turns are stored of a conversation."""
        with self.reading() as connection:
            row = connection.execute("SELECT count(*) FROM turn WHERE conversation = ?", (conversation_id,)).fetchone()
        return int(row[0])

    def turns(self, visitor: str, conversation_id: str) -> list[Turn]:
        """Return the turns of a conversation in their order. Raises NoConversation."""
        self.conversation(visitor, conversation_id)
        with self.reading() as connection:
            rows = connection.execute(f"{_TURN} WHERE conversation = ? ORDER BY number", (conversation_id,)).fetchall()
        return [_turn(row) for row in rows]

    def turn(self, visitor: str, conversation_id: str, turn_id: str) -> Turn:
        """Return a turn. Raises NoConversation where there is none."""
        self.conversation(visitor, conversation_id)
        with self.reading() as connection:
            found = self._turn(connection, conversation_id, turn_id)
        if found is None:
            raise NoConversation
        return found

    def latest(self, conversation_id: str, turn: Turn) -> Turn:
        """Return a turn as it is stored now."""
        with self.reading() as connection:
            return self._turn(connection, conversation_id, turn.turn_id) or turn

    def history(self, conversation_id: str, turn: Turn) -> list[str]:
        """Return the questions that were answered before a turn, oldest first: what it may lean on."""
        before = min(turn.number, turn.since or turn.number)
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT question FROM turn WHERE conversation = ? AND number < ? AND answer IS NOT NULL ORDER BY number",
                (conversation_id, before),
            ).fetchall()
        return [question for (question,) in rows]

    def put(self, conversation_id: str, turn: Turn) -> Turn:
        """Store what came of a turn and return it; where that cannot be stored, it is returned as one that is not kept."""
        try:
            with self.connection() as connection:
                connection.execute(
                    "UPDATE turn SET state = ?, answer = ?, fault = ?, within = ?, choice = ? "
                    "WHERE id = ? AND conversation = ?",
                    (
                        turn.state,
                        json.dumps(turn.answer.to_json(), ensure_ascii=False) if turn.answer else None,
                        json.dumps(asdict(turn.fault), ensure_ascii=False) if turn.fault else None,
                        None if turn.within == EVERYTHING else _FILTER.dump_json(turn.within).decode(),
                        _choice_json(turn.choice),
                        turn.turn_id,
                        conversation_id,
                    ),
                )
        except KhabarError:
            return replace(turn, kept=False)
        return turn

    def reopen(self, visitor: str, conversation_id: str, turn_id: str) -> Turn:
        """Let a turn that was stopped or failed wait for its answer again, and return it. Raises NoConversation."""
        turn = self.turn(visitor, conversation_id, turn_id)
        if turn.state not in {"stopped", "failed"}:
            return turn
        return self.put(conversation_id, replace(turn, state="waiting", answer=None, fault=None))

    def _forget(self, connection: sqlite3.Connection) -> None:
        """Let go for good what was deleted so long ago that it cannot be brought back."""
        connection.execute("DELETE FROM conversation WHERE deleted < ?", (self._now() - _UNDO_SECONDS,))

    def _turn(self, connection: sqlite3.Connection, conversation_id: str, turn_id: str) -> Turn | None:
        row = connection.execute(f"{_TURN} WHERE conversation = ? AND id = ?", (conversation_id, turn_id)).fetchone()
        return _turn(row) if row else None

    def _make(self, connection: sqlite3.Connection, visitor: str, conversation_id: str) -> None:
        connection.execute(
            "INSERT INTO conversation (id, visitor, updated) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (conversation_id, visitor, self._now()),
        )

    def _require(self, connection: sqlite3.Connection, visitor: str, conversation_id: str) -> None:
        if not connection.execute(
            "SELECT 1 FROM conversation WHERE id = ? AND visitor = ? AND deleted IS NULL", (conversation_id, visitor)
        ).fetchone():
            raise NoConversation


_TURN = "SELECT id, number, question, choice, state, answer, fault, within, since, asked FROM turn"


def title_of(question: str) -> str:
    """Return the title that a conversation takes from its first question: its beginning, cut between words."""
    text = " ".join(question.split())
    if len(text) <= _TITLE:
        return text
    cut = text[:_TITLE]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"


def _conversation(row: Sequence[Any]) -> Conversation:
    conversation_id, title, pinned, updated, turns, draft, choice = row
    return Conversation(conversation_id, title, bool(pinned), updated, turns, draft, choice_of(json.loads(choice)))


def _turn(row: Sequence[Any]) -> Turn:
    turn_id, number, question, choice, state, answer, fault, within, since, asked = row
    read: Answer | None = None
    with suppress(ValueError):  # an answer that an earlier Khabar stored otherwise: the question stays, and can be asked again
        read = _ANSWER.validate_json(answer) if answer else None
    return Turn(
        turn_id,
        number,
        question,
        choice_of(json.loads(choice)),
        "stopped" if answer and not read else state,
        read,
        Fault(**json.loads(fault)) if fault else None,
        _FILTER.validate_json(within) if within else EVERYTHING,
        since,
        asked=asked,
    )


def _choice_json(choice: FilterInput) -> str:
    return json.dumps(asdict(choice), ensure_ascii=False)


def choice_of(form: dict[str, Any]) -> FilterInput:
    """Return the filter that a form holds, as typed."""
    outlets, languages = (tuple(map(str, form.get(name) or ())) for name in ("outlets", "languages"))
    since, until = (str(form.get(name) or "").strip() or None for name in ("since", "until"))
    return FilterInput(outlets, languages, since, until)
