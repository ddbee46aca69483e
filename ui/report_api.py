"""The report of the last `khabar index` over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from index.report import last_report
from rag.archive import Archive


def add_report(api: FastAPI, archive: Archive) -> FastAPI:
    """Let GET /api/report tell what the last run of `khabar index` left out and noted; return the application."""

    @api.get("/api/report")
    def report() -> dict[str, Any]:
        """Return what the last indexing did and left out, by reason, with a remedy for each; `report` is null before it."""
        found = last_report(archive.catalog.meta("report"))
        return {"report": found.to_json() if found else None}

    return api
