"""What two articles say differently in answer to one question: another number, day, place or person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, islice

from index.text import fold, squash
from index.types import Article
from rag.claim import Claim, asked_of, can_differ, claims, same_person
from rag.days import NamedDay, named_days
from rag.quantity import Quantity
from rag.question import Question
from rag.topic import is_about, speaks_of
from rag.types import Differing, Evidence

# What is much weaker than the best sentence of the same article speaks of something else. (Evidence in another language than
# the question is always weaker: it is not compared across articles.)
_COMPARABLE = 0.5
# Sentences name places and persons for many reasons: those of an article that is much weaker than the best are no answers.
_NEAR = 0.6
_MOST_ARTICLES = 6
# News of one day and of the next may have been written in the same hour.
_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)
# A count that is so many times another is hardly of the same thing.
_MOST_TIMES = 8
_SAYING = re.compile(
    fold(r"\b(?:said|says|announced|told|reported|[وف]?(?:قال|قالت|أعلن|أعلنت|ذكر|ذكرت|أفاد|أفادت)|گفت|گفتند|اعلام)\b")
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Claims that contradict one another: those that stand side by side, the best first, and those that they overtook.

    With one claim in `current` nothing is in dispute: it is newer than what it overtook.
    """

    kind: Differing
    current: tuple[Claim, ...]
    overtaken: tuple[Claim, ...]


def compare(question: Question, evidence: Sequence[Evidence], today: date) -> Comparison | None:
    """Return what the articles of some evidence (best first) contradict each other in, or None."""
    said = list(islice(_said(question, evidence), _MOST_ARTICLES)) if can_differ(question) else []
    contradicting = [(one, other) for one, other in combinations(said, 2) if one.contradicts(other)]
    if not contradicting:
        return None
    involved = [article for article in said if any(article in pair for pair in contradicting)]
    current: list[_Said] = []
    overtaken: list[_Said] = []
    for item in involved:
        ahead = [other for other in involved if overtakes(other.article, item.article, today) and other.contradicts(item)]
        (overtaken if ahead else current).append(item)
    side_by_side = _in_dispute(current)
    if not side_by_side:
        side_by_side = current[:1] if overtaken else []
    if len(side_by_side) < 2 and not overtaken:
        return None
    return Comparison(
        side_by_side[0].claim.kind, tuple(item.claim for item in side_by_side), tuple(item.claim for item in overtaken)
    )


def valid_day(article: Article, today: date) -> date | None:
    """Return the day of publication; None for an article without one, or from the future, which is no news."""
    day = article.published
    return None if day is None or day > today + _ONE_DAY else day


def overtakes(newer: Article, older: Article, today: date) -> bool:
    """Tell whether an article is late enough to know more than another: by more than a day, or by a day from one outlet."""
    later, earlier = valid_day(newer, today), valid_day(older, today)
    if later is None or earlier is None:
        return False
    own = newer.outlet is not None and squash(newer.outlet) == squash(older.outlet or "")
    return later - earlier > (timedelta(0) if own else _ONE_DAY)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one article says in answer: its best claim, and the sentences in which it may give other values."""

    article: Article
    claim: Claim
    question: Question
    pieces: tuple[Evidence, ...]
    strictly: bool

    def contradicts(self, other: _Said) -> bool:
        """Tell whether no value of the one is one of the other, though both are of the same thing."""
        if not _comparable(self.claim, other.claim) or _agree(self.claim, other.claim):
            return False
        if not _of_one_week(self.article, other.article) and not (self.strictly and other.strictly and self._is_news(other)):
            return False
        mine, theirs = self._values(), other._values()
        return not any(_agree(one, another) for one in mine for another in theirs)

    def _is_news(self, other: _Said) -> bool:
        """Tell whether one of two articles is dated, or a number is meant: a life told twice has too many days and places."""
        return self.claim.kind == "number" or any(item.article.published for item in (self, other))

    def _values(self) -> list[Claim]:
        """Return every value that the article gives anywhere."""
        return [value for piece in self.pieces for value in claims(self.question, piece)]


def _said(question: Question, evidence: Sequence[Evidence]) -> Iterator[_Said]:
    """Yield what each article claims, in the order of the evidence; nothing of one that leaves open which value it means."""
    by_article: dict[str, list[Evidence]] = {}
    for item in evidence:
        by_article.setdefault(item.passage.article.article_id, []).append(item)
    besides = asked_of(question).words
    for pieces in by_article.values():
        article = pieces[0].passage.article
        if not is_about(article, question, besides):
            continue
        if question.kind in ("where", "who") and pieces[0].score < _NEAR * evidence[0].score:
            continue
        chosen = _chosen(question, pieces)
        if chosen and all(_agree(chosen[0], other) for other in chosen[1:]):
            strictly = _speaks(question, chosen[0].evidence, strictly=True)
            yield _Said(article, chosen[0], question, tuple(pieces), strictly)


def _chosen(question: Question, pieces: Sequence[Evidence]) -> list[Claim]:
    """Return what the best of an article's sentences claims that speaks of the matter and gives a value."""
    for piece in pieces:
        if piece.score < _COMPARABLE * pieces[0].score:
            break
        found = claims(question, piece)
        if found and _speaks(question, piece):
            return found
    return []


def _speaks(question: Question, piece: Evidence, *, strictly: bool = False) -> bool:
    asked = asked_of(question)
    measured = bool(asked.units) or question.kind in ("when", "where")
    return speaks_of(piece, question, asked.words, measured=measured, strictly=strictly)


def _of_one_week(one: Article, other: Article) -> bool:
    """Tell whether two articles are so near in time that one subject is most likely one event."""
    return one.published is not None and other.published is not None and abs(one.published - other.published) <= _ONE_WEEK


def _in_dispute(current: Sequence[_Said]) -> list[_Said]:
    """Return the first of the articles that another contradicts, with those that contradict it and each other's values."""
    for item in current:
        against = [other for other in current if item.contradicts(other)]
        if against:
            return [item, *against]
    return []


def _agree(one: Claim, other: Claim) -> bool:
    """Tell whether two values may be the same."""
    if isinstance(one.value, Quantity) and isinstance(other.value, Quantity):
        return one.value.unit == other.value.unit and one.value.agrees_with(other.value)
    if isinstance(one.value, NamedDay) and isinstance(other.value, NamedDay):
        return not one.value.dates.isdisjoint(other.value.dates)
    if isinstance(one.value, tuple) and isinstance(other.value, tuple):
        return same_person(one.value, other.value)
    return one.value is other.value


def _comparable(one: Claim, other: Claim) -> bool:
    """Tell whether two values are of the same kind of thing, so that one of them contradicts the other."""
    mine, theirs = one.value, other.value
    if isinstance(mine, Quantity) and isinstance(theirs, Quantity):
        low, high = sorted((max(mine.high, 1), max(theirs.high, 1)))
        same_unit = mine.unit == theirs.unit and mine.is_total == theirs.is_total
        return same_unit and high <= _MOST_TIMES * low and not _of_other_days(one.evidence, other.evidence)
    if isinstance(mine, NamedDay) and isinstance(theirs, NamedDay):
        return not mine.by_weekday or not theirs.by_weekday
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return bool(mine) and bool(theirs)
    return getattr(mine, "kind", None) == getattr(theirs, "kind", None)


def _of_other_days(one: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences name days, and none in common: then they tell of two events."""
    mine, theirs = _days_of(one), _days_of(other)
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)


def _days_of(evidence: Evidence) -> frozenset[date]:
    """Return the days that a sentence names; a weekday beside a word of saying is most likely the day on which it was said."""
    found = named_days(evidence.quote, evidence.passage.article.published)
    said = _SAYING.search(fold(evidence.quote)) is not None
    return frozenset(day for item in found for day in item.dates if not (item.by_weekday and said))
