"""Whether a text is about what a question names, whatever language either is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.chunk import split_sentences
from index.text import is_latin, skeletons, squash, stems, words
from index.types import Article, Language
from rag.ask.question import Question, Term
from rag.quote.place import asks_destination
from rag.text.match import sound_alike, sounds_of, stems_of
from rag.text.measure import outcomes_of
from rag.types import Evidence

# Of the terms of a question, as many must be met in an article before its numbers are taken for an answer; in another
# language some are always missing from the glossary.
_MOST = 0.5
_MOST_IN_ANOTHER = 0.33
# The sentence that answers, with the headline and the first sentence of its article, must meet more.
_MOST_HERE = 0.7
_OWN = 0.5
_MOST_HERE_MEASURED = 0.65
_MOST_HERE_PLACED = 0.6
# A sentence names many places and persons, and few numbers and destinations.
_MOST_HERE_IN_ANOTHER = 0.5
# Of so many names of a question, one may go by another word in an article: Moscow as "the Russian capital".
_NAMES_PER_MISS = 3
_TOPICAL = 0.6
_BEGINNING = 400
_LONG = 5
_LONG_SKELETON = 4
_LETTERS = str.maketrans(
    {
        "ب": "b", "ت": "t", "ج": "j", "د": "d", "ر": "r", "ز": "z", "س": "s", "ش": "s", "ف": "f", "ق": "k", "ك": "k", "ل": "l",
        "م": "m", "ن": "n", "و": "w", "ي": "y", "ه": "h", "ح": "h", "ط": "t", "ص": "s", "ا": "", "ع": "",
        "c": "k", "q": "k", "g": "k", "p": "b", "v": "w",
    }
    | dict.fromkeys("aeiou'", "")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text as they are compared: their stems, and the consonants of those that may be names."""

    language: Language
    stems: frozenset[str]
    skeletons: frozenset[str]
    outcomes: frozenset[str]
    sounds: frozenset[str]
    letters: str

    def meets(self, term: Term) -> bool:
        """Tell whether the text names a term: in its own words, by the glossary, as a casualty, or by its consonants."""
        if any(self._holds(variant) for variant in (term.words, *term.variants(self.language))):
            return True
        joined = squash("".join(term.words))
        if len(joined) >= _LONG and joined in self.letters:
            return True
        if not outcomes_of(term.words).isdisjoint(self.outcomes):
            return True
        return not term.entries and all(self._sounds_like(word) for word in term.words)

    def _holds(self, variant: Sequence[str]) -> bool:
        return all(not self.stems.isdisjoint(stems(word)) for word in variant)

    def _sounds_like(self, word: str) -> bool:
        crossing = is_latin(word) != (self.language == "en")
        if sound_alike(self.skeletons, skeletons(word), across_scripts=crossing):
            return True
        return crossing and not self.sounds.isdisjoint(map(_sound, stems(word)))


def wording(text: str, language: Language) -> Wording:
    """Return the words of a text, made ready for comparing."""
    return _wording(text, language)


@lru_cache(maxsize=1_024)
def _wording(text: str, language: Language) -> Wording:
    found = words(text)
    held = stems_of(found)
    return Wording(
        language,
        held,
        sounds_of(held).union(*map(_beginning_with_v, found)),
        outcomes_of(found),
        frozenset(map(_sound, held)) - {""},
        squash(text),
    )


def _beginning_with_v(word: str) -> list[str]:
    """Return the long skeletons of a word whose first letter, a waw, is the v of a name: والتورا, Valtora."""
    return [found for found in skeletons("ف" + word[1:]) if len(found) >= _LONG_SKELETON] if word[0] == "و" else []


def _sound(word: str) -> str:
    """Return a short name as both scripts spell it, with w and y for consonants: sarw and سرو; nothing of a longer one."""
    sounds = word.translate(_LETTERS)
    return sounds if len(sounds) == 3 and sounds.isascii() else ""


def is_about(article: Article, question: Question, besides: Iterable[str] = ()) -> bool:
    """Tell whether an article names every name of a question and most of its other terms; `besides` are words that ask."""
    whole = wording(f"{article.title}\n{article.text}", article.language)
    terms = topical_terms(question, besides)
    names = [term for term in terms if term.is_name]
    if not terms or sum(not whole.meets(name) for name in names) > len(names) // _NAMES_PER_MISS:
        return False
    least = _MOST if article.language == question.language else _MOST_IN_ANOTHER
    return sum(whole.meets(term) for term in terms) >= least * len(terms)


def speaks_of(
    evidence: Evidence, question: Question, besides: Iterable[str] = (), *, measured: bool = False, strictly: bool = False
) -> bool:
    """Tell whether a sentence, read under its headline and after the first sentence, speaks of what a question names.

    With `measured`, what is sought is a day, a place or so many units, and thereby told from other things already. With
    `strictly`, at least half of what headline and first sentence do not name, such as the verb of the question, must stand in
    the sentence itself, unless that is in another language, where a verb is seldom known.
    """
    article = evidence.passage.article
    above = wording(f"{article.title}\n{_beginning(article)}", article.language)
    here = wording(evidence.quote, article.language)
    terms = topical_terms(question, besides)
    own = [term for term in terms if not above.meets(term)]
    met = sum(here.meets(term) for term in own)
    capitals = _capitals(question)
    names = [term for term in own if term.is_name or not capitals.isdisjoint(term.words)]
    told = all(map(here.meets, names)) and (not strictly or met >= _OWN * len(own) or article.language != question.language)
    return told and len(terms) - len(own) + met >= _least(article, question, measured) * len(terms)


def _least(article: Article, question: Question, measured: bool) -> float:
    """Return the share of a question's terms that must be met."""
    if article.language == question.language:
        if question.kind == "where":
            return _MOST_HERE_PLACED
        counted = measured or any(outcomes_of(term.words) for term in question.all_terms)
        return _MOST_HERE_MEASURED if counted else _MOST_HERE
    many = question.kind == "who" or (question.kind == "where" and not asks_destination(question))
    return _MOST_HERE_IN_ANOTHER if many else _MOST_IN_ANOTHER


def _capitals(question: Question) -> frozenset[str]:
    """Return the words that an English question writes as names."""
    return frozenset(word for name in re.findall(r"(?<=[\w,’'\"] )[A-Z]\w+", question.text) for word in words(name))


def _beginning(article: Article) -> str:
    spans = split_sentences(article.text[:_BEGINNING], article.language)
    return article.text[: spans[0].end] if spans else ""


def topical_terms(question: Question, besides: Iterable[str] = ()) -> list[Term]:
    """Return the terms of substance of a question, without the casualties that it counts and the words `besides`."""
    leaving = set(besides)
    return [
        term
        for term in question.all_terms
        if term.emphasis >= _TOPICAL and not leaving.intersection(term.words) and not outcomes_of(term.words)
    ]
