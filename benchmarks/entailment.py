"""How well claims are told from what an article says: Khabar's own pairs, by language, with the errors.

python -m benchmarks.entailment DIR [--part test] [--fit rag/data/entailment.json] [--errors N] [--write docs/answers.md]

DIR holds the public sets whose sentences are the sources (benchmarks/data/entailment). A pair goes the way that a draft's
sentence goes: rules, judge and guards, joined by rag/draft/entailment.py. `--fit`
fits the weights of rag/draft/entailment.py to the part `check`, which the judge has not learned from, and sets the bar by the
part `bar`, which other writers wrote: of its false claims no more than one in 200 passes. The part `test`, of these other
writers as well, is only ever counted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.entailment_pairs import Pair, own_pairs
from benchmarks.logistic import Bounds, auroc, fit_logistic
from benchmarks.page import put_figures
from index.types import LANGUAGES, Language
from rag.draft.entailment import Compared, EntailmentSigns, compared, signs_of
from rag.draft.guards import GUARDS
from rag.draft.judge import EMBEDDED, E5Judge, Judge
from rag.draft.statement import Statement, read_statement
from rag.draft.tokens import read_tokens
from rag.draft.tuning import DOUBT
from rag.text.glossary import load_glossary
from rag.weigh.logistic import BIAS, weights_of

# The share of false claims that may pass.
_FALSE_SHARE = 1 / 200
# Log odds by which the bar lies above the last false claim that may not pass.
_BEYOND = 1e-3
# The log odds of two texts that are too long to be read together.
_UNREAD = -30.0
# The judge speaks for a claim, what differs against it.
_BOUNDS: dict[str, Bounds] = {"odds": (0.0, None)}
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, which guards refuse it, and what is compared."""

    pair: Pair
    refused_by: tuple[str, ...]
    compared: Compared

    def odds(self, weights: Weights) -> float:
        """Return the log odds that the source says it, by all signs; minus infinity where a guard refuses it."""
        signs = signs_of(self.compared)._asdict()
        return -math.inf if self.refused_by else weights[BIAS] + sum(weights[name] * sign for name, sign in signs.items())

    def accepted(self, weights: Weights) -> bool:
        """Tell whether the claim would be shown."""
        is_asked = self.compared.broken > 0 and not self.compared.whole.across
        return self.by_rules or (is_asked and self.odds(weights) >= 0)

    @property
    def by_rules(self) -> bool:
        """Tell whether the rules pass the claim, and the judge does not doubt it."""
        return self.compared.broken == 0 and (self.compared.whole.across or self.compared.odds >= DOUBT)


def judged(pairs: Sequence[Pair], judge: Judge) -> list[Judged]:
    """Return pairs as a draft's sentence is looked at beside the sentence that it cites."""
    found = []
    for pair in track(pairs, "pairs", console=Console(stderr=True)):
        odds = judge.odds(pair.claim, pair.source)
        whole = comparison(pair, _UNREAD if odds is None else odds)
        refused = tuple(guard.__name__ for guard in GUARDS if not guard(whole.whole))
        found.append(Judged(pair, refused, whole))
    return found


def comparison(pair: Pair, odds: float = 0.0) -> Compared:
    """Return a pair as it is compared, with a judge's log odds."""
    claim, source = _statement(pair.claim, pair.claim_language, pair), _statement(pair.source, pair.language, pair)
    return compared(claim, source, odds)


def _statement(text: str, language: str, pair: Pair) -> Statement:
    told: Language = next(one for one in LANGUAGES if one == language)
    published = date.fromisoformat(pair.published[:10]) if pair.published else None
    return read_statement(read_tokens(text, told, load_glossary(), published), told)


def fit(checked: Sequence[Judged], barred: Sequence[Judged]) -> Weights:
    """Return the weights: fitted to some pairs, the bias shifted so that of others few false ones pass."""
    checked, barred = ([row for row in rows if not row.compared.whole.across] for rows in (checked, barred))
    return _with_bar(_fit(checked), barred)


def _fit(rows: Sequence[Judged]) -> dict[str, float]:
    """Return weights fitted to the pairs that break a rule and no guard: the others are not weighed."""
    learned = [row for row in rows if row.compared.broken and not row.refused_by]
    signs = np.array([signs_of(row.compared) for row in learned])
    holds = np.array([row.pair.holds for row in learned])
    bounds = [_BOUNDS.get(name, (None, 0.0)) for name in EntailmentSigns._fields]
    found, bias = fit_logistic(signs, holds, np.full(len(learned), 1 / len(learned)), bounds)
    return {**dict(zip(EntailmentSigns._fields, map(float, found), strict=True)), BIAS: bias}


def _with_bar(weights: dict[str, float], rows: Sequence[Judged]) -> Weights:
    """Return the weights, shifted so that no more of the false claims that the rules refuse pass than may of all."""
    odds = [-math.inf if row.by_rules else row.odds(weights) for row in rows if not row.pair.holds]
    bar = sorted(odds, reverse=True)[int(_FALSE_SHARE * len(odds))]
    weights[BIAS] -= bar + _BEYOND
    return {name: round(weight, 4) for name, weight in weights.items()}


def table(rows: Sequence[Judged], weights: Weights) -> list[str]:
    """Return a table in Markdown: by the source's language, and over all, within a language and across two."""
    lines = [
        "| source | claim | true claims | accepted | by rules | false claims | accepted | by rules | AUROC of the judge |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for language in (*LANGUAGES, "all"):
        for name, wanted in _WAYS.items():
            chosen = [row for row in rows if wanted(row) and language in (row.pair.language, "all")]
            lines.append(_line(language, name, chosen, weights))
    return lines


_WAYS: dict[str, Callable[[Judged], bool]] = {
    "in the same language": lambda row: not row.compared.whole.across,
    "in another": lambda row: row.compared.whole.across,
}


def _line(language: str, name: str, rows: Sequence[Judged], weights: Weights) -> str:
    true, false = ([row for row in rows if row.pair.holds is holds] for holds in (True, False))
    shown = sum(row.accepted(weights) for row in true) / max(1, len(true))
    rules = sum(row.by_rules for row in true) / max(1, len(true))
    wrong, wrong_by_rules = sum(row.accepted(weights) for row in false), sum(row.by_rules for row in false)
    odds = ([row.compared.odds for row in part] for part in (true, false))
    return (
        f"| {language} | {name} | {len(true)} | {shown:.2f} | {rules:.2f} | {len(false)} | "
        f"{wrong} ({wrong / max(1, len(false)):.3f}) | {wrong_by_rules} | {auroc(*odds):.2f} |"
    )


def refusals(rows: Sequence[Judged]) -> list[str]:
    """Return how many true and false claims each guard refuses."""
    lines = []
    for guard in GUARDS:
        counts = [sum(guard.__name__ in row.refused_by for row in rows if row.pair.holds is holds) for holds in (True, False)]
        lines.append(f"{guard.__name__}: {counts[0]} true, {counts[1]} false")
    return lines


@click.command()
@click.argument("sets", type=click.Path(path_type=Path, exists=True))
@click.option("--part", default="test", type=click.Choice(["train", "check", "bar", "test"]))
@click.option("--fit", "fitted_file", type=click.Path(path_type=Path), help="fit to check and bar, and write the weights")
@click.option("--adapter", "adapters", multiple=True, type=click.Path(path_type=Path, exists=True), help="others than ship")
@click.option("--errors", default=0, help="print so many false claims that pass, and true ones that a guard refuses")
@click.option("--write", type=click.Path(path_type=Path, exists=True), help="put the table into this document")
def main(
    sets: Path, part: str, fitted_file: Path | None, adapters: tuple[Path, ...], errors: int, write: Path | None
) -> None:
    """Print how well claims are told from what an article says."""
    pairs, judge = own_pairs(sets), E5Judge(adapters)
    weights: Weights = weights_of("entailment")
    if fitted_file:
        checked, barred = (judged([pair for pair in pairs if pair.part == name], judge) for name in ("check", "bar"))
        weights = fit(checked, barred)
        fitted_file.write_text(json.dumps({"entailment": weights}, indent=1) + "\n", encoding="utf-8")
        click.echo(json.dumps(weights))
    rows = judged([pair for pair in pairs if pair.part == part], judge)
    lines = table(rows, weights)
    click.echo("\n".join((f"{EMBEDDED}, part {part}", "", *lines, "", *refusals(rows))))
    for row in [row for row in rows if not row.pair.holds and row.accepted(weights)][:errors]:
        click.echo(f"\npasses ({row.pair.kind}): {row.pair.claim}\n  source: {row.pair.source}")
    for row in [row for row in rows if row.pair.holds and row.refused_by][:errors]:
        click.echo(f"\nrefused by {row.refused_by}: {row.pair.claim}\n  source: {row.pair.source}")
    if write:
        put_figures(write, "\n".join(lines), "entailment")


if __name__ == "__main__":
    main()
