"""Events of a stream, as any client reads them."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from rag.api.event_lines import event_line
from rag.api.events import event_stream
from rag.api.openai.stream import streamed

TEXTS = st.text(st.sampled_from("ابپ ت\u200c\u064e\n\r\t١۲3🐊\u2028\u2029\u0085“«»]([.x")) | st.text()


@given(TEXTS)
def test_no_text_ends_an_event(text):
    written = event_line({"delta": text}, "token", 3)
    *head, data = written.removesuffix("\n\n").split("\n")
    assert head == ["id: 3", "event: token"] and json.loads(data.removeprefix("data: "))["delta"] == text
    assert len(written.splitlines()) == 4, "U+2028 and the like end lines of Python, and so of clients that are written in it"


@pytest.mark.parametrize("door", ["api", "openai"])
def test_what_makes_the_events_ends_also_where_the_client_goes_before_the_first(door):
    ended = []

    async def work():
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(door)

    async def events():
        await work()
        yield "stage", {}

    async def whole(result):
        yield "", result

    async def gone():
        raise OSError("nobody listens")

    async def call():
        response = await (event_stream(events()) if door == "api" else streamed(work(), str, whole, str))
        scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
        with pytest.raises((OSError, ClientDisconnect)):
            await response(scope, gone, lambda _: gone())
        assert ended == [door]

    asyncio.run(call())
