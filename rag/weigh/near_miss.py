"""What a question asks that the best sentence leaves open, however many of its words are met: near misses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import ZWNJ, fold, words
from index.types import Article, Language
from rag.ask.question import Question
from rag.ask.term import Term, terms_of
from rag.text.glossary import Entry
from rag.text.measure import outcomes_of
from rag.weigh.features import Sentence
from rag.weigh.weighted_term import MET, SoughtTerm, compared

# In log odds, set by hand: the public sets that the other weights were fitted on hardly ask for names that the glossary knows.
_ABSENT_NAME = 20.0
_FAR_NAME = 1.5
_UNCOUNTED = 3.0
_OTHER_YEAR = 10.0
# An outlet is who reports, not what a question is about.
_NO_TOPICS = frozenset({"outlet", "agency", "month", "weekday", "number"})
# Years of any of the three calendars. The Jalali one is some 621 years behind the Gregorian; 33 lunar years are 32 of the sun.
_YEARS = range(1300, 2100)
_JALALI = 621
_LUNAR = 33 / 32
# Folded. "How much did it last, reach, cost" counts nothing that has a name.
_NO_NOUN = r"(?!(?:[يت]?ست|است)غرق|[يت]?دوم|[يت]?دام|(?:[يت]|ا)ستمر|[يت]?بلغ|كان|[يت]كون|[يت]?طال|[يت]?طول|مض)"
_COUNTED = re.compile(rf"(?:.*?\W)?(?:[بول]?كم(?: عدد| من)?|جند|جه تعداد|how many)(?: تا| عدد)? {_NO_NOUN}(\w+)")

_MEASURED = re.compile(
    r"(?:.*?\W)?[بول]?كم (?:[يت]?بلغت?|كانت?|[يت]كون|[يت]صل|وصلت?|[يت]قدر) (\w+)|\W*(\w+) (?:.* )?(?:جقدر|جند) (?:است|بود|شد)\b"
)


def gap_penalty(question: Question, best: Sentence, terms: Sequence[SoughtTerm]) -> float:
    """Return by how much (in log odds) the gaps of the best sentence speak against its answering.

    A gap is a name of the question that stands nowhere in the sentence's article, or not near it; the noun of a "how many"
    that the sentence does not hold; or a year that is not the article's. `terms` begin with the question's own.
    """
    counted = counted_term(question, terms)
    article = best.passage.article
    whole = compared(f"{article.title} {article.text}")
    names = [sought for sought in terms[: len(question.terms)] if _is_topic(sought.term)]
    absent = sum(sought.met_by(whole, article.language) < MET for sought in names)
    far = far_names(question, best, terms) - absent
    uncounted = counted is not None and best.met[counted] < MET and not _tells_outcome(terms[counted].term, best)
    other_year = is_of_another_year(question, article)
    return _ABSENT_NAME * absent + _FAR_NAME * far + _UNCOUNTED * uncounted + _OTHER_YEAR * other_year


def _tells_outcome(counted: Term, best: Sentence) -> bool:
    """Tell whether the sentence tells of the dead or injured that are counted in another word: قتل, أودى بحياة."""
    return not outcomes_of(counted.words).isdisjoint(outcomes_of(words(best.text)))


def is_of_another_year(question: Question, article: Article) -> bool:
    """Tell whether a question names a year that an article neither names nor is of, give or take one; not of one undated."""
    asked = {int(word) for term in question.terms for word in term.words if word.isdecimal() and int(word) in _YEARS}
    if not asked or article.published is None:
        return False
    named = {int(digits) for digits in re.findall(r"\d{4}", fold(f"{article.title} {article.text}"))}
    year = article.published.year
    calendars = (year, year - _JALALI, round((year - _JALALI) * _LUNAR))
    near = {first + more for first in calendars for more in (-1, 0, 1)}
    return not asked <= named | near


def is_elsewhere(question: Question, text: str, language: Language) -> bool:
    """Tell whether a text names countries, and none of those of which a question asks a number: the storm's dead in another.

    To a question after anything else, other countries may belong: whoever refused missiles to one is of another.
    """
    if question.kind != "howmany":
        return False
    asked = _countries(question.terms) or _countries(question.context)
    told = _countries(terms_of(words(text), language, question.glossary)) if asked else set()
    return bool(told) and asked.isdisjoint(told)


def _countries(terms: Sequence[Term]) -> set[Entry]:
    return {entry for term in terms for entry in term.entries if entry.kind == "country"}


def far_names(question: Question, sentence: Sentence, terms: Sequence[SoughtTerm]) -> int:
    """Return how many names of the question are met neither by the sentence nor by what is near it (`sentence.near`)."""
    own = zip(terms[: len(question.terms)], sentence.near, strict=False)
    return sum(met < MET for sought, met in own if _is_topic(sought.term))


def _is_topic(term: Term) -> bool:
    return term.is_name and _NO_TOPICS.isdisjoint(entry.kind for entry in term.entries)


def counted_term(question: Question, terms: Sequence[SoughtTerm]) -> int | None:
    """Return the place among the terms of the noun that a "how many" counts; None without one."""
    asked = _COUNTED.match(_plain(question))
    return _place_of(asked[1], question, terms) if asked else None


def measured_term(question: Question, terms: Sequence[SoughtTerm]) -> int | None:
    """Return the place among the terms of what is counted, or of the measure that a "how much" is after: كم بلغت كلفة."""
    asked = _MEASURED.match(_plain(question))
    return _place_of(asked[1] or asked[2], question, terms) if asked else counted_term(question, terms)


def _plain(question: Question) -> str:
    return fold(question.text).replace(ZWNJ, " ")


def _place_of(noun: str, question: Question, terms: Sequence[SoughtTerm]) -> int | None:
    if question.kind != "howmany":
        return None
    own = enumerate(sought.term for sought in terms[: len(question.terms)])
    heavy = ((place, term) for place, term in own if not term.is_light)
    return next((place for place, term in heavy if noun in {part for word in term.words for part in word.split(ZWNJ)}), None)
