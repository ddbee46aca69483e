"""Whether a language model writes at all."""

from __future__ import annotations

from rag.generate.fault import OnlyThoughts
from rag.generate.generator import GenerationError, Generator

_TOKENS = 2


def write_first_words(generator: Generator) -> None:
    """Let a model write a word or two; one that thinks has begun to. Raises KhabarError where it cannot."""
    try:
        for _ in generator.stream([{"role": "user", "content": "Say yes."}], max_tokens=_TOKENS):
            pass
    except GenerationError as error:
        if not isinstance(error.__cause__, OnlyThoughts):
            raise
