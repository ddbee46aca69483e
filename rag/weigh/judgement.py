"""What words and reader together say of each sentence: whether it answers, and how sure the best of them is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from index.language import detect_language
from index.text import words
from rag.ask.question import Question
from rag.ask.term import terms_of
from rag.types import Passage
from rag.weigh.features import Sentence
from rag.weigh.near_miss import is_elsewhere
from rag.weigh.reader import AnswerSpan, Reading
from rag.weigh.weights import weighted, weights_of

# In a sentence that answers less likely than by these log odds nothing is marked. Chosen by the newsroom's questions: at 0 a
# few marks more are right, and far fewer are shown.
_LEAST_ODDS = -1.0
# Words that are not met speak against an answer; that they are met does not speak for one, for a near miss meets them all.
_ENOUGH_MASS = 2.5
_MOST_GAP = 10.0
# Of the sentences judged best for 500 questions a dozen told of another country, and two of those answered all the same.
_ELSEWHERE = 5.0
# So far behind the first, in log odds, the best sentence of another part of a question is kept in sight.
_NEAR_IN_PART = 2.0
_BORDERS = " \n.,;:،؛!?؟…"
_UNDECIDED = (-6.0, -2.5, 0.0)


class SentenceSigns(NamedTuple):
    """The signs that a sentence answers.

    `span` are the log odds of the best span in it, `behind` what these are behind the best of its passage (0 or less), and
    `answers` the log odds that its passage answers; `words` are its words' log odds behind the best sentence's (0 or less);
    `score` is its passage's; `own` tells (0 or 1) that it is in the question's language, `elsewhere` that it names other
    countries than the question.
    """

    span: float
    behind: float
    answers: float
    words: float
    score: float
    own: float
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that was read: the span in it that answers best, and the log odds that the sentence answers."""

    sentence: Sentence
    span: AnswerSpan
    signs: SentenceSigns
    odds: float

    @property
    def key(self) -> tuple[str, int]:
        """What tells the sentence from all others."""
        return self.sentence.passage.article.article_id, self.sentence.start


def judged(question: Question, ranked: Sequence[tuple[Sentence, float]], readings: Sequence[Reading]) -> list[Judged]:
    """Return the sentences that were read, best first; one that two passages share counts once, at its best.

    `ranked` are all sentences with their words' log odds.
    """
    best_words = max((odds for _, odds in ranked), default=0.0)
    by_words = {(one.passage.article.article_id, one.start): (one, odds) for one, odds in ranked}
    weights = weights_of("judged")
    found: list[Judged] = []
    for reading in readings:
        passage, best_span = reading.passage, max((span.odds for span in reading.spans.values()), default=0.0)
        for start, span in reading.spans.items():
            known = by_words.get((passage.article.article_id, start))
            if known is None:
                continue
            sentence, odds = known
            signs = SentenceSigns(
                span.odds, span.odds - best_span, reading.answers, odds - best_words, passage.score, _own(passage, question),
                float(is_elsewhere(question, sentence.text, passage.chunk.language)),
            )  # fmt: skip
            found.append(Judged(sentence, span, signs, weighted(signs, weights)))
    return likeliest([found])


def likeliest(ways: Sequence[Sequence[Judged]]) -> list[Judged]:
    """Return the sentences judged for each way to ask one question, each once, for the way in which it answers best."""
    found: dict[tuple[str, int], Judged] = {}
    for one in (one for way in ways for one in way):
        if one.key not in found or found[one.key].odds < one.odds:
            found[one.key] = one
    return sorted(found.values(), key=lambda one: (-one.odds, one.sentence.passage.rank, one.sentence.start))


def together(parts: Sequence[Sequence[Judged]]) -> list[Judged]:
    """Return the sentences judged for each part of a question in one order: the best of each part that answers it, the rest.

    A sentence counts once, for the part that it answers best. The best of a later part stands as near to the first as it may.
    """
    whole: dict[tuple[str, int], Judged] = {}
    for one in sorted((one for part in parts for one in part), key=lambda one: -one.odds):
        whole.setdefault(one.key, one)
    leading: dict[tuple[str, int], Judged] = {}
    for part in parts:
        best = next((one for one in part if one.key not in leading and one.odds >= _LEAST_ODDS), None)
        if best:
            leading[best.key] = best
    if len(leading) < 2:
        return list(whole.values())
    least = max(one.odds for one in leading.values()) - _NEAR_IN_PART
    first = [replace(one, odds=max(one.odds, least)) for one in leading.values()]
    return [*sorted(first, key=lambda one: -one.odds), *(one for key, one in whole.items() if key not in leading)]


def _own(passage: Passage, question: Question) -> float:
    return float(passage.chunk.language == question.language)


def probability(odds: float) -> float:
    """Return the probability of log odds."""
    return 0.5 * (1.0 + math.tanh(0.5 * odds))


def _is_beside(question: Question, text: str) -> bool:
    """Tell whether a span is but a person, and none that a question after somebody asks for.

    It does not ask for one whom it names itself; and who that is, no name tells.
    """
    if question.kind != "who" and not question.asks_definition:
        return False
    named = {entry for term in question.all_terms for entry in term.entries if entry.kind == "person"}
    found = terms_of(words(text), detect_language(text), question.glossary) if named else ()
    persons = [{entry for entry in term.entries if entry.kind == "person"} for term in found]
    return bool(found) and all(met if question.asks_definition else not named.isdisjoint(met) for met in persons)


class BestSigns(NamedTuple):
    """The signs that the best sentence answers the question at all.

    `mass` is what the passages of the best sentences meet of the question's words (as in rag/weigh/confidence.py, but no
    more than is enough), `gap` the log odds that speak against its sentence (rag/weigh/near_miss.py), bounded, and more
    where it tells of another country; `span`, `answers` and `behind` are as in SentenceSigns, the last called `words` there.
    """

    mass: float
    gap: float
    span: float
    answers: float
    behind: float


def best_signs(one: Judged, mass: float, gap: float) -> BestSigns:
    """Return the signs of the best sentence, from what its words meet, in nats over the archive's size, and its gap."""
    gap = min(_MOST_GAP, gap) + _ELSEWHERE * one.signs.elsewhere
    return BestSigns(min(_ENOUGH_MASS, mass), gap, one.signs.span, one.signs.answers, one.signs.words)


def undecided(mass: float, gap: float) -> BestSigns:
    """Return the signs where no span is asked for: those of a passage of which the reader cannot say whether it answers."""
    return BestSigns(min(_ENOUGH_MASS, mass), min(_MOST_GAP, gap), *_UNDECIDED)


def confidence_in(signs: BestSigns) -> float:
    """Return the probability (0 to 1) that the best sentence answers.

    It is shifted so that one half is where Khabar begins to answer (benchmarks/train_judging.py).
    """
    return probability(weighted(signs, weights_of("judged-confidence")))


def phrase_of(question: Question, one: Judged) -> tuple[int, int] | None:
    """Return the span that answers, in the article's text, where its sentence may; None for a question of yes or no."""
    text = one.sentence.passage.article.text[one.span.start : one.span.end]
    if one.odds < _LEAST_ODDS or question.kind == "yesno" or not any(map(str.isalnum, text)) or _is_beside(question, text):
        return None
    # A token takes in the stop or comma behind a word.
    start = one.span.start + len(text) - len(text.lstrip(_BORDERS))
    return start, start + len(text.strip(_BORDERS))
