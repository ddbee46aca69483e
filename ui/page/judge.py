"""The page's endpoints for judgements: what a reader says of the answers of a conversation, changed and taken back."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Response
from pydantic import BaseModel, Field

from index.types import Language
from rag.conversation.feedback import LONGEST_NOTE, Feedback, Judgement, Verdict
from rag.desk import Desk
from ui.page.conversations import ConversationId, TurnId, Visitor
from ui.page.share import NothingToShare
from ui.page.visitor import language_of, require_page


class Judged(BaseModel):
    """What a reader says of an answer, and why; without a note the one that is kept stays."""

    verdict: Verdict
    note: str | None = Field(None, max_length=LONGEST_NOTE)


def add_judging(application: FastAPI, desk: Desk) -> None:
    """Serve page/conversations/ID/judgements, and the judgement of each turn."""
    feedback = Feedback(desk.store.connection)
    one = "/page/conversations/{conversation_id}"
    judgement = one + "/turns/{turn_id}/judgement"

    @application.get(one + "/judgements", include_in_schema=False)
    def judgements(conversation_id: ConversationId, visitor: Visitor) -> dict[str, Any]:
        """Return what was said of the answers of a conversation, by turn."""
        found = feedback.of(desk.store.turn_ids(visitor, conversation_id))
        return {"judgements": {turn: {"verdict": each.verdict, "note": each.note} for turn, each in found.items()}}

    @application.put(judgement, include_in_schema=False, dependencies=[Depends(require_page)])
    def judge(
        conversation_id: ConversationId,
        turn_id: TurnId,
        judged: Judged,
        visitor: Visitor,
        language: Annotated[Language, Depends(language_of)],
    ) -> Response:
        turn = desk.store.turn(visitor, conversation_id, turn_id)
        if turn.answer is None:
            raise NothingToShare
        history = tuple(desk.store.history(conversation_id, turn))
        revision = desk.archive.catalog.revision
        before = feedback.of([turn_id]).get(turn_id)
        note = judged.note if judged.note is not None else before.note if before else ""
        feedback.put(
            Judgement(
                turn_id, judged.verdict, turn.question, turn.answer, note, history, turn.within, language,
                version("khabar"), revision,
            )
        )  # fmt: skip
        return Response(status_code=204)

    @application.delete(judgement, include_in_schema=False, dependencies=[Depends(require_page)])
    def unjudge(conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor) -> Response:
        desk.store.turn(visitor, conversation_id, turn_id)
        feedback.remove(turn_id)
        return Response(status_code=204)
