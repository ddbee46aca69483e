"""How well claims are told from what an article says: Khabar's own pairs, by language, with the errors.

python -m benchmarks.entailment DIR [--part test] [--bar] [--errors N] [--write docs/answers.md]

DIR holds the public sets whose sentences are the sources (benchmarks/data/entailment). A pair goes the way that a draft's
sentence goes beside one of an article: rules, guards and judge. `--bar` prints from which odds on the judge may speak, for
rag/draft/tuning.py: of the false claims of the part `bar` no more than one in 200 passes it. The part `test`, of the same
writers, is only ever counted; the judge learned from others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from benchmarks.entailment_pairs import Pair, own_pairs
from benchmarks.logistic import auroc
from benchmarks.page import put_figures
from index.types import LANGUAGES, Language
from rag.draft.alignment import align_whole
from rag.draft.guards import GUARDS
from rag.draft.judge import EMBEDDED, E5Judge, Judge
from rag.draft.statement import Statement, read_statement
from rag.draft.support import support
from rag.draft.tokens import read_tokens
from rag.draft.tuning import BAR, DOUBT
from rag.text.glossary import load_glossary

# The share of false claims that may pass.
_FALSE_SHARE = 1 / 200
# The log odds of two texts that are too long to be read together.
_UNREAD = -30.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, whether the rules pass the claim, which guards refuse it, and the judge's log odds."""

    pair: Pair
    by_rules: bool
    refused_by: tuple[str, ...]
    odds: float

    @property
    def across(self) -> bool:
        """Whether claim and source are of two languages: there the judge is not asked."""
        return self.pair.language != self.pair.claim_language

    @property
    def shown_by_rules(self) -> bool:
        """Whether the rules pass the claim, and the judge does not doubt it."""
        return self.by_rules and (self.across or self.odds >= DOUBT)

    @property
    def shown(self) -> bool:
        """Whether the claim would be shown."""
        return self.shown_by_rules or self.passes(BAR)

    def passes(self, bar: float) -> bool:
        """Tell whether a judge speaks for what the rules refuse."""
        return not (self.by_rules or self.across or self.refused_by) and self.odds >= bar


def judged(pairs: Sequence[Pair], judge: Judge) -> list[Judged]:
    """Return pairs as a draft's sentence is looked at beside the sentence that it cites."""
    found = []
    for pair in track(pairs, "pairs", console=Console(stderr=True)):
        claim, source = statements_of(pair)
        whole, odds = align_whole(claim, source), judge.odds(pair.claim, pair.source)
        refused = tuple(guard.__name__ for guard in GUARDS if not guard(whole))
        found.append(Judged(pair, support(claim, source) > 0, refused, _UNREAD if odds is None else odds))
    return found


def statements_of(pair: Pair) -> tuple[Statement, Statement]:
    """Return what the claim of a pair says, and its source."""
    return _statement(pair.claim, pair.claim_language, pair), _statement(pair.source, pair.language, pair)


def _statement(text: str, language: str, pair: Pair) -> Statement:
    told: Language = next(one for one in LANGUAGES if one == language)
    published = date.fromisoformat(pair.published[:10]) if pair.published else None
    return read_statement(read_tokens(text, told, load_glossary(), published), told)


def bar_of(rows: Sequence[Judged]) -> float:
    """Return the least odds, in hundredths, which no more of the false claims in the source's language pass than may."""
    false = [row for row in rows if not (row.pair.holds or row.across)]
    passing = sorted((row.odds for row in false if row.passes(-math.inf)), reverse=True)
    return math.floor(passing[int(_FALSE_SHARE * len(false))] * 100 + 1) / 100


def table(rows: Sequence[Judged]) -> list[str]:
    """Return a table in Markdown: by the source's language, and over all, within a language and across two."""
    lines = [
        "| source | claim | true claims | accepted | by rules | false claims | accepted | by rules | AUROC of the judge |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for language in (*LANGUAGES, "all"):
        for name, wanted in _WAYS.items():
            chosen = [row for row in rows if wanted(row) and language in (row.pair.language, "all")]
            lines.append(_line(language, name, chosen))
    return lines


_WAYS: dict[str, Callable[[Judged], bool]] = {
    "in the same language": lambda row: not row.across,
    "in another": lambda row: row.across,
}


def _line(language: str, name: str, rows: Sequence[Judged]) -> str:
    true, false = ([row for row in rows if row.pair.holds is holds] for holds in (True, False))
    shown = sum(row.shown for row in true) / max(1, len(true))
    rules = sum(row.shown_by_rules for row in true) / max(1, len(true))
    wrong, wrong_by_rules = sum(row.shown for row in false), sum(row.shown_by_rules for row in false)
    odds = ([row.odds for row in part] for part in (true, false))
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
@click.option("--bar", is_flag=True, help="print the bar that the part of that name sets")
@click.option("--adapter", "adapters", multiple=True, type=click.Path(path_type=Path, exists=True), help="others than ship")
@click.option("--errors", default=0, help="print so many false claims that pass, and true ones that a guard refuses")
@click.option("--write", type=click.Path(path_type=Path, exists=True), help="put the table into this document")
def main(
    sets: Path, part: str, bar: bool, adapters: tuple[Path, ...], errors: int, write: Path | None
) -> None:
    """Print how well claims are told from what an article says."""
    pairs, judge = own_pairs(sets), E5Judge(adapters)
    if bar:
        found = bar_of(judged([pair for pair in pairs if pair.part == "bar"], judge))
        click.echo(f"bar {found:.2f}, in use {BAR:.2f}\n")
    rows = judged([pair for pair in pairs if pair.part == part], judge)
    lines = table(rows)
    click.echo("\n".join((f"{EMBEDDED}, part {part}", "", *lines, "", *refusals(rows))))
    for row in [row for row in rows if not row.pair.holds and row.shown][:errors]:
        click.echo(f"\npasses ({row.pair.kind}): {row.pair.claim}\n  source: {row.pair.source}")
    for row in [row for row in rows if row.pair.holds and row.refused_by][:errors]:
        click.echo(f"\nrefused by {row.refused_by}: {row.pair.claim}\n  source: {row.pair.source}")
    if write:
        put_figures(write, "\n".join(lines), "entailment")


if __name__ == "__main__":
    main()
