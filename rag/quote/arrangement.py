"""The order of quotes in an answer: the newest state first, what it overtook last, contradicting reports side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.ask.question import Question
from rag.quote import tuning
from rag.quote.comparison import Comparison, overtakes, valid_day
from rag.quote.repetition import Quote, distinct_quotes
from rag.text.days import names_a_time
from rag.types import Evidence

Role = Literal["said", "differ", "more", "earlier"]


@dataclass(frozen=True, slots=True)
class Section:
    """Quotes under one heading: what is said, what is in dispute, what is said besides, what earlier reports said."""

    role: Role
    quotes: tuple[Quote, ...]


def arrange(
    question: Question, evidence: Sequence[Evidence], chosen: Sequence[Quote], comparison: Comparison | None, most: int,
    today: date,
) -> tuple[Section, ...]:  # fmt: skip
    """Return the sections of an answer, at most `most` quotes in all: those in dispute, or else the chosen ones.

    For a question after the latest state the newest of the evidence (best first) leads, which may not be among the chosen.
    """
    if comparison:
        sections = _compared(comparison, chosen, most)
    elif names_a_time(question.text):
        sections = [Section("said", tuple(_own_language_first(question, chosen, today)))]
    elif question.asks_latest:
        sections = _latest_first(question, evidence, chosen, most, today)
    else:
        sections = [Section("said", tuple(_own_language_first(question, _newer_first(question, chosen, today), today)))]
    return tuple(section for section in sections if section.quotes)


def day_of_answer(question: Question, sections: Sequence[Section], today: date) -> date | None:
    """Return the day of the first quote, if it is the newest of several days, or the question asks for the latest."""
    if names_a_time(question.text) or not sections:
        return None
    days = [valid_day(quote.evidence.passage.article, today) for section in sections for quote in section.quotes]
    known = [day for day in days if day]
    if not known or days[0] is None or days[0] != max(known):
        return None
    return days[0] if question.asks_latest or min(known) < days[0] else None


def _compared(comparison: Comparison, chosen: Sequence[Quote], most: int) -> list[Section]:
    """Return the contradicting quotes first; room is left for one of those that they overtook."""
    room = most - bool(comparison.overtaken)
    current = [_quote_of(claim.evidence, chosen) for claim in comparison.current][: max(room, 1)]
    earlier = [_quote_of(claim.evidence, chosen) for claim in comparison.overtaken][: max(1, most - len(current))]
    shown = {quote.place for quote in (*current, *earlier)}
    old = {claim.evidence.passage.article.article_id for claim in comparison.overtaken}
    rest = [quote for quote in chosen if quote.place not in shown and quote.evidence.passage.article.article_id not in old]
    rest = rest[: most - len(current) - len(earlier)]
    if len(current) > 1:
        return [Section("differ", tuple(current)), Section("more", tuple(rest)), Section("earlier", tuple(earlier))]
    return [Section("said", (*current, *rest)), Section("earlier", tuple(earlier))]


def _quote_of(evidence: Evidence, chosen: Sequence[Quote]) -> Quote:
    """Return the chosen quote of a piece of evidence, or a new one."""
    quote = Quote(evidence)
    return next((known for known in chosen if known.place == quote.place), quote)


def _latest_first(
    question: Question, evidence: Sequence[Evidence], chosen: Sequence[Quote], most: int, today: date
) -> list[Section]:
    """Return the newest quote that answers well first, and under it what is older by more than a day."""
    least = tuning.LATEST_FIRST * evidence[0].score
    good = distinct_quotes([item for item in evidence if item.score >= least], question.glossary)
    dated = [quote for quote in good if _day(quote, today)]
    if not dated:
        return [Section("said", tuple(chosen))]
    newest = max(dated, key=lambda quote: _day(quote, today) or date.min)
    # News begins with what is new: of the newest article its first sentence that answers leads.
    article = newest.evidence.passage.article
    own = [quote for quote in dated if quote.evidence.passage.article == article]
    newest = min(own, key=lambda quote: quote.evidence.start)
    rest = [quote for quote in chosen if quote.place != newest.place][: most - 1]
    earlier = [quote for quote in rest if overtakes(article, quote.evidence.passage.article, today)]
    beside = [quote for quote in rest if quote not in earlier]
    return [Section("said", (newest, *beside)), Section("earlier", tuple(earlier))]


def _day(quote: Quote, today: date) -> date | None:
    return valid_day(quote.evidence.passage.article, today)


def _newer_first(question: Question, chosen: Sequence[Quote], today: date) -> list[Quote]:
    """Return the quotes with the newest first among the leading ones that are as good as the best; those undated stay last."""
    best = chosen[0].evidence
    share = tuning.NEWER_STATE_FIRST if question.kind == "yesno" else tuning.NEWER_FIRST
    good = [quote for quote in chosen if _is_as_good(quote.evidence, best, share)]
    rest = [quote for quote in chosen if quote not in good]
    return [*sorted(good, key=lambda quote: _day(quote, today) or date.min, reverse=True), *rest]


def _own_language_first(question: Question, quotes: Sequence[Quote], today: date) -> Sequence[Quote]:
    """Return the quotes with one in the question's language first where it answers nearly as well and is no older report."""
    lead = quotes[0].evidence
    if lead.passage.chunk.language == question.language:
        return quotes
    for quote in quotes[1:]:
        item = quote.evidence
        old = overtakes(lead.passage.article, item.passage.article, today)
        if item.passage.chunk.language == question.language and not old and _is_as_good(item, lead, tuning.OWN_LANGUAGE_FIRST):
            return [quote, *(other for other in quotes if other is not quote)]
    return quotes


def _is_as_good(item: Evidence, best: Evidence, share: float) -> bool:
    return item.score >= share * best.score and (item.phrase is not None or best.phrase is None)
