"""What the page takes from Gradio: its document and the files that this loads. All else that Gradio serves is closed.

Gradio's own doors (file, upload, queue, call, proxy, stream and more) read files, take uploads and run functions; the page has
doors of its own for what it does.
"""

from __future__ import annotations

import re

from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.server.doors import path_within
from rag.server.problem import SHOWN, problem_response

# The document, its scripts and styles; the icon that a browser asks for by itself.
_NEEDED = re.compile(r"/|/assets/[A-Za-z0-9._-]+|/static/[A-Za-z0-9._/-]+|/theme\.css|/favicon\.ico")


class GradioFiles:
    """ASGI application: answers from Gradio what the page needs of it, and nothing else."""

    def __init__(self, gradio: ASGIApp) -> None:
        """Stand before Gradio."""
        self._gradio = gradio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that none of our own doors took."""
        if scope["type"] == "lifespan" or is_needed(scope):
            await self._gradio(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            value = f"{scope['method']} {path_within(scope)}"[:SHOWN].encode("utf-8", "backslashreplace").decode()
            told = f"{value}: there is no such address"
            response = problem_response(
                404, "no-address", told, "the page is at /, and /api/docs lists the API's addresses", value
            )
            await response(scope, receive, send)


def is_needed(scope: Scope) -> bool:
    """Tell whether a request is for what the page needs of Gradio."""
    return scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and _NEEDED.fullmatch(path_within(scope)) is not None


def close_gradio(application: ASGIApp) -> None:
    """Put this before the Gradio application that is mounted last in another."""
    mount = application.routes[-1]  # type: ignore[attr-defined]
    assert isinstance(mount, Mount) and mount.path == ""
    mount.app = GradioFiles(mount.app)
