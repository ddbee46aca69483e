"""Whether the chosen models are there, whole, and work on this processor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from index.types import KhabarError
from rag.archive import chosen_embedder, chosen_generator, chosen_reader, chosen_reranker
from rag.doctor.finding import Finding
from rag.settings import Settings

_REBUILT = "install it again for this processor (docs/models.md), or choose another"


def check_models(settings: Settings) -> Iterator[Finding]:
    """Load and try each model in a process of its own: one that was built for another processor ends its process."""
    for role, attempt in _ATTEMPTS.items():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            try:
                yield pool.submit(tried, role, attempt, settings).result()
            except BrokenProcessPool:
                yield Finding("fault", role, "it ends the process that loads it", _REBUILT)


def tried(role: str, attempt: Callable[[Settings], str], settings: Settings) -> Finding:
    """Return how an attempt went; called in a process of its own, from which no KhabarError comes back."""
    try:
        name = attempt(settings)
        return Finding("ok", role, "none is chosen" if name == "none" else f"{name} works")
    except KhabarError as error:
        return Finding("fault", role, error.problem, error.remedy)


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
    for _ in generator.stream([{"role": "user", "content": "Say yes."}], max_tokens=2):
        pass
    return generator.name


_ATTEMPTS: Mapping[str, Callable[[Settings], str]] = {
    "embedder": _embedder, "reader": _reader, "reranker": _reranker, "language model": _generator,
}  # fmt: skip
