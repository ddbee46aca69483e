"""The short answer above the quotes: what is marked in the first of them, or the values in which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.ask.question import Question
from rag.render.rendering import render
from rag.types import Answer, Citation, Direct

# What is nearly the whole of a long quote is no shorter than it.
_SHARE = 0.7
_SHORT = 60


def with_direct(question: Question, answer: Answer) -> Answer:
    """Return an answer with its short answer: what is marked in its first quote, or the values in which quotes differ."""
    spans = list(_differing(answer)) or [(item, *item.phrase) for item in answer.citations[:1] if item.phrase]
    values = [_direct(question, *span) for span in spans if not _is_long(*span)]
    if not values:
        return answer
    first, *others = values
    return replace(answer, direct=replace(first, others=tuple(other for other in others if other.text != first.text)))


def _differing(answer: Answer) -> Iterator[tuple[Citation, int, int]]:
    """Yield the values that quotes differ in, where they stand: as they are marked, if they are."""
    cited = {item.number: item for item in answer.citations}
    for one in answer.disagreements:
        for number, value in zip(one.citations, one.values, strict=True):
            item = cited[number]
            start = item.start + item.quote.find(value)
            end = start + len(value)
            if item.phrase and item.phrase[0] < end and start < item.phrase[1]:
                yield item, *item.phrase
            elif start >= item.start:
                yield item, start, end


def _direct(question: Question, item: Citation, start: int, end: int) -> Direct:
    text = item.quote[start - item.start : end - item.start]
    rendered = render(text, item.language, question.language, item.published, question.glossary)
    return Direct(text, item.language, item.number, start, end, rendered)


def _is_long(item: Citation, start: int, end: int) -> bool:
    return end - start > max(_SHORT, _SHARE * len(item.quote))
