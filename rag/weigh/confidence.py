"""How sure it is that the articles answer a question, by words alone or with what a reader says; and what they lack of it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from index.text import fold, words
from index.types import Article
from rag.ask.spelling import as_written
from rag.ask.term import Term
from rag.text.days import years_about
from rag.text.measure import outcomes_of
from rag.types import Passage
from rag.weigh import tuning
from rag.weigh.logistic import log_odds, probability
from rag.weigh.read_sentence import ReadSentence
from rag.weigh.sentences import Sentence, met_around
from rag.weigh.weighted_question import WeightedQuestion, compared

_WIDE = frozenset({"country", "region"})


class WordSigns(NamedTuple):
    """The signs that the archive answers a question; shares (0 to 1) are of the weight of its terms.

    Of the best sentence: `own`, `completed`, `local` and `title` as in Features, `around` met by its passage. `mass` and
    `mass_own` are what the passages of the best three sentences, and the best sentence, meet, in nats of rarity over the
    logarithm of the number of chunks: what chance would hardly do. `anywhere` is met by any passage; `missing` is the share of
    the weightiest term that the best three are not about; `number_missing` (0 or 1) tells of a number among those, and
    `name_apart` of a name that the best sentence's own passage does not hold: who is not there did not speak. `score` is the
    best passage's, `lead` what it is ahead of the mean of the others in its language (of all, where it is alone in it),
    and `terms` the logarithm of the number of terms.
    """

    own: float
    completed: float
    local: float
    title: float
    around: float
    mass: float
    mass_own: float
    anywhere: float
    missing: float
    name_apart: float
    number_missing: float
    score: float
    lead: float
    terms: float


def confidence_by_words(signs: WordSigns, mismatch: float = 0.0) -> float:
    """Return the probability (0 to 1) that the evidence answers, as fitted by benchmarks/train_evidence.py.

    It is shifted so that one half is where Khabar begins to answer; `mismatch`, in log odds, is taken off.
    """
    return probability(log_odds("confidence", signs) - mismatch)


def word_signs(question: WeightedQuestion, best: Sequence[Sentence], passages: Sequence[Passage]) -> WordSigns:
    """Return the signs, of the sentences best first (at least one)."""
    first, weights = best[0], question.weights
    near = _best_met(question, [sentence.passage for sentence in best[: tuning.NEAREST]])
    total = sum(weights)
    nats = math.log(max(question.size, 2))
    around = met_around(question, first.passage)
    return WordSigns(
        own=first.features.own,
        completed=first.features.completed,
        local=first.features.local_completed,
        title=first.features.title,
        around=_weighed(weights, around) / total,
        mass=_weighed(weights, near) / nats,
        mass_own=_weighed(weights, first.met) / nats,
        anywhere=_weighed(weights, _best_met(question, passages)) / total,
        missing=max(weight * (1 - met) for weight, met in zip(weights, near, strict=True)) / total,
        name_apart=float(any(term.term.is_name and met < tuning.MET for term, met in zip(question.terms, around, strict=True))),
        number_missing=float(any(near[number] < tuning.MET for number in question.numbers)),
        score=passages[0].score,
        lead=_lead(passages),
        terms=math.log1p(len(question.terms)),
    )


def _lead(passages: Sequence[Passage]) -> float:
    first, *others = passages
    own = [passage.score for passage in others if passage.chunk.language == first.chunk.language]
    scores = own or [passage.score for passage in others]
    return first.score - sum(scores) / len(scores) if scores else tuning.LEAD_ALONE


class ReadSigns(NamedTuple):
    """The signs that the best sentence that was read answers the question at all.

    `mass` is as in WordSigns, but no more than is enough: words that are not met speak against an answer; that they are met
    does not speak for one. `gap` are the log odds of the mismatch, bounded, and more where the sentence tells of another
    country; `span`, `answers` and `behind` are as in SentenceSigns, the last called `words` there.
    """

    mass: float
    gap: float
    span: float
    answers: float
    behind: float


def confidence_by_reading(signs: ReadSigns) -> float:
    """Return the probability (0 to 1) that the best sentence answers.

    It is shifted so that one half is where Khabar begins to answer (benchmarks/train_judging.py).
    """
    return probability(log_odds("judged-confidence", signs))


def read_signs(one: ReadSentence, mass: float, mismatch: float) -> ReadSigns:
    """Return the signs of the best sentence that was read."""
    gap = min(tuning.MOST_MISMATCH, mismatch) + tuning.ELSEWHERE * one.signs.elsewhere
    return ReadSigns(min(tuning.MOST_MASS, mass), gap, one.signs.span, one.signs.answers, one.signs.words)


def unread_signs(mass: float, mismatch: float) -> ReadSigns:
    """Return the signs where no span is asked for: those of a passage of which the reader cannot say whether it answers."""
    gap = min(tuning.MOST_MISMATCH, mismatch)
    return ReadSigns(min(tuning.MOST_MASS, mass), gap, tuning.UNREAD_SPAN, tuning.UNREAD_ANSWERS, 0.0)


def mismatch_of(question: WeightedQuestion, best: Sentence) -> float:
    """Return by how much, in log odds, what the best sentence does not match of the question speaks against its answering.

    However many words it meets: a name of the question that stands nowhere in its article, or not near it; the noun of a
    "how many" that it does not hold; or a year that is not the article's.
    """
    article = best.passage.article
    whole = compared(f"{article.title} {article.text}")
    absent = sum(question.terms[name].met_by(whole, article.language) < tuning.MET for name in question.names)
    return (
        tuning.ABSENT_NAME * absent
        + tuning.FAR_NAME_OF_BEST * (best.far_names - absent)
        + tuning.UNCOUNTED * _counts_something_else(question, best)
        + tuning.OTHER_YEAR * _is_of_another_year(question, article)
    )


def _counts_something_else(question: WeightedQuestion, best: Sentence) -> bool:
    """Tell whether a sentence lacks what is counted, and also tells of no dead or injured in another word: أودى بحياة."""
    if question.counted is None or best.met[question.counted] >= tuning.MET:
        return False
    return outcomes_of(question.terms[question.counted].term.words).isdisjoint(outcomes_of(words(best.text)))


def _is_of_another_year(question: WeightedQuestion, article: Article) -> bool:
    """Tell whether a question names a year that an article neither names nor is of, give or take one; not of one undated."""
    if not question.years or article.published is None:
        return False
    named = {int(digits) for digits in re.findall(r"\d{4}", fold(f"{article.title} {article.text}"))}
    return not question.years <= named.union(years_about(article.published, (-1, 0, 1)))


def missing_words(question: WeightedQuestion, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the question's own weighty terms that no passage meets, as the question writes them, in its order.

    Nothing is said of a term that one of the nearest passages may hold in a language that it cannot be compared in.
    """
    met = _best_met(question, passages)
    unmet = [own for own, share in zip(question.own_terms, met, strict=False) if share < tuning.MET and not own.term.is_light]
    nearest = {passage.chunk.language for passage in passages[: tuning.NEAREST]}
    asked = question.question
    told = [own.term for own in unmet if all(own.compares_in(language, asked.language) for language in nearest)]
    return tuple(dict.fromkeys(as_written(asked.text, term.words) for term in told))


def names_told(question: WeightedQuestion, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the names of the question that one of the nearest passages holds, as the question writes them, in its order.

    Countries are left out: most news is of some, and their names are adjectives as often.
    """
    return tuple(dict.fromkeys(as_written(question.question.text, term.words) for term in _names_held(question, passages)))


def _names_held(question: WeightedQuestion, passages: Sequence[Passage]) -> list[Term]:
    met = _best_met(question, passages[: tuning.NEAREST])
    own = (own.term for own, share in zip(question.own_terms, met, strict=False) if share >= tuning.MET)
    return [term for term in own if term.is_name and not all(entry.kind in _WIDE for entry in term.entries)]


def is_near_subject(question: WeightedQuestion, passages: Sequence[Passage]) -> bool:
    """Tell whether the best passage is about what a question asks about: much of it, and more than any archive has of it."""
    scores = sorted((passage.score for passage in passages), reverse=True)
    if not scores or scores[0] < tuning.NEAR_SCORE:
        return False
    if any(entry.kind == "person" for name in _names_held(question, passages) for entry in name.entries):
        return True
    farther = scores[tuning.FARTHER_FROM - 1 : tuning.FARTHER_TO] or scores[-1:]
    size = math.log(max(question.size, 1) / tuning.SMALL) / math.log(tuning.LARGE / tuning.SMALL)
    return scores[0] - sum(farther) / len(farther) >= tuning.NEAR_LEAD * min(max(size, 0.0), 1.0)


def _best_met(question: WeightedQuestion, passages: Sequence[Passage]) -> tuple[float, ...]:
    """Return how well each term is met by the one of the passages that meets it best; not at all where there is none."""
    different = {passage.chunk.chunk_id: passage for passage in passages}.values()
    met = [met_around(question, passage) for passage in different]
    return tuple(max(column) for column in zip(*met, strict=True)) if met else (0.0,) * len(question.terms)


def _weighed(weights: Sequence[float], met: Sequence[float]) -> float:
    return sum(weight * share for weight, share in zip(weights, met, strict=True))
