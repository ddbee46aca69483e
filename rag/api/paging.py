"""A part of a long list: how much of it is wanted, and what is told of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")
# Entries of one page, at most, and the farthest that one may begin.
MOST = 200
FARTHEST = 10_000_000


class Paging(BaseModel):
    """Which part of a list is wanted."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=MOST, description="Entries wanted, at most.")
    offset: int = Field(0, ge=0, le=FARTHEST, description="Entries to pass over first.")

    def part_of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the part that is wanted."""
        return items[self.offset : self.offset + self.limit]


class Paged(BaseModel):
    """What every list tells of itself."""

    total: int = Field(description="Entries of the whole list.")
    limit: int
    offset: int
