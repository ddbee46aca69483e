"""A question of a client -> its answer: what both doors to answers ask the archive."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from rag.answering.types import Asked
from rag.api.filters import AskFilter, is_open, within_of
from rag.api.openai.models import writes
from rag.api.openai.talk import Talk
from rag.desk import Desk
from rag.types import Answer


class Extra(BaseModel):
    """The field `khabar` of a request, which is none of OpenAI's: the articles to answer from."""

    model_config = ConfigDict(extra="forbid")

    filter: AskFilter | None = None


async def answer_of(talk: Talk, model: str, extra: Extra | None, desk: Desk, asker: str) -> Answer:
    """Return the answer to what a conversation asks. Raises Refused for another model, and KhabarError."""
    write = writes(model, desk)
    wanted = extra.filter if extra else None
    asked = Asked(talk.question, talk.history, write=write)
    if not is_open(wanted):
        within = await desk.answering.run(lambda: within_of(wanted, desk.archive.catalog), asker)
        asked = Asked(talk.question, talk.history, within, write)
    return await desk.answering.answer(asked, asker)
