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
from rag.draft.guards import GUARDS, denials, is_unspoken, unmet_names
from rag.draft.statement import Statement
from rag.draft.support import broken_rules
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
    `broken` is how many rules the claim breaks, at most four. `names` is how many of its names the source has not, at most
    three; `denied` 1 where one of both denies more often; `unspoken` 1 where only the source says who says it.
    """

    odds: float
    missing: float
    added: float
    lost: float
    turned: float
    broken: float
    names: float
    denied: float
    unspoken: float


def compared(claim: Statement, source: Statement, odds: float = 0.0) -> Compared:
    """Return a claim beside a source; who says it is compared as a part of what is said."""
    return Compared(claim, source, align(_whole(claim), _whole(source)), odds)


def is_open(pair: Compared) -> bool:
    """Tell whether a judge may speak for a claim: no guard refuses it, and it is in the source's language.

    Across two languages a bar that lets few false claims pass lets hardly a true one pass (docs/decisions.md).
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
    whole = pair.whole
    claim, source = (Counter(token.operator for token in tokens if token.operator) for tokens in (whole.claim, whole.source))
    return EntailmentSigns(
        odds=pair.odds,
        missing=whole.missing(),
        added=_at_most(tuning.OPERATORS_COUNTED, (claim - source).total()),
        lost=_at_most(tuning.OPERATORS_COUNTED, (source - claim).total()),
        turned=_turned(pair),
        broken=_at_most(tuning.RULES_COUNTED, pair.broken),
        names=_at_most(tuning.NAMES_COUNTED, unmet_names(whole)),
        denied=float(denials(whole) != 0),
        unspoken=float(is_unspoken(whole)),
    )


def _at_most(most: int, count: int) -> float:
    return float(min(most, count))


def _turned(pair: Compared) -> float:
    places = [place for place in pair.whole.places if place is not None]
    steps = list(zip(places, places[1:], strict=False))
    return sum(one > other for one, other in steps) / len(steps) if steps else 0.0


def _whole(statement: Statement) -> Statement:
    return Statement((*(statement.speaker or ()), *statement.body), statement.speaker, statement.language, statement.voices)
