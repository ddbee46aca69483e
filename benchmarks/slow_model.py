"""A stand-in for a language server, and the bare framework to compare with: python -m benchmarks.slow_model PORT."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, StreamingResponse

# Seconds that a draft takes, in so many pieces.
_SECONDS, _PIECES = 2.0, 20
_CONSTANT = {"answer": "قال البيت الأبيض إنّ القمّة أُرجئت. " * 20}


def application() -> FastAPI:
    """Return the server: it writes the first sentence of the first passage that it is given, slowly."""
    api = FastAPI()

    @api.get("/v1/models")
    async def models() -> JSONResponse:
        return JSONResponse({"data": [{"id": "slow"}]})

    @api.get("/constant")
    @api.post("/constant")
    async def constant() -> dict[str, str]:
        return _CONSTANT

    @api.post("/v1/chat/completions")
    async def complete(request: Request) -> StreamingResponse:
        asked: dict[str, Any] = await request.json()
        passage = re.search(r"<<<\n(.*?\[\w+\])", asked["messages"][-1]["content"], re.DOTALL)
        return StreamingResponse(_pieces(passage[1] if passage else "Nothing."), media_type="text/event-stream")

    return api


async def _pieces(text: str) -> AsyncIterator[str]:
    step = max(1, len(text) // _PIECES + 1)
    for start in range(0, len(text), step):
        await asyncio.sleep(_SECONDS / _PIECES)
        choice = {"delta": {"content": text[start : start + step]}, "finish_reason": None}
        yield f"data: {json.dumps({'choices': [choice]})}\n\n"
    yield f"data: {json.dumps({'choices': [{'delta': {}, 'finish_reason': 'stop'}]})}\n\ndata: [DONE]\n\n"


if __name__ == "__main__":
    uvicorn.run(application(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
