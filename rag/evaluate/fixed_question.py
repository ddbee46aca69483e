"""The form of a fixed question: what is asked, and what a right answer must hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.text import squash
from index.types import EVERYTHING, Filter, KhabarError, Language

_LISTS = ("articles", "any", "all", "direct", "first", "never", "missing", "agency", "once", "values")


class FixedQuestion(BaseModel):
    """One line of a questions file; further keys, such as a note, are left alone.

    `articles`, `first` and `once` are beginnings of paths, the other lists are texts that are compared folded; `traits` name
    what makes the question hard and are checked against nothing. `filter` holds the articles that it is asked of. One that is
    `unfinished` waits for somebody to say what a right answer holds, and is not asked.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    language: Language
    kind: str = Field(min_length=1)
    question: str
    history: tuple[str, ...] = ()
    filter: Filter = EVERYTHING
    articles: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    differ: bool | None = None
    values: tuple[str, ...] = ()
    as_of: date | None = None
    abstain: bool = False
    unfinished: bool = False
    traits: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_checkable(self) -> FixedQuestion:
        if self.unfinished:
            return self
        wanted = [name for name in (*_LISTS, "as_of") if getattr(self, name)] + ["differ"] * (self.differ is not None)
        of_an_answer = [name for name in wanted if name not in ("never", "missing")]
        if not (self.abstain or of_an_answer):
            raise ValueError("give 'abstain': true, or what the answer must hold, such as 'any': else nothing could be wrong")
        if self.abstain and of_an_answer:
            raise ValueError(f"'abstain': true goes without '{of_an_answer[0]}'")
        if empty := [name for name in _LISTS if not all(squash(text) for text in getattr(self, name))]:
            raise ValueError(f"a text in '{empty[0]}' has no letter or digit: any answer would hold it")
        if len(self.once) == 1:
            raise ValueError("'once' names two articles or more: those that say the same")
        if self.values and not self.differ:
            raise ValueError("'values' are those of a disagreement: they go with 'differ': true")
        return self


def read_questions(files: Sequence[Path]) -> list[FixedQuestion]:
    """Return the finished questions of some .jsonl files. Raises KhabarError for a bad line, or where there are none."""
    return finished(read_lines(files))


def read_lines(files: Sequence[Path]) -> list[FixedQuestion]:
    """Return the questions of some .jsonl files, unfinished ones among them. Raises KhabarError with the first bad line."""
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
                    raise KhabarError(f"{file}:{number}: the id '{question.id}' is used twice", "give each question its own")
                found[question.id] = question
    return list(found.values())


def finished(questions: Sequence[FixedQuestion]) -> list[FixedQuestion]:
    """Return the questions that can be asked. Raises KhabarError where there are none."""
    found = [question for question in questions if not question.unfinished]
    if found:
        return found
    if questions:
        raise KhabarError(
            f"none of the questions is finished: {len(questions)} wait for what a right answer holds",
            'complete their lines, such as with "any", and take "unfinished" out; CONTRIBUTING.md has the form',
        )
    raise KhabarError("there are no questions to ask", "name a .jsonl file of fixed questions")


def _read_line(line: str, where: str) -> FixedQuestion:
    try:
        return FixedQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "line"
        raise KhabarError(
            f"{where}: {field}: {first['msg']}", "see CONTRIBUTING.md for the form of a fixed question"
        ) from error
    except KhabarError as error:  # of a filter that no article could pass
        raise KhabarError(f"{where}: filter: {error.problem}", error.remedy) from error
