"""Which sentences of the passages bear on the question, and does any answer it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel.dates import format_date

from index.chunk import split_sentences
from index.lexical import LexicalIndex
from index.text import grams, is_latin, skeletons, stem, stems, words
from index.types import LANGUAGES, Language
from rag.expand import inverse_frequency
from rag.kinds import holds_answer_of
from rag.question import Question, Term
from rag.types import Evidence, Passage

# A word counts as met from this share of its grams on: below it the overlap is chance (_الق in half of all words). One of
# two grams, the beginning or end of a word of three letters, is always chance.
_MET = 0.5
_MET_SHORT = 0.99
# A word that only the glossary brings must be met nearly whole, its inflections being listed or stemmed.
_MET_VARIANT = 0.7
_SHORT = 2
# What a term counts that stands not in the sentence but near it, in its passage or title.
_SENTENCE_BEFORE = 0.6
_NEARBY = 0.5
_RANK_SHARE = 0.10
# A question about somebody or some place that the evidence does not even name is hardly answered by it.
_UNNAMED = 0.6
_NEAREST = 3
# In an archive on one subject every chunk names that subject; a question about it must meet it all the same.
_LEAST_WEIGHT = 0.5
_FITTING_KIND = 0.10
_OWN_LANGUAGE = 0.12
_HEADING = 0.15
_TRANSLATED = 0.9
_BY_SKELETON = 0.8
# Three consonants in common make two words of one script no misspellings of each other.
_LONG_SKELETON = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence, best first, and the confidence (0 to 1) that the best of it answers the question."""

    evidence: tuple[Evidence, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Text:
    """What of a text is compared: the grams of its words and of their stems, and its skeletons."""

    grams: frozenset[str]
    skeletons: frozenset[str]


class EvidenceWeigher:
    """Scores sentences by the share of the question's terms that they, and the passage around them, cover."""

    def __init__(self, lexical: LexicalIndex) -> None:
        """Keep the index whose document frequencies tell rare terms from common ones."""
        self._lexical = lexical

    def weigh(self, question: Question, passages: Sequence[Passage]) -> Weighed:
        """Return the sentences of the passages as evidence, best first, with the confidence in them."""
        rarity = _Rarity(self._lexical)
        terms = [_SoughtTerm(term, rarity) for term in question.all_terms]
        if not sum(term.weight for term in terms):
            return Weighed((), 0.0)
        ordered = sorted(_cover(question, passages, terms), key=_best_first)
        return Weighed(tuple(item.evidence for item in ordered), _confidence(terms, ordered[:_NEAREST]))


@dataclass(frozen=True, slots=True)
class _Covered:
    """A sentence and the share of the question's terms that it covers."""

    evidence: Evidence
    share: float


def _best_first(item: _Covered) -> tuple[float, int, int]:
    return -item.evidence.score, item.evidence.passage.rank, item.evidence.start


def _cover(question: Question, passages: Sequence[Passage], terms: Sequence[_SoughtTerm]) -> list[_Covered]:
    """Return every sentence of the passages with its share; one that two passages hold counts once, at its best."""
    best_rank = max((passage.score for passage in passages), default=0.0) or 1.0
    found: dict[tuple[str, int], _Covered] = {}
    for passage in passages:
        for (start, end), share in _shares(passage, terms):
            score = (1 - _RANK_SHARE) * share + _RANK_SHARE * passage.score / best_rank
            score += _adjustment(question, passage, passage.article.text[start:end])
            key = (passage.article.article_id, start)
            if key not in found or found[key].evidence.score < score:
                found[key] = _Covered(Evidence(passage, start, end, round(score, 4)), share)
    return list(found.values())


def _shares(passage: Passage, terms: Sequence[_SoughtTerm]) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield each sentence's span and the weighted share of the terms that it, or what is around it, meets."""
    language = passage.chunk.language
    total = sum(term.weight for term in terms)
    around_text = _text(_surroundings(passage))
    around = [term.met_by(around_text, language) for term in terms]
    before = around
    for start, end in _sentences(passage):
        here = [term.met_by(_text(passage.article.text[start:end]), language) for term in terms]
        met = (max(own, _SENTENCE_BEFORE * near, _NEARBY * far) for own, near, far in zip(here, before, around, strict=True))
        yield (start, end), sum(term.weight * share for term, share in zip(terms, met, strict=True)) / total
        before = here


def _confidence(terms: Sequence[_SoughtTerm], nearest: Sequence[_Covered]) -> float:
    """Return how sure it is that the best sentences answer: their share, less where a name is nowhere near them."""
    passages = [item.evidence.passage for item in nearest]
    unnamed = any(term.is_name and not any(_met_in(term, passage) for passage in passages) for term in terms)
    return max((item.share for item in nearest), default=0.0) * (_UNNAMED if unnamed else 1.0)


class _Rarity(dict[str, float]):
    """The inverse document frequency of each gram, looked up once a question."""

    def __init__(self, lexical: LexicalIndex) -> None:
        super().__init__()
        self._lexical = lexical
        self._size = sum(lexical.sizes.values())

    def knows(self, word: str) -> bool:
        """Tell whether a chunk of any language holds a word."""
        return any(self._lexical.document_frequency("stems", stem(word), language) for language in LANGUAGES)

    def __missing__(self, gram: str) -> float:
        frequency = sum(self._lexical.document_frequency("grams", gram, language) for language in LANGUAGES)
        self[gram] = rarity = inverse_frequency(self._size, frequency)
        return rarity


class _SoughtTerm:
    """A term made ready for comparing: its variants' grams with their rarity, its skeletons, and its weight."""

    def __init__(self, term: Term, rarity: _Rarity) -> None:
        self._own = [_SoughtWord(word, rarity) for word in term.words]
        self._variants = {
            language: [[_SoughtWord(word, rarity) for word in variant] for variant in term.variants(language)]
            for language in LANGUAGES
        }
        # The glossary knows how a name is written in the other script; only a name that it lacks is met by its consonants,
        # and a word that is nowhere in the archive, misspelt as it seems, in its own script too.
        self._skeletons = [skeletons(word) for word in term.words if not term.entries and not word.isdecimal()]
        self.is_name = term.is_name
        self._latin = is_latin("".join(term.words))
        self._misspelt = not any(map(rarity.knows, term.words))
        everywhere = [self._own, *(variant for variants in self._variants.values() for variant in variants)]
        self.weight = term.emphasis * (_LEAST_WEIGHT + min(max(word.idf for word in variant) for variant in everywhere))

    def met_by(self, text: _Text, language: Language) -> float:
        """Return how well a text meets the term (0 to 1): by its own words, by the glossary's, or by skeleton."""
        best = _met(self._own, text)
        for variant in self._variants[language]:
            if best >= _TRANSLATED:
                return best
            best = max(best, _TRANSLATED * _all_met(variant, text))
        if best < _BY_SKELETON and self._skeletons and (self._misspelt or self._latin != (language == "en")):
            least = _LONG_SKELETON if self._latin == (language == "en") else 0
            shared = sum(any(len(found) >= least for found in text.skeletons & set(readings)) for readings in self._skeletons)
            best = max(best, _BY_SKELETON * shared / len(self._skeletons))
        return best


class _SoughtWord:
    """One word: for each of its stems the grams with their rarity. Its idf is the mean of its grams'."""

    __slots__ = ("_stems", "idf")

    def __init__(self, word: str, rarity: _Rarity) -> None:
        self._stems: list[tuple[list[tuple[str, float]], float]] = []
        for form in stems(word):
            weighted = [(gram, rarity[gram]) for gram in grams(form)]
            self._stems.append((weighted, sum(weight for _, weight in weighted)))
        own, own_total = self._stems[0]
        self.idf = own_total / len(own)

    def met_by(self, held: frozenset[str]) -> float:
        return max(_share_met(weighted, total, held) for weighted, total in self._stems)


def _share_met(weighted: Sequence[tuple[str, float]], total: float, held: frozenset[str]) -> float:
    share = sum(weight for gram, weight in weighted if gram in held) / total
    return share if share >= (_MET_SHORT if len(weighted) <= _SHORT else _MET) else 0.0


def _met_in(term: _SoughtTerm, passage: Passage) -> bool:
    return term.met_by(_text(_surroundings(passage)), passage.chunk.language) >= _MET


def _surroundings(passage: Passage) -> str:
    """Return what a sentence stands in: its passage under the article's title, outlet and date."""
    article = passage.article
    day = article.published
    written = f"{day.year} {format_date(day, 'MMMM', locale=article.language)}" if day else ""
    return f"{article.title} {article.outlet or ''} {written} {passage.chunk.text}"


def _met(words_sought: Sequence[_SoughtWord], text: _Text) -> float:
    return sum(word.met_by(text.grams) for word in words_sought) / len(words_sought)


def _all_met(variant: Sequence[_SoughtWord], text: _Text) -> float:
    """Return how well a text meets a glossary variant; one word of several is not the variant."""
    shares = [word.met_by(text.grams) for word in variant]
    return sum(shares) / len(shares) if min(shares) >= _MET_VARIANT else 0.0


def _adjustment(question: Question, passage: Passage, quote: str) -> float:
    fitting = _FITTING_KIND if holds_answer_of(question.kind, quote) else 0.0
    own = _OWN_LANGUAGE if passage.chunk.language == question.language else 0.0
    heading = _HEADING if len(words(quote)) < 5 or not re.search(r"[.!?؟۔…»”\"')]\s*$", quote) else 0.0
    return fitting + own - heading


def _sentences(passage: Passage) -> list[tuple[int, int]]:
    offset = passage.chunk.start
    return [(offset + span.start, offset + span.end) for span in split_sentences(passage.chunk.text, passage.chunk.language)]


@lru_cache(maxsize=4_096)
def _text(text: str) -> _Text:
    found = words(text)
    return _Text(
        frozenset(gram for word in found for stem in stems(word) for gram in grams(stem)),
        frozenset(skeleton for word in found for skeleton in skeletons(word)),
    )
