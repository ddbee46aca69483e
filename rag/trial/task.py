"""What a language model is tried with: a question and the passages that answer it, in each language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from index.chunk import split_sentences
from index.types import LANGUAGES, Article, Chunk, Language
from rag.types import Evidence, Passage

_FILE = Path(__file__).parents[1] / "data" / "trial.toml"


@dataclass(frozen=True, slots=True)
class Task:
    """A question, and the evidence for its answer: the first sentence of each passage, best first."""

    language: Language
    question: str
    evidence: tuple[Evidence, ...]

    @property
    def text(self) -> str:
        """All that a model reads of the passages."""
        return " ".join(item.passage.article.text for item in self.evidence)


@cache
def tasks() -> dict[Language, Task]:
    """Return the task of each language."""
    told: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {language: _task(language, told[language]) for language in LANGUAGES}


def _task(language: Language, told: dict[str, Any]) -> Task:
    evidence = [_evidence(language, number, row, told["published"]) for number, row in enumerate(told["articles"], 1)]
    return Task(language, told["question"], tuple(evidence))


def _evidence(language: Language, number: int, row: dict[str, str], published: date) -> Evidence:
    text, name = row["text"], f"trial/{language}{number}"
    article = Article(name, name, "", row["outlet"], published, language, None, text)
    passage = Passage(Chunk(number, name, language, "", 0, len(text), text), article, number, 1 / number)
    span = split_sentences(text, language)[0]
    return Evidence(passage, span.start, span.end, 1 / number)
