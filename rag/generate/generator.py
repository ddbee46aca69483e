"""Messages -> text: what a language model has to offer, and the one that writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

from index.types import KhabarError, Language

# Chat messages, each with its "role" and its "content".
Messages = list[dict[str, str]]
# What a model is given to write from: whole passages under instructions, or, where it was taught that, a few quotes.
Form = Literal["passages", "quotes"]


def without_system(messages: Messages) -> Messages:
    """Return messages without one of the system's: its words stand at the beginning of the user's, where there are any."""
    if len(messages) < 2 or messages[0]["role"] != "system":
        return messages
    first, second, *rest = messages
    return [{**second, "content": f"{first['content']}\n\n{second['content']}"}, *rest]


class GenerationError(KhabarError):
    """A model that is there did not finish its draft; the answer can do without it."""


class Generator(Protocol):
    """Writes text in the languages that it serves."""

    name: str
    languages: frozenset[Language]
    form: Form

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes, or a cautious estimate."""

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Return the reply to chat messages piece by piece. Raises GenerationError, then or later, where the model fails.

        Whoever wants no more of it closes it or lets go of it; the model then stops.
        """


class NoGenerator:
    """Writes nothing: every answer is made of quotes."""

    name = "none"
    languages: frozenset[Language] = frozenset()
    form: Form = "passages"

    def count_tokens(self, text: str) -> int:
        """Return 0."""
        return 0

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield nothing."""
        yield from ()
