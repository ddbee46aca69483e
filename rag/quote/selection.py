"""Which of the evidence is worth quoting: the best sentence, and those that add to it."""

from __future__ import annotations

from collections.abc import Sequence

from index.text import spaced
from rag.ask.kind import holds_answer_of
from rag.ask.question import Question, Term, asks_several
from rag.quote import tuning
from rag.quote.repetition import Quote, distinct_quotes
from rag.quote.topic import word_forms
from rag.text.word_list import quote_words
from rag.types import Evidence, Kind

# The kinds of question whose words ask for a part of their own, beside the terms of the question.
_ASKED_BESIDE: tuple[Kind, ...] = ("when", "where", "howmany", "why")


def choose_quotes(question: Question, evidence: Sequence[Evidence], most: int) -> list[Quote]:
    """Return at most `most` quotes (of evidence that stands best first): the best sentence, and others that add to it.

    A sentence that repeats another joins it. Of a question with several parts, or for a list, those come first that speak of
    what the ones before leave out. To any other, where the reader found an answer in the best sentence, only those are added
    in which it found one, too, the best of each other article, and what is nearly as likely.
    """
    if not evidence:
        return []
    several = wants_several_quotes(question)
    least = (tuning.LEAST_SCORE_FOR_A_PART if several else tuning.LEAST_SCORE) * evidence[0].score
    # What repeats a quote joins it, however weak it is as evidence.
    distinct = distinct_quotes(evidence[: tuning.SENTENCES_PER_QUOTE * most], question.glossary)
    quotes = [quote for quote in distinct if quote.evidence.score >= least] or distinct[:1]
    if several:
        return _covering(question, quotes, most)
    # What a follow-up asks is understood less surely.
    is_found = quotes[0].evidence.phrase and not question.earlier
    return (_answering(quotes) if is_found else quotes)[:most]


def wants_several_quotes(question: Question) -> bool:
    """Tell whether a question asks for a list or for several things: who they were and what they said."""
    return asks_several(question.text) or quote_words("listing").search(spaced(question.text)) is not None


def _answering(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the best quote of each article in which an answer is marked, and what is nearly as good as the best of all."""
    kept: list[Quote] = []
    articles: set[str] = set()
    best = quotes[0].evidence
    for quote in quotes:
        article, marked = quote.evidence.passage.article.article_id, quote.evidence.phrase
        own = article == best.passage.article.article_id
        least = tuning.LEAST_SCORE_BESIDE_ANSWER if marked or own else tuning.LEAST_SCORE_UNMARKED
        if quote.evidence.score >= least * best.score or (marked and article not in articles):
            kept.append(quote)
            articles.add(article)
    return kept


def _covering(question: Question, quotes: Sequence[Quote], most: int) -> list[Quote]:
    """Return the best quote and then, one by one, that which is best for its score and for the parts that it adds."""
    parts = {quote.place: _parts(question, quote.evidence) for quote in quotes}
    whole = sum(term.emphasis for term in question.terms) + len(_kinds_asked(question)) or 1.0
    chosen, rest = [quotes[0]], list(quotes[1:])
    covered = set(parts[quotes[0].place])
    best = quotes[0].evidence.score or 1.0

    def gain(quote: Quote) -> float:
        added = sum(weight for part, weight in parts[quote.place].items() if part not in covered)
        return quote.evidence.score / best + tuning.GAIN_BY_NEW_PART * min(1.0, 2 * added / whole)

    while rest and len(chosen) < most:
        taken = max(rest, key=gain)
        rest.remove(taken)
        chosen.append(taken)
        covered |= set(parts[taken.place])
    return chosen


def _parts(question: Question, evidence: Evidence) -> dict[Term | Kind, float]:
    """Return the parts of a question that a sentence speaks of, with their weight: its terms, and the kinds of answer."""
    here = word_forms(evidence.quote, evidence.passage.chunk.language)
    terms: dict[Term | Kind, float] = {term: term.emphasis for term in question.terms if here.meets(term)}
    kinds = (kind for kind in _kinds_asked(question) if holds_answer_of(kind, evidence.quote, question.glossary))
    return terms | dict.fromkeys(kinds, 1.0)


def _kinds_asked(question: Question) -> list[Kind]:
    folded = spaced(question.text)
    return [kind for kind in _ASKED_BESIDE if quote_words(f"asks_{kind}").search(folded)]
