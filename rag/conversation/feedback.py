"""What readers say of answers (right, wrong, of a wrong source), kept beside the conversations with all that it is said of."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import TypeAdapter

from index.queries import in_parts, marks
from index.types import EVERYTHING, Filter, KhabarError, Language
from rag.types import Answer

_LOGGER = logging.getLogger(__name__)
# wrong_source: it may be so, but the article named does not say it, or is not the one to name.
Verdict = Literal["right", "wrong", "wrong_source"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Connect = Callable[[], AbstractContextManager[sqlite3.Connection]]

# Characters of a note.
LONGEST_NOTE = 2000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS judgement (
    turn TEXT PRIMARY KEY, verdict TEXT NOT NULL, note TEXT NOT NULL, question TEXT NOT NULL, history TEXT NOT NULL,
    within TEXT, answer TEXT NOT NULL, page_language TEXT NOT NULL, khabar TEXT NOT NULL, revision INTEGER NOT NULL,
    judged REAL NOT NULL
) STRICT
"""
_COLUMNS = "turn, verdict, note, question, history, within, answer, page_language, khabar, revision, judged"
_ANSWER, _FILTER = TypeAdapter(Answer), TypeAdapter(Filter)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said of the answer to a turn, and what it was: it can be understood when its conversation is gone.

    `history` are the questions before it, `within` the filter that it was asked under, `page_language` the language that its
    reader had chosen. `khabar` is the version and `revision` the catalog's; the models stand in the answer. `judged` is in
    seconds since 1970.
    """

    turn_id: str
    verdict: Verdict
    question: str
    answer: Answer
    note: str = ""
    history: tuple[str, ...] = ()
    within: Filter = EVERYTHING
    page_language: Language = "en"
    khabar: str = ""
    revision: int = 0
    judged: float = 0.0

    @property
    def source_languages(self) -> tuple[Language, ...]:
        """The languages of the articles cited, each once."""
        return tuple(dict.fromkeys(item.language for item in self.answer.citations))

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as a JSON object."""
        return {
            "turn": self.turn_id, "verdict": self.verdict, "note": self.note, "question": self.question,
            "history": list(self.history), "filter": filter_json(self.within), "answer": self.answer.to_json(),
            "languages": {
                "question": self.answer.language, "sources": list(self.source_languages), "page": self.page_language,
            },
            "versions": {"khabar": self.khabar, "models": self.answer.models, "revision": self.revision},
            "judged": self.judged,
        }  # fmt: skip


class Feedback:
    """The judgements in the file of conversations, one a turn."""

    def __init__(self, connect: Connect, now: Callable[[], float] = time.time) -> None:
        """Keep what lends the file's connection for a transaction. Raises KhabarError where it cannot be written."""
        self._connect = connect
        self._now = now
        with connect() as connection:
            connection.execute(_SCHEMA)

    def put(self, judgement: Judgement) -> None:
        """Keep a judgement in place of an earlier one of the same turn. Raises KhabarError."""
        row = (
            judgement.turn_id,
            judgement.verdict,
            judgement.note.strip()[:LONGEST_NOTE],
            judgement.question,
            json.dumps(judgement.history, ensure_ascii=False),
            None if judgement.within == EVERYTHING else _FILTER.dump_json(judgement.within).decode(),
            json.dumps(judgement.answer.to_json(), ensure_ascii=False),
            judgement.page_language,
            judgement.khabar,
            judgement.revision,
            self._now(),
        )
        with self._connect() as connection:
            connection.execute(f"INSERT OR REPLACE INTO judgement ({_COLUMNS}) VALUES {marks(row)}", row)

    def remove(self, turn_id: str) -> None:
        """Forget what was said of a turn, if anything was. Raises KhabarError."""
        with self._connect() as connection:
            connection.execute("DELETE FROM judgement WHERE turn = ?", (turn_id,))

    def of(self, turn_ids: Collection[str]) -> Mapping[str, Judgement]:
        """Return the judgements of some turns, by turn. Raises KhabarError."""
        found: dict[str, Judgement] = {}
        with self._connect() as connection:
            for part in in_parts(sorted(turn_ids)):
                query = f"SELECT {_COLUMNS} FROM judgement WHERE turn IN {marks(part)}"
                found |= {judgement.turn_id: judgement for judgement in _judgements(connection.execute(query, part))}
        return found

    def page(self, verdicts: Collection[Verdict], limit: int, offset: int) -> tuple[list[Judgement], int]:
        """Return some judgements of these verdicts (none: any), the latest first, and the number of all. Raises KhabarError."""
        wanted = sorted(verdicts)
        condition = f"verdict IN {marks(wanted)}" if wanted else "1"
        query = f"SELECT {_COLUMNS} FROM judgement WHERE {condition} ORDER BY judged DESC, turn LIMIT ? OFFSET ?"
        with self._connect() as connection:
            count = connection.execute(f"SELECT count(*) FROM judgement WHERE {condition}", wanted).fetchone()[0]
            return list(_judgements(connection.execute(query, [*wanted, limit, offset]))), int(count)

    def all(self) -> list[Judgement]:
        """Return all judgements, the latest first. Raises KhabarError."""
        with self._connect() as connection:
            return list(_judgements(connection.execute(f"SELECT {_COLUMNS} FROM judgement ORDER BY judged DESC, turn")))


def _judgements(rows: Iterable[Sequence[Any]]) -> Iterator[Judgement]:
    """Yield the judgements of some rows; the log tells of those that an earlier Khabar stored in another form."""
    for row in rows:
        try:
            yield _judgement(row)
        except (ValueError, KhabarError) as error:
            _LOGGER.warning("the judgement of turn %s is of another form, and left out (%s)", row[0], type(error).__name__)


def _judgement(row: Sequence[Any]) -> Judgement:
    turn_id, verdict, note, question, history, within, answer, language, khabar, revision, judged = row
    return Judgement(
        turn_id,
        verdict,
        question,
        _ANSWER.validate_json(answer),
        note,
        tuple(json.loads(history)),
        _FILTER.validate_json(within) if within else EVERYTHING,
        language,
        khabar,
        revision,
        judged,
    )


def filter_json(within: Filter) -> dict[str, Any]:
    """Return what a filter lets through as a JSON object, without what it leaves open."""
    parts = {
        "outlets": sorted(within.outlets),
        "languages": sorted(within.languages) if within.languages != EVERYTHING.languages else None,
        "since": within.since.isoformat() if within.since else None,
        "until": within.until.isoformat() if within.until else None,
    }
    return {name: value for name, value in parts.items() if value}
