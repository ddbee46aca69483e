"""What a conversation is made of: its turns, each a question and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.types import EVERYTHING, Filter
from rag.filter import FilterInput
from rag.types import Answer

# waiting: behind other questions; working: being answered; over: answered; stopped: by the one who asked; failed: with a fault.
State = Literal["waiting", "working", "over", "stopped", "failed"]
ENDED: frozenset[State] = frozenset({"over", "stopped", "failed"})

# What kept a question from being answered: the question, its filter, the archive or a model, or a bug.
FaultKind = Literal["too_long", "no_words", "filter", "away", "broken"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a question was not answered: `problem` and `remedy` are for whoever runs Khabar, in English.

    A filter's fault has its `detail` (rag.filter.Fault) and the `value` that was typed; a question's length is a value, too.
    """

    kind: FaultKind
    problem: str
    remedy: str
    detail: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what came of it: an answer that may still grow, or a fault.

    `number` counts from 1. `choice` is the filter as its user gave it, `within` what was made of it. `since` is the number of
    the turn that it was asked in place of: that one and those after it are no history of this one. `kept` tells whether it is
    stored: on a full disk an answer is shown all the same. `asked` is in seconds since 1970. `quoted` is the answer made of
    quotes that stands beside what a model has written so far; it is not stored.
    """

    turn_id: str
    number: int
    question: str
    choice: FilterInput = FilterInput()
    state: State = "waiting"
    answer: Answer | None = None
    fault: Fault | None = None
    within: Filter = EVERYTHING
    since: int | None = None
    kept: bool = True
    asked: float = 0.0
    quoted: Answer | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as its user finds it again: the draft and the filter in the box, and when it was last changed."""

    conversation_id: str
    title: str
    pinned: bool = False
    updated: float = 0.0
    turns: int = 0
    draft: str = ""
    choice: FilterInput = FilterInput()
