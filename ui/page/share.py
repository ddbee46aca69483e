"""The page's endpoints to take an answer or a conversation along: as a file, or as what the clipboard takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Response

from index.types import KhabarError
from rag.desk import Desk
from rag.types import Answer
from ui.export.copied import copied_answer, copied_quote
from ui.export.file_name import file_name, offered_as
from ui.export.formats import FORMATS
from ui.page.conversations import ConversationId, TurnId, Visitor

_Form = Annotated[Literal["markdown", "html", "docx", "csl", "bibtex", "ris"], Query(alias="as")]


class NothingToShare(KhabarError):
    """What is to be taken along has no answer, or no such quote."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("there is no answer to take along", "wait for its end, or ask again")


def add_sharing(application: FastAPI, desk: Desk) -> None:
    """Serve page/conversations/ID/export, the same of one turn, and what is copied of a turn."""
    store = desk.store
    one = "/page/conversations/{conversation_id}"

    @application.get(one + "/export", include_in_schema=False)
    def conversation(conversation_id: ConversationId, visitor: Visitor, form: _Form) -> Response:
        """Return all answers of a conversation as a file."""
        turns = store.turns(visitor, conversation_id)
        return _file([turn.answer for turn in turns if turn.answer], form)

    @application.get(one + "/turns/{turn_id}/export", include_in_schema=False)
    def turn(conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor, form: _Form) -> Response:
        """Return one answer as a file."""
        return _file([_answer(desk, visitor, conversation_id, turn_id)], form)

    @application.get(one + "/turns/{turn_id}/copy", include_in_schema=False)
    def copied(
        conversation_id: ConversationId, turn_id: TurnId, visitor: Visitor, quote: int | None = None
    ) -> dict[str, str]:
        """Return an answer, or the quote of a number, in the forms that the clipboard takes."""
        answer = _answer(desk, visitor, conversation_id, turn_id)
        if quote is None:
            return copied_answer(answer).to_json()
        found = [item for item in answer.citations if item.number == quote]
        if not found:
            raise NothingToShare
        return copied_quote(found[0], answer.language).to_json()


def _answer(desk: Desk, visitor: str, conversation_id: str, turn_id: str) -> Answer:
    answer = desk.turn(visitor, conversation_id, turn_id).answer
    if answer is None:
        raise NothingToShare
    return answer


def _file(answers: Sequence[Answer], form: str) -> Response:
    if not answers:
        raise NothingToShare
    chosen = FORMATS[form]
    kind = f"{chosen.media_type}; charset=utf-8" if chosen.is_text else chosen.media_type
    name = offered_as(file_name(answers[0].question, chosen.suffix))
    # What articles say is nobody's page: it is kept as a file, never opened in Khabar's place.
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(chosen.write(answers), media_type=kind, headers=headers)
