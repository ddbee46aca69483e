"""The short answer above the quotes: what is marked in the first of them, with its number."""

from __future__ import annotations

from dataclasses import replace

from rag.question import Question
from rag.rendering.render import render
from rag.types import Answer, Citation, Direct

# What is nearly the whole of a long quote is no shorter than it.
_SHARE = 0.7
_SHORT = 60


def with_direct(question: Question, answer: Answer) -> Answer:
    """Return an answer with its short answer: the span that is marked in its first quote, or in each of those that differ."""
    differing = {number for one in answer.disagreements for number in one.citations}
    told = [item for item in answer.citations if item.number in differing] or list(answer.citations[:1])
    values = [_direct(question, item, *item.phrase) for item in told if item.phrase and not _is_long(item, *item.phrase)]
    if not values:
        return answer
    first, *others = values
    return replace(answer, direct=replace(first, others=tuple(other for other in others if other.text != first.text)))


def _direct(question: Question, item: Citation, start: int, end: int) -> Direct:
    text = item.quote[start - item.start : end - item.start]
    rendered = render(text, item.language, question.language, item.published, question.glossary)
    return Direct(text, item.language, item.number, start, end, rendered)


def _is_long(item: Citation, start: int, end: int) -> bool:
    return end - start > max(_SHORT, _SHARE * len(item.quote))
