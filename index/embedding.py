"""The second pass of indexing: chunks without a vector are embedded, newest articles first; words find them meanwhile.

What is embedded lies in the catalog at once, so that a run that ends anywhere is taken up where it stopped, by the next
`khabar index` or by `khabar serve`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

from index.catalog import FILE_NAME, Catalog
from index.embed import Embedder
from index.failures import catalog_failure, never_built, not_writable
from index.lock import sole
from index.ordinary import ordinary_hashes
from index.progress import Progress, Tell, silent
from index.stores import is_served_only, stores_of
from index.types import LANGUAGES, KhabarError

# Texts that are embedded between two looks at whether to stop: few at first and on a slow machine, so that progress is seen
# and a stop is heard within seconds; many on a fast one, for sorted by length they make batches of like length.
_FIRST_STRIDE = 32
_LEAST_STRIDE = 16
_STRIDE = 256
_SECONDS = 3.0
# The vectors in use are renewed once this many are new, and once they would double: each renewal copies them all.
_FIRST_RENEWAL = 1_000


class EmbeddingElsewhere(KhabarError):
    """Another process is embedding this archive and will do all there is to do."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """How many of an archive's chunks have a vector of the chosen embedder, and how many should have one."""

    chunks: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether every chunk has its vector."""
        return self.chunks >= self.of

    @property
    def percent(self) -> int:
        """How many of a hundred chunks have their vector, rounded down: 100 means all of them."""
        return 100 if self.complete else 100 * self.chunks // self.of


def embedded_share(catalog: Catalog, embedder: Embedder) -> Embedded:
    """Return how far an archive is embedded; 0 of 0 where the embedder serves none of its languages."""
    return Embedded(
        catalog.embeddings.count(embedder.name, embedder.languages), catalog.count_since(0, embedder.languages)
    )


def searchable_share(catalog: Catalog, embedder: Embedder) -> Embedded:
    """Return how much of an archive can be searched by meaning: nothing where all is embedded but no vectors are in use.

    So it is where they were damaged, or are of another catalog, until the next run has made them anew.
    """
    share = embedded_share(catalog, embedder)
    if share.complete and share.of and not stores_of(catalog).vectors_in_use(catalog, embedder):
        return Embedded(0, share.of)
    return share


def embed_archive(
    data: Path,
    embedder: Embedder,
    progress: Progress,
    *,
    rebuild: bool = False,
    stopping: Callable[[], bool] = lambda: False,
    tell: Tell = silent,
) -> Embedded:
    """Embed what has no vector yet and renew the vectors in use; return how far it got.

    `rebuild` makes the vectors in use anew from the catalog, and forgets those of other embedders. `stopping` is asked every
    few seconds; a stopped run leaves the vectors in use to the next one. Raises EmbeddingElsewhere where another process is at
    it, KhabarError for a model or a disk that fails. `tell` hears where the vectors in use had to be made anew.
    """
    if not embedder.languages:
        return Embedded(0, 0)
    if not (data / FILE_NAME).is_file():
        raise never_built(data)
    with closing(Catalog(data / FILE_NAME)) as catalog:
        if is_served_only(catalog):  # what is embedded of it is another machine's to do
            return embedded_share(catalog, embedder)
    done, stopped = _embed_alone(data, embedder, progress, rebuild, stopping, tell)
    # Whoever finds the lock taken is told that its new articles will be embedded: so its holder looks once more when it has
    # given the lock back, for some may have come after its last look.
    while not stopped and _has_waiting(data, embedder):
        try:
            done, stopped = _embed_alone(data, embedder, progress, False, stopping, tell)
        except EmbeddingElsewhere:
            break
    return done


def _embed_alone(
    data: Path, embedder: Embedder, progress: Progress, rebuild: bool, stopping: Callable[[], bool], tell: Tell
) -> tuple[Embedded, bool]:
    """Embed what waits under the lock; return how far the archive is, and whether the run was stopped."""
    with sole_embedder(data):
        catalog = Catalog(data / FILE_NAME, writable=True)
        try:
            stopped = _embed(catalog, data, embedder, progress, rebuild, stopping, tell)
            done = embedded_share(catalog, embedder)
            if done.complete:
                catalog.set_meta("embedder", embedder.name)
            if rebuild and not stopped:
                catalog.embeddings.drop_unused([kept for language in LANGUAGES for kept in ordinary_hashes(language)])
                catalog.embeddings.drop_of_others(embedder.name)
            return done, stopped
        except sqlite3.DatabaseError as error:  # a full disk, a folder that was made read-only meanwhile, a damaged page
            raise catalog_failure(catalog.file, error, writing=True) from error
        finally:
            catalog.close()


def _has_waiting(data: Path, embedder: Embedder) -> bool:
    catalog = Catalog(data / FILE_NAME)
    try:
        return bool(catalog.embeddings.unembedded(embedder.name, embedder.languages))
    finally:
        catalog.close()


def _embed(
    catalog: Catalog,
    data: Path,
    embedder: Embedder,
    progress: Progress,
    rebuild: bool,
    stopping: Callable[[], bool],
    tell: Tell,
) -> bool:
    """Embed what waits and renew the vectors in use; tell whether it was stopped before that."""
    in_use = 0 if rebuild else stores_of(catalog).vectors_held(catalog, embedder)
    new = catalog.embeddings.count(embedder.name, embedder.languages) - in_use
    # What another process has indexed meanwhile is embedded, too.
    while waiting := catalog.embeddings.unembedded(embedder.name, embedder.languages):
        progress.stage("embed", len(waiting))
        for chunk_ids in _strides(waiting):
            texts = catalog.embeddings.texts_to_embed(chunk_ids)
            if texts:  # else all of them were replaced or removed meanwhile
                found = embedder.embed_passages([text for _, text in texts])
                catalog.embeddings.add(embedder.name, [text_hash for text_hash, _ in texts], found)
            progress.advance(len(chunk_ids))
            new += len(texts)
            if stopping():
                return True
            if new >= max(_FIRST_RENEWAL, in_use):
                in_use, new = in_use + new, 0
                _renew(catalog, data, embedder, rebuild, tell)
                rebuild = False
    _renew(catalog, data, embedder, rebuild, tell)
    return False


def _renew(catalog: Catalog, data: Path, embedder: Embedder, rebuild: bool, tell: Tell) -> None:
    try:
        stores_of(catalog).update_vectors(catalog, embedder, rebuild, tell)
    except OSError as error:
        raise not_writable(data, error) from error


def _strides(chunk_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids in strides, each as long as `_SECONDS` allow at the pace of the one before."""
    start, size = 0, min(_FIRST_STRIDE, _STRIDE)
    while start < len(chunk_ids):
        began = time.monotonic()
        yield chunk_ids[start : start + size]
        start += size
        in_time = int(size * _SECONDS / max(time.monotonic() - began, 0.001))
        size = min(max(in_time, _LEAST_STRIDE), 2 * size, _STRIDE)


def sole_embedder(data: Path) -> AbstractContextManager[None]:
    """Let one process at a time embed an archive; another may read, clean and analyse articles meanwhile."""
    return sole(
        data / "embed.lock",
        EmbeddingElsewhere(
            f"another khabar is embedding the archive in '{data}'", "nothing needs to be done: it embeds what is new, too"
        ),
    )
