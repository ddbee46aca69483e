"""Asking: a question in, an answer out, whole or as it grows."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from rag.api.access import AtDesk, Reader
from rag.api.asked import AskBody, asked_of
from rag.api.door import door
from rag.api.events import answer_stream
from rag.api.leaving import unless_gone
from rag.api.problems import problems, without_places
from rag.types import Answer

router = door("ask")

_EVENTS = """id: 1
event: stage
data: {"stage":"searching"}

id: 2
event: stage
data: {"stage":"quoting"}

id: 3
event: direct
data: {"text":"سبع دقائق","language":"ar","citation":1,"start":73,"end":82,"rendered":null,"others":[]}

id: 4
event: quote
data: {"number":1,"text":"…","article_id":"85d90e32cd23"}

id: 5
event: citation
data: {"article_id":"85d90e32cd23","number":1,"quote":"…"}

id: 6
event: token
data: {"text":"«…» [1]"}

id: 7
event: done
data: {"answer":{"question":"…","answer":"«…» [1]"}}
"""
_NAMES = ("stage", "direct", "quote", "citation", "token", "drafting", "sentence", "done", "error")
# Each event; `data` is JSON, as the operation says.
_EVENT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string", "enum": list(_NAMES)},
        "data": {"type": "string"},
    },
    "required": ["id", "event", "data"],
}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": f"The answer. With `stream` the events {', '.join(_NAMES[:-1])} and {_NAMES[-1]}.",
        "content": {"text/event-stream": {"schema": _EVENT, "example": _EVENTS}},
    }
}


# The answer goes out as answer_json writes it; the response model only tells the description which fields it has.
@router.post("/ask", response_model=Answer, responses=STREAMED | problems())
async def ask(request: Request, body: AskBody, caller: Reader, desk: AtDesk) -> Response:
    """Answer a question from the articles that pass the filter.

    An abstention is an answer, too: `abstained` is true. With `"stream": true` the answer comes as server-sent events, each
    with an id that counts from 1: `stage` (searching, quoting, writing; the text begins anew with the last two), `direct` (the
    short answer), `quote` (number, text, article_id) and `citation` (as in the whole answer) for each source, `token` (a piece
    of the answer's text, to be joined), `drafting` (a `model` has begun to write, and the quotes stand meanwhile), `sentence`
    (of what it writes, when it has been checked: text, citations, the `answer` so far), and at the end `done` with the whole
    `answer`, or `error` with problem details. Comments keep a silent connection open. A stream is not resumed: Last-Event-ID
    is ignored.
    """
    asked = await asked_of(body, desk, caller.name, write=body.write)
    if body.stream:
        return await answer_stream(desk.answering.stream(asked, caller.name), answer_json)
    return JSONResponse(answer_json(await unless_gone(request, desk.answering.answer(asked, caller.name))))


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as it goes out: nothing that it notices names a place on this machine."""
    content = answer.to_json()
    content["notices"] = [without_places(notice) for notice in content["notices"]]
    return content
