"""POST /v1/responses: a conversation in, an answer out, whole or as typed events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, StrictStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rag.api.ask import answer_json
from rag.api.event_lines import event_line
from rag.api.leaving import unless_gone
from rag.api.openai.asking import Extra, answer_of
from rag.api.openai.body import read_body
from rag.api.openai.pieces import pieces_of
from rag.api.openai.refusal import Refused, error_event
from rag.api.openai.stream import streamed
from rag.api.openai.talk import Talk, talk_of
from rag.api.openai.unserved import refuse_forced_tools, refuse_json, refuse_likelihoods
from rag.api.openai.usage import tokens_in
from rag.api.readable import Address, Marker, OnServer, Told, told
from rag.desk import Desk
from rag.server.caller import caller_of, require
from rag.types import Answer


class ResponsesRequest(BaseModel):
    """What is read of a request; docs/openai.md says what becomes of the other fields."""

    model_config = ConfigDict(extra="ignore")

    model: StrictStr
    input: StrictStr | list[Any]
    stream: StrictBool | None = None
    instructions: Any = None
    previous_response_id: Any = None
    conversation: Any = None
    prompt: Any = None
    background: StrictBool | None = None
    text: Any = None
    include: list[Any] | None = None
    top_logprobs: StrictInt | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    metadata: dict[str, Any] | None = None
    max_output_tokens: StrictInt | None = None
    temperature: float | None = None
    top_p: float | None = None
    khabar: Extra | None = None


async def create_response(desk: Desk, request: Request) -> Response:
    """Answer the last question of a conversation. Raises Refused, KhabarError."""
    caller = caller_of(request)
    require(caller, "read")
    body = await read_body(request, ResponsesRequest)
    _refuse_unserved(body)
    talk = Talk(body.input) if isinstance(body.input, str) else talk_of(body.input, "input")
    work = answer_of(talk, body.model, body.khabar, desk, caller.name)
    response = _Response(body, talk, OnServer(str(request.base_url)))
    if not body.stream:
        return JSONResponse(response.whole(await unless_gone(request, work)))
    return await streamed(work, response.begin, response.tell, response.fail)


def _refuse_unserved(body: ResponsesRequest) -> None:
    """Refuse what would make the answer something else than it is asked to be. Raises Refused."""
    for param in ("previous_response_id", "conversation"):
        if getattr(body, param) is not None:
            raise Refused(f"'{param}': no response is kept here", "send the earlier turns in 'input'", param)
    if body.prompt is not None:
        raise Refused("'prompt': no templates are kept here", "send the question in 'input'", "prompt")
    if body.background:
        raise Refused("'background': no response is kept here", "leave it out, or stream the response", "background")
    refuse_json("text.format", body.text.get("format") if isinstance(body.text, dict) else None)
    refuse_likelihoods("top_logprobs", bool(body.top_logprobs))
    refuse_likelihoods("include", "message.output_text.logprobs" in (body.include or ()))
    refuse_forced_tools("tool_choice", body.tool_choice)


class _Response:
    """A response under one name: whole, or as the events of a stream."""

    def __init__(self, body: ResponsesRequest, talk: Talk, address_of: Address) -> None:
        self._body = body
        self._talk = talk
        self._address_of = address_of
        self._id = f"resp_{uuid4().hex}"
        self._item = f"msg_{uuid4().hex}"
        self._created = int(time.time())
        self._sent = 0

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return the response as one object."""
        text = told(answer, self._address_of)
        return self._state("completed") | {
            "output": [self._message(text)], "usage": self._usage(text), "khabar": answer_json(answer),
        }  # fmt: skip

    def begin(self) -> str:
        """Return the events that open a stream."""
        opened = self._state("in_progress")
        return self._event("created", response=opened) + self._event("in_progress", response=opened)

    async def tell(self, answer: Answer) -> AsyncIterator[str]:
        """Yield the events of an answer: the message, its text in pieces, its annotations, and the whole response."""
        for piece in self._events(told(answer, self._address_of)):
            yield piece
        yield self._event("completed", response=self.whole(answer))

    def fail(self, error: Exception) -> str:
        """Return the event that ends a stream of which nothing more comes.

        The error stands in it twice: as the protocol describes the event, and as the official client looks for it.
        """
        told_error = error_event(error)
        return self._named("error", {**told_error["error"], **told_error})

    def _events(self, text: Told) -> Iterator[str]:
        message = self._message(text)
        part = message["content"][0]
        place = {"item_id": self._item, "output_index": 0, "content_index": 0}
        yield self._event("output_item.added", output_index=0, item=message | {"content": [], "status": "in_progress"})
        yield self._event("content_part.added", **place, part=part | {"text": "", "annotations": []})
        for piece in pieces_of(text.text):
            yield self._event("output_text.delta", **place, delta=piece, logprobs=[])
        for number, annotation in enumerate(part["annotations"]):
            yield self._event("output_text.annotation.added", **place, annotation_index=number, annotation=annotation)
        yield self._event("output_text.done", **place, text=text.text, logprobs=[])
        yield self._event("content_part.done", **place, part=part)
        yield self._event("output_item.done", output_index=0, item=message)

    def _event(self, name: str, **content: Any) -> str:
        return self._named(f"response.{name}", content)

    def _named(self, name: str, content: dict[str, Any]) -> str:
        self._sent += 1
        return event_line({**content, "type": name, "sequence_number": self._sent - 1}, name)

    def _message(self, text: Told) -> dict[str, Any]:
        part = {"type": "output_text", "text": text.text, "annotations": list(map(_annotation, text.markers)), "logprobs": []}
        return {"id": self._item, "type": "message", "role": "assistant", "status": "completed", "content": [part]}

    def _state(self, status: str) -> dict[str, Any]:
        """Return what a response is before its answer; nothing of it is kept."""
        body = self._body
        return {
            "id": self._id, "object": "response", "created_at": self._created, "status": status, "model": body.model,
            "error": None, "incomplete_details": None, "instructions": body.instructions, "output": [], "usage": None,
            "metadata": body.metadata or {}, "max_output_tokens": body.max_output_tokens, "temperature": body.temperature,
            "top_p": body.top_p, "parallel_tool_calls": True, "previous_response_id": None, "background": False,
            "reasoning": {"effort": None, "summary": None}, "store": False, "text": {"format": {"type": "text"}},
            "tool_choice": body.tool_choice or "auto", "tools": body.tools or [], "truncation": "disabled",
        }  # fmt: skip

    def _usage(self, text: Told) -> dict[str, Any]:
        read, written = tokens_in([*self._talk.history, self._talk.question]), tokens_in([text.text])
        return {
            "input_tokens": read, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": written, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": read + written,
        }  # fmt: skip


def _annotation(marker: Marker) -> dict[str, Any]:
    return {
        "type": "url_citation", "url": marker.url, "title": marker.title, "start_index": marker.start, "end_index": marker.end,
    }  # fmt: skip
