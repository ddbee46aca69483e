"""Fixed questions through the real pipeline: what is still right, and what a change broke."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.catalog import Catalog
from index.text import fold, squash
from index.types import KhabarError, Language
from rag.answer import Answerer
from rag.question import QuestionError
from rag.types import Answer

_MARKER = re.compile(r"\[(\d+)\]")


class FixedQuestion(BaseModel):
    """One line of a questions file; further keys, such as a note, are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    language: Language
    kind: str = Field(min_length=1)
    question: str
    history: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    abstain: bool = False

    @model_validator(mode="after")
    def _is_checkable(self) -> FixedQuestion:
        if not (self.abstain or self.articles or self.any or self.all):
            raise ValueError("give 'abstain': true, or 'articles', 'any' or 'all': else nothing could be wrong")
        if self.abstain and (self.articles or self.any or self.all):
            raise ValueError("'abstain': true goes without 'articles', 'any' and 'all'")
        if not all(squash(wanted) for wanted in (*self.articles, *self.any, *self.all)):
            raise ValueError("a text in 'articles', 'any' or 'all' has no letter or digit: any answer would hold it")
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """How one fixed question went. `cited` and `verbatim` are None where nothing should be, or was, cited."""

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

    def to_json(self) -> dict[str, Any]:
        """Return the row as a JSON object, the whole answer in it."""
        fields = ("id", "language", "kind", "correct", "answered", "cited", "verbatim", "abstained", "seconds")
        return {name: getattr(self, name) for name in fields} | {"answer": self.answer.to_json()}


@dataclass(frozen=True, slots=True)
class Summary:
    """The shares over some rows (0 to 1; None where no row counts) and their times in seconds."""

    questions: int
    correct: float
    cited: float | None
    verbatim: float | None
    abstained_rightly: float | None
    abstained_wrongly: float | None
    median_seconds: float
    p95_seconds: float


def read_questions(files: Sequence[Path]) -> list[FixedQuestion]:
    """Return the questions of some .jsonl files. Raises KhabarError with the first bad line."""
    found: dict[str, FixedQuestion] = {}
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise KhabarError(
                f"the questions '{file}' cannot be read ({error})", "name a .jsonl file of fixed questions"
            ) from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                question = _read_line(line, f"{file}:{number}")
                if question.id in found:
                    raise KhabarError(f"{file}:{number}: the id '{question.id}' stands twice", "give each question its own")
                found[question.id] = question
    if not found:
        raise KhabarError("there are no questions to ask", "name a .jsonl file of fixed questions")
    return list(found.values())


def _read_line(line: str, where: str) -> FixedQuestion:
    try:
        return FixedQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "line"
        raise KhabarError(
            f"{where}: {field}: {first['msg']}", "see CONTRIBUTING.md for the form of a fixed question"
        ) from error


def ask_all(
    questions: Iterable[FixedQuestion], answerer: Answerer, catalog: Catalog, heard: Callable[[Row], None]
) -> list[Row]:
    """Ask every question through the pipeline and return how each went."""
    rows: list[Row] = []
    for question in questions:
        started = time.perf_counter()
        answer = _ask(question, answerer)
        rows.append(judge(question, answer, catalog, time.perf_counter() - started))
        heard(rows[-1])
    return rows


def _ask(question: FixedQuestion, answerer: Answerer) -> Answer:
    """Return the answer; a question that is refused (empty, of no words) counts as an abstention that says why."""
    try:
        return answerer.answer(question.question, question.history)
    except QuestionError as error:
        return Answer(question.question, question.language, str(error), "quotes", True, models=answerer.models)


def judge(question: FixedQuestion, answer: Answer, catalog: Catalog, seconds: float) -> Row:
    """Compare an answer with what its fixed question accepts."""
    answered = not answer.abstained
    cited = verbatim = None
    if question.abstain:
        correct = answer.abstained
    else:
        paths = [citation.path for citation in answer.citations]
        cited = any(_is_at(path, prefix) for path in paths for prefix in question.articles or [""])
        correct = answered and cited and _holds(answer.answer, question)
    if answer.citations:
        verbatim = _is_verbatim(answer, catalog)
    return Row(
        id=question.id, language=question.language, kind=question.kind, correct=correct, answered=answered, cited=cited,
        verbatim=verbatim, abstained=answer.abstained, seconds=round(seconds, 4), answer=answer,
    )  # fmt: skip


def _holds(text: str, question: FixedQuestion) -> bool:
    """Tell whether the answer holds all of `all` and one of `any`, compared folded."""
    any_holds = not question.any or any(_stands_in(wanted, text) for wanted in question.any)
    return any_holds and all(_stands_in(wanted, text) for wanted in question.all)


def _stands_in(wanted: str, text: str) -> bool:
    """Tell whether a text says what is wanted, compared folded; no marker and no part of a longer number says it."""
    said = _MARKER.sub(" ", text)
    folded, squashed = " ".join(fold(wanted).split()), squash(wanted)
    return _holds_whole(folded, " ".join(fold(said).split())) or (
        not squashed.isdecimal() and _holds_whole(squashed, squash(said))
    )


def _holds_whole(needle: str, text: str) -> bool:
    before = r"(?<!\d)" if needle[:1].isdecimal() else ""
    after = r"(?!\d)" if needle[-1:].isdecimal() else ""
    return re.search(f"{before}{re.escape(needle)}{after}", text) is not None


def _is_at(path: str, prefix: str) -> bool:
    """Tell whether a cited path begins with a prefix, from its start or from the start of one of its folders."""
    parts = path.split("/")
    return any("/".join(parts[start:]).startswith(prefix) for start in range(len(parts)))


def _is_verbatim(answer: Answer, catalog: Catalog) -> bool:
    """Tell whether every quote is the stated slice of its stored article, and markers and citations agree one to one."""
    for citation in answer.citations:
        article = catalog.article(citation.article_id)
        if article is None or article.text[citation.start : citation.end] != citation.quote or not citation.quote:
            return False
    used = list(dict.fromkeys(int(number) for number in _MARKER.findall(answer.answer)))
    return used == [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))


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


def fallen(groups: Mapping[str, Summary], baseline: Path) -> list[str]:
    """Return a line for each share that is below the baseline's: all rows, each language, each kind. Raises KhabarError."""
    try:
        wanted = json.loads(baseline.read_text(encoding="utf-8"))["summary"]
        lines = []
        for name, shares in wanted.items():
            for measure in _GUARDED:
                floor = shares[measure]
                now = getattr(groups[name], measure) if name in groups else None
                if floor is not None and (now is None or now < floor - 1e-9):
                    lines.append(f"{name}: {measure} is {'missing' if now is None else now}, the baseline has {floor}")
        return lines
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KhabarError(
            f"the baseline '{baseline}' cannot be read ({type(error).__name__}: {error})",
            "make one with: khabar eval … --json FILE",
        ) from error
