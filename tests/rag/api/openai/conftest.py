"""The doors under /v1 over the archive of seeds/: a server for the official client, and answers that tests make up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fastapi import FastAPI
from openai import OpenAI

from rag.answering.types import Asked
from rag.api.openai.doors import add_openai
from rag.archive import Archive
from rag.desk import Desk, open_desk
from rag.settings import Settings
from rag.types import Answer
from tests.letters import LetterEmbedder
from tests.serving import serving


@dataclass
class Staged:
    """Answers with what it is given: an answer, an error to raise, or what a function makes of what is asked."""

    reply: Answer | Exception | Callable[[Asked], Answer]
    wait: float = 0.0
    asked: list[tuple[Asked, str]] = field(default_factory=list)
    given_up: int = 0

    async def answer(self, asked: Asked, asker: str) -> Answer:
        self.asked.append((asked, asker))
        try:
            await asyncio.sleep(self.wait)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply if isinstance(self.reply, Answer) else self.reply(asked)

    async def stream(self, asked: Asked, asker: str) -> AsyncIterator[Answer]:
        yield await self.answer(asked, asker)

    async def run(self, work: Callable[[], Any], asker: str) -> Any:
        return await asyncio.to_thread(work)


def application(desk: Desk) -> FastAPI:
    api = FastAPI()
    add_openai(api, desk)
    return api


@pytest.fixture(scope="session")
def desk(archive: Archive) -> Iterator[Desk]:
    """A desk over seeds/ with an embedder that makes its numbers of letters."""
    settings = Settings(data=archive.catalog.file.parent, llm="none", embedder="none", reader="none")
    opened = open_desk(replace(archive, embedder=LetterEmbedder()), settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def address(desk: Desk) -> Iterator[str]:
    with serving(application(desk)) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


@pytest.fixture
def staged(desk: Desk) -> Iterator[Callable[..., tuple[Staged, OpenAI]]]:
    """A function that serves a staged answer: returns what was asked, and a client."""
    from contextlib import ExitStack

    with ExitStack() as opened:

        def make(reply: Any, wait: float = 0.0, retries: int = 0, **options: Any) -> tuple[Staged, OpenAI]:
            answering = Staged(reply, wait)
            served = opened.enter_context(serving(application(replace(desk, answering=answering)), **options))  # type: ignore[arg-type]
            return answering, opened.enter_context(OpenAI(base_url=f"{served}/v1", api_key="none", max_retries=retries))

        yield make
