"""Doors for an operator's machines: /healthz (it lives), /readyz (it can answer), /metrics (how it goes)."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response

from rag.server.caller import NotAllowed, caller_of, require
from rag.server.metrics import Metrics
from rag.server.problem import problem_response
from rag.server.readiness import Warmth
from rag.server.request_log import RouteNote

_FRESH = {"Cache-Control": "no-store"}


def add_operations(application: FastAPI, warmth: Warmth, metrics: Metrics) -> None:
    """Serve /healthz and /readyz to all, and /metrics to who may read; requests are noted for the log from here on."""
    application.add_middleware(RouteNote)

    @application.get("/healthz", include_in_schema=False)
    async def alive() -> JSONResponse:
        """Answer: that is all. It waits for no thread and looks at no file."""
        return JSONResponse({"status": "ok"}, headers=_FRESH)

    @application.get("/readyz", include_in_schema=False)
    async def ready(request: Request) -> Response:
        """Tell whether questions can be answered now; to who may read, also what is waited for."""
        found = await warmth.look()
        knows = "read" in caller_of(request).scopes
        if not found.waits_for:
            return JSONResponse({"status": "ready", **(found.to_json() if knows else {})}, headers=_FRESH)
        detail = "; ".join(found.waits_for) if knows else "not yet"
        return problem_response(503, "not-ready", detail, "ask again in some seconds", headers={"Retry-After": "5"})

    @application.get("/metrics", include_in_schema=False)
    async def figures(request: Request) -> Response:
        """Return the figures as Prometheus reads them; they do not wait with the questions."""
        try:
            require(caller_of(request), "read")
        except NotAllowed as error:
            return problem_response(403, "not-allowed", error.problem, error.remedy)
        return Response(await asyncio.to_thread(metrics.text), headers=_FRESH, media_type=CONTENT_TYPE_LATEST)
