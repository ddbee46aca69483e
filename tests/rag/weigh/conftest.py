"""Questions made ready for weighing, by the words of seeds/."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.ask.question import read_question
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary, load_glossary
from rag.weigh.weighted_question import Rarity, WeightedQuestion, weighted_question


@pytest.fixture(scope="session")
def rarity(retriever: Retriever) -> Rarity:
    return Rarity(retriever.lexical)


@pytest.fixture(scope="session")
def weighted(rarity: Rarity) -> Callable[..., WeightedQuestion]:
    """Return a function that reads a question, with a glossary of the test's own or else the real one."""

    def weighted(text: str, glossary: Glossary | None = None) -> WeightedQuestion:
        return weighted_question(read_question(text, (), glossary or load_glossary(), 2000), rarity)

    return weighted
