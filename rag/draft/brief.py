"""The short prompt of a small model that was taught to write from it: the quotes, the short answer, the question.

benchmarks/train_writer.py trains rag/data/writer.gguf on prompts made here: what changes here must be learned again.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.draft.prompt import harmless
from rag.generate.generator import Messages

INSTRUCTION = "Answer the question from these news sentences. End each sentence with the number of its source."


def brief_messages(question: str, short: str, quotes: Sequence[str]) -> Messages:
    """Return the chat messages that ask for a sentence or two about quotes, numbered from 1; `short` may be empty."""
    lines = [f"[{number}] {' '.join(harmless(quote).split())}" for number, quote in enumerate(quotes, 1)]
    lines.append(f"Question: {' '.join(harmless(question).split())}")
    if short:
        lines.append(f"Short answer: {' '.join(harmless(short).split())}")
    return [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": "\n".join(lines)}]
