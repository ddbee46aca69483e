"""Which sentences of the passages bear on the question, and does any answer it?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import LexicalIndex
from rag.drafting.instruction import is_instruction
from rag.question import Question
from rag.reading.kinds import is_number
from rag.types import Evidence, Passage
from rag.weighing.confidence import confidence_of, missing_words, signs_of
from rag.weighing.features import Sentence, sentences_of
from rag.weighing.fitted import weighted, weights_of
from rag.weighing.gaps import far_names, gap_penalty, measured_term
from rag.weighing.sought import MET, Rarity, SoughtTerm

# Between an equal find in the question's own language and one in another, a reader takes the former. The model was fitted on
# questions and passages of one language, so this weight (in its units, log odds) is set by hand.
_OWN_LANGUAGE = 1.2
# A sentence that is not even near a name of the question is about somebody else. Set by hand as well.
_FAR_NAME = 1.0
# Of two sentences with a number, the one that names what is counted or measured tells it; in another language the name for it
# is seldom known. Set by hand too.
_UNMEASURED = 2.0
_KEPT = 24
# How fast a sentence's score falls with its log odds against the best: one unit behind, it has three quarters of its score.
_FALL = 0.15


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence, best first, the confidence (0 to 1) that it answers, and the question's words that no passage holds."""

    evidence: tuple[Evidence, ...]
    confidence: float
    missing: tuple[str, ...] = ()


class EvidenceWeigher:
    """Scores the sentences of passages by a fitted linear model, and by another how sure it is that they answer."""

    def __init__(self, lexical: LexicalIndex) -> None:
        """Keep the index whose document frequencies tell rare terms from common ones."""
        self._lexical = lexical

    def weigh(self, question: Question, passages: Sequence[Passage]) -> Weighed:
        """Return the sentences of the passages as evidence, best first, with the confidence in them.

        A score is the confidence for the best sentence, and falls with the odds against it for the others. A sentence that
        gives orders to a model (see `is_instruction`) is no evidence.
        """
        rarity = Rarity(self._lexical)
        terms = [SoughtTerm(term, rarity) for term in question.all_terms]
        # A number by itself asks for nothing.
        if all(is_number(word) for term in question.all_terms for word in term.words) or not sum(t.weight for t in terms):
            return Weighed((), 0.0)
        ranked = _kept(_ranked(question, sentences_of(question, passages, terms), terms))
        if not ranked:
            return Weighed((), 0.0, missing_words(question, passages, terms))
        sentences = [sentence for sentence, _ in ranked]
        signs = signs_of(question, sentences, passages, terms, rarity.size)
        confidence = confidence_of(signs, gap_penalty(question, sentences[0], terms))
        best = ranked[0][1]
        evidence = tuple(
            Evidence(one.passage, one.start, one.end, round(confidence * math.exp(_FALL * (odds - best)), 4))
            for one, odds in ranked
        )
        return Weighed(evidence, round(confidence, 4), missing_words(question, passages, terms))


def _kept(ranked: Sequence[tuple[Sentence, float]]) -> list[tuple[Sentence, float]]:
    """Return the best of the sentences without those that give orders; more than these nobody quotes."""
    return list(itertools.islice((pair for pair in ranked if not is_instruction(pair[0].text)), _KEPT))


def _ranked(
    question: Question, sentences: Sequence[Sentence], terms: Sequence[SoughtTerm]
) -> list[tuple[Sentence, float]]:
    """Return the sentences with their log odds, best first; one that two passages share counts once, at its best."""
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
    return sorted(found.values(), key=lambda pair: (-pair[1], pair[0].passage.rank, pair[0].start))
