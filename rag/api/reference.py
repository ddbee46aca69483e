"""What an article is referred to by, in whatever lists it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from index.types import Language


class Reference(BaseModel):
    """An article without its text; what is not known is null."""

    article_id: str = Field(examples=["85d90e32cd23"])
    path: str = Field(description="The path of its file, from the indexed folder's own name on.")
    title: str
    outlet: str | None
    published: str | None = Field(examples=["2025-10-21"])
    language: Language
    url: str | None
