"""One request: what is asked for, of whom or what, and of which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.types import RequestKind


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a text names, from the first to the last; None where that side is open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for where that is no fact: `person` is whose words, `topic` is about what; both as they were written.

    `rest` is the text without the words of its `days`. A summary without a topic is of what the conversation is about.
    `tongue` is the language of a question in none of the three, and `bare` says that a single word is all there is.
    """

    kind: RequestKind
    topic: str = ""
    person: str = ""
    days: Days | None = None
    rest: str = ""
    tongue: str = ""
    bare: bool = False
