"""A question made ready for weighing: what each of its terms weighs, which texts match it, what it names and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.stores import LexicalStore
from index.text import ZWNJ, grams, index_stems, is_latin, skeletons, stems, words
from index.types import LANGUAGES, Language
from rag.ask.question import Question
from rag.ask.term import Term
from rag.retrieve.by_state import ByState
from rag.retrieve.expansion import inverse_frequency
from rag.text.glossary import Entry
from rag.text.match import sound_alike, sounds_of
from rag.text.traits import is_number
from rag.weigh import tuning

# An outlet is who reports, not what a question is about; a month and a number are no names.
_NO_TOPICS = frozenset({"outlet", "agency", "month", "weekday", "number"})
# Grams that are kept in one state of an index, a number each; and words with their grams, some kB each.
_MOST_KEPT = 200_000
_MOST_WORDS = 20_000
# Years of any of the three calendars that a question may name.
_YEARS = range(1300, 2100)


@dataclass(frozen=True, slots=True)
class WeightedQuestion:
    """A question and all that is asked of it in weighing, read once.

    `terms` are its own and behind them those of its context; the next four are places among them: `names` of persons, places
    and bodies that it names itself, `numbers` of all terms with a number, `counted` of the noun behind a "how many", and
    `measured` of that or of what a "how much" is after. `years` are those that it names, `countries` those in which it counts
    something. `size` is the number of chunks in the archive.
    """

    question: Question
    terms: tuple[WeightedTerm, ...]
    size: int
    names: tuple[int, ...]
    numbers: tuple[int, ...]
    counted: int | None
    measured: int | None
    years: frozenset[int]
    countries: frozenset[Entry]

    @property
    def own_terms(self) -> tuple[WeightedTerm, ...]:
        """The terms of the question itself, without those of its context."""
        return self.terms[: len(self.question.terms)]

    @property
    def weights(self) -> list[float]:
        """What each of the terms weighs."""
        return [term.weight for term in self.terms]

    @property
    def seeks_something(self) -> bool:
        """Whether there is a term of weight to look for; a number alone is none."""
        words_alone = [word for term in self.question.all_terms for word in term.words]
        return not all(map(is_number, words_alone)) and sum(self.weights) > 0


def weighted_question(question: Question, rarity: Rarity) -> WeightedQuestion:
    """Return a question made ready for weighing in the archive whose words `rarity` knows."""
    counts = question.kind == "howmany"
    counted = _place_of(question.counted.noun, question) if counts else None
    measure = question.counted.measure if counts else None
    return WeightedQuestion(
        question,
        tuple(WeightedTerm(term, rarity) for term in question.all_terms),
        rarity.size,
        names=tuple(place for place, term in enumerate(question.terms) if _is_topic(term)),
        numbers=tuple(place for place, term in enumerate(question.all_terms) if any(map(is_number, term.words))),
        counted=counted,
        measured=_place_of(measure, question) if measure else counted,
        years=frozenset(
            int(word) for term in question.terms for word in term.words if word.isdecimal() and int(word) in _YEARS
        ),
        countries=(countries_of(question.terms) or countries_of(question.context)) if counts else frozenset(),
    )


def countries_of(terms: Sequence[Term]) -> frozenset[Entry]:
    """Return the countries among some terms."""
    return frozenset(entry for term in terms for entry in term.entries if entry.kind == "country")


def _is_topic(term: Term) -> bool:
    return term.is_name and _NO_TOPICS.isdisjoint(entry.kind for entry in term.entries)


def _place_of(noun: str | None, question: Question) -> int | None:
    """Return the place among the question's own terms of a noun, where it is of substance."""
    heavy = ((place, term) for place, term in enumerate(question.terms) if not term.is_light)
    return next((place for place, term in heavy if noun in {part for word in term.words for part in word.split(ZWNJ)}), None)


class ComparedText:
    """What of a text is compared: the grams of its words and of their stems, and its skeletons; known by its identity."""

    def __init__(self, text: str) -> None:
        """Analyse a text."""
        self._words = words(text)
        self.grams: frozenset[str] = frozenset().union(*map(_grams_of, self._words))

    @cached_property
    def skeletons(self) -> frozenset[str]:
        """Its skeletons; few questions look at them."""
        return sounds_of(self._words)


class Rarity(dict[str, float]):
    """The inverse document frequency of each gram in one state of an index, and what is made of it: kept for all questions."""

    def __init__(self, lexical: LexicalStore) -> None:
        """Keep the index to look it up in; `size` is the number of chunks that it counts."""
        super().__init__()
        self._lexical = lexical
        self._words: dict[str, _WeightedWord] = {}
        self.size = sum(lexical.sizes.values())

    def knows(self, word: str) -> bool:
        """Tell whether a chunk of any language holds a word."""
        return any(
            self._lexical.document_frequency("stems", stem, language)
            for language in LANGUAGES
            for stem in index_stems(word, language)
        )

    def word(self, word: str) -> _WeightedWord:
        """Return a word made ready for comparing."""
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            found = self._words[word] = _WeightedWord(word, self)
        return found

    def __missing__(self, gram: str) -> float:
        frequency = sum(self._lexical.document_frequency("grams", gram, language) for language in LANGUAGES)
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[gram] = rarity = inverse_frequency(self.size, frequency)
        return rarity


_RARITIES = ByState(Rarity)


def rarity_in(lexical: LexicalStore) -> Rarity:
    """Return how rare the grams of an index are in its state of now."""
    return _RARITIES.of(lexical)


class WeightedTerm:
    """A term made ready for comparing: its variants' grams with their rarity, its skeletons, and its weight.

    The weight is the term's emphasis times its rarity in nats: what meeting it tells.
    """

    def __init__(self, term: Term, rarity: Rarity) -> None:
        """Look up how rare the term is, in all its wordings."""
        self.term = term
        self._own = [rarity.word(word) for word in term.words]
        self._variants = {
            language: [[rarity.word(word) for word in variant] for variant in term.variants(language)]
            for language in LANGUAGES
        }
        # All that a text of a language can meet it by, but for consonants.
        self._grams = {
            language: frozenset().union(*(word.grams for words_of in (self._own, *variants) for word in words_of))
            for language, variants in self._variants.items()
        }
        # The glossary knows how a name is written in the other script; only a name that it lacks is met by its consonants,
        # and a word that is nowhere in the archive, misspelt as it seems, in its own script too.
        self._skeletons = [skeletons(word) for word in term.words if not term.entries and not word.isdecimal()]
        self._latin = is_latin("".join(term.words))
        self._misspelt = not any(map(rarity.knows, term.words))
        self._met: dict[tuple[ComparedText, Language], float] = {}
        everywhere = [self._own, *(variant for variants in self._variants.values() for variant in variants)]
        self.weight = term.emphasis * (tuning.LEAST_RARITY + min(max(word.idf for word in variant) for variant in everywhere))

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
        best = 0.0
        if not self._grams[language].isdisjoint(text.grams):
            best = _met(self._own, text)
            for variant in self._variants[language]:
                if best >= tuning.BY_GLOSSARY:
                    return best
                best = max(best, tuning.BY_GLOSSARY * _all_met(variant, text))
        if best < tuning.BY_CONSONANTS and self._skeletons and (self._misspelt or self._latin != (language == "en")):
            across = self._latin != (language == "en")
            shared = sum(sound_alike(text.skeletons, readings, across_scripts=across) for readings in self._skeletons)
            best = max(best, tuning.BY_CONSONANTS * shared / len(self._skeletons))
        return best


class _WeightedWord:
    """One word: for each of its stems the grams with their rarity. Its idf is the mean of its grams'."""

    __slots__ = ("_stems", "grams", "idf")

    def __init__(self, word: str, rarity: Rarity) -> None:
        self._stems: list[tuple[list[tuple[str, float]], float]] = []
        for form in stems(word):
            weighted = [(gram, rarity[gram]) for gram in grams(form)]
            self._stems.append((weighted, sum(weight for _, weight in weighted)))
        self.grams = frozenset(gram for weighted, _ in self._stems for gram, _ in weighted)
        own, own_total = self._stems[0]
        self.idf = own_total / len(own)

    def met_by(self, held: frozenset[str]) -> float:
        if self.grams.isdisjoint(held):
            return 0.0
        return max(_share_met(weighted, total, held) for weighted, total in self._stems)


def _share_met(weighted: Sequence[tuple[str, float]], total: float, held: frozenset[str]) -> float:
    share = sum([weight for gram, weight in weighted if gram in held]) / total
    return share if share >= (tuning.MET_SHORT if len(weighted) <= tuning.SHORT_GRAMS else tuning.MET) else 0.0


def _met(found: Sequence[_WeightedWord], text: ComparedText) -> float:
    return sum(word.met_by(text.grams) for word in found) / len(found)


def _all_met(variant: Sequence[_WeightedWord], text: ComparedText) -> float:
    """Return how well a text meets a glossary variant; one word of several is not the variant."""
    total = 0.0
    for word in variant:
        share = word.met_by(text.grams)
        if share < tuning.MET_VARIANT:
            return 0.0
        total += share
    return total / len(variant)


@lru_cache(maxsize=4_096)
def compared(text: str) -> ComparedText:
    """Return what of a text is compared."""
    return ComparedText(text)


@lru_cache(maxsize=_MOST_WORDS)
def _grams_of(word: str) -> frozenset[str]:
    """Return the grams of a word's stems."""
    return frozenset(gram for stem in stems(word) for gram in grams(stem))
