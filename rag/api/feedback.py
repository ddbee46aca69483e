"""What callers say of answers: right, wrong, or of a wrong source; and all of it, for who may read it."""

from __future__ import annotations

from hashlib import blake2b
from importlib.metadata import version
from math import isfinite
from typing import Annotated, Any, Self

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidatorFunctionWrapHandler, field_validator, model_validator
from starlette.responses import Response

from index.types import Filter, KhabarError
from rag.api.access import Admin, AtDesk, Writer
from rag.api.ask import answer_json
from rag.api.asked import MOST_HISTORY, Earlier
from rag.api.door import door
from rag.api.filters import AskFilter, within_of
from rag.api.paging import Paged, Paging
from rag.api.problems import Refused, problems
from rag.conversation.feedback import LONGEST_NOTE, Feedback, Judgement, Verdict
from rag.desk import Desk
from rag.types import Answer

router = door("feedback")

# Citations of an answer that is sent back, at most: no answer has so many.
_MOST_CITATIONS = 100


class JudgementBody(BaseModel):
    """What is said of an answer: of a turn of a conversation, or of an answer as POST /ask returned it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "verdict": "wrong", "note": "سبع دقائق لا أربع", "conversation": "Yb3kQ0f2L7d9sXw1",
                    "turn": "q7Tj0aaB2c3d4e5f",
                }
            ]
        },
    )  # fmt: skip

    verdict: Verdict = Field(description="wrong_source: it may be so, but the article named does not say it.")
    note: str = Field("", strict=True, max_length=LONGEST_NOTE)
    conversation: str | None = Field(None, strict=True, max_length=64)
    turn: str | None = Field(None, strict=True, max_length=64)
    answer: Answer | None = Field(None, description="The answer whole, as it came.")
    history: list[Earlier] = Field(default_factory=list, max_length=MOST_HISTORY, description="As it was asked with.")
    filter: AskFilter | None = Field(None, description="As it was asked with.")

    @field_validator("answer", mode="wrap")
    @classmethod
    def _is_sound(cls, given: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Read an answer whose parts have rules of their own, such as the days of its filter."""
        try:
            return read(given)
        except KhabarError as error:
            raise ValueError(error.problem) from error

    @model_validator(mode="after")
    def _is_of_one_thing(self) -> Self:
        if (self.answer is None) == (self.turn is None) or (self.turn is None) != (self.conversation is None):
            raise ValueError("name a conversation and its turn, or send the answer")
        return self


class Judged(BaseModel):
    """What is kept now: a further judgement of the same answer takes its place."""

    turn: str
    verdict: Verdict
    note: str


class Judgements(Paged):
    """What was said, the latest first."""

    judgements: list[dict[str, Any]]


class JudgementQuery(Paging):
    """Which judgements are wanted."""

    verdict: list[Verdict] = Field(default_factory=list, max_length=10, description="Give several to match any.")


@router.post("/feedback", response_model=Judged, status_code=201, responses=problems(404, 409))
async def judge(body: JudgementBody, caller: Writer, desk: AtDesk) -> Response:
    """Judge an answer; `khabar feedback export` makes fixed questions of what was said."""
    found = await desk.answering.run(lambda: _judged(desk, body, caller.name), caller.name)
    return JSONResponse({"turn": found.turn_id, "verdict": found.verdict, "note": found.note}, 201)


@router.get("/feedback", response_model=Judgements, responses=problems())
async def judgements(wanted: Annotated[JudgementQuery, Query()], caller: Admin, desk: AtDesk) -> Response:
    """Return what was said of answers, by everybody, with the answers; this needs the scope admin."""
    feedback = Feedback(desk.store.connection)
    found, total = await desk.answering.run(lambda: feedback.page(wanted.verdict, wanted.limit, wanted.offset), caller.name)
    told = [each.to_json() | {"answer": answer_json(each.answer)} for each in found]
    return JSONResponse({"total": total, "limit": wanted.limit, "offset": wanted.offset, "judgements": told})


def _judged(desk: Desk, body: JudgementBody, caller: str) -> Judgement:
    made = _of_answer(desk, body, caller) if body.answer else _of_turn(desk, body, caller)
    Feedback(desk.store.connection).put(made)
    return made


def _of_turn(desk: Desk, body: JudgementBody, caller: str) -> Judgement:
    conversation, turn_id = body.conversation or "", body.turn or ""
    turn = desk.store.turn(caller, conversation, turn_id)
    if turn.answer is None:
        raise Refused(409, "no-answer", "this question has no answer", "judge it once it has", turn_id)
    history = tuple(desk.store.history(conversation, turn))
    return _judgement(desk, body, turn_id, turn.answer, history, turn.within)


def _of_answer(desk: Desk, body: JudgementBody, caller: str) -> Judgement:
    answer = body.answer
    assert answer
    _require_ours(desk, answer)
    known = blake2b(f"{caller}\n{answer.question}\n{answer.answer}".encode(), digest_size=12).hexdigest()
    within = within_of(body.filter, desk.archive.catalog)
    return _judgement(desk, body, f"answer-{known}", answer, tuple(body.history), within)


def _judgement(
    desk: Desk, body: JudgementBody, turn_id: str, answer: Answer, history: tuple[str, ...], within: Filter
) -> Judgement:
    return Judgement(
        turn_id, body.verdict, answer.question, answer, body.note.strip(), history, within, answer.language, version("khabar"),
        desk.archive.catalog.revision,
    )  # fmt: skip


def _require_ours(desk: Desk, answer: Answer) -> None:
    """Refuse what is no answer of this archive: a quote that its article does not have. Raises Refused."""
    sound = isfinite(answer.confidence) and all(map(isfinite, answer.timings.values()))
    if not sound or len(answer.citations) > _MOST_CITATIONS or not answer.question.strip():
        raise _not_ours()
    for citation in answer.citations:
        article = desk.archive.article(citation.article_id)
        if article is not None and article.text[citation.start : citation.end] != citation.quote:
            raise _not_ours()


def _not_ours() -> Refused:
    return Refused(422, "answer-not-ours", "this is no answer of this archive", "send it whole, as POST /api/v1/ask gave it")
