"""The frozen types that the index hands on: Article, Chunk and Problem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Language = Literal["ar", "fa", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class KhabarError(Exception):
    """An expected failure: what is wrong (with the value) and what the user can do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Keep both halves; `str()` joins them into the one line that a user reads, also where a path is not UTF-8."""
        problem = problem.encode("utf-8", "backslashreplace").decode()
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as stored. Every offset in Khabar counts code points of `text`."""

    article_id: str
    path: str
    title: str
    outlet: str | None
    published: date | None
    language: Language
    url: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """The stored unit: `article.text[start:end]`, whole sentences of one article."""

    chunk_id: int
    article_id: str
    language: Language
    title: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A file (or a line of one) that could not be read, or was read with a reservation."""

    path: str
    reason: str
    skipped: bool = True

    def __str__(self) -> str:
        """Return the line that a user reads."""
        return f"{self.path}: {self.reason}"
