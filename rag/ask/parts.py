"""The parts of a question that asks several things: "When did they meet, and what did they sign?" asks two."""

from __future__ import annotations

import re

from index.text import ZWNJ, fold_offsets, words
from rag.text.common_words import is_function_word

_ASKER = (
    r"(?:whom?|whose|what|when|where|why|how|which|ماذا|ما|من|متي|اين|كيف|لماذا|كم|هل|اي|جه|كي|كجا|جرا|جكونه|جند|كدام|جقدر)"
)
_ASKS = re.compile(rf"\b(?:[وف]|[وف]?[بلف])?{_ASKER}\b")
# An "and" with the question word right behind it, or in Persian, which may put it later, a few words on.
_JOINT = re.compile(
    rf"[,;،؛]?\s+and\s+(?:(?:in|on|at|by|for|to|from|with|of)\s+)?(?={_ASKER}\b)|"
    rf"[,;،؛]?\s+و(?={_ASKER}\b)|[,;،؛]?\s+و\s+(?=(?:\w+\s+){{0,2}}{_ASKER}\b)|[?؟]\s+(?=\S)"
)


def parts_of(question: str) -> tuple[str, ...]:
    """Return the parts of a question, each of which asks; the whole question alone where it is not certain to ask several."""
    folded, offsets = fold_offsets(question)
    folded = folded.replace(ZWNJ, " ")
    parts: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(folded):
        before, behind = folded[begin : joint.start()], folded[joint.end() :]
        if _asks_something(before) and _asks_something(behind):
            parts.append(question[offsets[begin] : offsets[joint.start()]])
            begin = joint.end()
    return (*parts, question[offsets[begin] :]) if parts else (question,)


def _asks_something(folded: str) -> bool:
    """Tell whether words ask, and name something that they ask about."""
    return bool(_ASKS.search(folded)) and not all(_ASKS.fullmatch(word) or is_function_word(word) for word in words(folded))
