"""The one value that a question is after: how many of what, which day, whose name, what kind of place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text import ZWNJ, fold, spaced, words
from rag.ask.counted import only_asks_number
from rag.ask.offers import PLACE_KINDS, place_offers, places_of
from rag.ask.question import Question, Term
from rag.quote import tuning
from rag.text.amount import Token, tokens_of
from rag.text.glossary import Entry
from rag.text.measure import minutes_of, outcomes_of, unit_of, units_of
from rag.text.word_list import quote_words

_MONEY = frozenset({"dollar", "euro", "pound", "rial", "toman", "dinar", "rouble", "lira", "crown"})
_IN = frozenset(fold("in at near في ب در").split())
_TOWARDS = frozenset(fold("to for إلى الى نحو به").split())
_NOT_THERE = frozenset(fold("not instead rather من بدلا from لن لم لا نه جای از").split())
# So short a word that begins with ب is more often one word than a preposition with its noun.
_SHORT_WORD = 4


def asks_one_value(question: Question) -> bool:
    """Tell whether a question is after one value, which reports may give differently."""
    if question.kind in ("when", "where"):
        return True
    if question.kind == "who":
        return asks_one_person(question)
    asked = asked_number(question)
    return asked.counts or bool(asked.outcomes)


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """The number that a question is after: of which casualties, in which units, of what, which `nouns` name.

    `scale` is the unit of time that it is counted in, in minutes (0 for none); `words` are the question's words that ask;
    `counts` tells whether it asks for a number at all.
    """

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
def asked_number(question: Question) -> AskedNumber:
    """Return which number a question is after."""
    tokens = [token.text for token in tokens_of(question.text)]
    folded = spaced(question.text)
    counted = question.counted.words
    units = units_of(counted[:1])
    if not units and quote_words("how_long").search(folded):
        units = frozenset({"time"})
    if quote_words("how_strong").search(folded):
        units = frozenset({"magnitude"})
    nouns = () if units else _nouns(question, counted)
    if not units and quote_words("money").search(folded):
        units = _MONEY
    asking = (word for word in tokens if only_asks_number(word) or unit_of(word))
    motions = (word for word in tokens if quote_words("motion").fullmatch(word)) if asks_destination(question) else ()
    scale = minutes_of(counted[0]) if counted else 0.0
    asking_words = frozenset([*(word for noun in nouns for word in noun.words), *asking, *motions])
    counts = question.kind == "howmany" or bool(units or counted) or quote_words("measured").search(folded) is not None
    return AskedNumber(outcomes_of(tokens), units, scale, nouns, asking_words, counts)


def _nouns(question: Question, counted: Sequence[str]) -> tuple[Term, ...]:
    """Return the term that the first of the counted words belongs to."""
    if not counted:
        return ()
    found = [term for term in question.all_terms if counted[0] in " ".join(term.words).replace(ZWNJ, " ").split()]
    return tuple(found[:1]) or (Term((counted[0],)),)


def asks_one_person(question: Question) -> bool:
    """Tell whether a question is after the one who holds an office, leads or has won."""
    kinds = {entry.kind for term in question.all_terms for entry in term.entries}
    return "office" in kinds or quote_words("one_holder").search(fold(question.text)) is not None


def asks_when_said(question: Question) -> bool:
    """Tell whether the verb of a question is one of saying; outside Persian that stands near its beginning."""
    text = spaced(question.text)
    return quote_words("saying").search(text if question.language == "fa" else text[: tuning.TO_THE_VERB]) is not None


def asks_destination(question: Question) -> bool:
    """Tell whether a question asks where somebody goes or went."""
    return question.kind == "where" and quote_words("destination").search(spaced(question.text)) is not None


def asked_places(text: str) -> frozenset[str]:
    """Return the kinds of place that a question is after."""
    folded = fold(text)
    if quote_words("which_country").search(folded):
        return frozenset({"country"})
    return frozenset({"city"}) if quote_words("which_city").search(folded) else PLACE_KINDS


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """The places that a question names: where what it asks about is (`around`), and others, of which none is on offer."""

    around: frozenset[Entry]
    others: frozenset[Entry]


@lru_cache(maxsize=64)
def named_places(question: Question) -> NamedPlaces:
    """Return the places that a question names without offering to choose from them, its conversation's among the others.

    "Where in Germany" is not answered by Germany. Talks between Egypt and Sudan may well be held in one of them.
    """
    tokens = tokens_of(question.text)
    matches = question.glossary.find([token.text for token in tokens], question.language)
    around = {entry for match in matches if is_located(tokens, match.start, question) for entry in places_of(match)}
    offers = place_offers(words(question.text), question.language, question.glossary)
    offered = {entry for offer in offers for entry in offer.places}
    named = {entry for term in question.all_terms for entry in term.entries if entry.kind in PLACE_KINDS}
    return NamedPlaces(frozenset(around - offered), frozenset(named - around - offered))


def is_located(tokens: Sequence[Token], at: int, question: Question) -> bool:
    """Tell whether a preposition stands before a place, one of direction where a destination is asked for; ب may join it."""
    leading = _TOWARDS if asks_destination(question) else _IN
    before = [token.text for token in tokens[max(0, at - 3) : at]]
    if any(word in _NOT_THERE for word in before):
        return False
    near = before[:-1] if before[-1:] == ["the"] else before
    located = bool(near) and near[-1] in leading
    return located or (leading is _IN and tokens[at].text[0] == "ب" and len(tokens[at].text) > _SHORT_WORD)
