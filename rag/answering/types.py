"""What is asked of an archive by many at once, and the protocol of what answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from index.types import EVERYTHING, Filter, KhabarError
from rag.retrieve.matches import Match
from rag.types import Answer, Passage

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the earlier ones of its conversation, oldest first, and the articles that it is asked of.

    Without `write` the answer is made of quotes, also where a language model could write one; without `meaning` a search goes
    by words alone.
    """

    question: str
    history: tuple[str, ...] = ()
    within: Filter = EVERYTHING
    write: bool = True
    meaning: bool = True


class Overloaded(KhabarError):
    """More is asked than can be answered soon; `wait` is the seconds after which it is worth asking again."""

    def __init__(self, wait: int) -> None:
        """Keep the wait."""
        super().__init__("more is being asked than can be answered soon", f"ask again in {wait} seconds")
        self.wait = wait


class Stopping(KhabarError):
    """The server is being stopped: what is asked is not answered any more."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Khabar is being stopped", "ask again in a minute")


class Answering(Protocol):
    """Answers many askers fairly: the line is bounded, and who goes away (a cancelled task) leaves it.

    `asker` names who asks (`Caller.name`): places in the line are shared out between askers. Every method raises Overloaded
    where the line is full, Stopping where the server is being stopped, and KhabarError as the archive does.
    """

    def stream(self, asked: Asked, asker: str) -> AsyncIterator[Answer]:
        """Yield an answer as it grows; the last one is whole."""
        ...

    async def answer(self, asked: Asked, asker: str) -> Answer:
        """Return the whole answer."""
        ...

    async def search(self, asked: Asked, top_k: int, asker: str) -> list[Passage]:
        """Return the passages nearest to a question, best first."""
        ...

    async def explained(self, asked: Asked, top_k: int, asker: str) -> list[tuple[Passage, tuple[Match, ...]]]:
        """Return the passages nearest to a question, each with where it holds the question's terms."""
        ...

    async def run(self, work: Callable[[], Result], asker: str) -> Result:
        """Return what other work on the archive comes to, such as reading its list: done in a thread of the same line."""
        ...
