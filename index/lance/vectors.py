"""Vectors in a LanceDB: one table a language, of chunk ids and vectors, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from index.catalog import Catalog
from index.embed import Embedder, Vectors
from index.generation import is_of
from index.lance.database import Database, State, among, others_archive
from index.progress import Tell
from index.queries import in_parts
from index.types import LANGUAGES, Language
from index.vectors import Averages, Background, averages, cosine

if TYPE_CHECKING:
    from lancedb.table import Table

KIND = "vectors"
_LAYOUT = "lance-1"
_BATCH = 2_000
# Up to this many vectors of a language are all compared, which is exact and takes some milliseconds.
_COMPARED_UP_TO = 50_000
# Of an index of neighbours, this many times the number asked for are compared exactly.
_REFINED = 4
_PATIENCE = timedelta(hours=2)


class LanceVectors:
    """A reader of the vectors in a LanceDB; it follows what another machine has written."""

    def __init__(self, database: Database, catalog: Catalog, embedder: Embedder) -> None:
        """Remember where they are; vectors of another catalog or embedder are none."""
        self._database = database
        self._catalog = catalog
        self._embedder = embedder
        self._state: State | None = None
        self._opening = threading.Lock()
        self._averages: Averages | None = None

    @property
    def is_open(self) -> bool:
        """Whether a search would begin at once."""
        return self._state is not None

    @property
    def can_be_opened(self) -> bool:
        """Whether what is in use can be searched here: always, for nothing is written to read."""
        return True

    def search(self, vector: Vectors, language: Language, top_k: int) -> list[tuple[int, float]]:
        """Return (chunk id, cosine similarity) in a language, best first; [] where no chunk has a vector of this embedder."""
        state = self._follow()
        if state is None or not state.sizes[_name(language)]:
            return []
        with self._database.answering():
            query = self._tables[language].search(vector, vector_column_name="vector").distance_type("cosine")
            found = query.refine_factor(_REFINED).select(["chunk_id", "_distance"]).limit(top_k).to_arrow()
        cosines = (cosine(1.0 - distance) for distance in found["_distance"].to_pylist())
        return sorted(zip(found["chunk_id"].to_pylist(), cosines, strict=True), key=lambda pair: (-pair[1], pair[0]))

    def background(self, vector: Vectors, language: Language) -> Background | None:
        """Return what a question's cosines in a language are to be measured by; None where none has a vector in use."""
        if self._follow() is None or self._averages is None or language not in self._averages.of:
            return None
        return Background(float(self._averages.of[language] @ vector), self._averages.spread)

    def _follow(self) -> State | None:
        state = in_use(self._database, self._catalog, self._embedder)
        if state is None or state is self._state:
            return state
        with self._opening, self._database.answering():
            self._tables = {each: self._database.at(_name(each), state.versions[_name(each)]) for each in LANGUAGES}
            self._averages = _averages_of(state)
            self._state = state
        return state


def in_use(database: Database, catalog: Catalog, embedder: Embedder) -> State | None:
    """Return the state of vectors that an embedder made of this catalog; None where none is in use."""
    made = (state for state in database.states(KIND) if state.made_with == _made_with(embedder))
    return next((state for state in made if is_of(state.generation, catalog)), None)


def held(database: Database, embedder: Embedder) -> int:
    """Return how many vectors of an embedder are in use."""
    state = database.last(KIND)
    return sum(state.sizes.values()) if state and state.made_with == _made_with(embedder) else 0


def update(database: Database, catalog: Catalog, embedder: Embedder, rebuild: bool, tell: Tell) -> None:
    """Bring the tables to what the catalog has of this embedder. Raises KhabarError, also for another archive's vectors."""
    current = None if rebuild else database.last(KIND)
    if current and not is_of(current.generation, catalog):
        raise others_archive(database.address)
    target = catalog.revision
    mark = catalog.mark_of(target)  # now: should a backup be restored meanwhile, what is written here is of the one before
    wanted = catalog.embeddings.embedded(embedder.name, embedder.languages)
    numbers = _numbers(catalog, embedder, wanted)
    if current and (current.made_with != _made_with(embedder) or current.more["numbers"] != numbers):
        current = None
    with database.answering(writing=True):
        before = _held(database, current) if current else set()
        if current and before == wanted.keys():
            return
        tables = _written(database, catalog, embedder, wanted, numbers, current)
        if current and sum(table.count_rows() for table in tables.values()) != len(wanted):
            tell(f"The vectors in {database.address} are damaged; they are written anew.")
            tables = _written(database, catalog, embedder, wanted, numbers, None)
        mean = averages(catalog, embedder, wanted)
        means = {language: vector.tolist() for language, vector in mean.of.items()}
        more = {"numbers": numbers, "spread": mean.spread, "means": means}
        versions = {_name(language): table.version for language, table in tables.items()}
        sizes = {_name(language): table.count_rows() for language, table in tables.items()}
        state = State(target, _made_with(embedder), mark, versions, sizes, more)
        database.switch_to(KIND, state, keep_last=current is not None and before <= wanted.keys())


def _written(
    database: Database,
    catalog: Catalog,
    embedder: Embedder,
    wanted: Mapping[int, Language],
    numbers: int,
    since: State | None,
) -> dict[Language, Table]:
    tables: dict[Language, Table] = {}
    for language in LANGUAGES:
        name = _name(language)
        own = {chunk_id for chunk_id, written_in in wanted.items() if written_in == language}
        table = database.to_write(name, since.versions[name]) if since else database.made(name, _schema(numbers))
        before = _chunk_ids(table)
        for gone in in_parts(sorted(before - own), _BATCH):
            table.delete(among(gone))
        for new in in_parts(sorted(own - before), _BATCH):
            chunk_ids, vectors = catalog.embeddings.vectors(embedder.name, new)
            if chunk_ids:
                table.add(_rows(chunk_ids, vectors))
        if table.count_rows() > _COMPARED_UP_TO and not table.list_indices():
            table.create_index("vector", config=_index(), wait_timeout=_PATIENCE)
        database.settle(table)
        tables[language] = table
    return tables


def _numbers(catalog: Catalog, embedder: Embedder, wanted: Mapping[int, Language]) -> int:
    """Return how many numbers a vector of this embedder has; 0 where there is none yet."""
    _, vectors = catalog.embeddings.vectors(embedder.name, list(wanted)[:1])
    return vectors.shape[-1] if len(vectors) else 0


def _held(database: Database, state: State) -> set[int]:
    return set().union(*(_chunk_ids(database.at(name, version)) for name, version in state.versions.items()))


def _chunk_ids(table: Table) -> set[int]:
    count = table.count_rows()
    return set(table.search().select(["chunk_id"]).limit(count).to_arrow()["chunk_id"].to_pylist()) if count else set()


def _schema(numbers: int) -> Any:
    import pyarrow as pa

    return pa.schema([("chunk_id", pa.int64()), ("vector", pa.list_(pa.float32(), max(numbers, 1)))])


def _rows(chunk_ids: list[int], vectors: Vectors) -> Any:
    import pyarrow as pa

    stacked = pa.FixedSizeListArray.from_arrays(pa.array(vectors.astype(np.float32).ravel()), vectors.shape[1])
    return pa.table({"chunk_id": pa.array(chunk_ids, pa.int64()), "vector": stacked})


def _index() -> Any:
    from lancedb.index import HnswSq

    return HnswSq(distance_type="cosine")


def _averages_of(state: State) -> Averages:
    means = {language: np.array(mean, dtype=np.float32) for language, mean in state.more["means"].items()}
    return Averages(means, float(state.more["spread"]))


def _made_with(embedder: Embedder) -> str:
    return f"{embedder.name} {_LAYOUT}"


def _name(language: Language) -> str:
    return f"vectors-{language}"
