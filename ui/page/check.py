"""A maintainer's view of the page: the fixed questions are asked in the background, and what changed is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from index.types import KhabarError, Language
from rag.conversation.feedback import Feedback
from rag.desk import Desk
from rag.evaluate.check import Check, Checks
from rag.evaluate.fixed_question import FixedQuestion, read_lines
from rag.evaluate.judged import KIND, questions_of
from rag.evaluate.results import Results
from rag.evaluate.run import MEASURES, Row, Summary, by_group, compared, read_baseline
from rag.phrases import counted, in_percent, phrase, say, written_count
from ui.direction import direction
from ui.page.markup import apart, filled
from ui.page.visitor import language_of, require_page

# The questions that come with Khabar's source; they are over the sample archive.
_OWN = Path(__file__).parents[2] / "tests" / "questions"
_BASELINE = "baseline.json"
# Wrong answers that are listed.
_MOST_LISTED = 100
_Reader = Annotated[Language, Depends(language_of)]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are chosen together: of a file, or of what readers said; `problem` is why a file cannot be read."""

    name: str
    questions: tuple[FixedQuestion, ...] = ()
    problem: str = ""


class NoQuestions(KhabarError):
    """Nothing was chosen that could be asked."""


class Chosen(BaseModel):
    """The sets of questions that a check asks."""

    sets: list[str] = Field(max_length=1000)


def add_check(application: FastAPI, desk: Desk) -> None:
    """Serve page/check: what can be asked, a run's start and stop, and how it goes."""
    feedback, results = Feedback(desk.store.connection), Results(desk.store.connection)
    checks = Checks(
        desk.archive.answerer, desk.archive.catalog, lambda: desk.asker.is_idle, lambda ended: results.put(ended.rows)
    )

    # Read with the questions, and not at each look at a run.
    baseline: Mapping[str, Mapping[str, float | None]] = {}

    def sets_now() -> list[QuestionSet]:
        nonlocal baseline
        baseline = baseline_of(desk)
        return question_sets(desk, feedback)

    @application.get("/page/check", include_in_schema=False, response_class=HTMLResponse)
    def view(language: _Reader) -> str:
        sets = sets_now()
        return check_html(sets, checks.now(), baseline, language)

    @application.get("/page/check/now", include_in_schema=False, response_class=HTMLResponse)
    def now(language: _Reader) -> str:
        return run_html(checks.now(), baseline, language)

    @application.post("/page/check", include_in_schema=False, dependencies=[Depends(require_page)])
    def start(chosen: Chosen, language: _Reader) -> HTMLResponse:
        sets = [one for one in sets_now() if one.name in chosen.sets]
        questions = {question.id: question for one in sets for question in one.questions}
        if not questions:
            raise NoQuestions("no question was chosen", "choose a set that has some")
        begun = checks.start(list(questions.values()), results.all())
        return HTMLResponse(run_html(begun, baseline, language))

    @application.delete("/page/check", include_in_schema=False, dependencies=[Depends(require_page)])
    def stop() -> Response:
        checks.stop()
        return Response(status_code=204)


def question_sets(desk: Desk, feedback: Feedback) -> list[QuestionSet]:
    """Return what can be asked: the files of the setting, or Khabar's own over the sample archive, and the judged questions."""
    found = [_file_set(file) for file in _question_files(desk)]
    judged = questions_of(feedback.all())
    return [*found, QuestionSet(KIND, tuple(judged))] if judged else found


def _question_files(desk: Desk) -> list[Path]:
    chosen = desk.settings.questions
    if chosen:
        return sorted(chosen.glob("*.jsonl")) if chosen.is_dir() else [chosen]
    sampled = any(source.path.startswith("seeds/") for source in desk.archive.catalog.sources().values())
    return sorted(_OWN.glob("*.jsonl")) if sampled else []


def _file_set(file: Path) -> QuestionSet:
    try:
        return QuestionSet(file.stem, tuple(question for question in read_lines([file]) if not question.unfinished))
    except KhabarError as error:
        return QuestionSet(file.stem, problem=error.problem)


def baseline_of(desk: Desk) -> Mapping[str, Mapping[str, float | None]]:
    """Return the shares to compare with: of the file beside the questions, empty where there is none."""
    for file in _question_files(desk)[:1]:
        with suppress(KhabarError):
            return read_baseline(file.with_name(_BASELINE))
    return {}


# HTML


def check_html(
    sets: Sequence[QuestionSet], now: Check, baseline: Mapping[str, Mapping[str, float | None]], language: Language
) -> str:
    """Return the view: what it is for, the sets to choose from, and the run."""
    rows = "".join(_set_html(one, language) for one in sets)
    choice = (
        f'<form id="check-sets"><fieldset><legend>{filled("check.sets", language)}</legend><ul>{rows}</ul></fieldset>'
        f'<p class="ends"><button type="submit" class="strong">{filled("check.start", language)}</button>'
        f'<button type="button" id="check-stop" hidden>{filled("check.stop", language)}</button></p></form>'
    )
    return (
        f'<section class="check" lang="{language}" dir="{direction(language)}"><h2>{filled("check.title", language)}</h2>'
        f"<p>{filled('check.what', language)}</p>{choice if sets else _none_html(language)}"
        f'<div id="check-now">{run_html(now, baseline, language)}</div></section>'
    )


def _none_html(language: Language) -> str:
    return f'<p class="none">{filled("check.none", language)}</p>'


def _set_html(one: QuestionSet, language: Language) -> str:
    name = filled("check.judged", language) if one.name == KIND else apart(one.name)
    if one.problem:
        return f'<li class="fault">{name} <span dir="ltr" lang="en">{apart(one.problem)}</span></li>'
    count = escape(counted("question", len(one.questions), language))
    chosen = " checked" if one.questions else " disabled"
    return (
        f'<li><label><input type="checkbox" name="set" value="{escape(one.name)}"{chosen}><span>{name}</span>'
        f'<span class="count">{count}</span></label></li>'
    )


def run_html(check: Check, baseline: Mapping[str, Mapping[str, float | None]], language: Language) -> str:
    """Return a run as it is now: how far it is, its shares beside the baseline's, what turned, and what is wrong."""
    if check.state == "none":
        return '<div class="run" data-state="none"></div>'
    groups = by_group(check.rows) if check.rows else {}
    turned = "".join(
        _rows_html(key, rows, language) for key, rows in zip(("now_right", "now_wrong"), check.turned, strict=True)
    )
    wrong = [row for row in check.rows if not row.correct]
    return (
        f'<div class="run" data-state="{check.state}">{_progress_html(check, language)}{turned}'
        f"{_table_html(groups, compared(groups, baseline), language)}{_rows_html('wrong', wrong, language)}</div>"
    )


def _progress_html(check: Check, language: Language) -> str:
    right = sum(row.correct for row in check.rows)
    done, total, correct = (written_count(number, language) for number in (len(check.rows), check.total, right))
    state = phrase(f"check.{check.state}", language)
    told = say("check.progress", language, state=state, done=done, total=total, right=correct)
    bar = f'<progress max="{check.total}" value="{len(check.rows)}" aria-label="{filled("check.title", language)}"></progress>'
    problem = f'<p class="problem" lang="en" dir="ltr">{apart(check.problem)}</p>' if check.problem else ""
    return f"<p>{escape(told)}</p>{bar}{problem}"


def _table_html(
    groups: Mapping[str, Summary], told: Mapping[str, Mapping[str, tuple[float, float]]], language: Language
) -> str:
    if not groups:
        return ""
    heads = "".join(f'<th scope="col">{filled(f"check.{name}", language)}</th>' for name in ("asked", *MEASURES))
    rows = "".join(_group_html(name, summary, told.get(name, {}), language) for name, summary in groups.items())
    note = f'<p class="hint">{filled("check.compared", language)}</p>' if told else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{filled("check.shares", language)}"><table>'
        f'<thead><tr><th scope="col">{filled("check.group", language)}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{note}"
    )


def _group_html(name: str, summary: Summary, told: Mapping[str, tuple[float, float]], language: Language) -> str:
    cells = "".join(_share_html(getattr(summary, measure), told.get(measure), language) for measure in MEASURES)
    asked = written_count(summary.questions, language)
    return f'<tr><th scope="row">{_group_name(name, language)}</th><td>{asked}</td>{cells}</tr>'


def _group_name(name: str, language: Language) -> str:
    kind, _, rest = name.partition(" ")
    if kind == "language":
        return filled(f"language.{rest}", language)
    return apart(rest) if rest else filled("check.all", language)


def _share_html(share: float | None, told: tuple[float, float] | None, language: Language) -> str:
    """Return a share, and how many points it is above or below the baseline's."""
    if share is None:
        return "<td>–</td>"
    points = round(100 * (told[0] - told[1]), 1) if told else 0.0
    changed = ""
    if abs(points) >= 1:
        sign, kind = ("+", "better") if points > 0 else ("−", "worse")
        changed = f' <bdi class="{kind}" dir="ltr">{sign}{written_count(round(abs(points)), language)}</bdi>'
    return f"<td>{escape(in_percent(round(100 * share), language))}{changed}</td>"


def _rows_html(key: str, rows: Sequence[Row], language: Language) -> str:
    """Return questions under a heading, and what each answer lacks; nothing where there are none."""
    if not rows:
        return ""
    count = written_count(len(rows), language)
    items = "".join(_row_html(row, language) for row in rows[:_MOST_LISTED])
    return f'<section class="went {key}"><h3>{filled(f"check.{key}", language)} ({count})</h3><ul>{items}</ul></section>'


def _row_html(row: Row, language: Language) -> str:
    question = escape(row.answer.question)
    lang = f'lang="{row.language}" dir="{direction(row.language)}"'
    why = "".join(f"<li>{_failing(field, row, language)}</li>" for field in row.failed)
    return (
        f'<li><p {lang}>{question}</p><div class="why"><bdi class="id" dir="ltr">{escape(row.id)}</bdi>'
        f'<ul>{why}</ul><button type="button" class="again" data-question="{question}">{filled("check.ask", language)}</button>'
        "</div></li>"
    )


def _failing(field: str, row: Row, language: Language) -> str:
    if field == "abstain":
        field = "abstained" if row.abstained else "answered"
    return filled(f"check_failed.{field}", language)
