"""Conversations: their questions and answers stay, each the caller's own, and a question may lean on those before it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from rag.answering.types import Stopping
from rag.api.access import AtDesk, Reader
from rag.api.ask import STREAMED, answer_json
from rag.api.asked import QuestionText
from rag.api.door import door
from rag.api.events import event_stream
from rag.api.filters import AskFilter, is_open, within_of
from rag.api.growth import Event, Growth
from rag.api.leaving import unless_gone
from rag.api.paging import Paged, Paging
from rag.api.problems import Refused, problems, without_places
from rag.conversation.types import Conversation, Fault, State, Turn
from rag.desk import Desk
from rag.filter import FilterInput
from rag.server.moment import moment_in
from rag.types import Answer

router = door("conversations")

_FAULTS = {"too_long": (413, "question-too-long"), "no_words": (422, "question-without-words"), "filter": (422, "filter"),
           "away": (503, "unavailable"), "broken": (500, "bug")}  # fmt: skip
OwnTurnId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class ConversationTold(BaseModel):
    """A conversation without its questions."""

    id: str = Field(examples=["Yb3kQ0f2L7d9sXw1"])
    title: str = Field(description="The first question's beginning, unless it was named; empty before that.")
    pinned: bool
    updated: str = Field(examples=["2026-11-27T14:00:00Z"])
    turns: int = Field(description="Questions in it.")


class Conversations(Paged):
    """Conversations, pinned ones first, then the latest."""

    conversations: list[ConversationTold]


class FaultTold(BaseModel):
    """Why a question was not answered."""

    code: str
    detail: str
    remedy: str


class TurnTold(BaseModel):
    """A question of a conversation, and what came of it."""

    id: str
    number: int = Field(description="From 1.")
    question: str
    state: State = Field(description="waiting, working, over, stopped or failed.")
    asked: str
    answer: Answer | None = Field(description="As POST /ask returns it; what there is of it where it was stopped.")
    fault: FaultTold | None


class WholeConversation(ConversationTold):
    """A conversation with its questions in their order."""

    asked: list[TurnTold]


class ConversationQuery(Paging):
    """Which conversations are wanted."""

    find: str = Field("", max_length=500, description="Words that the title or a question has, all of them.")


class ConversationBody(BaseModel):
    """A conversation to begin."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "قمة بودابست"}, {}]})

    title: str = Field("", strict=True, max_length=200, description="Its first question names it where this is empty.")


class ConversationChange(BaseModel):
    """What is to be another about a conversation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "نشست بوداپست"}, {"pinned": True}]})

    title: str | None = Field(None, strict=True, min_length=1, max_length=200, pattern=r"\S")
    pinned: bool | None = Field(None, strict=True)


class TurnBody(BaseModel):
    """A question to ask in a conversation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"question": "وماذا قال الكرملين؟"}]})

    question: QuestionText
    filter: AskFilter | None = None
    id: OwnTurnId | None = Field(None, description="Your own id for it: what is sent twice under one is asked once.")
    stream: bool = Field(False, strict=True, description="true: server-sent events, as of POST /ask; `done` has the turn, too.")


@router.get("/conversations", response_model=Conversations, responses=problems())
async def conversations(wanted: Annotated[ConversationQuery, Query()], caller: Reader, desk: AtDesk) -> Response:
    """Return the caller's conversations."""
    found = await desk.answering.run(lambda: desk.store.conversations(caller.name, wanted.find, empty=True), caller.name)
    told = [_json(each) for each in wanted.part_of(found)]
    return JSONResponse({"total": len(found), "limit": wanted.limit, "offset": wanted.offset, "conversations": told})


@router.post("/conversations", response_model=ConversationTold, status_code=201, responses=problems())
async def begin(body: ConversationBody, caller: Reader, desk: AtDesk) -> Response:
    """Begin a conversation."""
    new = secrets.token_urlsafe(12)
    made = await desk.answering.run(lambda: desk.store.begin(caller.name, new, body.title), caller.name)
    return JSONResponse(_json(made), 201, {"Location": f"/api/v1/conversations/{new}"})


@router.get("/conversations/{conversation_id}", response_model=WholeConversation, responses=problems(404))
async def conversation(conversation_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Return a conversation with its questions and answers."""

    def read() -> dict[str, Any]:
        found = desk.store.conversation(caller.name, conversation_id)
        turns = desk.store.turns(caller.name, conversation_id)
        # Of one at work the asker knows more than the disk.
        now = [desk.asker.find(caller.name, conversation_id, turn.turn_id) or turn for turn in turns]
        return _json(found) | {"asked": list(map(_turn_json, now))}

    return JSONResponse(await desk.answering.run(read, caller.name))


@router.patch("/conversations/{conversation_id}", response_model=ConversationTold, responses=problems(404))
async def change(conversation_id: str, body: ConversationChange, caller: Reader, desk: AtDesk) -> Response:
    """Rename a conversation, or pin it to the top of the list."""

    def write() -> Conversation:
        desk.store.change(caller.name, conversation_id, title=body.title, pinned=body.pinned)
        return desk.store.conversation(caller.name, conversation_id)

    return JSONResponse(_json(await desk.answering.run(write, caller.name)))


@router.delete("/conversations/{conversation_id}", response_model=None, status_code=204, responses=problems(404))
async def delete(conversation_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Delete a conversation; for a day it can be brought back on the page that it was made on."""

    def write() -> None:
        for turn_id in desk.store.turn_ids(caller.name, conversation_id):
            desk.asker.stop(conversation_id, turn_id)
        desk.store.delete(caller.name, conversation_id)

    await desk.answering.run(write, caller.name)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/turns", response_model=TurnTold, responses=STREAMED | problems(404, 409))
async def ask(request: Request, conversation_id: str, body: TurnBody, caller: Reader, desk: AtDesk) -> Response:
    """Ask a question in a conversation; it may lean on those before it.

    The answer is made and kept also where the client goes away: read it with GET. Questions of one conversation are answered
    in their order.
    """
    turn = await desk.answering.run(lambda: _begun(desk, caller.name, conversation_id, body), caller.name)
    place = {"Location": f"/api/v1/conversations/{conversation_id}/turns/{turn.turn_id}"}
    if body.stream:
        response = await event_stream(_events(desk.asker.follow(conversation_id, turn)))
        response.headers.update(place)
        return response
    ended = await unless_gone(request, _ended(desk.asker.follow(conversation_id, turn)))
    if ended.fault:
        raise _refused(ended.fault)
    return JSONResponse(_turn_json(ended), headers=place)


@router.get("/conversations/{conversation_id}/turns/{turn_id}", response_model=TurnTold, responses=problems(404))
async def turn(conversation_id: str, turn_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Return a question of a conversation, and what came of it so far."""
    found = await desk.answering.run(lambda: desk.turn(caller.name, conversation_id, turn_id), caller.name)
    return JSONResponse(_turn_json(found))


@router.post("/conversations/{conversation_id}/turns/{turn_id}/stop", response_model=TurnTold, responses=problems(404))
async def stop(conversation_id: str, turn_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Stop a question that is waiting or being answered; what there is of its answer stays."""

    def stopped() -> Turn:
        found = desk.turn(caller.name, conversation_id, turn_id)
        return desk.asker.stop(conversation_id, turn_id) or found

    return JSONResponse(_turn_json(await desk.answering.run(stopped, caller.name)))


def _begun(desk: Desk, asker: str, conversation_id: str, body: TurnBody) -> Turn:
    """Return the turn of a question that is taken up. Raises NoConversation, TooManyTurns, FilterError and Busy."""
    desk.store.conversation(asker, conversation_id)
    if not is_open(body.filter):
        within_of(body.filter, desk.archive.catalog)
    turn_id = body.id or secrets.token_urlsafe(12)
    turn = desk.store.add(asker, conversation_id, turn_id, body.question, _choice(body.filter))
    return desk.asker.ask(asker, conversation_id, turn)


def _choice(wanted: AskFilter | None) -> FilterInput:
    if wanted is None:
        return FilterInput()
    since, until = (day.isoformat() if day else None for day in (wanted.since, wanted.until))
    return FilterInput(tuple(wanted.outlets), tuple(wanted.languages), since, until)


async def _ended(turns: AsyncIterator[Turn]) -> Turn:
    """Return a turn as it ended. Raises Stopping where the server does first."""
    last: Turn | None = None
    async for turn in turns:
        last = turn
    if last is None or not last.has_ended:
        raise Stopping
    return last


async def _events(turns: AsyncIterator[Turn]) -> AsyncIterator[Event]:
    growth = Growth()
    last: Turn | None = None
    async for turn in turns:
        if turn.answer:
            for event in growth.events(turn.answer):
                yield event
        last = turn
    if last is None or not last.has_ended:
        raise Stopping
    if last.fault:
        raise _refused(last.fault)
    told = _turn_json(last)
    yield "done", {"answer": told["answer"], "turn": told}


def _refused(fault: Fault) -> Refused:
    status, code = _FAULTS[fault.kind]
    return Refused(status, code, without_places(fault.problem), without_places(fault.remedy), fault.value or None)


def _json(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.conversation_id, "title": conversation.title, "pinned": conversation.pinned,
        "updated": moment_in(conversation.updated), "turns": conversation.turns,
    }  # fmt: skip


def _turn_json(turn: Turn) -> dict[str, Any]:
    fault = turn.fault
    return {
        "id": turn.turn_id, "number": turn.number, "question": turn.question, "state": turn.state,
        "asked": moment_in(turn.asked),
        "answer": answer_json(turn.answer) if turn.answer else None,
        "fault": None if fault is None else {
            "code": _FAULTS[fault.kind][1], "detail": without_places(fault.problem), "remedy": without_places(fault.remedy),
        },
    }  # fmt: skip
