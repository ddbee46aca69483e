"""What articles say differently in answer to one question: another number, day, place or person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from index.chunk import split_sentences
from index.text import fold, spaced, squash
from index.types import Article
from rag.ask.question import Question
from rag.quote import tuning
from rag.quote.asked_value import asked_number, asks_one_value
from rag.quote.claim import Claim, claims, names_half, tells_length
from rag.quote.topic import is_about, speaks_of
from rag.text.days import NamedDay, named_days, names_a_time
from rag.text.word_list import quote_words
from rag.types import Differing, Evidence


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
    if not asks_one_value(question):
        return None
    reports = list(islice(_reports(question, evidence, today), tuning.MOST_ARTICLES))
    # A place that the question names itself is the answer only where nobody gives another.
    reports = [report for report in reports if not report.claim.is_named] or reports
    # Articles that contradict one another, but not the best, speak of something else.
    contradicting = [report for report in reports[1:] if reports[0].contradicts(report)]
    if not contradicting:
        return None
    involved = [reports[0], *contradicting]
    current: list[_Report] = []
    overtaken: list[_Report] = []
    for report in involved:
        later = (other for other in involved if overtakes(other.article, report.article, today))
        (overtaken if any(other.contradicts(report) for other in later) else current).append(report)
    side_by_side = _in_dispute(current) or (current[:1] if overtaken else [])
    if not side_by_side:
        return None
    kind = side_by_side[0].claim.kind
    return Comparison(kind, tuple(report.claim for report in side_by_side), tuple(report.claim for report in overtaken))


def valid_day(article: Article, today: date) -> date | None:
    """Return the day of publication; None for an article without one, or from the future, which is no news."""
    day = article.published
    return None if day is None or day > today + tuning.SAME_NEWS else day


def overtakes(newer: Article, older: Article, today: date) -> bool:
    """Tell whether an article is late enough to know more than another: by more than a day, or by a day from one outlet."""
    later, earlier = valid_day(newer, today), valid_day(older, today)
    if later is None or earlier is None:
        return False
    own = newer.outlet is not None and squash(newer.outlet) == squash(older.outlet or "")
    return later - earlier > (timedelta(0) if own else tuning.SAME_NEWS)


@dataclass(frozen=True, slots=True)
class _Report:
    """What one article says in answer: its best claim, and the sentences in which it may give other values.

    `day` is that of its publication, where it is valid. `plainly`: the claim's sentence speaks of what the question names;
    `strictly`: it does so by itself, and is one of the best.
    """

    claim: Claim
    question: Question
    sentences: tuple[Evidence, ...]
    day: date | None
    plainly: bool
    strictly: bool

    @property
    def article(self) -> Article:
        """The article that says so."""
        return self.claim.evidence.passage.article

    def contradicts(self, other: _Report) -> bool:
        """Tell whether no value of the one is one of the other, though both are of the same thing."""
        if not self.claim.compares_with(other.claim) or self.claim.agrees_with(other.claim):
            return False
        if self._is_of_another_event(other) or not (self.plainly or other.plainly):
            return False
        if not self._is_of_one_week(other) and not (self.strictly and other.strictly and self._is_news(other)):
            return False
        mine, theirs = self._values(), other._values()
        return not any(one.agrees_with(another) for one in mine for another in theirs)

    def _is_of_another_event(self, other: _Report) -> bool:
        """Tell whether two numbers are told with different days, two tolls months apart, or a day after the event had been.

        A rate or a price has a new day each time it changes.
        """
        if self.claim.kind == "date":
            return self._is_over_before(other) or other._is_over_before(self)
        if self.claim.kind != "number":
            return False
        asked = asked_number(self.question)
        if asked.outcomes and self.day and other.day and abs(self.day - other.day) > tuning.OTHER_EVENT:
            return True
        changing = not asked.is_specific and not names_a_time(self.question.text)
        mine, theirs = _days_told(self.claim.evidence), _days_told(other.claim.evidence)
        return not changing and bool(mine) and bool(theirs) and mine.isdisjoint(theirs)

    def _is_over_before(self, other: _Report) -> bool:
        """Tell whether what this tells of had been when it was published, and the other's day was still to come."""
        mine, theirs = self.claim.value, other.claim.value
        if self.day is None or not isinstance(mine, NamedDay) or not isinstance(theirs, NamedDay):
            return False
        return max(mine.dates) <= self.day < min(theirs.dates)

    def _is_of_one_week(self, other: _Report) -> bool:
        """Tell whether two articles are so near in time that one subject is most likely one event."""
        mine, theirs = self.article.published, other.article.published
        return mine is not None and theirs is not None and abs(mine - theirs) <= tuning.SAME_EVENT

    def _is_news(self, other: _Report) -> bool:
        """Tell whether one of two articles is dated, or people are counted: a life told twice has too many days and years."""
        dated = any(report.article.published for report in (self, other))
        return dated or (self.claim.kind == "number" and bool(asked_number(self.question).outcomes))

    def _values(self) -> list[Claim]:
        """Return every value that the article gives anywhere; of any rate or price, those beside what the question names."""
        sentences: Sequence[Evidence] = self.sentences
        if self.claim.kind == "number" and not asked_number(self.question).is_specific:
            sentences = [sentence for sentence in sentences if names_half(self.question, sentence)]
        found = [self.claim, *(value for sentence in sentences for value in claims(self.question, sentence))]
        return [value for value in found if (value.unit, value.is_named) == (self.claim.unit, self.claim.is_named)]


def _reports(question: Question, evidence: Sequence[Evidence], today: date) -> Iterator[_Report]:
    """Yield what each article claims, in the order of the evidence; nothing of one that leaves open which value it means."""
    by_article: dict[str, list[Evidence]] = {}
    for item in evidence:
        by_article.setdefault(item.passage.article.article_id, []).append(item)
    for sentences in by_article.values():
        article = sentences[0].passage.article
        if not is_about(article, question, asked_number(question).words):
            continue
        found = _claims_of_best(question, sentences) or _only_number(question, sentences)
        if found and all(found[0].agrees_with(other) for other in found[1:]):
            best = found[0].evidence
            strictly = best in sentences[: tuning.SENTENCES_PER_DISTANT_ARTICLE] and _speaks(question, best, strictly=True)
            day = valid_day(article, today)
            yield _Report(found[0], question, tuple(sentences), day, _speaks(question, best), strictly)


def _claims_of_best(question: Question, sentences: Sequence[Evidence]) -> list[Claim]:
    """Return what the best of an article's sentences claims that speaks of the matter and gives a value.

    A place that the question names itself is taken only where none of them gives another.
    """
    named: list[Claim] = []
    for sentence in sentences:
        found = claims(question, sentence)
        if found and _speaks(question, sentence) and (found[0].unit != "time" or tells_length(question, sentence)):
            if not found[0].is_named:
                return found
            named = named or found
    return named


def _only_number(question: Question, sentences: Sequence[Evidence]) -> list[Claim]:
    """Return the one number of the kind asked for that an article gives; nothing where it gives several or has no day.

    Such a number needs no other words of the question beside it: "power was back after five hours" answers how long the
    outage lasted, in an article about that outage.
    """
    asked, article = asked_number(question), sentences[0].passage.article
    counted = bool(asked.nouns) and not asked.outcomes and article.language == question.language
    if article.published is None or not (asked.units or counted):
        return []
    found = [claim for sentence in sentences for claim in claims(question, sentence)]
    if not all(found[0].agrees_with(other) for other in found[1:]):
        return []
    one = found[:1]
    if asked.units:
        return one if one and all(one[0].agrees_with(other) for other in _claims_anywhere(question, sentences[0])) else []
    return [claim for claim in one if _tells_a_number_of(question, claim.evidence)]


def _claims_anywhere(question: Question, sentence: Evidence) -> Iterator[Claim]:
    """Yield what any sentence claims of the article that this one is from."""
    article = sentence.passage.article
    for span in split_sentences(article.text[: tuning.SEARCHED_CHARACTERS], article.language):
        yield from claims(question, replace(sentence, start=span.start, end=span.end, phrase=None))


def _tells_a_number_of(question: Question, sentence: Evidence) -> bool:
    """Tell whether a sentence speaks of a number as such (the number of, عدد, شمار), and of what the question names."""
    tells = quote_words("number_of").search(spaced(sentence.quote)) is not None
    return tells and speaks_of(sentence, question, asked_number(question).words, measured=True)


def _speaks(question: Question, sentence: Evidence, *, strictly: bool = False) -> bool:
    asked = asked_number(question)
    measured = bool(asked.units) or question.kind in ("when", "where")
    return speaks_of(sentence, question, asked.words, measured=measured, strictly=strictly)


def _in_dispute(current: Sequence[_Report]) -> list[_Report]:
    """Return the first of the articles that another contradicts, with those that contradict it."""
    for report in current:
        against = [other for other in current if report.contradicts(other)]
        if against:
            return [report, *against]
    return []


def _days_told(evidence: Evidence) -> frozenset[date]:
    """Return the days that a sentence names; a weekday beside a word of saying is most likely the day on which it was said."""
    found = named_days(evidence.quote, evidence.passage.article.published)
    said = quote_words("saying").search(fold(evidence.quote)) is not None
    return frozenset(day for item in found for day in item.dates if not (item.by_weekday and said))
