"""A follow-up question: names that its conversation cited are added, and it is put so that it can be read on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from babel.dates import format_date

from index.text import words
from rag.ask import tuning
from rag.ask.dependence import asks_instead, recalls_time
from rag.ask.question import Question, read_question, without_replaced
from rag.ask.spelling import as_written
from rag.ask.term import Term, terms_of
from rag.text.common_words import is_function_word
from rag.text.glossary import Glossary
from rag.types import Evidence

# Outlets stand in a sentence because they report, and are what no follow-up is about; times are added where they are asked.
_NO_NAMES = frozenset({"outlet", "month", "weekday", "number"})
_CAPITAL = re.compile(r"\b[A-Z][\w-]+")
_CAPITAL_INSIDE = re.compile(r"(?<=[\w,'’] )[A-Z][\w-]+")


def question_before(question: Question) -> Question | None:
    """Return the question that a follow-up leans on, completed in its turn; None for a question that stands alone."""
    if not question.earlier:
        return None
    *history, last = question.earlier
    return read_question(last, history, question.glossary, max(map(len, question.earlier)))


def complete(question: Question, cited: Sequence[Evidence]) -> Question:
    """Return a follow-up with the names in the sentences that answered the question before it, at little weight.

    `cited` is that evidence, best first; nothing is added where there is none, and to a question that stands alone. The day
    of the first sentence's article is added too where the follow-up asks when, or speaks of a time ("that day").
    """
    if not question.earlier or not cited:
        return question
    found = [term for evidence in cited for term in _names(evidence, question.glossary)]
    if question.kind == "when" or recalls_time(question.text, question.language):
        found = [*_day(cited[0], question.glossary), *found]
    new: list[Term] = []
    for term in found:
        if not any(term.means(known) for known in (*question.all_terms, *new)):
            new.append(replace(term, emphasis=tuning.CITED, is_name=False))
    return replace(question, context=(*question.context, *new[:tuning.MOST_CITED_NAMES]))


def _names(evidence: Evidence, glossary: Glossary) -> list[Term]:
    """Return the names in a sentence: those of the glossary, and English words in capitals that it lacks."""
    article = evidence.passage.article
    names: list[Term] = []
    for term in terms_of(words(evidence.quote), article.language, glossary):
        kinds = {entry.kind for entry in term.entries}
        is_name = _is_capitalised(term, evidence.quote) if article.language == "en" else term.is_name
        if is_name and kinds.isdisjoint(_NO_NAMES):
            names.append(term)
    return names


def _is_capitalised(term: Term, sentence: str) -> bool:
    """Tell whether an English sentence has a term in capitals: where the glossary has it, at its beginning too."""
    found = _CAPITAL.findall(sentence) if term.is_name else _CAPITAL_INSIDE.findall(sentence)
    written = {word for part in found for word in words(part)}
    return any(word in written and not is_function_word(word) for word in term.words)


def _day(evidence: Evidence, glossary: Glossary) -> list[Term]:
    """Return the month and the year of the evidence's article as terms, as its passages are weighed by them."""
    article = evidence.passage.article
    if article.published is None:
        return []
    written = f"{format_date(article.published, 'MMMM', locale=article.language)} {article.published.year}"
    return list(terms_of(words(written), article.language, glossary))


def ways_to_ask(question: Question) -> tuple[str, ...]:
    """Return how a question is read beside a passage; of several ways that counts in which it is answered best.

    A follow-up that asks is read by itself, for beside the question before it the reader may answer that one, and behind it,
    for by itself it may not say what it is about. One that asks the same of something else is read in the words of the one
    before, the other name in its place.
    """
    if question.rewritten or not question.earlier:
        return (question.asked,)
    if asks_instead(question.text, question.language, question.terms) or not question.asking_words:
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
