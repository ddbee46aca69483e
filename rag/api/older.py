"""The five paths of the API before it had a version: what asks there goes on as it was, but for the form of errors."""

from __future__ import annotations

from fastapi import APIRouter

from rag.api import articles, ask, stats
from rag.api.door import Door

router = APIRouter(route_class=Door, include_in_schema=False)
router.add_api_route("/ask", ask.ask, methods=["POST"], response_model=None)
router.add_api_route("/outlets", stats.outlets, response_model=None)
router.add_api_route("/articles/{article_id}", articles.article, response_model=None)
router.add_api_route("/status", stats.stats, response_model=None)
router.add_api_route("/report", stats.report, response_model=None)
