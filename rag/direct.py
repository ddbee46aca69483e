"""The short answer above the quotes: the reader's span, with the number of the quote that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.question import Question
from rag.rendering.render import render
from rag.types import Answer, Citation, Direct, Evidence

# What is nearly the whole of a long quote is no shorter than it.
_SHARE = 0.7
_SHORT = 60


def with_direct(question: Question, answer: Answer, evidence: Sequence[Evidence]) -> Answer:
    """Return an answer with its short answer, where the best of the evidence has a span that one of the quotes holds."""
    if answer.abstained or not evidence or evidence[0].phrase is None:
        return answer
    values = [_direct(question, item, *item.phrase) for item in _differing(answer) if item.phrase]
    best = values or list(_found(question, answer, evidence[0]))
    if not best or any(map(_is_long, answer.citations, [best[0]] * len(answer.citations))):
        return answer
    first, *others = best
    return replace(answer, direct=replace(first, others=tuple(other for other in others if other.text != first.text)))


def _differing(answer: Answer) -> list[Citation]:
    """Return the citations that give differing values, in their order."""
    numbers = {number for one in answer.disagreements for number in one.citations}
    return [item for item in answer.citations if item.number in numbers]


def _found(question: Question, answer: Answer, evidence: Evidence) -> Iterator[Direct]:
    """Yield the span of a piece of evidence, if a citation holds it."""
    article = evidence.passage.article.article_id
    start, end = evidence.phrase or (0, 0)
    holding = (item for item in answer.citations if item.article_id == article and item.start <= start and end <= item.end)
    yield from (_direct(question, item, start, end) for item in list(holding)[:1])


def _direct(question: Question, item: Citation, start: int, end: int) -> Direct:
    text = item.quote[start - item.start : end - item.start]
    rendered = render(text, item.language, question.language, item.published, question.glossary)
    return Direct(text, item.language, item.number, start, end, rendered)


def _is_long(item: Citation, direct: Direct) -> bool:
    return item.number == direct.citation and len(direct.text) > max(_SHORT, _SHARE * len(item.quote))
