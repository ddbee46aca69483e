"""Question -> the weighted index terms by which it searches one language: its words, the glossary's, and consonants."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.lexical import Weights
from index.stores import LexicalStore
from index.terms import FIELDS
from index.text import GRAM_LENGTH, grams, index_stems, is_latin, skeletons, words
from index.types import LANGUAGES, Language
from rag.ask.question import Question
from rag.ask.term import Term
from rag.retrieve import tuning
from rag.retrieve.by_state import ByState
from rag.text.common_words import is_function_word

# The index fields that a query may use, and the glossary that widens it.
LEXICAL_PARTS = frozenset({*FIELDS, "glossary"})

# Index terms of a language whose frequency is kept.
_MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """Index terms with their weights, and about the most that they can score: the measure of what is found with them."""

    weights: Weights
    reach: float


def expand(
    question: Question, language: Language, lexical: LexicalStore, parts: frozenset[str] = LEXICAL_PARTS
) -> LexicalQuery:
    """Return the query for the chunks of one language, made of these parts."""
    expander = _Expander(question, language, lexical, "glossary" in parts)
    weights = _joined([*expander.wordings(), expander.opening()])
    used = {key: weight for key, weight in weights.items() if key[0] in parts}
    return LexicalQuery(expander.pruned(used), expander.reach() or 1.0)


def inverse_frequency(size: int, frequency: int) -> float:
    """Return the BM25 inverse document frequency of a term that `frequency` of `size` chunks hold.

    The frequency may exceed the size where the index was replaced between the two counts.
    """
    return math.log(1.0 + (max(size - frequency, 0) + 0.5) / (frequency + 0.5))


class _Expander:
    """Turns a question into wordings for one language: its own, the glossary's, and consonants."""

    def __init__(self, question: Question, language: Language, lexical: LexicalStore, with_glossary: bool) -> None:
        self._question = question
        self._language = language
        self._lexical = lexical
        self._with_glossary = with_glossary
        self._own = question.language == language
        self._sizes = lexical.sizes
        self._reaches = _REACHES.of(lexical)
        self._by_term = [
            *((term, self._wordings(term, 1.0 if self._own else term.emphasis)) for term in question.terms),
            *((term, self._wordings(term, term.emphasis)) for term in question.context),
        ]

    def wordings(self) -> Iterator[Weights]:
        """Yield the wordings of what is sought: function words where they are at home, then the terms."""
        if self._own:  # in a sentence that answers, the words that ask and join often stand as well
            yield from (self._word(word, tuning.FUNCTION_WORD) for word in filter(is_function_word, words(self._question.text)))
        for _, wordings in self._by_term:
            yield from wordings
        yield from map(self._consonants_of_unknown, self._question.terms)

    def pruned(self, weights: Weights) -> Weights:
        """Return the weights without the commonest index terms, where the archive is large and others are left."""
        size = self._sizes[self._language]
        if size < tuning.LARGE:
            return weights
        rare = {key: weight for key, weight in weights.items() if self._frequency(key) < tuning.COMMON * size}
        return rare or weights

    def reach(self) -> float:
        """Return about the most that BM25 gives, by which the lists of several languages are compared.

        It is the geometric mean of what the question reaches in its own language and what its wordings reach in this one.
        By the first alone, few translated words could never stand up to the question's own; by the second, one word that
        has a translation could outdo a question that is met but for one word.
        """
        own = here = 0.0
        for term, wordings in self._by_term:
            at_home = self._reach(_joined(self._word(word, term.emphasis) for word in term.words), self._question.language)
            own += at_home
            here += max((self._reach(wording, self._language) for wording in wordings), default=at_home)
        return math.sqrt(own * here)

    def _reach(self, wording: Weights, language: Language) -> float:
        reaches = self._reaches[language]
        return tuning.MOST_OF_A_TERM * sum([weight * reaches[key] for key, weight in wording.items()])

    def opening(self) -> Weights:
        """Return what a passage that defines the question's subject begins with."""
        if not (self._own and self._question.asks_definition):
            return {}
        subject = [word for term in self._question.terms for word in term.words]
        found = [index_term for word in subject for index_term in (*grams(word), *index_stems(word, self._language))]
        return {("opening", index_term): tuning.OPENING for index_term in found}

    def _wordings(self, term: Term, weight: float) -> list[Weights]:
        """Return the term's own words, its variants in the glossary, and the consonants of words in the other script."""
        own = [word for word in term.words if word.isdecimal() or self._is_at_home(word)]
        wordings = [_joined(self._word(word, weight) for word in own)]
        expansion = term.emphasis * self._expansion(term, own) if self._with_glossary else 0.0
        if expansion:
            for variant in term.variants(self._language):
                if variant != term.words:
                    wordings.append(_joined(self._word(word, expansion / len(variant) ** 0.5) for word in variant))
        foreign = [word for word in term.words if not self._is_at_home(word)]
        by_skeleton = tuning.SKELETON * term.emphasis
        wordings.append({("skeletons", found): by_skeleton for word in foreign for found in skeletons(word)})
        return [wording for wording in wordings if wording]

    def _expansion(self, term: Term, own: Sequence[str]) -> float:
        """Return what the glossary's variants of a term count."""
        if not self._own:
            return tuning.TRANSLATION
        if min(map(self._uses, own), default=0) < tuning.RARE:
            return tuning.SYNONYM_OF_RARE
        return tuning.OTHER_NAME if term.is_name else 0.0

    def _consonants_of_unknown(self, term: Term) -> Weights:
        """Return the consonants of the words that no chunk of the language holds: تارمب for ترامب."""
        unknown = [
            word
            for word in term.words
            if len(word) >= tuning.SHORTEST_MISSPELT and word.isalpha() and self._is_at_home(word) and not self._uses(word)
        ]
        return {("skeletons", found): tuning.MISSPELT * term.emphasis for word in unknown for found in skeletons(word)}

    def _uses(self, word: str) -> int:
        return max(self._frequency(("stems", stem)) for stem in index_stems(word, self._language))

    def _frequency(self, key: tuple[str, str]) -> int:
        return self._lexical.document_frequency(*key, self._language)

    def _is_at_home(self, word: str) -> bool:
        """Tell whether a word is in the script of the language searched."""
        return is_latin(word) == (self._language == "en")

    def _word(self, word: str, weight: float) -> Weights:
        return _word(word, weight, self._language)


@lru_cache(maxsize=20_000)
def _word(word: str, weight: float, language: Language) -> Weights:
    """Return the index terms of a word in a language; the same for every question, and nobody changes them."""
    found = grams(word)
    each = weight * (GRAM_LENGTH / len(found)) ** tuning.LENGTH_POWER
    stems = {("stems", stem): weight for stem in index_stems(word, language)}
    return {("grams", gram): each for gram in found} | stems


def _joined(wordings: Iterable[Weights]) -> Weights:
    joined: dict[tuple[str, str], float] = {}
    for wording in wordings:
        if not joined:
            joined.update(wording)
            continue
        for key, weight in wording.items():
            if joined.get(key, 0.0) < weight:
                joined[key] = weight
    return joined


class _Reaches(dict[tuple[str, str], float]):
    """The inverse document frequency of each index term of a language, in one state of an index."""

    def __init__(self, lexical: LexicalStore, language: Language) -> None:
        super().__init__()
        self._lexical, self._language = lexical, language
        self._size = lexical.sizes[language]

    def __missing__(self, key: tuple[str, str]) -> float:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[key] = found = inverse_frequency(self._size, self._lexical.document_frequency(*key, self._language))
        return found


def _reaches_of(lexical: LexicalStore) -> dict[Language, _Reaches]:
    return {language: _Reaches(lexical, language) for language in LANGUAGES}


_REACHES = ByState(_reaches_of)
