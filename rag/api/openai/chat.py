"""POST /v1/chat/completions: a conversation in, an answer out, whole or in pieces.

A stream begins when the answer has been checked, and then sends it all: what has been sent cannot be taken back.
"""

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

_DONE = "data: [DONE]\n\n"


class StreamOptions(BaseModel):
    """What a stream tells besides its text."""

    include_usage: StrictBool | None = None


class ChatRequest(BaseModel):
    """What is read of a request; docs/openai.md says what becomes of the other fields."""

    model_config = ConfigDict(extra="ignore")

    model: StrictStr
    messages: list[Any]
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    n: StrictInt | None = None
    logprobs: StrictBool | None = None
    top_logprobs: StrictInt | None = None
    modalities: list[Any] | None = None
    audio: Any = None
    response_format: Any = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    functions: list[Any] | None = None
    function_call: Any = None
    khabar: Extra | None = None


async def complete_chat(desk: Desk, request: Request) -> Response:
    """Answer the last question of a conversation. Raises Refused, KhabarError."""
    caller = caller_of(request)
    require(caller, "read")
    body = await read_body(request, ChatRequest)
    _refuse_unserved(body)
    talk = talk_of(body.messages, "messages")
    work = answer_of(talk, body.model, body.khabar, desk, caller.name)
    completion = _Completion(body, talk, OnServer(str(request.base_url)))
    if not body.stream:
        return JSONResponse(completion.whole(await unless_gone(request, work)))
    return await streamed(work, completion.begin, completion.tell, lambda error: event_line(error_event(error)))


def _refuse_unserved(body: ChatRequest) -> None:
    """Refuse what would make the answer something else than it is asked to be. Raises Refused."""
    if body.n is not None and body.n != 1:
        raise Refused(f"'n' is {body.n}; a question has one answer", "leave it out", "n")
    refuse_likelihoods("logprobs", bool(body.logprobs))
    refuse_likelihoods("top_logprobs", bool(body.top_logprobs))
    if body.audio is not None or "audio" in (body.modalities or ()):
        raise Refused("an answer is text and has no sound", "leave 'audio' and 'modalities' out", "audio")
    refuse_json("response_format", body.response_format)
    refuse_forced_tools("tool_choice", body.tool_choice)
    refuse_forced_tools("function_call", body.function_call)


class _Completion:
    """A completion under one name: whole, or as the chunks of a stream."""

    def __init__(self, body: ChatRequest, talk: Talk, address_of: Address) -> None:
        self._talk = talk
        self._address_of = address_of
        self._counts = bool(body.stream_options and body.stream_options.include_usage)
        self._head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": body.model}

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return the completion as one object."""
        text = told(answer, self._address_of)
        message = {"role": "assistant", "content": text.text, "refusal": None, "annotations": _annotations(text)}
        return {
            **self._head, "object": "chat.completion", "system_fingerprint": None, "usage": self._usage(text),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "khabar": answer_json(answer),
        }  # fmt: skip

    def begin(self) -> str:
        """Return the chunk that opens a stream."""
        return event_line(self._chunk({"role": "assistant", "content": "", "refusal": None}))

    async def tell(self, answer: Answer) -> AsyncIterator[str]:
        """Yield the chunks of an answer: its text, its annotations and all else, its end, what it took."""
        for chunk in self._chunks(answer):
            yield event_line(chunk)
        yield _DONE

    def _chunks(self, answer: Answer) -> Iterator[dict[str, Any]]:
        text = told(answer, self._address_of)
        yield from (self._chunk({"content": piece}) for piece in pieces_of(text.text))
        yield self._chunk({"annotations": _annotations(text)}) | {"khabar": answer_json(answer)}
        yield self._chunk({}, "stop")
        if self._counts:
            yield {**self._chunk({}), "choices": [], "usage": self._usage(text)}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if self._counts else {}
        return {**self._head, "object": "chat.completion.chunk", "system_fingerprint": None, "choices": [choice], **usage}

    def _usage(self, text: Told) -> dict[str, int]:
        read, written = tokens_in([*self._talk.history, self._talk.question]), tokens_in([text.text])
        return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _annotations(text: Told) -> list[dict[str, Any]]:
    return list(map(_annotation, text.markers))


def _annotation(marker: Marker) -> dict[str, Any]:
    cited = {"url": marker.url, "title": marker.title, "start_index": marker.start, "end_index": marker.end}
    return {"type": "url_citation", "url_citation": cited}


