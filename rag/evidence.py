"""Which sentences of the passages bear on the question, and does any answer it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from index.chunk import split_sentences
from index.lexical import LexicalIndex
from index.text import fold, grams, is_latin, skeletons, squash, stems, words
from index.types import Language
from rag.question import Question, Term
from rag.retrieve import inverse_frequency
from rag.types import Evidence, Kind, Passage

# A term counts as met from this share of its grams on: below it the overlap is chance (_الق in half of all words).
_MET = 0.5
_SENTENCE_SHARE, _PASSAGE_SHARE, _RANK_SHARE = 0.62, 0.28, 0.10
_FITTING_KIND = 0.06
_OWN_LANGUAGE = 0.03
_HEADING = 0.15
_TRANSLATED = 0.9
_BY_SKELETON = 0.8
_SAME_SENTENCE = 82

_MONTHS_AND_DAYS = (
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر كانون شباط اذار نيسان ايار حزيران تموز ايلول تشرين "
    "الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت "
    "جانويه فوريه مارس اوريل مه زوين زوييه اوت سبتامبر اكتبر نوامبر دسامبر "
    "فروردين ارديبهشت خرداد تير مرداد شهريور مهر ابان اذر دي بهمن اسفند شنبه يكشنبه دوشنبه سهشنبه جهارشنبه بنجشنبه جمعه "
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_NUMBER_WORDS = (
    "واحد واحده اثنان اثنين ساعتين ساعتان يومين يومان اسبوعين شهرين عامين ثلاثه ثلاث اربعه اربع خمسه خمس سته ست سبعه سبع ثمانيه ثماني تسعه تسع عشره عشر عشرين "
    "ثلاثين تسعين تسعون مئه مليون مليار نصف يك دو سه جهار بنج شش هفت هشت نه ده صد هزار ميليون ميليارد نيم "
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty ninety hundred thousand million billion half"
)
_FITS: dict[Kind, re.Pattern[str]] = {
    "when": re.compile(rf"\d|\b(?:{'|'.join(_MONTHS_AND_DAYS.split())})\b"),
    "howmany": re.compile(rf"\d|\b(?:و?ل?ب?(?:{'|'.join(_NUMBER_WORDS.split())}))\b"),
    "why": re.compile(r"\b(?:بسبب|لان|لانه|نتيجه|جراء|اثر|سبب|بهدف|جون|زيرا|به دليل|علت|because|due to|after|as a result|since)\b"),
}


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
        weights = {term: self._weight(term, question.language) for term in question.all_terms}
        if not weights or not passages:
            return Weighed((), 0.0)
        best_rank = max(passage.score for passage in passages) or 1.0
        found: dict[tuple[str, int], tuple[Evidence, float]] = {}
        for passage in passages:
            around = self._coverage(weights, _text(f"{passage.article.title} {passage.chunk.text}"), passage.chunk.language, question)
            for start, end in _sentences(passage):
                quote = passage.article.text[start:end]
                inside = self._coverage(weights, _text(quote), passage.chunk.language, question)
                covered = (_SENTENCE_SHARE * inside + _PASSAGE_SHARE * around) / (_SENTENCE_SHARE + _PASSAGE_SHARE)
                score = (
                    _SENTENCE_SHARE * inside + _PASSAGE_SHARE * around + _RANK_SHARE * passage.score / best_rank
                    + _adjustment(question, passage, quote)
                )  # fmt: skip
                key = (passage.article.article_id, start)
                if key not in found or found[key][0].score < score:
                    found[key] = (Evidence(passage, start, end, round(score, 4)), covered)
        ordered = sorted(found.values(), key=lambda pair: (-pair[0].score, pair[0].passage.rank, pair[0].start))
        return Weighed(tuple(evidence for evidence, _ in ordered), max((covered for _, covered in ordered[:3]), default=0.0))

    def _weight(self, term: Term, language: Language) -> float:
        """Return how much a term tells articles apart: its idf, at the variant that the archive holds most often."""
        size = self._lexical.size
        variants = [term.words, *(variant for other in ("ar", "fa", "en") for variant in term.variants(other))]
        return term.emphasis * min(self._idf(variant, size) for variant in variants)

    def _idf(self, variant: Iterable[str], size: int) -> float:
        """Return the idf of the rarest word of a variant; a word's is the mean of its grams'."""
        return max(
            sum(inverse_frequency(size, self._lexical.document_frequency("body", gram)) for gram in grams(word)) / len(grams(word))
            for word in variant
        )

    def _coverage(self, weights: dict[Term, float], text: _Text, language: Language, question: Question) -> float:
        total = sum(weights.values())
        return sum(weight * self._met(term, text, language) for term, weight in weights.items()) / total if total else 0.0

    def _met(self, term: Term, text: _Text, language: Language) -> float:
        """Return how well a text meets a term (0 to 1): by its own words, by the glossary's, or by skeleton."""
        best = self._words_met(term.words, text)
        for variant in term.variants(language):
            if best >= _TRANSLATED:
                break
            best = max(best, _TRANSLATED * self._words_met(variant, text))
        if best < _BY_SKELETON and all(is_latin(word) != (language == "en") and not word.isdecimal() for word in term.words):
            shared = [not text.skeletons.isdisjoint(skeletons(word)) for word in term.words]
            best = max(best, _BY_SKELETON * sum(shared) / len(shared))
        return best

    def _words_met(self, variant: Sequence[str], text: _Text) -> float:
        shares = []
        for word in variant:
            share = max(
                sum(self._rarity(gram) for gram in stem_grams if gram in text.grams) / sum(map(self._rarity, stem_grams))
                for stem_grams in map(grams, stems(word))
            )
            shares.append(share if share >= _MET else 0.0)
        return sum(shares) / len(shares)

    def _rarity(self, gram: str) -> float:
        return inverse_frequency(self._lexical.size, self._lexical.document_frequency("body", gram))


def choose_quotes(evidence: Sequence[Evidence], most: int) -> list[Evidence]:
    """Return the evidence worth quoting: the best sentence, and others that come near it and do not repeat it."""
    chosen: list[Evidence] = []
    for candidate in evidence[: 6 * most]:
        if len(chosen) == most or (chosen and candidate.score < 0.72 * chosen[0].score):
            break
        if not any(same_sentence(candidate.quote, kept.quote) for kept in chosen):
            chosen.append(candidate)
    return chosen


def same_sentence(one: str, other: str) -> bool:
    """Tell whether two sentences say the same in almost the same letters."""
    return fuzz.ratio(squash(one), squash(other)) >= _SAME_SENTENCE


def _adjustment(question: Question, passage: Passage, quote: str) -> float:
    pattern = _FITS.get(question.kind)
    fitting = _FITTING_KIND if pattern and pattern.search(fold(quote)) else 0.0
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
