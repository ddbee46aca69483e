"""Question and passages -> the sentences that answer, best first, and how sure it is that they do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.stores import LexicalStore
from index.types import KhabarError
from rag.ask.followup import ways_to_ask
from rag.ask.question import Question, questions_in
from rag.types import Evidence, Passage
from rag.weigh import tuning
from rag.weigh.confidence import (
    confidence_by_reading,
    confidence_by_words,
    is_near_subject,
    mismatch_of,
    missing_words,
    names_told,
    read_signs,
    unread_signs,
    word_signs,
)
from rag.weigh.read_sentence import ReadSentence, likeliest, phrase_of, read_sentences, together
from rag.weigh.reader import NoReader, Reader
from rag.weigh.sentences import Sentence, ranked_by_words
from rag.weigh.weighted_question import WeightedQuestion, rarity_in, weighted_question

Ranked = Sequence[tuple[Sentence, float]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence for a question in some passages, best first, and the confidence (0 to 1) that it answers.

    `unread` is why the reader could not be used, where there is one that could not.
    """

    question: WeightedQuestion = field(repr=False, compare=False)
    passages: Sequence[Passage] = field(repr=False, compare=False)
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0
    unread: KhabarError | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The words of the question that no passage holds."""
        return missing_words(self.question, self.passages) if self.question.seeks_something else ()

    @property
    def is_near(self) -> bool:
        """Whether the nearest passages are about the subject of the question."""
        return self.question.seeks_something and is_near_subject(self.question, self.passages)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the question that the nearest passages hold."""
        return names_told(self.question, self.passages) if self.question.seeks_something else ()


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
        `is_instruction`) is not evidence.
        """
        asked = weighted_question(question, rarity_in(self._lexical))
        ranked = ranked_by_words(asked, passages) if asked.seeks_something else []
        if not ranked:
            return Weighed(asked, passages)
        # "What is the latest on …" asks for no fact that a span could be: the words choose, and the reader is not asked.
        if self._reader.languages and question.asks_latest and question.kind == "what":
            return _weigh_by_words(asked, passages, ranked, asks_no_span=True)
        try:
            found = self._read(asked, passages, ranked)
        except KhabarError as error:
            return _weigh_by_words(asked, passages, ranked, unread=error)
        return _weigh_by_reading(asked, passages, ranked, found) if found else _weigh_by_words(asked, passages, ranked)

    def _read(self, question: WeightedQuestion, passages: Sequence[Passage], ranked: Ranked) -> list[ReadSentence]:
        """Return the sentences of the first passages as they are read for each part of a question, or each way to ask it."""
        ways = ways_to_ask(question.question)
        parts = questions_in(ways[0])
        several = len(parts) > 1
        readings = [self._reader.read(asked, passages[: self._read_k]) for asked in (parts if several else ways)]
        found = [read_sentences(question, ranked, read) for read in readings]
        return (together if several else likeliest)(found)[: tuning.MOST_EVIDENCE]


def _weigh_by_words(
    question: WeightedQuestion,
    passages: Sequence[Passage],
    ranked: Ranked,
    asks_no_span: bool = False,
    unread: KhabarError | None = None,
) -> Weighed:
    """Return what words alone say; where no span is asked for, as surely as with a reader that says neither yes nor no."""
    best = ranked[: tuning.MOST_EVIDENCE]
    signs = word_signs(question, [sentence for sentence, _ in best], passages)
    mismatch = mismatch_of(question, best[0][0])
    if asks_no_span:
        confidence = confidence_by_reading(unread_signs(signs.mass, mismatch))
    else:
        confidence = confidence_by_words(signs, mismatch)
    evidence = [
        Evidence(one.passage, one.start, one.end, score)
        for (one, _), score in zip(best, _scores([odds for _, odds in best], confidence), strict=True)
    ]
    return Weighed(question, passages, tuple(evidence), round(confidence, 4), unread)


def _weigh_by_reading(
    question: WeightedQuestion, passages: Sequence[Passage], ranked: Ranked, found: Sequence[ReadSentence]
) -> Weighed:
    """Return what words and reader say together, the span that answers marked in each sentence."""
    signs = word_signs(question, [sentence for sentence, _ in ranked[: tuning.MOST_EVIDENCE]], passages)
    mismatch = mismatch_of(question, found[0].sentence)
    confidence = confidence_by_reading(read_signs(found[0], signs.mass, mismatch))
    by_words = confidence_by_words(signs)
    if by_words < tuning.HOPELESS:
        confidence = min(confidence, by_words)
    evidence = [
        Evidence(one.sentence.passage, one.sentence.start, one.sentence.end, score, phrase_of(question.question, one))
        for one, score in zip(found, _scores([one.odds for one in found], confidence), strict=True)
    ]
    return Weighed(question, passages, tuple(evidence), round(confidence, 4))


def _scores(odds: Sequence[float], confidence: float) -> list[float]:
    """Return scores that begin with the confidence and fall with the log odds."""
    return [round(confidence * math.exp(tuning.FALL * (each - odds[0])), 4) for each in odds]
