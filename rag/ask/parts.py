"""Whether a question asks several things, and its parts: "When did they meet, and what did they sign?" has two."""

from __future__ import annotations

import re

from index.text import ZWNJ, fold_offsets, spaced, words
from rag.text.common_words import is_function_word

_ARABIC_ASKER = r"(?:ماذا|ما|من|متي|اين|كيف|لماذا|كم|هل|اي)"
_ASKER = rf"(?:whom?|whose|what|when|where|why|how|which|جه|جيست|كي|كيست|كجا|جرا|جكونه|جند|كدام|جقدر|{_ARABIC_ASKER})"
_ASKS = re.compile(rf"\b(?:[وف]|[وف]?[بلف])?{_ASKER}\b")
# An "and" with the question word right behind it, or in Persian, which may put it later, a few words on.
_JOINT = re.compile(
    rf"[,;،؛]?\s+and\s+(?:(?:in|on|at|by|for|to|from|with|of|since|until)\s+)?(?={_ASKER}\b)|"
    rf"[,;،؛]?\s+و(?={_ARABIC_ASKER}\b)|[,;،؛]?\s+و\s+(?=(?:\w+\s+){{0,2}}{_ASKER}\b)|[?؟]\s+(?=\S)"
)


def asks_several(question: str) -> bool:
    """Tell whether a question asks several things, also where one is too short to stand alone: who came, and when."""
    folded = spaced(question)
    joints = [joint.span() for joint in _JOINT.finditer(folded)]
    return any(_ASKS.search(folded[:start]) and _ASKS.search(folded[end:]) for start, end in joints)


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
