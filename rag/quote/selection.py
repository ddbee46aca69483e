"""Which of the evidence is worth quoting: the best, and what adds to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import ZWNJ, fold
from rag.ask.question import Question, Term
from rag.quote.repetition import Quote, merged
from rag.quote.topic import wording
from rag.text.traits import holds_answer_of
from rag.types import Evidence, Kind

# Evidence below this share of the best is beside the point; a question of several parts is answered from further down.
_NEAR = 0.5
_NEAR_IN_PART = 0.4
# What a part of the question that no quote speaks of yet adds to the score, as a share of the best.
_NEW_PART = 0.45
_LOOKED_AT = 6
# A second sentence of an article is worth showing where it is nearly as likely to answer as the best.
_NEARLY = 0.75
# In another article, where the reader found no answer, it must be nearer still.
_NEARLY_UNMARKED = 0.85
# The words that ask for a part of its own beside the question's terms.
_PART_ASKERS: dict[Kind, re.Pattern[str]] = {
    "when": re.compile(fold(r"\b(?:when|[وف]?متى|چه (?:زمانی?|وقت|روزی))\b")),
    "where": re.compile(fold(r"\b(?:where|[وف]?أين|کجا)\b")),
    "howmany": re.compile(fold(r"\b(?:how (?:many|much|long)|[وف]?كم|چند|چقدر)\b")),
    "why": re.compile(fold(r"\b(?:why|[وف]?لماذا|چرا)\b")),
}

_ASKERS = re.compile(
    fold(
        r"\b(?:who|whom|what|when|where|why|how|which|[وف]?(?:من|ماذا|ما|متى|أين|كيف|لماذا|كم|هل|أي)|چه|کی|کجا|چرا|چگونه|چند|کدام|"
        r"چیست|کیست)\b"
    )
)
_JOINED = re.compile(
    fold(
        r"\band (?:\w+ ){0,2}(?:whom?|what|when|where|why|how|which)\b|"
        r"\bو ?(?:\w+ ){0,2}(?:ماذا|متى|أين|كيف|لماذا|كم|چه|کی|کجا|چرا|چگونه|چند|کدام)\b|\bو(?:من|ما)\b"
    )
)
_LISTING = re.compile(
    fold(
        r"\b(?:list|name (?:the|all)|names of|members of|who are|what are|which (?:countries|cities|people|ministers)|"
        r"main points|أعضاء|أسماء|قائمة|اذكر|عدد لي|أبرز|أهم|بنود|من هم|ما هي (?:بنود|شروط|مطالب|أسباب)|فهرست|نام ببر\w*|اعضای|"
        r"چه کسانی|چه چیزهایی|کدام کشورها|مهم ?ترین|بندهای|شرط ?های)\b"
    )
)


def choose_quotes(question: Question, evidence: Sequence[Evidence], most: int) -> list[Quote]:
    """Return at most `most` quotes (of evidence that stands best first): the best sentence, and others that add to it.

    A sentence that repeats another joins it. Of a question with several parts, or for a list, those come first that speak of
    what the ones before leave out. To any other, where the reader found an answer in the best sentence, only those are added
    in which it found one, too, the best of each other article, and what is nearly as likely.
    """
    if not evidence:
        return []
    several = asks_several(question)
    least = (_NEAR_IN_PART if several else _NEAR) * evidence[0].score
    # What repeats a quote joins it, however weak it is as evidence.
    looked_at = merged(evidence[: _LOOKED_AT * most], question.glossary)
    quotes = [quote for quote in looked_at if quote.evidence.score >= least] or looked_at[:1]
    if several:
        return _covering(question, quotes, most)
    # What a follow-up asks is understood less surely.
    is_found = quotes[0].evidence.phrase and not question.earlier
    return (_answering(quotes) if is_found else quotes)[:most]


def _answering(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the best quote of each article in which an answer is marked, and what is nearly as good as the best of all."""
    kept: list[Quote] = []
    articles: set[str] = set()
    first = quotes[0].evidence
    for quote in quotes:
        article, marked = quote.evidence.passage.article.article_id, quote.evidence.phrase
        least = _NEARLY if marked or article == first.passage.article.article_id else _NEARLY_UNMARKED
        if quote.evidence.score >= least * first.score or (marked and article not in articles):
            kept.append(quote)
            articles.add(article)
    return kept


def asks_several(question: Question) -> bool:
    """Tell whether a question asks for a list or for several things: who they were and what they said."""
    folded = fold(question.text).replace(ZWNJ, " ")
    if _LISTING.search(folded):
        return True
    return _JOINED.search(folded) is not None and len(_ASKERS.findall(folded)) > 1


def _covering(question: Question, quotes: Sequence[Quote], most: int) -> list[Quote]:
    """Return the best quote and then, one by one, that which is best for its score and for the parts that it adds."""
    parts = {id(quote): _parts(question, quote) for quote in quotes}
    whole = sum(term.emphasis for term in question.terms) + len(_kinds_asked(question)) or 1.0
    chosen, rest = [quotes[0]], list(quotes[1:])
    covered = set(parts[id(quotes[0])])
    best = quotes[0].evidence.score or 1.0
    while rest and len(chosen) < most:
        gains = [
            quote.evidence.score / best
            + _NEW_PART * min(1.0, 2 * sum(weight for part, weight in parts[id(quote)].items() if part not in covered) / whole)
            for quote in rest
        ]
        taken = rest.pop(gains.index(max(gains)))
        chosen.append(taken)
        covered |= set(parts[id(taken)])
    return chosen


def _parts(question: Question, quote: Quote) -> dict[Term | Kind, float]:
    """Return the parts of a question that a quote speaks of, with their weight: its terms, and the kinds of answer it holds."""
    item = quote.evidence
    here = wording(item.quote, item.passage.chunk.language)
    terms: dict[Term | Kind, float] = {term: term.emphasis for term in question.terms if here.meets(term)}
    return terms | {kind: 1.0 for kind in _kinds_asked(question) if holds_answer_of(kind, item.quote, question.glossary)}


def _kinds_asked(question: Question) -> list[Kind]:
    folded = fold(question.text).replace(ZWNJ, " ")
    return [kind for kind, pattern in _PART_ASKERS.items() if pattern.search(folded)]
