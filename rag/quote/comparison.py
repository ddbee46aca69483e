"""What two articles say differently in answer to one question: another number, day, place or person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from index.chunk import split_sentences
from index.text import fold, squash
from index.types import Article
from rag.ask.question import Question
from rag.quote.claim import SAYING, Claim, asked_of, can_differ, claims, names_most, same_person, says_number, tells_length
from rag.quote.topic import is_about, speaks_of
from rag.text.days import NamedDay, named_days, names_a_time
from rag.text.quantity import Quantity
from rag.types import Differing, Evidence

# An article answers in one of its best sentences, or not at all. (Scores are not compared across articles: those of another
# language than the question's are always lower.)
_BEST = 5
# Between articles that are not of one week, or of no day, less is taken for an answer.
_FOREMOST = 2
# So much of an article, in characters, is searched for a second number of the kind that it seems to give once.
_READ = 8_000
# Sentences name places and persons for many reasons: those of an article that is much weaker than the best are no answers.
_NEAR = 0.6
_MOST_ARTICLES = 6
# News of one day and of the next may have been written in the same hour.
_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)
# A count that is so many times another is hardly of the same thing.
_MOST_TIMES = 8
# Days further apart are of two events rather than of one that was put off; so are tolls that were told so far apart.
_FURTHEST = timedelta(days=60)


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
    said = list(islice(_said(question, evidence, today), _MOST_ARTICLES)) if can_differ(question) else []
    # A place that the question names itself is the answer only where nobody gives another.
    said = [item for item in said if not item.claim.is_named] or said
    # Articles that contradict one another, but not the best, speak of something else.
    contradicting = [other for other in said[1:] if said[0].contradicts(other)]
    if not contradicting:
        return None
    involved = [said[0], *contradicting]
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
    """What one article of some day says in answer: its best claim, and the sentences in which it may give other values.

    `plainly`: its sentence speaks of what the question names; `strictly`: it does so by itself, and is one of the best.
    """

    article: Article
    day: date | None
    claim: Claim
    question: Question
    pieces: tuple[Evidence, ...]
    plainly: bool
    strictly: bool

    def contradicts(self, other: _Said) -> bool:
        """Tell whether no value of the one is one of the other, though both are of the same thing."""
        if not _comparable(self.claim, other.claim) or _agree(self.claim, other.claim) or self._is_of_another_event(other):
            return False
        if not (self.plainly or other.plainly):
            return False
        if not _of_one_week(self.article, other.article) and not (self.strictly and other.strictly and self._is_news(other)):
            return False
        mine, theirs = self._values(), other._values()
        return not any(_agree(one, another) for one in mine for another in theirs)

    def _is_of_another_event(self, other: _Said) -> bool:
        """Tell whether two numbers are told with different days, two tolls months apart, or a day after the event had been.

        A rate or a price has a new day each time it changes.
        """
        if self.claim.kind == "date":
            return self._is_over_before(other) or other._is_over_before(self)
        if self.claim.kind != "number":
            return False
        if asked_of(self.question).outcomes and self.day and other.day and abs(self.day - other.day) > _FURTHEST:
            return True
        changing = not asked_of(self.question).is_specific and not names_a_time(self.question.text)
        return not changing and _of_other_days(self.claim.evidence, other.claim.evidence)

    def _is_over_before(self, other: _Said) -> bool:
        """Tell whether what this tells of had been when it was published, and the other's day was still to come."""
        mine, theirs = self.claim.value, other.claim.value
        if self.day is None or not isinstance(mine, NamedDay) or not isinstance(theirs, NamedDay):
            return False
        return max(mine.dates) <= self.day < min(theirs.dates)

    def _is_news(self, other: _Said) -> bool:
        """Tell whether one of two articles is dated, or people are counted: a life told twice has too many days and years."""
        dated = any(item.article.published for item in (self, other))
        return dated or (self.claim.kind == "number" and bool(asked_of(self.question).outcomes))

    def _values(self) -> list[Claim]:
        """Return every value that the article gives anywhere; of any rate or price, those beside what the question names."""
        naming = [piece for piece in self.pieces if names_most(self.question, piece)]
        pieces = naming if self.claim.kind == "number" and not asked_of(self.question).is_specific else self.pieces
        found = [self.claim, *(value for piece in pieces for value in claims(self.question, piece))]
        return [value for value in found if (_unit(value), value.is_named) == (_unit(self.claim), self.claim.is_named)]


def _said(question: Question, evidence: Sequence[Evidence], today: date) -> Iterator[_Said]:
    """Yield what each article claims, in the order of the evidence; nothing of one that leaves open which value it means."""
    by_article: dict[str, list[Evidence]] = {}
    for item in evidence:
        by_article.setdefault(item.passage.article.article_id, []).append(item)
    besides = asked_of(question).words
    for pieces in by_article.values():
        article = pieces[0].passage.article
        if not is_about(article, question, besides):
            continue
        if question.kind == "who" and pieces[0].score < _NEAR * evidence[0].score:
            continue
        chosen = _chosen(question, pieces) or _only(question, pieces)
        if chosen and all(_agree(chosen[0], other) for other in chosen[1:]):
            best = chosen[0].evidence
            strictly = best in pieces[:_FOREMOST] and _speaks(question, best, strictly=True)
            day = valid_day(article, today)
            yield _Said(article, day, chosen[0], question, tuple(pieces), _speaks(question, best), strictly)


def _chosen(question: Question, pieces: Sequence[Evidence]) -> list[Claim]:
    """Return what the best of an article's sentences claims that speaks of the matter and gives a value.

    A place that the question names itself is taken only where none of them gives another.
    """
    named: list[Claim] = []
    for piece in pieces[:_BEST]:
        found = claims(question, piece)
        if found and _speaks(question, piece) and (_unit(found[0]) != "time" or tells_length(question, piece)):
            if not found[0].is_named:
                return found
            named = named or found
    return named


def _only(question: Question, pieces: Sequence[Evidence]) -> list[Claim]:
    """Return the one number of the kind asked for that an article gives; nothing where it gives several or has no day.

    Such a number needs no other words of the question beside it: "power was back after five hours" answers how long the
    outage lasted, in an article about that outage.
    """
    asked, article = asked_of(question), pieces[0].passage.article
    counted = bool(asked.nouns) and not asked.outcomes and article.language == question.language
    if article.published is None or not (asked.units or counted):
        return []
    found = [claim for piece in pieces for claim in claims(question, piece)]
    one = found[:1] if all(_agree(found[0], other) for other in found[1:]) else []
    if asked.units:
        return one if one and all(_agree(one[0], other) for other in _everywhere(question, pieces[0])) else []
    return [claim for claim in one if says_number(claim.evidence.quote) and _speaks_of_most(question, claim.evidence)]


def _everywhere(question: Question, piece: Evidence) -> Iterator[Claim]:
    """Yield what any sentence claims of the article that a piece of evidence is from."""
    article = piece.passage.article
    for span in split_sentences(article.text[:_READ], article.language):
        yield from claims(question, replace(piece, start=span.start, end=span.end, phrase=None))


def _speaks_of_most(question: Question, piece: Evidence) -> bool:
    return speaks_of(piece, question, asked_of(question).words, measured=True)


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
        return same_unit and high <= _MOST_TIMES * low
    if isinstance(mine, NamedDay) and isinstance(theirs, NamedDay):
        near = any(abs(one - other) <= _FURTHEST for one in mine.dates for other in theirs.dates)
        return near and (not mine.by_weekday or not theirs.by_weekday)
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return bool(mine) and bool(theirs)
    return getattr(mine, "kind", None) == getattr(theirs, "kind", None)


def _unit(claim: Claim) -> str:
    return claim.value.unit if isinstance(claim.value, Quantity) else ""


def _of_other_days(one: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences name days, and none in common: then they tell of two events."""
    mine, theirs = _days_of(one), _days_of(other)
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)


def _days_of(evidence: Evidence) -> frozenset[date]:
    """Return the days that a sentence names; a weekday beside a word of saying is most likely the day on which it was said."""
    found = named_days(evidence.quote, evidence.passage.article.published)
    said = SAYING.search(fold(evidence.quote)) is not None
    return frozenset(day for item in found for day in item.dates if not (item.by_weekday and said))
