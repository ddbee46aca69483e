"""The page's endpoints for conversations: the list, one with its turns, asking, following, stopping."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from index.report import last_report
from index.types import KhabarError
from rag.conversation.store import NoConversation, TooManyTurns, choice_of
from rag.conversation.types import Conversation, Turn
from rag.desk import Desk
from rag.filter import FilterError, outlets_of, read_filter
from ui.page.conversation import turn_html
from ui.page.filter import filter_fault_html, filter_panel_html, filter_sign_html
from ui.page.frame import status_html, welcome_html
from ui.page.models import answering_of
from ui.page.report import report_html
from ui.page.visitor import new_secret, require_page, secret_in, visitor_of

_ID = r"^[A-Za-z0-9_-]{16,64}$"
# Characters of a question that are taken at all, to be told that it is too long.
_MOST_CHARACTERS = 200_000

ConversationId = Annotated[str, Path(pattern=_ID)]
TurnId = Annotated[str, Path(pattern=_ID)]
Visitor = Annotated[str, Depends(visitor_of)]
_FROM_PAGE = [Depends(require_page)]


class Form(BaseModel):
    """A filter as the panel's fields hold it."""

    outlets: list[str] = Field(default_factory=list, max_length=1000)
    languages: list[str] = Field(default_factory=list, max_length=1000)
    since: str | None = Field(None, max_length=200)
    until: str | None = Field(None, max_length=200)


class Asked(BaseModel):
    """A question as the page sends it: its id makes sure that one sent twice is asked once."""

    id: str = Field(pattern=_ID)
    question: str = Field(min_length=1, max_length=_MOST_CHARACTERS)
    filter: Form = Form()
    since: int | None = Field(None, ge=1, le=1_000_000)


class Change(BaseModel):
    """What changes about a conversation: its name, whether it is pinned, or what is in its box."""

    title: str | None = Field(None, max_length=1000)
    pinned: bool | None = None
    draft: str | None = Field(None, max_length=_MOST_CHARACTERS)
    filter: Form | None = None


def add_conversations(application: FastAPI, desk: Desk) -> None:
    """Serve page/start, page/conversations/… and page/filter."""
    _add_start(application, desk)
    _add_list(application, desk)
    _add_turns(application, desk)


def _add_start(application: FastAPI, desk: Desk) -> None:
    archive = desk.archive

    @application.get("/page/start", include_in_schema=False)
    def start(request: Request) -> dict[str, Any]:
        """Return what the page shows first; a browser without cookies gets a secret to send until it is closed."""
        secret = secret_in(request)
        return {
            "kept": secret is not None,
            "secret": None if secret else new_secret(),
            "welcome": welcome_html(()),
            "empty": not archive.catalog.counts()["articles"],
            "filter": filter_panel_html(outlets_of(archive.catalog)),
            "report": report_html(last_report(archive.catalog.meta("report"))),
        } | status()

    @application.get("/page/status", include_in_schema=False)
    def status() -> dict[str, Any]:
        """Return the line on what answers: meanwhile the archive may have grown, or more of it been embedded."""
        return {"status": status_html(archive.catalog.counts(), answering_of(archive), archive.embedded())}

    @application.post("/page/filter", include_in_schema=False, dependencies=_FROM_PAGE)
    def told_filter(form: Form) -> dict[str, Any]:
        """Return the sign that a filter is on, or what is wrong with it."""
        try:
            return {"sign": filter_sign_html(read_filter(choice_of(form.model_dump()), archive.catalog))}
        except FilterError as error:
            return {"sign": filter_fault_html(error)}


def _add_list(application: FastAPI, desk: Desk) -> None:
    store = desk.store

    @application.get("/page/conversations", include_in_schema=False)
    def conversations(visitor: Visitor, find: str = "") -> dict[str, Any]:
        return {"conversations": [_listed(one) for one in store.conversations(visitor, find)]}

    @application.get("/page/conversations/{conversation_id}", include_in_schema=False)
    def conversation(conversation_id: ConversationId, visitor: Visitor) -> dict[str, Any]:
        """Return a conversation with its turns; a question that nobody answers, since a restart, is taken up again."""
        found = store.conversation(visitor, conversation_id)
        turns = [desk.asker.ask(visitor, conversation_id, turn) for turn in store.turns(visitor, conversation_id)]
        return _listed(found) | {
            "draft": found.draft,
            "filter": asdict(found.choice),
            "turns": [_shown(turn) for turn in turns],
        }

    @application.patch("/page/conversations/{conversation_id}", include_in_schema=False, dependencies=_FROM_PAGE)
    def change(conversation_id: ConversationId, wanted: Change, visitor: Visitor) -> Response:
        choice = choice_of(wanted.filter.model_dump()) if wanted.filter else None
        store.change(visitor, conversation_id, title=wanted.title, pinned=wanted.pinned, draft=wanted.draft, choice=choice)
        return Response(status_code=204)

    @application.delete("/page/conversations/{conversation_id}", include_in_schema=False, dependencies=_FROM_PAGE)
    def delete(conversation_id: ConversationId, visitor: Visitor) -> Response:
        for turn_id in store.turn_ids(visitor, conversation_id):
            desk.asker.stop(conversation_id, turn_id)
        store.delete(visitor, conversation_id)
        return Response(status_code=204)

    @application.post("/page/conversations/{conversation_id}/restore", include_in_schema=False, dependencies=_FROM_PAGE)
    def restore(conversation_id: ConversationId, visitor: Visitor) -> Response:
        store.restore(visitor, conversation_id)
        return Response(status_code=204)


def _add_turns(application: FastAPI, desk: Desk) -> None:
    store, asker = desk.store, desk.asker
    turns = "/page/conversations/{conversation_id}/turns"

    @application.post(turns, include_in_schema=False, dependencies=_FROM_PAGE)
    def ask(conversation_id: ConversationId, asked: Asked, visitor: Visitor) -> dict[str, Any]:
        """Ask a question at the end of a conversation; the answer is followed under its turn."""
        return _shown(asker.ask(visitor, conversation_id, _stored(desk, visitor, conversation_id, asked)))

    @application.get(turns + "/{turn_id}/events", include_in_schema=False)
    def follow(conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor) -> StreamingResponse:
        """Send a turn as it is now and each time it changes, as server-sent events, to its end."""
        events = _events(desk, conversation_id, desk.turn(visitor, conversation_id, turn_id))
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @application.post(turns + "/{turn_id}/stop", include_in_schema=False, dependencies=_FROM_PAGE)
    def stop(conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor) -> dict[str, Any]:
        turn = desk.turn(visitor, conversation_id, turn_id)
        return _shown(asker.stop(conversation_id, turn_id) or turn)

    @application.post(turns + "/{turn_id}/retry", include_in_schema=False, dependencies=_FROM_PAGE)
    def retry(conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor) -> dict[str, Any]:
        """Ask a question again that was stopped or failed, in its place."""
        turn = store.reopen(visitor, conversation_id, turn_id)
        return _shown(asker.ask(visitor, conversation_id, turn))


def _stored(desk: Desk, visitor: str, conversation_id: str, asked: Asked) -> Turn:
    """Return the turn of a question, stored; on a full disk one that is asked all the same, and not kept."""
    choice, question = choice_of(asked.filter.model_dump()), asked.question.strip() or asked.question
    try:
        return desk.store.add(visitor, conversation_id, asked.id, question, choice, asked.since)
    except (NoConversation, TooManyTurns):
        raise
    except KhabarError:
        number = desk.store.count(conversation_id) + 1
        return Turn(asked.id, number, question, choice, since=asked.since, kept=False, asked=time.time())


async def _events(desk: Desk, conversation_id: str, turn: Turn) -> AsyncIterator[str]:
    async for now in desk.asker.follow(conversation_id, turn):
        yield f"data: {json.dumps(_shown(now), ensure_ascii=False)}\n\n"


def _listed(one: Conversation) -> dict[str, Any]:
    return {"id": one.conversation_id, "title": one.title, "pinned": one.pinned, "updated": one.updated, "turns": one.turns}


def _shown(turn: Turn) -> dict[str, Any]:
    return {"id": turn.turn_id, "number": turn.number, "state": turn.state, "html": turn_html(turn)}
