"""What a quote claims in answer to a question: a number, a day, a place or a person, and where in the quote it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.text import ZWNJ, fold
from index.types import Language
from rag.ask.question import Question, Term
from rag.quote.place import asks_destination, is_language, is_located, is_motion, named_places, place_kinds
from rag.quote.topic import Wording, topical_terms, wording
from rag.text.amount import tokens_of
from rag.text.common_words import is_function_word, is_light_word
from rag.text.days import NamedDay, named_days
from rag.text.glossary import Entry, Glossary
from rag.text.match import same_stem, sounds_of
from rag.text.measure import minutes_of, outcomes_of, people_of, unit_of, units_of
from rag.text.quantity import Quantity, quantities
from rag.types import Differing, Evidence

_HOW_MANY = re.compile(
    fold(r"\b(?:how (?:many|much)|by how (?:many|much)|number of|[ولب]?كم|عدد|چند|شمار|تعداد|چه تعداد)\b")
)
_LASTING = re.compile(
    fold(
        r"\b(?:last(?:s|ed|ing)?|took|takes?|duration|[وف]?(?:استمر\w*|دام\w*|استغرق\w*|يستغرق|تستغرق|مدة)|"
        r"طول (?:می ?)?کشید\w*|به درازا|ادامه داشت|انجامید|مدت)\b"
    )
)
_TOTAL = re.compile(fold(r"\b(?:number of|total of|عدد|شمار|تعداد)\b"))
_BETWEEN = re.compile(fold(r"بلغ\w*|يبلغ|تبلغ|كان\w*|وصل\w*|total|رسید\w*"))
_HOW_LONG = re.compile(
    fold(
        r"\b(?:how long|how old|for how long|كم (?:استمر\w*|دام\w*|استغرق\w*|ستستمر|تستمر|مدة|من الوقت)|(?:ما|كم) (?:هي )?مدة|"
        r"چه مدت|چقدر طول|چند وقت|مدت)\b"
    )
)
_HOW_STRONG = re.compile(fold(r"\b(?:magnitude|قوة|بقوة|بزرگی|شدت|ريختر|richter)\b"))
_MONEY = frozenset({"dollar", "euro", "pound", "rial", "toman", "dinar", "rouble", "lira", "crown"})
_MONEY_ASKED = re.compile(
    fold(r"\b(?:costs?|worth|price|budget|كلف\w*|تكلف\w*|كلفة|تكلفة|سعر|ثمن|قيمة|ميزانية|هزینه|قیمت|بهای|بودجه|ارزش)\b")
)
SAYING = re.compile(
    fold(r"\b(?:said|says|announced|told|reported|[وف]?(?:قال|قالت|أعلن|أعلنت|ذكر|ذكرت|أفاد|أفادت)|گفت|گفتند|اعلام)\b")
)
# What a sentence tells of another time or of what came after, a question about the thing itself is not after.
_ELSEWHEN = re.compile(
    fold(
        r"\b(?:aftershocks?|last (?:year|month|week)|a (?:year|month|week) (?:earlier|ago)|previous(?:ly)?|expected|forecast|"
        r"ارتدادية|العام الماضي|الشهر الماضي|السابقة?|كان متوقعا|پس ?لرزه|سال گذشته|ماه گذشته|پارسال|پیشین|پیش بینی)\b"
    )
)
_VALUED = re.compile(
    fold(
        r"\b(?:rate|price|cost|worth|value|magnitude|height|altitude|budget|turnout|share|toll|temperature|salary|fee|fine|"
        r"(?:ال)?(?:سعر|نسبة|معدل|قيمة|كلفة|تكلفة|ارتفاع|قوة|حصيلة|ميزانية|راتب|غرامة)|نرخ|قیمت|بهای|هزینه|ارتفاع|بزرگی|میزان|سهم|"
        r"بودجه|دمای|ارزش|مزد)\b"
    )
)
_PEOPLE = re.compile(fold(r"people|persons?|others?|men|women|شخصا?|أشخاص|آخر\w*|نفر\w*|تن|کس|كس|مردم|ناس|عدد"))
_MANY_ANSWERS = re.compile(
    fold(
        r"\b(?:protests|attacks|strikes|clashes|raids|cities|countries|places|مظاهرات|احتجاجات|هجمات|غارات|اشتباكات|مدن|دول|أماكن|"
        r"اعتراضات|حملات|درگیری\s?ها|شهرها\w*|کشورها\w*)\b"
    )
)
_OFFICE_KINDS = frozenset({"office"})
_LATER: Mapping[Language, frozenset[str]] = {
    "en": frozenset({"later", "ago", "earlier"}), "ar": frozenset({fold("لاحقا")}),
    "fa": frozenset(fold("بعد پیش قبل").split()),
}  # fmt: skip
_LONGEST_NAME = 4
# So many characters reach to the verb behind "when".
_CLAUSE = 30
# A sentence with more values of one kind compares things; which of them is meant cannot be told.
_MOST_VALUES = 2
# Of days, so many times more or less are no longer counted in days.
_SCALE = 60


_SHARE_OF = re.compile(fold(r"(?:\s+\w+)?\s+(?:of|out of|من|از)(?:\s+(?:the|its|all|أصل|اصل|بين|مجموع|میان))?\s+(?:ال)?"))
# A place is its entry in the glossary, a person the words of the name.
Value = Quantity | NamedDay | Entry | tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks to be counted: kinds of casualty, units, and the nouns behind "how many"."""

    outcomes: frozenset[str]
    units: frozenset[str]
    scale: float
    nouns: tuple[Term, ...]
    words: frozenset[str]
    counts: bool

    @property
    def is_specific(self) -> bool:
        """Whether the question says what is counted; one after a rate or a price does not."""
        return bool(self.outcomes or self.units or self.nouns)


@lru_cache(maxsize=64)
def asked_of(question: Question) -> Asked:
    """Return what of a question says which number it is after."""
    tokens = [token.text for token in tokens_of(question.text)]
    folded = fold(question.text).replace(ZWNJ, " ")
    behind = _behind(folded)
    units = units_of(behind[:1])
    scale = next((minutes_of(word) for word in behind[:1] if minutes_of(word)), 0.0)
    if not units and _HOW_LONG.search(folded):
        units = frozenset({"time"})
    if _HOW_STRONG.search(folded):
        units = frozenset({"magnitude"})
    nouns = () if units else _asked_nouns(question, behind)
    if not units and _MONEY_ASKED.search(folded):
        units = _MONEY
    asking = (word for word in tokens if _PEOPLE.fullmatch(word) or _HOW_MANY.fullmatch(word) or unit_of(word))
    motions = filter(is_motion, tokens) if asks_destination(question) else ()
    words = frozenset([*(word for noun in nouns for word in noun.words), *asking, *motions])
    counts = question.kind == "howmany" or bool(units or behind) or _VALUED.search(folded) is not None
    return Asked(outcomes_of(tokens), units, scale, nouns, words, counts)


def _behind(folded: str) -> list[str]:
    """Return the words of substance behind those that ask for a number, at most two, up to a preposition or the like."""
    match = _HOW_MANY.search(folded)
    found: list[str] = []
    for token in tokens_of(folded[match.end() :])[:5] if match else []:
        word = token.text
        if _PEOPLE.fullmatch(word) or _HOW_MANY.fullmatch(word):
            continue
        if is_function_word(word):
            break
        if not _BETWEEN.fullmatch(word):
            found.append(word)
    return found[:2]


def _asked_nouns(question: Question, behind: Sequence[str]) -> tuple[Term, ...]:
    """Return the term that the first of the words behind "how many" belongs to."""
    if not behind:
        return ()
    found = [term for term in question.all_terms if behind[0] in " ".join(term.words).replace(ZWNJ, " ").split()]
    return tuple(found[:1]) or (Term((behind[0],)),)


def tells_length(question: Question, evidence: Evidence) -> bool:
    """Tell whether a quote says that something lasted, or names something of the question: what else took so long?"""
    here = wording(evidence.quote, evidence.passage.chunk.language)
    lasting = _LASTING.search(_plain(evidence.quote)) is not None
    return lasting or any(map(here.meets, topical_terms(question, asked_of(question).words)))


def says_number(quote: str) -> bool:
    """Tell whether a quote speaks of a number as such: the number of, عدد, شمار."""
    return _TOTAL.search(_plain(quote)) is not None


def can_differ(question: Question) -> bool:
    """Tell whether a question is after one value, which reports may give differently."""
    if question.kind in ("when", "where"):
        return True
    if question.kind == "who":
        return _asks_for_one(question)
    asked = asked_of(question)
    return asked.counts or bool(asked.outcomes)


def claims(question: Question, evidence: Evidence) -> list[Claim]:
    """Return what a quote claims in answer to a question; several where it cannot be told which of them is meant."""
    if _ELSEWHEN.search(_plain(evidence.quote)) and not _ELSEWHEN.search(_plain(question.text)):
        return []
    reader = {"when": _days, "where": _places, "who": _persons}.get(question.kind)
    if reader is not None:
        return list(reader(question, evidence))
    asked = asked_of(question)
    return list(_numbers(asked, question, evidence)) if asked.counts or asked.outcomes else []


def _plain(text: str) -> str:
    return fold(text).replace(ZWNJ, " ")


def _numbers(asked: Asked, question: Question, evidence: Evidence) -> Iterator[Claim]:
    language = evidence.passage.chunk.language
    fitting = [item for item in quantities(evidence.quote, language) if _fits(item, asked, question, language)]
    whole = [item for item in fitting if not item.is_part]
    if names_most(question, evidence):
        whole = [item for item in whole if not _is_base(item, evidence.quote, language)]
    if len({(item.low, item.high) for item in whole}) > _MOST_VALUES:
        return
    met = [_closeness(item, question, language) for item in whole]
    for item, close in zip(whole, met, strict=True):
        if close == max(met):
            yield _claim("number", evidence, item.start, item.end, item)


def names_most(question: Question, evidence: Evidence) -> bool:
    """Tell whether a quote itself has half of what the question names besides what it counts."""
    here = wording(evidence.quote, evidence.passage.chunk.language)
    terms = topical_terms(question, asked_of(question).words)
    return 2 * sum(map(here.meets, terms)) >= len(terms)


def _is_base(item: Quantity, quote: str, language: Language) -> bool:
    """Tell whether a number is what another is a share of: the 150 of "74 of the 150 seats"."""
    before = (other for other in quantities(quote, language) if other.end <= item.start)
    return any(_SHARE_OF.fullmatch(fold(quote[other.end : item.start])) for other in before)


def _closeness(item: Quantity, question: Question, language: Language) -> int:
    """Return how many terms of the question stand in the clause of a number."""
    clause = wording(" ".join(item.words), language)
    return sum(clause.meets(term) for term in question.all_terms)


def _fits(item: Quantity, asked: Asked, question: Question, language: Language) -> bool:
    """Tell whether a number counts what is asked for."""
    if asked.units:
        if item.unit == "time" and _is_distance(item, language):
            return False
        in_scale = not asked.scale or asked.scale / _SCALE <= max(item.high, 1) <= asked.scale * _SCALE
        return item.unit in asked.units and in_scale
    if asked.outcomes:
        return not asked.outcomes.isdisjoint(item.outcomes) and item.unit == "" and _counts_the_same(item, asked, language)
    if asked.nouns:
        near = wording(" ".join(item.words), language)
        named = any(near.meets(noun) for noun in asked.nouns) or _is_of_group(item, asked)
        named = named or _counts_people_who(item, question, near)
        return item.unit in ("", "dollar", "euro", "percent") and named
    return asked.counts and bool(item.unit) and item.unit not in ("time", "magnitude")


def _is_distance(item: Quantity, language: Language) -> bool:
    """Tell whether a stretch of time says when something was rather than how long it took: one day later, قبل يوم."""
    return any(word in _LATER[language] for word in item.near[:2])


def _is_of_group(item: Quantity, asked: Asked) -> bool:
    """Tell whether a number is followed by the group of people that is asked for, whatever the language."""
    return not people_of(item.near[:1]).isdisjoint(people_of(list(asked.words)))


def _counts_people_who(item: Quantity, question: Question, clause: Wording) -> bool:
    """Tell whether a number of people is of those who do what the last word of the question says, as in گرفتارند."""
    if not people_of(list(asked_of(question).words)):
        return False
    own = [term for term in question.terms if not term.is_light and not term.is_name]
    return bool(item.near and own) and _PEOPLE.fullmatch(item.near[0]) is not None and clause.meets(own[-1])


def _counts_the_same(item: Quantity, asked: Asked, language: Language) -> bool:
    """Tell whether a number of casualties may be of those asked for: not of the children where soldiers are meant."""
    nouns = [noun for noun in asked.nouns if not outcomes_of(noun.words)]
    near = wording(" ".join(item.words), language)
    if not nouns or any(near.meets(noun) for noun in nouns) or _is_of_group(item, asked):
        return True
    first = next((word for word in item.near if not outcomes_of([word])), "")
    return not first or _PEOPLE.fullmatch(first) is not None or is_light_word(first) or is_function_word(first)


def _days(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the days that a quote names, those told by a date rather than by weekdays; only one leaves no doubt."""
    article = evidence.passage.article
    asked = {day for item in named_days(question.text, article.published) for day in item.dates}
    found = [item for item in _in_phrase(evidence, named_days(evidence.quote, article.published)) if not item.dates & asked]
    years = {int(year) for year in re.findall(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", fold(question.text))}
    found = [item for item in found if not _is_of_saying(item, evidence, question)]
    dated = [item for item in found if not item.by_weekday] or found
    dated = [item for item in dated if not years or any(day.year in years for day in item.dates)]
    for item in dated:
        yield _claim("date", evidence, item.start, item.end, item)


def _is_of_saying(item: NamedDay, evidence: Evidence, question: Question) -> bool:
    """Tell whether a day is most likely the one on which something was said, which the question is not after."""
    published = evidence.passage.article.published
    if published is None or not SAYING.search(_plain(evidence.quote)) or _asks_when_said(question):
        return False
    return any(abs((day - published).days) <= 1 for day in item.dates)


def _asks_when_said(question: Question) -> bool:
    """Tell whether the verb of a question is one of saying; outside Persian that stands near its beginning."""
    text = _plain(question.text)
    return SAYING.search(text if question.language == "fa" else text[:_CLAUSE]) is not None


def _in_phrase(evidence: Evidence, found: Sequence[NamedDay]) -> Sequence[NamedDay]:
    """Return those of the days that stand in the answering phrase, if any does."""
    if evidence.phrase is None:
        return found
    start, end = evidence.phrase[0] - evidence.start, evidence.phrase[1] - evidence.start
    return [item for item in found if item.start < end and item.end > start] or found


def _places(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the cities and countries that a quote says something is in; those that the question names only without others."""
    if _MANY_ANSWERS.search(fold(question.text)):
        return
    found = list(_located(question, evidence))
    yield from [claim for claim in found if not claim.is_named] or found


def _located(question: Question, evidence: Evidence) -> Iterator[Claim]:
    tokens = tokens_of(evidence.quote)
    language = evidence.passage.chunk.language
    named, kinds = named_places(question), place_kinds(question.text)
    for match in question.glossary.find([token.text for token in tokens], language):
        entry = next((entry for entry in match.entries if entry.kind in kinds), None)
        located = is_located(tokens, match.start, question) and not is_language(evidence.quote, tokens, match.end)
        if entry is None or not located or entry in named.around:
            continue
        first = tokens[match.start]
        start = first.start + (first.text not in _first_words(entry, language) and first.text[0] == "ب")
        claim = _claim("place", evidence, start, tokens[match.end - 1].end, entry)
        yield replace(claim, is_named=entry in named.others)


def _first_words(entry: Entry, language: Language) -> set[str]:
    return {variant[0] for variant in entry.variants.get(language, ())}


_CAPITALS = re.compile(
    r"(?:\b[A-Z][\w'’]+|\bal-[A-Z]\w+)(?:[ -](?:(?:al|el|bin|ibn|van|von|de|der)[ -])?[A-Z][\w'’]+)+"
)


def _persons(question: Question, evidence: Evidence) -> Iterator[Claim]:
    """Yield the persons that a quote names, where the question is after whoever holds an office or won."""
    if not _asks_for_one(question):
        return
    named = {word for term in question.all_terms for word in term.words}
    seen: list[tuple[int, int]] = []
    for start, end in _person_spans(evidence, question.glossary):
        parts = _name_parts(evidence.quote[start:end], question.glossary)
        inside = any(start < other_end and end > other for other, other_end in seen)
        if parts and not inside and not named.intersection(parts):
            seen.append((start, end))
            yield _claim("person", evidence, start, end, parts)


def _asks_for_one(question: Question) -> bool:
    kinds = {entry.kind for term in question.all_terms for entry in term.entries}
    folded = fold(question.text)
    return not kinds.isdisjoint(_OFFICE_KINDS) or _ONE_HOLDER.search(folded) is not None


_ONE_HOLDER = re.compile(
    fold(
        r"\b(?:heads?|leads?|won|wins|winner|appointed|elected|named|coach|chief|director|captain|يرأس|ترأس|يقود|فاز|الفائز|تعيين\w*|"
        r"عين|انتخب|مدرب|رئيس|مدير|قائد|سرمربی|رئیس|مدیر|فرمانده|سرپرست\w*|برنده|منصوب|انتخاب|رهبر)\b"
    )
)


def _person_spans(evidence: Evidence, glossary: Glossary) -> Iterator[tuple[int, int]]:
    """Yield where persons are named: the answering phrase, the glossary's persons, two capitals in a row."""
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


def _is_like_name(phrase: str, language: Language, glossary: Glossary) -> bool:
    """Tell whether an answering phrase is a name with its titles: two to four words that mean nothing else."""
    parts = _name_parts(phrase, glossary)
    known = glossary.find(parts, language)
    return 2 <= len(parts) <= _LONGEST_NAME and all(match.entries[0].kind == "person" for match in known)


def _name_parts(name: str, glossary: Glossary) -> tuple[str, ...]:
    """Return the words of a name without its titles."""
    return tuple(
        token.text for token in tokens_of(name) if not is_function_word(token.text) and not _is_title(token.text, glossary)
    )


def _is_title(word: str, glossary: Glossary) -> bool:
    return any(entry.kind == "office" for entry in glossary.entries_of(word)) or is_light_word(word)


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two names have a part in common, by letters or by consonants across the scripts."""
    return any(
        same_stem(mine, theirs) or not sounds_of([mine]).isdisjoint(sounds_of([theirs]))
        for mine in one
        for theirs in other
    )


def _claim(kind: Differing, evidence: Evidence, start: int, end: int, value: Value) -> Claim:
    return Claim(kind, evidence, evidence.start + start, evidence.start + end, value)
