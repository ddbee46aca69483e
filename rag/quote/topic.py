"""Whether a text speaks of what a question names, whatever language either is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from index.chunk import split_sentences
from index.text import is_latin, skeletons, squash, stems, words
from index.types import Article, Language
from rag.ask.question import Question, Term
from rag.quote import tuning
from rag.quote.asked_value import asks_destination
from rag.text.match import sound_alike, sounds_of, stems_of
from rag.text.measure import outcomes_of
from rag.types import Evidence

# The consonants of both scripts as one; vowels go.
_LETTERS = str.maketrans(
    {
        "ب": "b", "ت": "t", "ج": "j", "د": "d", "ر": "r", "ز": "z", "س": "s", "ش": "s", "ف": "f", "ق": "k", "ك": "k", "ل": "l",
        "م": "m", "ن": "n", "و": "w", "ي": "y", "ه": "h", "ح": "h", "ط": "t", "ص": "s", "ا": "", "ع": "",
        "c": "k", "q": "k", "g": "k", "p": "b", "v": "w",
    }
    | dict.fromkeys("aeiou'", "")
)  # fmt: skip
# A capital behind another word: a name, for the first word of an English question always has one.
_CAPITAL = re.compile(r"(?<=[\w,’'\"] )[A-Z]\w+")


class WordForms:
    """The words of a text in the forms by which terms are met: stems, consonants of names, kinds of casualty, all letters.

    Each form is made when it is first looked at: most terms are met by their stems.
    """

    def __init__(self, text: str, language: Language) -> None:
        """Read a text in a language."""
        self.language = language
        self._text = text
        self._words = words(text)
        self.stems = stems_of(self._words)

    @cached_property
    def skeletons(self) -> frozenset[str]:
        """The consonants of its words."""
        return sounds_of(self._words).union(*map(_beginning_with_v, self._words))

    @cached_property
    def outcomes(self) -> frozenset[str]:
        """The kinds of casualty that it tells of."""
        return outcomes_of(self._words)

    @cached_property
    def sounds(self) -> frozenset[str]:
        """Its short names as both scripts spell them."""
        return frozenset(map(_sound, self.stems)) - {""}

    @cached_property
    def letters(self) -> str:
        """All its letters in a row."""
        return squash(self._text)

    def meets(self, term: Term) -> bool:
        """Tell whether the text names a term: in its own words, by the glossary, as a casualty, or by its consonants."""
        if any(self._holds(variant) for variant in (term.words, *term.variants(self.language))):
            return True
        joined = squash("".join(term.words))
        if len(joined) >= tuning.LEAST_LETTERS_ANYWHERE and joined in self.letters:
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


@lru_cache(maxsize=1_024)
def word_forms(text: str, language: Language) -> WordForms:
    """Return the words of a text in the forms by which they are compared."""
    return WordForms(text, language)


def _beginning_with_v(word: str) -> list[str]:
    """Return the long skeletons of a word whose first letter, a waw, is the v of a name: والتورا, Valtora."""
    return [found for found in skeletons("ف" + word[1:]) if len(found) >= tuning.LONG_NAME] if word[0] == "و" else []


def _sound(word: str) -> str:
    """Return a short name as both scripts spell it, with w and y for consonants: sarw and سرو; nothing of a longer one."""
    sounds = word.translate(_LETTERS)
    return sounds if len(sounds) == tuning.SHORT_NAME and sounds.isascii() else ""


def is_about(article: Article, question: Question, besides: Iterable[str] = ()) -> bool:
    """Tell whether an article names every name of a question and most of its other terms; `besides` are words that ask."""
    whole = word_forms(f"{article.title}\n{article.text}", article.language)
    terms = topical_terms(question, besides)
    names = [term for term in terms if term.is_name]
    if not terms or sum(not whole.meets(name) for name in names) > len(names) // tuning.NAMES_PER_MISS:
        return False
    own = article.language == question.language
    least = tuning.LEAST_TERMS_IN_ARTICLE if own else tuning.LEAST_TERMS_IN_FOREIGN_ARTICLE
    return sum(whole.meets(term) for term in terms) >= least * len(terms)


def speaks_of(
    evidence: Evidence, question: Question, besides: Iterable[str] = (), *, measured: bool = False, strictly: bool = False
) -> bool:
    """Tell whether a sentence, read under its headline and after the first sentence, speaks of what a question names.

    With `measured`, a day, a place or so many units are looked for, which tells the sentence from others already. With
    `strictly`, at least half of what headline and first sentence do not name, such as the verb of the question, must stand in
    the sentence itself, unless that is in another language, where a verb is seldom known.
    """
    article = evidence.passage.article
    above = word_forms(f"{article.title}\n{_first_sentence(article)}", article.language)
    here = word_forms(evidence.quote, article.language)
    terms = topical_terms(question, besides)
    own = [term for term in terms if not above.meets(term)]
    met = sum(here.meets(term) for term in own)
    capitals = _capitals(question)
    names = [term for term in own if term.is_name or not capitals.isdisjoint(term.words)]
    if not all(map(here.meets, names)):
        return False
    if strictly and met < tuning.LEAST_TERMS_IN_SENTENCE * len(own) and article.language == question.language:
        return False
    return len(terms) - len(own) + met >= _least_share(article, question, measured) * len(terms)


def _least_share(article: Article, question: Question, measured: bool) -> float:
    """Return the share of a question's terms that must be met near an answer."""
    if article.language == question.language:
        if question.kind == "where":
            return tuning.LEAST_TERMS_NEAR_PLACE
        counted = measured or any(outcomes_of(term.words) for term in question.all_terms)
        return tuning.LEAST_TERMS_NEAR_COUNT if counted else tuning.LEAST_TERMS_NEAR_ANSWER
    many = question.kind == "who" or (question.kind == "where" and not asks_destination(question))
    return tuning.LEAST_TERMS_NEAR_FOREIGN_NAME if many else tuning.LEAST_TERMS_NEAR_FOREIGN_VALUE


def _capitals(question: Question) -> frozenset[str]:
    """Return the words that an English question writes as names."""
    return frozenset(word for name in _CAPITAL.findall(question.text) for word in words(name))


def _first_sentence(article: Article) -> str:
    spans = split_sentences(article.text[: tuning.BEGINNING], article.language)
    return article.text[: spans[0].end] if spans else ""


def topical_terms(question: Question, besides: Iterable[str] = ()) -> list[Term]:
    """Return the terms of substance of a question, without the casualties that it counts and the words `besides`."""
    leaving = set(besides)
    return [
        term
        for term in question.all_terms
        if term.emphasis >= tuning.LEAST_EMPHASIS and not leaving.intersection(term.words) and not outcomes_of(term.words)
    ]
