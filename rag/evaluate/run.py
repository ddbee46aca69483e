"""Fixed questions -> how each is answered by the real pipeline, the shares that are right, and what fell below a baseline."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.catalog import Catalog
from index.types import KhabarError, Language
from rag.answer import Answerer
from rag.ask.question import QuestionError
from rag.evaluate.fixed_question import FixedQuestion
from rag.evaluate.verdict import failures, is_cited, is_told_directly, is_verbatim
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Row:
    """How one fixed question went; `failed` are the fields of the question that the answer does not satisfy.

    `cited` and `verbatim` are None where nothing should be, or was, cited. `direct` tells whether the short answer holds an
    accepted string, None where the question accepts none.
    """

    id: str
    language: Language
    kind: str
    correct: bool
    answered: bool
    cited: bool | None
    verbatim: bool | None
    abstained: bool
    seconds: float
    answer: Answer
    failed: tuple[str, ...] = ()
    direct: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the row as a JSON object, the whole answer in it."""
        fields = ("id", "language", "kind", "correct", "answered", "cited", "verbatim", "abstained", "failed", "direct")
        return {name: getattr(self, name) for name in fields} | {"seconds": self.seconds, "answer": self.answer.to_json()}


@dataclass(frozen=True, slots=True)
class Summary:
    """The shares over some rows (0 to 1; None where no row counts) and their times in seconds.

    `direct` is the share of the questions with accepted strings whose short answer holds one; `direct_shown` counts the
    answers, right or wrong, that have a short answer.
    """

    questions: int
    correct: float
    cited: float | None
    verbatim: float | None
    abstained_rightly: float | None
    abstained_wrongly: float | None
    median_seconds: float
    p95_seconds: float
    direct: float | None = None
    direct_shown: int = 0


def ask_all(
    questions: Iterable[FixedQuestion], answerer: Answerer, catalog: Catalog, heard: Callable[[Row], None]
) -> list[Row]:
    """Ask every question through the pipeline and return how each went."""
    rows: list[Row] = []
    for question in questions:
        started = time.perf_counter()
        try:
            answer = answerer.answer(question.question, question.history, question.filter)
        except QuestionError as error:
            answer = refused(question, error)
        rows.append(judge(question, answer, catalog, time.perf_counter() - started))
        heard(rows[-1])
    return rows


def refused(question: FixedQuestion, error: QuestionError) -> Answer:
    """Return what a question that is refused (empty, of no words) counts as: an abstention that says why."""
    return Answer(question.question, question.language, str(error), "quotes", True)


def judge(question: FixedQuestion, answer: Answer, catalog: Catalog, seconds: float) -> Row:
    """Compare an answer with what its fixed question accepts."""
    failed = failures(question, answer)
    return Row(
        id=question.id, language=question.language, kind=question.kind, correct=not failed, answered=not answer.abstained,
        cited=None if question.abstain else is_cited(question, answer),
        verbatim=is_verbatim(answer, catalog) if answer.citations else None,
        abstained=answer.abstained, seconds=round(seconds, 4), answer=answer, failed=failed,
        direct=is_told_directly(question, answer) if question.direct or question.any else None,
    )  # fmt: skip


def summarise(rows: Sequence[Row]) -> Summary:
    """Return the shares over some rows."""
    seconds = [row.seconds for row in rows]
    unanswerable = [row for row in rows if row.cited is None]
    answerable = [row for row in rows if row.cited is not None]
    return Summary(
        questions=len(rows),
        correct=_share([row.correct for row in rows]) or 0.0,
        cited=_share([bool(row.cited) for row in answerable]),
        verbatim=_share([row.verbatim for row in rows if row.verbatim is not None]),
        abstained_rightly=_share([row.abstained for row in unanswerable]),
        abstained_wrongly=_share([row.abstained for row in answerable]),
        median_seconds=round(statistics.median(seconds), 4),
        p95_seconds=round(float(np.percentile(seconds, 95)), 4),
        direct=_share([row.direct for row in rows if row.direct is not None]),
        direct_shown=sum(row.answer.direct is not None for row in rows),
    )


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def by_group(rows: Sequence[Row]) -> dict[str, Summary]:
    """Return the summary of all rows, of each language and of each kind, under names such as `language fa`."""
    groups: dict[str, list[Row]] = {"all": list(rows)}
    for row in rows:
        groups.setdefault(f"language {row.language}", []).append(row)
    for row in rows:
        groups.setdefault(f"kind {row.kind}", []).append(row)
    return {name: summarise(group) for name, group in groups.items()}


_GUARDED = ("correct", "cited", "verbatim", "abstained_rightly")
# Baselines that were saved before there were short answers lack the last.
MEASURES = (*_GUARDED, "direct")


def regressions(groups: Mapping[str, Summary], baseline: Path) -> list[str]:
    """Return a line for each share that is below the baseline's: all rows, each language, each kind. Raises KhabarError."""
    lines = []
    for name, shares in read_baseline(baseline).items():
        for measure in MEASURES:
            floor = shares[measure]
            now = getattr(groups[name], measure) if name in groups else None
            if floor is not None and (now is None or now < floor - 1e-9):
                lines.append(f"{name}: {measure} is {'missing' if now is None else now}, the baseline has {floor}")
    return lines


def compared(
    groups: Mapping[str, Summary], baseline: Mapping[str, Mapping[str, float | None]]
) -> dict[str, dict[str, tuple[float, float]]]:
    """Return of each group the shares now and in the baseline, of those that asked the same number of questions."""
    same = [name for name, summary in groups.items() if baseline.get(name, {}).get("questions") == summary.questions]
    return {name: dict(_both(groups[name], baseline[name])) for name in same}


def _both(summary: Summary, shares: Mapping[str, float | None]) -> Iterator[tuple[str, tuple[float, float]]]:
    for measure in MEASURES:
        now, floor = getattr(summary, measure), shares[measure]
        if now is not None and floor is not None:
            yield measure, (now, floor)


def read_baseline(baseline: Path) -> dict[str, dict[str, float | None]]:
    """Return the shares that a baseline has of each group, with how many `questions` it asked. Raises KhabarError."""
    try:
        wanted = json.loads(baseline.read_text(encoding="utf-8"))["summary"]
        measures = ("questions", *MEASURES)
        return {name: {measure: _floor(shares, measure) for measure in measures} for name, shares in wanted.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KhabarError(
            f"the baseline '{baseline}' cannot be read ({type(error).__name__}: {error})",
            "make one with: khabar eval … --save-baseline FILE",
        ) from error


def _floor(shares: Mapping[str, Any], measure: str) -> float | None:
    found = shares[measure] if measure in _GUARDED else shares.get(measure)
    return None if found is None else float(found)
