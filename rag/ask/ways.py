"""The ways in which a question is put to the reader: by itself, behind the one that it leans on, or in that one's words."""

from __future__ import annotations

from rag.ask.dependence import asks_instead
from rag.ask.followup import question_before
from rag.ask.kind import asked_words
from rag.ask.question import Question, without_replaced
from rag.ask.spelling import as_written


def ways_of(question: Question) -> tuple[str, ...]:
    """Return how a question is read beside a passage; of several ways that counts in which it is answered best.

    A follow-up that asks is read by itself, for beside the question before it the reader may answer that one, and behind it,
    for by itself it may not say what it is about. One that asks the same of something else is read in the words of the one
    before, the other name in its place.
    """
    if question.rewritten or not question.earlier:
        return (question.asked,)
    if asks_instead(question.text, question.language, question.terms) or not asked_words(question.text):
        return (_in_words_before(question) or question.asked,)
    return question.text, f"{question.earlier[-1]} {question.text}"


def _in_words_before(question: Question) -> str | None:
    """Return the question before with this one's name in place of its own; None where that is not certain."""
    before = question_before(question)
    kept = without_replaced(before.all_terms, question.terms) if before else ()
    replaced = [term for term in before.terms if term not in kept] if before else []
    if before is None or len(replaced) != 1 or len(question.terms) != 1:
        return None
    old = as_written(before.text, replaced[0].words)
    new = as_written(question.text, question.terms[0].words)
    return before.text.replace(old, new) if old in before.text else None
