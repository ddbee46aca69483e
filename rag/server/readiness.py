"""Whether a server can answer: the index is open, the models are loaded, it is not about to stop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from index.embedding import Embedded
from index.progress import Tell, silent
from index.status import embedded_json
from index.types import KhabarError
from rag.archive import Archive
from rag.filter import outlets_of

# Seconds that the catalog may take to tell that it is there.
_PATIENCE = 2.0

Models = Literal["loading", "warm", "failed"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a server waits for, in words, nothing where it can answer; and how much of the archive is embedded.

    What is not embedded yet is searched by words: it does not keep a server from answering.
    """

    waits_for: tuple[str, ...]
    models: Models
    embedded: Embedded | None
    embedder: str

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        embedded = embedded_json(self.embedded, self.embedder) if self.embedded else None
        return {"waits_for": list(self.waits_for), "models": self.models, "embedded": embedded}


class Warmth:
    """Loads the models of an archive, and knows how far that is."""

    def __init__(self, archive: Archive) -> None:
        """Begin with nothing loaded."""
        self._archive = archive
        self._models: Models = "loading"
        self._stopping = False
        # Of its own: the threads that answer questions may all be at work.
        self._looks = ThreadPoolExecutor(1, thread_name_prefix="readiness")

    def warm_up(self, tell: Tell = silent) -> None:
        """Load the models and count the outlets, so that no first user waits for them; `tell` hears what failed."""
        try:
            outlets_of(self._archive.catalog)
            self._archive.answerer.warm_up()
        except KhabarError as error:
            self._models = "failed"
            tell(f"khabar: {error}")
        else:
            self._models = "warm"

    def stop(self) -> None:
        """Be ready no more: the server stops."""
        self._stopping = True
        self._looks.shutdown(wait=False, cancel_futures=True)

    async def look(self) -> Readiness:
        """Return whether the server can answer now; it takes two seconds at most."""
        waits_for: list[str] = []
        embedded: Embedded | None = None
        if self._stopping:
            waits_for.append("the server stops")
        else:
            try:
                looked = asyncio.get_running_loop().run_in_executor(self._looks, self._archive.embedded)
                embedded = await asyncio.wait_for(looked, _PATIENCE)
            except KhabarError:
                waits_for.append("the index cannot be read")
            except TimeoutError:
                waits_for.append("the index takes long to answer")
        if self._models != "warm":
            waits_for.append("the models are being loaded" if self._models == "loading" else "a model could not be loaded")
        return Readiness(tuple(waits_for), self._models, embedded, self._archive.embedder.name)
