"""The application under /v1. It is one of its own, so that every error in it, also of an unknown path, has OpenAI's form."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Route

from rag.api.openai.chat import complete_chat
from rag.api.openai.embeddings import embed
from rag.api.openai.models import list_models, read_model
from rag.api.openai.refusal import HANDLERS
from rag.api.openai.responses import create_response
from rag.desk import Desk


def add_openai(application: FastAPI, desk: Desk) -> None:
    """Let clients of OpenAI's protocol ask the archive, under /v1."""
    routes = [
        Route("/chat/completions", partial(complete_chat, desk), methods=["POST"]),
        Route("/responses", partial(create_response, desk), methods=["POST"]),
        Route("/embeddings", partial(embed, desk), methods=["POST"]),
        Route("/models", partial(list_models, desk)),
        Route("/models/{name:path}", partial(read_model, desk)),
    ]
    doors = Starlette(routes=routes, exception_handlers=dict(HANDLERS))
    application.mount("/v1", doors)
    # The address itself is below no mount; there is nothing at it.
    application.router.routes.append(Route("/v1", doors, include_in_schema=False))
