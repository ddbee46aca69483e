"""Searching: the passages nearest to a question, with their scores and why they were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from rag.answering.types import Asked
from rag.api.access import AtDesk, Reader
from rag.api.asked import SearchBody, asked_of
from rag.api.door import door
from rag.api.leaving import unless_gone
from rag.api.problems import problems
from rag.api.reference import Reference
from rag.desk import Desk
from rag.retrieve.matches import Match
from rag.types import Passage

router = door("search")


class FoundTerm(BaseModel):
    """A term of the question that stands in the article: `article.text[start:end]` is `text`."""

    term: str = Field(description="The term as the question has it, its letters folded.", examples=["بوتين"])
    how: Literal["word", "glossary", "sound"] = Field(
        description="word: the question's own, in any form. glossary: another name of it. sound: the same consonants."
    )
    text: str = Field(description="How the article writes it.", examples=["پوتین"])
    start: int
    end: int


class FoundPassage(Reference):
    """A passage, what its score is made of, and the terms of the question in it."""

    rank: int = Field(description="From 1.")
    score: float = Field(description="About the share of what the question could reach: 0 to 1, seldom more.")
    by_words: float = Field(description="The share of the question's words, other names and letters that it holds.")
    nearness: float | None = Field(
        description="How much nearer in meaning than the average passage of its language, in spreads; null where meaning was "
        "not asked, or the passage is not embedded."
    )
    matched: list[FoundTerm] | None = Field(description="The terms in it, in reading order; null without `why`.")
    text: str = Field(description="The passage: the article's text from `start` to `end`.")
    start: int
    end: int


class Found(BaseModel):
    """The passages nearest to a question, best first."""

    question: str
    meaning: bool = Field(description="Whether meaning was searched, too.")
    passages: list[FoundPassage]


@router.post("/search", response_model=Found, responses=problems())
async def search(request: Request, body: SearchBody, caller: Reader, desk: AtDesk) -> Response:
    """Return the passages nearest to a question, in any language, best first, each with why it was found."""
    asked = await asked_of(body, desk, caller.name, meaning=body.meaning)
    return JSONResponse(await unless_gone(request, _found(body, asked, desk, caller.name)))


async def _found(body: SearchBody, asked: Asked, desk: Desk, asker: str) -> dict[str, Any]:
    found: Sequence[tuple[Passage, tuple[Match, ...] | None]]
    if body.why:
        found = await desk.answering.explained(asked, body.top_k, asker)
    else:
        found = [(passage, None) for passage in await desk.answering.search(asked, body.top_k, asker)]
    return {
        "question": body.question,
        "meaning": any(passage.nearness is not None for passage, _ in found),
        "passages": [_passage_json(passage, met) for passage, met in found],
    }


def _passage_json(passage: Passage, met: tuple[Match, ...] | None) -> dict[str, Any]:
    chunk = passage.chunk
    return {
        "rank": passage.rank,
        "score": passage.score,
        "by_words": round(passage.by_words, 4),
        "nearness": None if passage.nearness is None else round(passage.nearness, 4),
        "matched": None if met is None else [_match_json(match) for match in met],
        **passage.article.to_json(),
        "text": chunk.text,
        "start": chunk.start,
        "end": chunk.end,
    }


def _match_json(match: Match) -> dict[str, Any]:
    return {"term": match.term, "how": match.how, "text": match.text, "start": match.start, "end": match.end}
