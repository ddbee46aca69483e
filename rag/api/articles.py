"""The articles of the archive: read."""

from __future__ import annotations

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from index.types import Language
from rag.api.access import AtDesk, Reader
from rag.api.door import door
from rag.api.problems import Refused, problems

router = door("articles")


class WholeArticle(BaseModel):
    """An article as it can be quoted: every `start` and `end` of a citation counts the characters of its `text`."""

    article_id: str = Field(examples=["85d90e32cd23"])
    path: str = Field(description="The path of its file, from the indexed folder's own name on.")
    title: str
    outlet: str | None
    published: str | None = Field(examples=["2025-10-21"])
    language: Language
    url: str | None
    text: str


def no_article(article_id: str) -> Refused:
    """Return the error for an article that is not there."""
    told = f"there is no article '{article_id[:80]}'"
    return Refused(404, "no-article", told, "use the article_id of a citation or of the list", article_id)


@router.get("/articles/{article_id}", response_model=WholeArticle, responses=problems(404))
async def article(article_id: str, caller: Reader, desk: AtDesk) -> Response:
    """Return an article; a citation's `start` and `end` count in its `text`."""
    found = await desk.answering.run(lambda: desk.archive.article(article_id), caller.name)
    if found is None:
        raise no_article(article_id)
    return JSONResponse(found.to_json() | {"text": found.text})
