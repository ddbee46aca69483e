"""What reads names, articles made by hand, and an archive over them whose reader finds what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.types import Article, Language
from rag.answer import Answerer, AnswerOptions
from rag.archive import Archive
from rag.entities.extraction import GlossaryNames
from rag.text.glossary import Glossary
from tests.rag.scripted import ScriptedGenerator, ScriptedReader, archive_of

# A Wednesday.
DAY = date(2025, 11, 5)


@pytest.fixture(scope="session")
def reader(glossary: Glossary) -> GlossaryNames:
    return GlossaryNames(glossary)


def article(text: str, language: Language, title: str = "", number: int = 1) -> Article:
    return Article(f"a{number}", f"news/{number}.txt", title, "The Post", DAY, language, None, text)


@pytest.fixture
def archive_with(tmp_path: Path, reader: GlossaryNames, glossary: Glossary) -> Callable[..., Archive]:
    """Return a function that indexes rows of articles and opens them with a reader that finds some phrases."""

    def make(rows: list[dict[str, Any]], *phrases: str) -> Archive:
        opened = archive_of(tmp_path, rows, names=reader)
        found = ScriptedReader(*phrases)
        answerer = Answerer(opened.retriever, ScriptedGenerator([], ()), glossary, "none", AnswerOptions(), reader=found)
        return replace(opened, answerer=answerer)

    return make


def row(number: int, text: str, language: Language, title: str, outlet: str = "The Post", day: date = DAY) -> dict[str, Any]:
    return {"id": f"a{number}", "title": title, "text": text, "language": language, "outlet": outlet, "published": day}
