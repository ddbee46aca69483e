"""A reverse proxy that serves an application under a path: it takes the path away from what it passes on, or does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

METHODS = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
# What belongs to one connection, and is not passed on.
OWN = {"connection", "keep-alive", "transfer-encoding", "host"}


def proxy(target: str, root: str, strips: bool, tells: bool) -> Starlette:
    """A proxy for the server at `target`; what does not lie under `root` is another site's.

    One that `tells` passes on what the browser asked for and who it is; without that the server knows the proxy alone.
    """
    client = httpx.AsyncClient(base_url=target.rstrip("/"), timeout=60)

    async def passed_on(request: Request) -> Response:
        path = request.url.path
        if path != root and not path.startswith(f"{root}/"):
            return PlainTextResponse("another site", 418)
        if strips and path == root:  # as nginx does for a location that ends in a slash
            return RedirectResponse(f"{root}/")
        path = path[len(root) :] if strips else path
        sent = {name: value for name, value in request.headers.items() if name not in OWN}
        if tells:
            sent |= {"X-Forwarded-Proto": "http", "X-Forwarded-Host": request.headers["host"], "X-Forwarded-For": "192.0.2.1"}
        query = f"?{request.url.query}" if request.url.query else ""
        asked = client.build_request(request.method, path + query, headers=sent, content=await request.body())
        reply = await client.send(asked, stream=True)

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in reply.aiter_raw():
                yield piece

        told = StreamingResponse(pieces(), reply.status_code, background=BackgroundTask(reply.aclose))
        told.raw_headers = [(name, value) for name, value in reply.headers.raw if name.decode().lower() not in OWN]
        return told

    @asynccontextmanager
    async def closed_at_the_end(_: Starlette) -> AsyncIterator[None]:
        yield
        await client.aclose()

    return Starlette(routes=[Route("/{path:path}", passed_on, methods=METHODS)], lifespan=closed_at_the_end)
