"""A question as programs send it -> what the desk is asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index.types import EVERYTHING
from rag.answering.types import Asked
from rag.api.filters import AskFilter, is_open, within_of
from rag.desk import Desk

# Limits of safety: characters of a question (the setting max-question is lower) and of an earlier one, and earlier questions.
LONGEST_QUESTION = 20_000
MOST_HISTORY = 50
_ARABIC = "كم استغرق السطو على متحف اللوفر؟"
_PERSIAN = "چه کسی درباره عبور هواپیمای پوتین هشدار داد؟"

# A question has something in it that is not white space; the archive wants words of it, too.
QuestionText = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S"), Field(examples=[_ARABIC])
]
Earlier = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_QUESTION)]


class Questioned(BaseModel):
    """A question with the earlier ones of its conversation, and the articles that it is asked of."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText = Field(description="The question, in Arabic, Persian or English.")
    history: list[Earlier] = Field(
        default_factory=list,
        max_length=MOST_HISTORY,
        description="The earlier questions of the conversation, oldest first: what this one may lean on.",
    )
    filter: AskFilter | None = Field(None, description="The articles to answer from; all, where there is none.")


class AskBody(Questioned):
    """What is asked, and how the answer is wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": _ARABIC},
                {"question": _PERSIAN, "filter": {"languages": ["fa"]}, "write": False},
                {"question": "What did Szijjarto write on Facebook about the summit?", "stream": True},
            ]
        },
    )

    write: bool = Field(
        True, strict=True, description="false: quotes only, also where a language model could write the answer."
    )
    stream: bool = Field(
        False, strict=True, description="true: the answer as it grows, as server-sent events (text/event-stream)."
    )


class SearchBody(Questioned):
    """What is searched for, and how."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "هواپیمای پوتین", "top_k": 5}, {"question": "Louvre"}]}
    )

    top_k: int = Field(10, strict=True, ge=1, le=100, description="Passages wanted, at most.")
    meaning: bool = Field(True, strict=True, description="false: search by words alone, which is quicker.")
    why: bool = Field(True, strict=True, description="false: leave out which words of the question stand in each passage.")


async def asked_of(body: Questioned, desk: Desk, asker: str, *, write: bool = True, meaning: bool = True) -> Asked:
    """Return what is asked, its filter read by the catalog. Raises FilterError."""
    within = EVERYTHING
    if not is_open(body.filter):
        within = await desk.answering.run(lambda: within_of(body.filter, desk.archive.catalog), asker)
    return Asked(body.question, tuple(body.history), within, write, meaning)
