"""What a quote claims in answer to a question: a number, a day, a place or a person, and where in the quote it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.text import fold, spaced
from index.types import Language
from rag.ask.question import Question
from rag.quote import tuning
from rag.quote.asked_value import (
    AskedNumber,
    asked_number,
    asked_places,
    asks_one_person,
    asks_when_said,
    is_located,
    named_places,
)
from rag.quote.topic import WordForms, topical_terms, word_forms
from rag.text.amount import tokens_of
from rag.text.common_words import is_function_word, is_light_word
from rag.text.days import NamedDay, named_days
from rag.text.glossary import Entry, Glossary
from rag.text.match import same_stem, sounds_of
from rag.text.measure import outcomes_of, people_of
from rag.text.quantity import Quantity, quantities
from rag.text.word_list import quote_words
from rag.types import Differing, Evidence

# A place is its entry in the glossary, a person the words of the name.
Value = Quantity | NamedDay | Entry | tuple[str, ...]

# Behind a length of time they say when something was, not how long it took: one day later, یک روز بعد.
_LATER: Mapping[Language, frozenset[str]] = {
    "en": frozenset({"later", "ago", "earlier"}), "ar": frozenset({fold("لاحقا")}),
    "fa": frozenset(fold("بعد پیش قبل").split()),
}  # fmt: skip
_SHARE_OF = re.compile(fold(r"(?:\s+\w+)?\s+(?:of|out of|من|از)(?:\s+(?:the|its|all|أصل|اصل|بين|مجموع|میان))?\s+(?:ال)?"))
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_CAPITALS = re.compile(
    r"(?:\b[A-Z][\w'’]+|\bal-[A-Z]\w+)(?:[ -](?:(?:al|el|bin|ibn|van|von|de|der)[ -])?[A-Z][\w'’]+)+"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that a quote gives; `start` and `end` count in the article's text.

    `is_named`: it is a place that the question names as well, and answers only where no article gives another.
    """

    kind: Differing
    evidence: Evidence
    start: int
    end: int
    value: Value
    is_named: bool = False

    @property
    def text(self) -> str:
        """The value, verbatim."""
        return self.evidence.passage.article.text[self.start : self.end]

    @property
    def unit(self) -> str:
        """The unit of a number; nothing for what has none."""
        return self.value.unit if isinstance(self.value, Quantity) else ""

    def agrees_with(self, other: Claim) -> bool:
        """Tell whether two values may be the same."""
        mine, theirs = self.value, other.value
        if isinstance(mine, Quantity) and isinstance(theirs, Quantity):
            return mine.unit == theirs.unit and mine.agrees_with(theirs)
        if isinstance(mine, NamedDay) and isinstance(theirs, NamedDay):
            return not mine.dates.isdisjoint(theirs.dates)
        if isinstance(mine, tuple) and isinstance(theirs, tuple):
            return _is_same_person(mine, theirs)
        return mine is theirs

    def compares_with(self, other: Claim) -> bool:
        """Tell whether two values are of the same kind of thing, so that one may contradict the other."""
        mine, theirs = self.value, other.value
        if isinstance(mine, Quantity) and isinstance(theirs, Quantity):
            low, high = sorted((max(mine.high, 1), max(theirs.high, 1)))
            same_unit = mine.unit == theirs.unit and mine.is_total == theirs.is_total
            return same_unit and high <= tuning.MOST_TIMES * low
        if isinstance(mine, NamedDay) and isinstance(theirs, NamedDay):
            near = any(abs(one - another) <= tuning.OTHER_EVENT for one in mine.dates for another in theirs.dates)
            return near and (not mine.by_weekday or not theirs.by_weekday)
        if isinstance(mine, tuple) and isinstance(theirs, tuple):
            return bool(mine) and bool(theirs)
        return getattr(mine, "kind", None) == getattr(theirs, "kind", None)


def claims(question: Question, evidence: Evidence) -> list[Claim]:
    """Return what a quote claims in answer to a question; several where it cannot be told which of them is meant."""
    another_time = quote_words("another_time")
    if another_time.search(spaced(evidence.quote)) and not another_time.search(spaced(question.text)):
        return []
    reader = {"when": _days, "where": _places, "who": _persons}.get(question.kind, _numbers)
    return list(reader(question, evidence))


def _claim(kind: Differing, evidence: Evidence, start: int, end: int, value: Value) -> Claim:
    return Claim(kind, evidence, evidence.start + start, evidence.start + end, value)


# Numbers


def _numbers(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the numbers that count what is asked for, those whose clause names most of the question."""
    asked, language = asked_number(question), evidence.passage.chunk.language
    if not (asked.counts or asked.outcomes):
        return
    fitting = [item for item in quantities(evidence.quote, language) if _counts_what_is_asked(item, asked, question, language)]
    whole = [item for item in fitting if not item.is_part]
    if names_half(question, evidence):
        whole = [item for item in whole if not _is_what_others_share(item, evidence.quote, language)]
    if len({(item.low, item.high) for item in whole}) > tuning.MOST_NUMBERS:
        return
    terms_met = [sum(map(word_forms(" ".join(item.words), language).meets, question.all_terms)) for item in whole]
    for item, met in zip(whole, terms_met, strict=True):
        if met == max(terms_met):
            yield _claim("number", evidence, item.start, item.end, item)


def names_half(question: Question, evidence: Evidence) -> bool:
    """Tell whether a quote itself names half of what the question does besides what it counts."""
    here = word_forms(evidence.quote, evidence.passage.chunk.language)
    terms = topical_terms(question, asked_number(question).words)
    return 2 * sum(map(here.meets, terms)) >= len(terms)


def tells_length(question: Question, evidence: Evidence) -> bool:
    """Tell whether a quote says that something lasted, or names something of the question: what else took so long?"""
    here = word_forms(evidence.quote, evidence.passage.chunk.language)
    lasting = quote_words("lasting").search(spaced(evidence.quote)) is not None
    return lasting or any(map(here.meets, topical_terms(question, asked_number(question).words)))


def _is_what_others_share(item: Quantity, quote: str, language: Language) -> bool:
    """Tell whether a number is what another is a share of: the 150 of "74 of the 150 seats"."""
    before = (other for other in quantities(quote, language) if other.end <= item.start)
    return any(_SHARE_OF.fullmatch(fold(quote[other.end : item.start])) for other in before)


def _counts_what_is_asked(item: Quantity, asked: AskedNumber, question: Question, language: Language) -> bool:
    if asked.units:
        if item.unit == "time" and any(word in _LATER[language] for word in item.near[:2]):
            return False
        scale = asked.scale
        in_scale = not scale or scale / tuning.SCALE_OF_TIME <= max(item.high, 1) <= scale * tuning.SCALE_OF_TIME
        return item.unit in asked.units and in_scale
    if asked.outcomes:
        same = not asked.outcomes.isdisjoint(item.outcomes) and item.unit == ""
        return same and _counts_the_same_people(item, asked, language)
    if asked.nouns:
        clause = word_forms(" ".join(item.words), language)
        named = any(map(clause.meets, asked.nouns)) or _counts_asked_group(item, asked)
        return item.unit in ("", "dollar", "euro", "percent") and (named or _counts_those_who(item, asked, question, clause))
    return asked.counts and bool(item.unit) and item.unit not in ("time", "magnitude")


def _counts_asked_group(item: Quantity, asked: AskedNumber) -> bool:
    """Tell whether a number is followed by the group of people that is asked for, whatever the language."""
    return not people_of(item.near[:1]).isdisjoint(people_of(list(asked.words)))


def _counts_those_who(item: Quantity, asked: AskedNumber, question: Question, clause: WordForms) -> bool:
    """Tell whether a number of people is of those who do what the last word of the question says, as in گرفتارند."""
    if not people_of(list(asked.words)):
        return False
    own = [term for term in question.terms if not term.is_light and not term.is_name]
    return bool(item.near and own) and quote_words("people").fullmatch(item.near[0]) is not None and clause.meets(own[-1])


def _counts_the_same_people(item: Quantity, asked: AskedNumber, language: Language) -> bool:
    """Tell whether a number of casualties may be of those asked for: not of the children where soldiers are meant."""
    nouns = [noun for noun in asked.nouns if not outcomes_of(noun.words)]
    clause = word_forms(" ".join(item.words), language)
    if not nouns or any(map(clause.meets, nouns)) or _counts_asked_group(item, asked):
        return True
    first = next((word for word in item.near if not outcomes_of([word])), "")
    return not first or quote_words("people").fullmatch(first) is not None or is_light_word(first) or is_function_word(first)


# Days


def _days(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the days that a quote names, those told by a date rather than by weekdays; only one leaves no doubt."""
    published = evidence.passage.article.published
    asked = {day for item in named_days(question.text, published) for day in item.dates}
    years = {int(year) for year in _YEAR.findall(fold(question.text))}
    found = [item for item in _in_answer(evidence, named_days(evidence.quote, published)) if not item.dates & asked]
    found = [item for item in found if not _is_of_saying(item, evidence, question)]
    for item in [item for item in found if not item.by_weekday] or found:
        if not years or any(day.year in years for day in item.dates):
            yield _claim("date", evidence, item.start, item.end, item)


def _in_answer(evidence: Evidence, found: Sequence[NamedDay]) -> Sequence[NamedDay]:
    """Return those of the days that stand in the marked answer, if any does."""
    if evidence.phrase is None:
        return found
    start, end = evidence.phrase[0] - evidence.start, evidence.phrase[1] - evidence.start
    return [item for item in found if item.start < end and item.end > start] or found


def _is_of_saying(item: NamedDay, evidence: Evidence, question: Question) -> bool:
    """Tell whether a day is most likely the one on which something was said, which the question is not after."""
    published = evidence.passage.article.published
    if published is None or not quote_words("saying").search(spaced(evidence.quote)) or asks_when_said(question):
        return False
    return any(abs((day - published).days) <= 1 for day in item.dates)


# Places


def _places(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the cities and countries that a quote says something is in; those that the question names only without others."""
    if quote_words("many_places").search(fold(question.text)):
        return
    found = list(_located(question, evidence))
    yield from [claim for claim in found if not claim.is_named] or found


def _located(question: Question, evidence: Evidence) -> Iterator[Claim]:
    tokens, language = tokens_of(evidence.quote), evidence.passage.chunk.language
    named, kinds = named_places(question), asked_places(question.text)
    for match in question.glossary.find([token.text for token in tokens], language):
        place = next((entry for entry in match.entries if entry.kind in kinds), None)
        end = tokens[match.end - 1].end
        # بالتركية: and در انگلیسی: name a language.
        is_language = evidence.quote[end:].lstrip().startswith(":")
        if place is None or place in named.around or is_language or not is_located(tokens, match.start, question):
            continue
        first = tokens[match.start]
        own = {variant[0] for variant in place.variants.get(language, ())}
        start = first.start + (first.text not in own and first.text[0] == "ب")
        yield replace(_claim("place", evidence, start, end, place), is_named=place in named.others)


# Persons


def _persons(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the persons that a quote names, where the question is after whoever holds an office or won."""
    if not asks_one_person(question):
        return
    named = {word for term in question.all_terms for word in term.words}
    seen: list[tuple[int, int]] = []
    for start, end in _person_spans(evidence, question.glossary):
        name = _without_titles(evidence.quote[start:end], question.glossary)
        inside = any(start < other_end and end > other for other, other_end in seen)
        if name and not inside and not named.intersection(name):
            seen.append((start, end))
            yield _claim("person", evidence, start, end, name)


def _person_spans(evidence: Evidence, glossary: Glossary) -> Iterator[tuple[int, int]]:
    """Yield where persons are named: the marked answer, the glossary's persons, two capitals in a row."""
    quote, language = evidence.quote, evidence.passage.chunk.language
    if evidence.phrase is not None:
        start, end = evidence.phrase[0] - evidence.start, evidence.phrase[1] - evidence.start
        if _is_like_name(quote[start:end], language, glossary):
            yield start, end
            return
    tokens = tokens_of(quote)
    for match in glossary.find([token.text for token in tokens], language):
        # One word of Arabic script may be a name or anything: کاست is a surname and "diminished".
        if match.entries[0].kind == "person" and (language == "en" or match.end - match.start > 1):
            yield tokens[match.start].start, tokens[match.end - 1].end
    if language == "en":
        for capitals in _CAPITALS.finditer(quote):
            yield capitals.span()


def _is_like_name(answer: str, language: Language, glossary: Glossary) -> bool:
    """Tell whether a marked answer is a name with its titles: two to four words that mean nothing else."""
    name = _without_titles(answer, glossary)
    known = glossary.find(name, language)
    return 2 <= len(name) <= tuning.LONGEST_NAME and all(match.entries[0].kind == "person" for match in known)


def _without_titles(name: str, glossary: Glossary) -> tuple[str, ...]:
    found = (token.text for token in tokens_of(name))
    return tuple(word for word in found if not is_function_word(word) and not _is_title(word, glossary))


def _is_title(word: str, glossary: Glossary) -> bool:
    return any(entry.kind == "office" for entry in glossary.entries_of(word)) or is_light_word(word)


def _is_same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two names have a part in common, by letters or by consonants across the scripts."""
    return any(
        same_stem(mine, theirs) or not sounds_of([mine]).isdisjoint(sounds_of([theirs]))
        for mine in one
        for theirs in other
    )
