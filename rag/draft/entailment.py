"""A claim and a source -> how sure it is that the source says it, by what a judge and the words find together.

A logistic model over few signs (rag/data/entailment.json, fitted by `python -m benchmarks.entailment … --fit`), behind the
guards of rag/draft/guards.py. It is asked where a pair breaks a rule of support.py: these know a sentence that was shortened or
turned round, and refuse what other words say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rag.draft import tuning
from rag.draft.alignment import Alignment, align
from rag.draft.guards import GUARDS
from rag.draft.statement import Statement
from rag.draft.support import broken_rules
from rag.draft.tokens import Token
from rag.weigh.logistic import log_odds, probability


@dataclass(frozen=True)
class Compared:
    """A claim beside a source, aligned with their speakers as a `whole`, and the judge's log odds."""

    claim: Statement
    source: Statement
    whole: Alignment
    odds: float

    @cached_property
    def broken(self) -> int:
        """How many rules the claim breaks: the dearest to find out, and of most sentences nobody asks."""
        return broken_rules(self.claim, self.source)


class EntailmentSigns(NamedTuple):
    """What tells whether a source says a claim.

    `odds` are the judge's. `missing` is the share of the letters of the claim's content words that the source has in no form.
    `added` and `lost` are how many words that turn a sentence round (not, if, may …) only the claim, or only the source has,
    at most three. `turned` is the share of neighbouring words of the claim that stand the other way round in the source.
    `broken` is how many rules the claim breaks, at most four.
    """

    odds: float
    missing: float
    added: float
    lost: float
    turned: float
    broken: float


def compared(claim: Statement, source: Statement, odds: float = 0.0) -> Compared:
    """Return a claim beside a source; who says it is compared as a part of what is said."""
    return Compared(claim, source, align(_whole(claim), _whole(source)), odds)


def is_open(pair: Compared) -> bool:
    """Tell whether a judge may speak for a claim: no guard refuses it, and it is in the source's language.

    Across two languages the judge tells true from false little better than chance.
    """
    return not pair.whole.across and all(guard(pair.whole) for guard in GUARDS)


def entailment(pair: Compared) -> float:
    """Return the probability that the source says the claim, above one half; 0 where it is below, or the pair is not open."""
    if not is_open(pair):
        return 0.0
    odds = log_odds("entailment", signs_of(pair))
    return probability(odds) if odds >= 0 else 0.0


def signs_of(pair: Compared) -> EntailmentSigns:
    """Return the signs of a claim beside a source."""
    claim, source = (Counter(token.operator for token in tokens if token.operator) for tokens in _both(pair))
    broken = float(min(tuning.RULES_COUNTED, pair.broken))
    return EntailmentSigns(pair.odds, missing(pair), _at_most(claim - source), _at_most(source - claim), _turned(pair), broken)


def missing(pair: Compared) -> float:
    """Return the share (0 to 1) of the letters of the claim's content words that the source has in no form."""
    content = [both for both in zip(pair.whole.claim, pair.whole.places, strict=True) if not both[0].is_grammatical]
    total = sum(len(token.word) for token, _ in content)
    return sum(len(token.word) for token, place in content if place is None) / total if total else 0.0


def _both(pair: Compared) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    return pair.whole.claim, pair.whole.source


def _at_most(counts: Counter[str]) -> float:
    return float(min(tuning.OPERATORS_COUNTED, counts.total()))


def _turned(pair: Compared) -> float:
    places = [place for place in pair.whole.places if place is not None]
    steps = list(zip(places, places[1:], strict=False))
    return sum(one > other for one, other in steps) / len(steps) if steps else 0.0


def _whole(statement: Statement) -> Statement:
    return Statement((*(statement.speaker or ()), *statement.body), statement.speaker, statement.language, statement.voices)
