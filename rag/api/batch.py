"""Many questions at once -> one table: a row for each, and its own error where it has one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from index.types import Language
from rag.answering.types import Overloaded
from rag.api.access import AtDesk, Reader
from rag.api.asked import Earlier, Questioned, asked_of
from rag.api.door import door
from rag.api.filters import AskFilter
from rag.api.leaving import unless_gone
from rag.api.problems import problem_content, problems
from rag.api.table import MEDIA_TYPES, Cell, TableFormat, as_csv, as_workbook
from rag.desk import Desk
from rag.types import Answer

router = door("ask")

MOST_QUESTIONS = 100
# Questions of one batch that are asked at a time: the line is for others, too; and how often one waits where it is full.
_AT_ONCE = 2
_PATIENCE = 5
_COLUMNS = (
    "row", "id", "question", "language", "abstained", "direct", "answer", "confidence", "mode", "titles", "outlets",
    "published", "urls", "article_ids", "quotes", "error", "remedy",
)  # fmt: skip


class BatchQuestion(BaseModel):
    """One question of many, with what is its own."""

    model_config = ConfigDict(extra="forbid")

    # No more is asked of it here: a question that cannot be asked is an error of its row.
    question: str = Field(strict=True, max_length=20_000, examples=["كم استغرق السطو على متحف اللوفر؟"])
    id: str | None = Field(None, strict=True, max_length=200, description="What you know it by; its row has it.")
    history: list[Earlier] = Field(default_factory=list, max_length=50)
    filter: AskFilter | None = Field(None, description="In place of the filter of all.")


class BatchBody(BaseModel):
    """Many questions, and how their answers are wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "questions": [
                        {"id": "1", "question": "كم استغرق السطو على متحف اللوفر؟"},
                        {"id": "2", "question": "چه کسی درباره عبور هواپیمای پوتین هشدار داد؟"},
                    ],
                    "format": "json",
                }
            ]
        },
    )

    questions: list[BatchQuestion] = Field(min_length=1, max_length=MOST_QUESTIONS)
    filter: AskFilter | None = Field(None, description="The articles to answer all of them from.")
    write: bool = Field(True, strict=True, description="false: quotes only.")
    format: TableFormat = Field("json", description="json, csv, or xlsx: a table to take away.")


class BatchRow(BaseModel):
    """What became of one question: an answer, or an error."""

    row: int = Field(description="From 1, in the order of the questions.")
    id: str | None
    question: str
    language: Language | None
    abstained: bool | None
    direct: str | None = Field(description="The short answer, in the question's language where that is certain.")
    answer: str | None
    confidence: float | None
    mode: str | None
    titles: list[str] = Field(description="Of the articles cited, in the order of the citations; the next four likewise.")
    outlets: list[str | None]
    published: list[str | None]
    urls: list[str | None]
    article_ids: list[str]
    quotes: list[str]
    error: str | None = Field(description="Why there is no answer: the code of a problem and its detail.")
    remedy: str | None


class Batch(BaseModel):
    """A row for each question."""

    rows: list[BatchRow]
    failed: int = Field(description="Rows with an error.")


_TABLES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A row for each question.",
        "content": {
            MEDIA_TYPES["csv"]: {"schema": {"type": "string"}},
            MEDIA_TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post("/batch", response_model=Batch, responses=_TABLES | problems())
async def batch(request: Request, body: BatchBody, caller: Reader, desk: AtDesk) -> Response:
    """Answer many questions, and return one table: JSON, CSV or a workbook.

    A question that cannot be answered has its error in its own row; none loses the others. In CSV and XLSX several values of a
    cell stand on lines of their own.
    """
    rows = await unless_gone(request, _rows(desk, body, caller.name))
    if body.format == "json":
        return JSONResponse({"rows": rows, "failed": sum(row["error"] is not None for row in rows)})
    flat = [_flat(row) for row in rows]
    if body.format == "csv":
        content = await run_in_threadpool(as_csv, _COLUMNS, flat)
    else:
        from_right = sum(row["language"] in ("ar", "fa") for row in rows) * 2 > len(rows)
        content = await run_in_threadpool(as_workbook, _COLUMNS, flat, from_right)
    headers = {"Content-Disposition": f'attachment; filename="answers.{body.format}"'}
    media_type = f"{MEDIA_TYPES[body.format]}; charset=utf-8" if body.format == "csv" else MEDIA_TYPES[body.format]
    return Response(content, media_type=media_type, headers=headers)


async def _rows(desk: Desk, body: BatchBody, asker: str) -> list[dict[str, Any]]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def row(number: int, question: BatchQuestion) -> dict[str, Any]:
        async with places:
            return {"row": number, "id": question.id, "question": question.question} | await _row(desk, body, question, asker)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(row(number, question)) for number, question in enumerate(body.questions, 1)]
    return [task.result() for task in tasks]


async def _row(desk: Desk, body: BatchBody, question: BatchQuestion, asker: str) -> dict[str, Any]:
    try:
        return _answer_cells(await _answer(desk, body, question, asker))
    except Exception as error:
        problem = problem_content(error)
        return _answer_cells(None) | {
            "error": f"{problem['code']}: {problem['detail']}",
            "remedy": problem["remedy"],
        }


async def _answer(desk: Desk, body: BatchBody, question: BatchQuestion, asker: str) -> Answer:
    asked = await asked_of(
        Questioned.model_construct(
            question=question.question, history=question.history, filter=question.filter or body.filter
        ),
        desk,
        asker,
        write=body.write,
    )
    for _ in range(_PATIENCE):
        try:
            return await desk.answering.answer(asked, asker)
        except Overloaded as full:
            await asyncio.sleep(full.wait)
    return await desk.answering.answer(asked, asker)


def _answer_cells(answer: Answer | None) -> dict[str, Any]:
    cited = answer.citations if answer else ()
    direct = answer.direct if answer else None
    return {
        "language": answer.language if answer else None,
        "abstained": answer.abstained if answer else None,
        "direct": (direct.rendered or direct.text) if direct else None,
        "answer": answer.answer if answer else None,
        "confidence": answer.confidence if answer else None,
        "mode": answer.mode if answer else None,
        "titles": [each.title for each in cited],
        "outlets": [each.outlet for each in cited],
        "published": [each.day for each in cited],
        "urls": [each.url for each in cited],
        "article_ids": [each.article_id for each in cited],
        "quotes": [each.quote for each in cited],
        "error": None,
        "remedy": None,
    }


def _flat(row: Mapping[str, Any]) -> dict[str, Cell]:
    return {name: _lines(value) if isinstance(value, list) else value for name, value in row.items()}


def _lines(values: Sequence[str | None]) -> str:
    return "\n".join(value or "–" for value in values) if any(values) else ""
