"""What a question seeks, made ready for comparing with sentences: each term with its variants and its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.stores import LexicalStore
from index.text import grams, index_stems, is_latin, skeletons, stems, words
from index.types import LANGUAGES, Language
from rag.ask.term import Term
from rag.retrieve.expansion import inverse_frequency
from rag.text.match import sound_alike, sounds_of, stems_of

# A word counts as met from this share of its grams on: below it the overlap is chance (_الق in half of all words). One of
# two grams, the beginning or end of a word of three letters, is always chance.
MET = 0.5
_MET_SHORT = 0.99
# A word that only the glossary brings must be met nearly whole, its inflections being listed or stemmed.
_MET_VARIANT = 0.7
_SHORT = 2
# In an archive on one subject every chunk names that subject; a question about it must meet it all the same.
_LEAST_WEIGHT = 0.5
_TRANSLATED = 0.9
_BY_SKELETON = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class ComparedText:
    """What of a text is compared: the grams of its words and of their stems, and its skeletons; known by its identity."""

    grams: frozenset[str]
    skeletons: frozenset[str]


class Rarity(dict[str, float]):
    """The inverse document frequency of each gram, looked up once a question."""

    def __init__(self, lexical: LexicalStore) -> None:
        """Keep the index to look it up in; `size` is the number of chunks that it counts."""
        super().__init__()
        self._lexical = lexical
        self.size = sum(lexical.sizes.values())

    def knows(self, word: str) -> bool:
        """Tell whether a chunk of any language holds a word."""
        return any(
            self._lexical.document_frequency("stems", stem, language)
            for language in LANGUAGES
            for stem in index_stems(word, language)
        )

    def __missing__(self, gram: str) -> float:
        frequency = sum(self._lexical.document_frequency("grams", gram, language) for language in LANGUAGES)
        self[gram] = rarity = inverse_frequency(self.size, frequency)
        return rarity


class SoughtTerm:
    """A term made ready for comparing: its variants' grams with their rarity, its skeletons, and its weight.

    The weight is the term's emphasis times its rarity in nats: what meeting it tells.
    """

    def __init__(self, term: Term, rarity: Rarity) -> None:
        """Look up how rare the term is, in all its wordings."""
        self.term = term
        self._own = [_SoughtWord(word, rarity) for word in term.words]
        self._variants = {
            language: [[_SoughtWord(word, rarity) for word in variant] for variant in term.variants(language)]
            for language in LANGUAGES
        }
        # The glossary knows how a name is written in the other script; only a name that it lacks is met by its consonants,
        # and a word that is nowhere in the archive, misspelt as it seems, in its own script too.
        self._skeletons = [skeletons(word) for word in term.words if not term.entries and not word.isdecimal()]
        self._latin = is_latin("".join(term.words))
        self._misspelt = not any(map(rarity.knows, term.words))
        self._met: dict[tuple[ComparedText, Language], float] = {}
        everywhere = [self._own, *(variant for variants in self._variants.values() for variant in variants)]
        self.weight = term.emphasis * (_LEAST_WEIGHT + min(max(word.idf for word in variant) for variant in everywhere))

    def met_by(self, text: ComparedText, language: Language) -> float:
        """Return how well a text meets the term (0 to 1): by its own words, by the glossary's, or by skeleton."""
        key = (text, language)
        if key not in self._met:
            self._met[key] = self._compared(text, language)
        return self._met[key]

    def compares_in(self, language: Language, asked: Language) -> bool:
        """Tell whether a text of a language, other than that of the question, could be seen to hold the term."""
        return language == asked or bool(self._variants[language]) or any(self._skeletons) or self.term.words[0].isdecimal()

    def _compared(self, text: ComparedText, language: Language) -> float:
        best = _met(self._own, text)
        for variant in self._variants[language]:
            if best >= _TRANSLATED:
                return best
            best = max(best, _TRANSLATED * _all_met(variant, text))
        if best < _BY_SKELETON and self._skeletons and (self._misspelt or self._latin != (language == "en")):
            across = self._latin != (language == "en")
            shared = sum(sound_alike(text.skeletons, readings, across_scripts=across) for readings in self._skeletons)
            best = max(best, _BY_SKELETON * shared / len(self._skeletons))
        return best


class _SoughtWord:
    """One word: for each of its stems the grams with their rarity. Its idf is the mean of its grams'."""

    __slots__ = ("_grams", "_stems", "idf")

    def __init__(self, word: str, rarity: Rarity) -> None:
        self._stems: list[tuple[list[tuple[str, float]], float]] = []
        for form in stems(word):
            weighted = [(gram, rarity[gram]) for gram in grams(form)]
            self._stems.append((weighted, sum(weight for _, weight in weighted)))
        self._grams = frozenset(gram for weighted, _ in self._stems for gram, _ in weighted)
        own, own_total = self._stems[0]
        self.idf = own_total / len(own)

    def met_by(self, held: frozenset[str]) -> float:
        if self._grams.isdisjoint(held):
            return 0.0
        return max(_share_met(weighted, total, held) for weighted, total in self._stems)


def _share_met(weighted: Sequence[tuple[str, float]], total: float, held: frozenset[str]) -> float:
    share = sum(weight for gram, weight in weighted if gram in held) / total
    return share if share >= (_MET_SHORT if len(weighted) <= _SHORT else MET) else 0.0


def _met(words_sought: Sequence[_SoughtWord], text: ComparedText) -> float:
    return sum(word.met_by(text.grams) for word in words_sought) / len(words_sought)


def _all_met(variant: Sequence[_SoughtWord], text: ComparedText) -> float:
    """Return how well a text meets a glossary variant; one word of several is not the variant."""
    total = 0.0
    for word in variant:
        share = word.met_by(text.grams)
        if share < _MET_VARIANT:
            return 0.0
        total += share
    return total / len(variant)


@lru_cache(maxsize=4_096)
def compared(text: str) -> ComparedText:
    """Return what of a text is compared."""
    found = words(text)
    return ComparedText(
        frozenset(gram for stem in stems_of(found) for gram in grams(stem)),
        sounds_of(found),
    )
