"""Does a sentence of a draft bear on the question at all?"""

from __future__ import annotations

from collections.abc import Sequence

from index.language import detect_language
from rag.ask.question import Question
from rag.ask.term import Term
from rag.draft.tokens import Token, read_tokens
from rag.text.match import forms, sounds_of
from rag.types import Evidence


def bears_on(question: Question, text: str, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a sentence, or the evidence behind it, meets a term of the question, best one that is not light."""
    tokens = list(read_tokens(text, detect_language(text), question.glossary))
    for item in evidence:
        tokens += read_tokens(item.quote, item.passage.chunk.language, question.glossary)
    terms = [term for term in question.all_terms if not term.is_light] or list(question.all_terms)
    return not terms or any(_met(term, token) for term in terms for token in tokens)


def names_what_is_asked(question: Question, evidence: Evidence) -> bool:
    """Tell whether a piece of evidence names somebody or something that the question asks about."""
    tokens = read_tokens(evidence.quote, evidence.passage.chunk.language, question.glossary)
    return any(_met(term, token) for term in question.all_terms for token in tokens if token.role == "name")


def _met(term: Term, token: Token) -> bool:
    if not set(term.entries).isdisjoint(token.entries):
        return True
    if any(not forms(word).isdisjoint(part) for word in term.words for part in token.parts):
        return True
    return token.role == "name" and not sounds_of(term.words).isdisjoint(sounds_of([token.word]))
