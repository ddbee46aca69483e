"""Which sentences of the passages bear on the question, and does any answer it?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.stores import LexicalStore
from index.types import KhabarError
from rag.ask.followup import ways_to_ask
from rag.ask.question import Question, parts_of
from rag.text.instruction import is_instruction
from rag.text.traits import is_number
from rag.types import Evidence, Passage
from rag.weigh.confidence import confidence_of, missing_words, names_told, signs_of
from rag.weigh.features import Sentence, sentences_of
from rag.weigh.judgement import Judged, best_signs, confidence_in, judged, likeliest, phrase_of, together, undecided
from rag.weigh.near_miss import far_names, gap_penalty, measured_term
from rag.weigh.reader import NoReader, Reader, Reading
from rag.weigh.weighted_term import MET, Rarity, SoughtTerm
from rag.weigh.weights import weighted, weights_of

# Between an equal find in the question's own language and one in another, a reader takes the former. The model was fitted on
# questions and passages of one language, so this weight (in its units, log odds) is set by hand.
_OWN_LANGUAGE = 1.2
# A sentence that is not even near a name of the question is about somebody else. Set by hand as well.
_FAR_NAME = 1.0
# Of two sentences with a number, the one that names what is counted or measured tells it; in another language the name for it
# is seldom known. Set by hand too.
_UNMEASURED = 2.0
_KEPT = 24
# Where words are as sure as this that nothing answers, the reader is not believed. Chosen by questions that nothing in the
# sample archive answers (benchmarks/data/off-archive): it refuses no answer more, there or in the newsroom.
_HOPELESS = 0.12
# How fast a sentence's score falls with its log odds against the best: one unit behind, it has three quarters of its score.
_FALL = 0.15


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence, best first, the confidence (0 to 1) that it answers, and the question's words that no passage holds.

    `names` are those of the question that the nearest passages hold. `unread` is why the reader could not be used, where there
    is one that could not.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    missing: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unread: KhabarError | None = None


class EvidenceWeigher:
    """Scores the sentences of passages, and how sure it is that they answer: by their words and, where it has one, a reader."""

    def __init__(self, lexical: LexicalStore, reader: Reader | None = None, read_k: int = 5) -> None:
        """Keep the index that tells rare terms from common ones, and what reads the first `read_k` passages."""
        self._lexical = lexical
        self._reader = reader or NoReader()
        self._read_k = read_k

    def weigh(self, question: Question, passages: Sequence[Passage]) -> Weighed:
        """Return the sentences of the passages as evidence, best first, with the confidence in them.

        A score is the confidence for the best sentence, and less for the others. A sentence that gives orders to a model (see
        `is_instruction`) is no evidence.
        """
        rarity = Rarity(self._lexical)
        terms = [SoughtTerm(term, rarity) for term in question.all_terms]
        # A number by itself asks for nothing.
        if all(is_number(word) for term in question.all_terms for word in term.words) or not sum(t.weight for t in terms):
            return Weighed((), 0.0)
        missing, names = missing_words(question, passages, terms), names_told(question, passages, terms)
        ranked = ranked_by_words(question, sentences_of(question, passages, terms), terms)
        if not ranked:
            return Weighed((), 0.0, missing, names)
        best = ranked[:_KEPT]
        signs = signs_of(question, [sentence for sentence, _ in best], passages, terms, rarity.size)
        gap = gap_penalty(question, best[0][0], terms)
        if self._reader.languages and question.asks_latest and question.kind == "what":
            # "What is the latest on …" asks for no fact that a span could be: the words choose, and the reader is not asked.
            confidence = confidence_in(undecided(signs.mass, gap))
            return Weighed(_scored(best, confidence), round(confidence, 4), missing, names)
        ways = ways_to_ask(question)
        parts = parts_of(ways[0])
        readings, unread = self._readings(parts if len(parts) > 1 else ways, passages)
        in_each = [judged(question, ranked, read) for read in readings]
        found = (together(in_each) if len(parts) > 1 else likeliest(in_each))[:_KEPT]
        if not found:
            confidence = confidence_of(signs, gap)
            return Weighed(_scored(best, confidence), round(confidence, 4), missing, names, unread)
        confidence = confidence_in(best_signs(found[0], signs.mass, gap_penalty(question, found[0].sentence, terms)))
        by_words = confidence_of(signs)
        if by_words < _HOPELESS:
            confidence = min(confidence, by_words)
        return Weighed(_read(question, found, confidence), round(confidence, 4), missing, names)

    def _readings(
        self, asked: Sequence[str], passages: Sequence[Passage]
    ) -> tuple[list[list[Reading]], KhabarError | None]:
        """Return the readings of the first passages for each part of a question, or each way to ask it.

        None, and why, where the reader fails: words alone must do then.
        """
        try:
            return [self._reader.read(part, passages[: self._read_k]) for part in asked], None
        except KhabarError as error:
            return [], error


def _scored(ranked: Sequence[tuple[Sentence, float]], confidence: float) -> tuple[Evidence, ...]:
    """Return sentences as evidence whose scores fall with their odds."""
    best = ranked[0][1]
    return tuple(
        Evidence(one.passage, one.start, one.end, round(confidence * math.exp(_FALL * (odds - best)), 4))
        for one, odds in ranked
    )


def _read(question: Question, found: Sequence[Judged], confidence: float) -> tuple[Evidence, ...]:
    """Return the sentences that were read as evidence, in the same way, the span that answers marked."""
    evidence = _scored([(one.sentence, one.odds) for one in found], confidence)
    return tuple(replace(item, phrase=phrase_of(question, one)) for item, one in zip(evidence, found, strict=True))


def ranked_by_words(
    question: Question, sentences: Sequence[Sentence], terms: Sequence[SoughtTerm]
) -> list[tuple[Sentence, float]]:
    """Return the sentences that give no orders, with their log odds, best first; one that two passages share counts once."""
    weights, measured = weights_of("sentence"), measured_term(question, terms)
    found: dict[tuple[str, int], tuple[Sentence, float]] = {}
    for sentence in sentences:
        own = sentence.passage.chunk.language == question.language
        odds = weighted(sentence.features, weights) + (_OWN_LANGUAGE if own else 0.0)
        odds -= _FAR_NAME * far_names(question, sentence, terms)
        if own and measured is not None and sentence.met[measured] < MET:
            odds -= _UNMEASURED
        key = (sentence.passage.article.article_id, sentence.start)
        if key not in found or found[key][1] < odds:
            found[key] = (sentence, odds)
    willing = (pair for pair in found.values() if not is_instruction(pair[0].text))
    return sorted(willing, key=lambda pair: (-pair[1], pair[0].passage.rank, pair[0].start))
