"""The page's endpoints for questions that it offers: examples before the first question, follow-ups under an answer."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request

from rag.desk import Desk
from ui.page.conversations import ConversationId, TurnId, Visitor
from ui.page.visitor import language_of


def add_offers(application: FastAPI, desk: Desk) -> None:
    """Serve page/examples and page/conversations/…/turns/…/followups."""

    @application.get("/page/examples", include_in_schema=False)
    def examples(request: Request) -> dict[str, Any]:
        """Return the examples for a user's language, and whether more are being looked for."""
        offered = desk.offers.examples(language_of(request))
        return {
            "questions": [{"question": each.question, "language": each.language} for each in offered],
            "looking": desk.offers.are_looked_for,
        }

    @application.get("/page/conversations/{conversation_id}/turns/{turn_id}/followups", include_in_schema=False)
    def followups(conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor) -> list[str]:
        """Return what may be asked after an answer, each known to be answered; it takes seconds where there is any."""
        turn = desk.turn(visitor, conversation_id, turn_id)
        if turn.state != "over" or turn.answer is None:
            return []
        earlier = desk.store.history(conversation_id, turn)
        return list(desk.offers.followups(turn_id, turn.answer, earlier, turn.within))
