"""Whether the chosen models are there, whole, and work on this processor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection

from index.types import KhabarError
from rag.archive import chosen_embedder, chosen_generator, chosen_reader, chosen_reranker
from rag.doctor.finding import Finding
from rag.generate.first_words import write_first_words
from rag.settings import Settings

_REBUILT = "install it again for this processor (docs/models.md), or choose another"


def check_models(settings: Settings) -> Iterator[Finding]:
    """Load and try each model in a process of its own: one that was built for another processor ends its process."""
    # A pool of processes needs semaphores, which not every container has; a pipe is enough.
    apart = get_context("spawn")
    for role, attempt in _ATTEMPTS.items():
        here, there = apart.Pipe(duplex=False)
        process = apart.Process(target=_try, args=(there, role, attempt, settings), daemon=True)
        process.start()
        there.close()
        try:
            yield here.recv()
        except EOFError:
            yield Finding("fault", role, "it ends the process that loads it", _REBUILT)
        process.join()


def _try(there: Connection, role: str, attempt: Callable[[Settings], str], settings: Settings) -> None:
    """Send back how an attempt went."""
    try:
        name = attempt(settings)
        there.send(Finding("ok", role, "none is chosen" if name == "none" else f"{name} works"))
    except KhabarError as error:
        there.send(Finding("fault", role, error.problem, error.remedy))
    except Exception as error:
        there.send(Finding("fault", role, f"it fails ({type(error).__name__}: {error})", "please report it"))


def _embedder(settings: Settings) -> str:
    embedder = chosen_embedder(settings)
    embedder.embed_query("news")
    return embedder.name


def _reader(settings: Settings) -> str:
    reader = chosen_reader(settings)
    reader.load()
    return reader.name


def _reranker(settings: Settings) -> str:
    reranker = chosen_reranker(settings)
    reranker.scores("news", ["news"])
    return reranker.name


def _generator(settings: Settings) -> str:
    generator = chosen_generator(settings)
    write_first_words(generator)
    return generator.name


_ATTEMPTS: Mapping[str, Callable[[Settings], str]] = {
    "embedder": _embedder, "reader": _reader, "reranker": _reranker, "language model": _generator,
}  # fmt: skip
