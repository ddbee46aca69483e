"""How sure it is that the articles answer a question: a logistic model over what the best evidence meets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from rag.ask.question import Question
from rag.ask.spelling import as_written
from rag.text.traits import is_number
from rag.types import Passage
from rag.weigh.features import Sentence, met_around
from rag.weigh.weighted_term import MET, SoughtTerm
from rag.weigh.weights import weighted, weights_of

# So many of the best sentences say together what the archive holds.
_NEAREST = 3
_WIDE = frozenset({"country", "region"})
# Log odds beyond these say no more.
_SUREST = 50.0
# The lead of a passage that has no others to be ahead of: what is usual where the archive answers.
_LEAD_ALONE = 0.35


class Signs(NamedTuple):
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


def confidence_of(signs: Signs, penalty: float = 0.0) -> float:
    """Return the probability (0 to 1) that the evidence answers, as fitted by benchmarks/train_evidence.py.

    It is shifted so that one half is where Khabar begins to answer; `penalty`, in log odds, is taken off.
    """
    odds = weighted(signs, weights_of("confidence")) - penalty
    return 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, odds))))


def signs_of(
    question: Question, best: Sequence[Sentence], passages: Sequence[Passage], terms: Sequence[SoughtTerm], size: int
) -> Signs:
    """Return the signs, of the sentences best first (at least one); `size` is the number of chunks in the archive."""
    first, weights = best[0], [term.weight for term in terms]
    near = _best_met([sentence.passage for sentence in best[:_NEAREST]], terms)
    total = sum(weights)
    nats = math.log(max(size, 2))
    around = met_around(first.passage, terms)
    return Signs(
        own=first.features.own,
        completed=first.features.completed,
        local=first.features.local_completed,
        title=first.features.title,
        around=_weighed(weights, around) / total,
        mass=_weighed(weights, near) / nats,
        mass_own=_weighed(weights, first.met) / nats,
        anywhere=_weighed(weights, _best_met(passages, terms)) / total,
        missing=max(weight * (1 - met) for weight, met in zip(weights, near, strict=True)) / total,
        name_apart=float(any(term.term.is_name and met < MET for term, met in zip(terms, around, strict=True))),
        number_missing=float(any(_is_number(term) and met < MET for term, met in zip(terms, near, strict=True))),
        score=passages[0].score,
        lead=_lead(passages),
        terms=math.log1p(len(question.all_terms)),
    )


def _lead(passages: Sequence[Passage]) -> float:
    first, *others = passages
    own = [passage.score for passage in others if passage.chunk.language == first.chunk.language]
    scores = own or [passage.score for passage in others]
    return first.score - sum(scores) / len(scores) if scores else _LEAD_ALONE


def missing_words(question: Question, passages: Sequence[Passage], terms: Sequence[SoughtTerm]) -> tuple[str, ...]:
    """Return the question's own weighty terms that no passage meets, as the question writes them, in its order.

    Nothing is said of a term that one of the nearest passages may hold in a language that it cannot be compared in.
    """
    met = _best_met(passages, terms) if passages else (0.0,) * len(terms)
    unmet = [sought for sought, share in zip(terms, met, strict=True) if share < MET and not sought.term.is_light]
    nearest = {passage.chunk.language for passage in passages[:_NEAREST]}
    told = [one.term for one in unmet if all(one.compares_in(language, question.language) for language in nearest)]
    own = [term for term in question.terms if term in told]
    return tuple(dict.fromkeys(as_written(question.text, term.words) for term in own))


def names_told(question: Question, passages: Sequence[Passage], terms: Sequence[SoughtTerm]) -> tuple[str, ...]:
    """Return the names of the question that one of the nearest passages holds, as the question writes them, in its order.

    Countries are left out: most news is of some, and their names are adjectives as often.
    """
    met = _best_met(passages[:_NEAREST], terms) if passages else (0.0,) * len(terms)
    own = [term for term, share in zip(question.terms, met, strict=False) if term.is_name and share >= MET]
    told = [term for term in own if not all(entry.kind in _WIDE for entry in term.entries)]
    names = [as_written(question.text, term.words) for term in told]
    return tuple(dict.fromkeys(names))


def _best_met(passages: Sequence[Passage], terms: Sequence[SoughtTerm]) -> tuple[float, ...]:
    """Return how well each term is met by the one of the passages that meets it best."""
    different = {passage.chunk.chunk_id: passage for passage in passages}.values()
    return tuple(max(column) for column in zip(*(met_around(passage, terms) for passage in different), strict=True))


def _weighed(weights: Sequence[float], met: Sequence[float]) -> float:
    return sum(weight * share for weight, share in zip(weights, met, strict=True))


def _is_number(term: SoughtTerm) -> bool:
    return any(map(is_number, term.term.words))
