"""Which place a question is after: a country, a city, where something is or where somebody goes; and what leads to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text import ZWNJ, fold, words
from rag.ask.offers import PLACE_KINDS, place_offers, places_of
from rag.ask.question import Question
from rag.text.amount import Token, tokens_of
from rag.text.glossary import Entry

_LOCATIVE = frozenset(fold("in at near في ب در").split())
_TOWARDS = frozenset(fold("to for إلى الى نحو به").split())
_TURNED = frozenset(fold("not instead rather من بدلا from لن لم لا نه جای از").split())
_COUNTRY_ASKED = re.compile(fold(r"\b(?:which|what) country\b|\b(?:أي|اي) (?:دولة|بلد)\b|\b(?:کدام|چه) کشور\w*"))
_CITY_ASKED = re.compile(fold(r"\b(?:which|what) (?:city|town)\b|\b(?:أي|اي) مدينة\b|\b(?:کدام|چه) شهر\w*"))
_DESTINATION = re.compile(
    fold(
        r"\bwhere to\b|\b(?:fly|flying|flew|travel\w*|go|going|head\w*|flee\w*|fled) to\b|"
        r"\b(?:إلى أين|يسافر|سافر|للسفر|السفر|يتوجه|توجه|يهرب|الهرب)\b|"
        r"\b(?:به کجا|به کدام|سفر کند|سفر کرد|برود|بروند|می ?رفت|بگریزد)\b"
    )
)
_MOTION = re.compile(
    fold(
        r"fly|flying|flew|travel\w*|go|going|head\w*|flee\w*|fled|about|prepar\w*|(?:لل?|ال)?سفر|يسافر|سافر|يستعد|استعد|يتوجه|توجه|يهرب|"
        r"(?:لل|ال)?هرب|برود|بروند|رفت|بگریزد"
    )
)


def asks_destination(question: Question) -> bool:
    """Tell whether a question asks where somebody goes or went."""
    return question.kind == "where" and _DESTINATION.search(fold(question.text).replace(ZWNJ, " ")) is not None


def is_motion(word: str) -> bool:
    """Tell whether a folded word says no more than that somebody goes, or is about to."""
    return _MOTION.fullmatch(word) is not None


def place_kinds(text: str) -> frozenset[str]:
    """Return the kinds of place that a question is after."""
    folded = fold(text)
    if _COUNTRY_ASKED.search(folded):
        return frozenset({"country"})
    return frozenset({"city"}) if _CITY_ASKED.search(folded) else PLACE_KINDS


def is_located(tokens: Sequence[Token], at: int, question: Question) -> bool:
    """Tell whether a preposition stands before a place, one of direction where a destination is asked for; ب may join it."""
    leading = _TOWARDS if asks_destination(question) else _LOCATIVE
    before = [token.text for token in tokens[max(0, at - 3) : at]]
    if any(word in _TURNED for word in before):
        return False
    near = before[:-1] if before[-1:] == ["the"] else before
    located = bool(near) and near[-1] in leading
    return located or (leading is _LOCATIVE and tokens[at].text[0] == "ب" and len(tokens[at].text) > 4)


def is_language(quote: str, tokens: Sequence[Token], end: int) -> bool:
    """Tell whether a colon follows: بالتركية: and در انگلیسی: name a language."""
    return quote[tokens[end - 1].end :].lstrip().startswith(":")


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
