"""Words in a LanceDB: Khabar's own index terms, ranked by its BM25, one table a language.

A table has a column for each field, whose text is the terms with spaces between; LanceDB splits it there and does nothing
else to it. How many chunks hold a term lies in a table beside it, by the term's hash.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from index import lexical
from index.catalog import Catalog
from index.failures import never_built
from index.generation import Generation, is_of
from index.lance.database import Database, State, among, others_archive
from index.lexical import Weights
from index.progress import Tell
from index.queries import in_parts
from index.terms import FIELDS, index_terms
from index.text import squash
from index.types import EVERYTHING, LANGUAGES, Chunk, Filter, KhabarError, Language

if TYPE_CHECKING:
    from lancedb.query import FullTextQuery
    from lancedb.table import Table

Found = TypeVar("Found")

KIND = "words"
# Changes with every change of the analysis, and with every one of the columns.
VERSION = f"{lexical.VERSION} lance-1"
_BATCH = 5_000
# A table of up to this many chunks is rewritten where some were removed, so that none of their text is left in its files.
_ANEW_UP_TO = 20_000
_PATIENCE = timedelta(hours=2)

_Hashes = npt.NDArray[np.uint64]
_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many chunks hold each term: hashes of terms in rising order, and their counts."""

    hashes: _Hashes
    counts: _Counts

    @classmethod
    def none(cls) -> Frequencies:
        """Return those of no chunk."""
        return cls(np.empty(0, np.uint64), np.empty(0, np.int64))

    @classmethod
    def counted(cls, chunks: Iterable[Mapping[str, str]]) -> Frequencies:
        """Return those of chunks, given as the text of each field."""
        found = [
            np.fromiter({_hash(name, term) for name in FIELDS for term in fields[name].split()}, np.uint64) for fields in chunks
        ]
        hashes, counts = np.unique(np.concatenate(found) if found else np.empty(0, np.uint64), return_counts=True)
        return cls(hashes, counts.astype(np.int64))

    def of(self, name: str, term: str) -> int:
        """Return how many chunks hold a term in a field."""
        wanted = np.uint64(_hash(name, term))
        place = int(np.searchsorted(self.hashes, wanted))
        return int(self.counts[place]) if place < len(self.hashes) and self.hashes[place] == wanted else 0

    def with_more(self, other: Frequencies, times: int = 1) -> Frequencies:
        """Return the sum with those of other chunks, or with `times` -1 what is left without them."""
        hashes, places = np.unique(np.concatenate([self.hashes, other.hashes]), return_inverse=True)
        counts = np.zeros(len(hashes), np.int64)
        np.add.at(counts, places, np.concatenate([self.counts, times * other.counts]))
        return Frequencies(hashes[counts > 0], counts[counts > 0])


@lru_cache(maxsize=500_000)
def _hash(name: str, term: str) -> int:
    return int.from_bytes(blake2b(f"{name} {term}".encode(), digest_size=8).digest(), "big")


class LanceLexical:
    """A reader of the words in a LanceDB; it follows what another machine has written."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        """Open the tables. Raises KhabarError where there are none of this version and catalog."""
        self._database = database
        self._catalog = catalog
        self._state: State | None = None
        self._opening = threading.Lock()
        self._follow()

    def _follow(self) -> State:
        state = self._in_use()
        if state is self._state:
            return state
        try:
            self._open(state)
        except KhabarError:
            self._database.last(KIND)
            if self._in_use() == state:
                raise
            return self._follow()  # its writer has let go of it while it was opened
        return state

    def _in_use(self) -> State:
        """Return the last state of this catalog. Raises KhabarError where there is none, or of another version."""
        states = self._database.states(KIND)
        if not states:
            raise never_built(self._catalog.file.parent)
        state = next((each for each in states if is_of(each.generation, self._catalog)), None)
        if state is None:
            raise others_archive(self._database.address)
        if state.made_with != VERSION:
            raise KhabarError(
                f"the words in '{self._database.address}' are of version {state.made_with}, this Khabar reads {VERSION}",
                "run khabar index --rebuild",
            )
        return state

    def _open(self, state: State) -> None:
        with self._opening, self._database.answering():
            self._tables = {each: self._database.at(_words(each), state.versions[_words(each)]) for each in LANGUAGES}
            self._frequencies = {each: _stored(self._database, state, each) for each in LANGUAGES}
            self._state = state

    @property
    def state(self) -> Generation:
        """What is in use: what is found before and after it changes is of two states of the archive."""
        return self._follow().generation

    @property
    def revision(self) -> int:
        """The revision of the catalog that the tables in use have seen."""
        return self._follow().revision

    @property
    def sizes(self) -> dict[Language, int]:
        """The number of chunks in each language."""
        sizes = self._follow().sizes
        return {language: sizes[_words(language)] for language in LANGUAGES}

    def document_frequency(self, field: str, term: str, language: Language) -> int:
        """Return how many chunks of a language hold an index term."""
        return self._frequencies[language].of(field, term)

    def search(self, weights: Weights, language: Language, top_k: int, within: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """Return (chunk id, BM25 score), best first, for weighted index terms within a language and a filter."""
        if not weights or language not in within.languages or not self.sizes[language]:
            return []
        query = _any_of(_matches(weights))

        found = self._read(
            lambda: lexical.with_equals(lambda count: _found(self._tables[language], query, count, within), top_k)
        )
        return sorted(((chunk_id, score) for score, chunk_id in found), key=lambda pair: (-pair[1], pair[0]))[:top_k]

    def holding(self, groups: Collection[Collection[str]], language: Language, within: Filter = EVERYTHING) -> list[int]:
        """Return the ids of all chunks of a language and a filter that hold every gram of at least one of the groups."""
        size = self.sizes[language]
        if language not in within.languages or not size:
            return []

        def held() -> list[int]:
            table, condition = self._tables[language], _condition(within)
            if groups:
                return sorted(chunk_id for _, chunk_id in _found(table, _any_of(_holding_all(groups)), size, within))
            rows = table.search().select(["chunk_id"]).limit(size)
            return sorted((rows.where(condition) if condition else rows).to_arrow()["chunk_id"].to_pylist())

        return self._read(held)

    def _read(self, find: Callable[[], Found]) -> Found:
        """Return what is found; where that fails, once more in the last state, whose writer may have let go of this one."""
        try:
            with self._database.answering():
                return find()
        except KhabarError:
            state = self._state
            self._database.last(KIND)
            if self._follow() is state:
                raise
            with self._database.answering():
                return find()


def _matches(weights: Weights) -> Iterator[FullTextQuery]:
    """Yield a query for all terms of one field and weight: LanceDB takes ten times as long where each is a query of its own."""
    from lancedb.query import MatchQuery

    alike: defaultdict[tuple[str, float], list[str]] = defaultdict(list)
    for (name, term), weight in weights.items():
        alike[name, weight].append(term)
    for (name, weight), terms in alike.items():
        yield MatchQuery(" ".join(terms), name, boost=weight)


def _holding_all(groups: Collection[Collection[str]]) -> Iterator[FullTextQuery]:
    from lancedb.query import FullTextOperator, MatchQuery

    for group in groups:
        yield MatchQuery(" ".join(group), "grams", operator=FullTextOperator.AND)


def _any_of(queries: Iterable[FullTextQuery]) -> FullTextQuery:
    from lancedb.query import BooleanQuery, Occur

    return BooleanQuery([(Occur.SHOULD, query) for query in queries])


def _found(table: Table, query: FullTextQuery, count: int, within: Filter) -> list[tuple[float, int]]:
    """Return (score, chunk id) of the best, best first."""
    search = table.search(query, query_type="fts").select(["chunk_id", "_score"]).limit(count)
    condition = _condition(within)
    found = (search.where(condition, prefilter=True) if condition else search).to_arrow()
    return list(zip(found["_score"].to_pylist(), found["chunk_id"].to_pylist(), strict=True))


def _condition(within: Filter) -> str:
    """Return what a chunk must meet besides, as LanceDB's SQL; "" where nothing."""
    conditions = []
    if within.outlets:
        names = ", ".join("'" + squash(outlet).replace("'", "''") + "'" for outlet in sorted(within.outlets))
        conditions.append(f"outlet IN ({names})")
    if within.since or within.until:
        since, until = within.since or date.min, within.until or date.max
        conditions.append(f"published BETWEEN {since.toordinal()} AND {until.toordinal()}")
    return " AND ".join(conditions)


def update(database: Database, catalog: Catalog, rebuild: bool, advance: Callable[[int], None], tell: Tell) -> None:
    """Bring the tables to the catalog's revision; `advance` hears of each chunk that was added.

    Raises KhabarError, also where what is there is of another archive: only `rebuild` puts this one in its place.
    """
    target = catalog.revision
    current = None if rebuild else database.last(KIND)
    if current and not is_of(current.generation, catalog):
        raise others_archive(database.address)
    if current and current.made_with != VERSION:
        current = None
    if current and current.revision == target:
        return
    with database.answering(writing=True):
        tables = _written(database, catalog, current, advance)
        if current and sum(table.size for table in tables) != catalog.counts()["chunks"]:
            tell(f"The words in {database.address} are damaged; they are written anew.")
            current, tables = None, _written(database, catalog, None, advance)
        versions = {name: version for table in tables for name, version in table.versions.items()}
        state = State(target, VERSION, catalog.mark_of(target), versions, {table.name: table.size for table in tables})
        database.switch_to(KIND, state, keep_last=current is not None and not catalog.removed_since(current.revision))


def _written(
    database: Database, catalog: Catalog, since: State | None, advance: Callable[[int], None]
) -> Sequence[_LanguageTable]:
    """Write what changed since a state, or everything where there is none, and return the tables."""
    tables = {language: _LanguageTable(database, since, language) for language in LANGUAGES}
    waiting: dict[Language, list[Chunk]] = {language: [] for language in LANGUAGES}
    removed = set(catalog.removed_since(since.revision)) if since else set()
    for table in tables.values():
        table.remove(removed)
    for chunk in catalog.chunks_since(since.revision if since else 0):
        waiting[chunk.language].append(chunk)
        if len(waiting[chunk.language]) == _BATCH:
            tables[chunk.language].add(waiting[chunk.language])
            waiting[chunk.language] = []
        advance(1)
    for language, table in tables.items():
        table.add(waiting[language])
        table.finish()
    return list(tables.values())


class _LanguageTable:
    """The table of a language while it is written, and the one of its terms' frequencies."""

    def __init__(self, database: Database, since: State | None, language: Language) -> None:
        self.name, self._terms = _words(language), _terms(language)
        self._database = database
        if since:
            self._table = database.to_write(self.name, since.versions[self.name])
            self._frequencies = _stored(database, since, language)
        else:
            self._table = database.made(self.name, _schema())
            self._frequencies = Frequencies.none()
        self._indexed = bool(since and since.sizes[self.name])
        self._more: list[Frequencies] = []

    def remove(self, chunk_ids: AbstractSet[int]) -> None:
        """Take chunks out, where they are there; of a small table nothing of them is left in its files."""
        held = _rows(self._table, chunk_ids)
        if not held:
            return
        self._frequencies = self._frequencies.with_more(Frequencies.counted(held), -1)
        if self._table.count_rows() > _ANEW_UP_TO:
            for part in in_parts(sorted(row["chunk_id"] for row in held), _BATCH):
                self._table.delete(among(part))
            return
        kept = [row for row in self._table.to_arrow().to_pylist() if row["chunk_id"] not in chunk_ids]
        self._table, self._indexed = self._database.made(self.name, _schema()), False
        if kept:
            self._table.add(kept)

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Put chunks in, whose text is split into terms here."""
        if not chunks:
            return
        rows = [_row(chunk) for chunk in chunks]
        self._table.add(rows)
        self._more.append(Frequencies.counted(rows))
        if sum(len(more.hashes) for more in self._more) > len(self._frequencies.hashes):
            self._settle()

    def _settle(self) -> None:
        for more in self._more:
            self._frequencies = self._frequencies.with_more(more)
        self._more = []

    def finish(self) -> None:
        """Have all rows in the indexes, and store the frequencies."""
        self._settle()
        if not self._indexed and self.size:
            for name in FIELDS:
                self._table.create_index(name, config=_index(), wait_timeout=_PATIENCE)
        self._database.settle(self._table)
        terms = self._database.made(self._terms, _terms_schema())
        if len(self._frequencies.hashes):
            terms.add(_terms_rows(self._frequencies))
        self.versions = {self.name: self._table.version, self._terms: terms.version}

    @property
    def size(self) -> int:
        """The number of chunks that it holds."""
        return int(self._table.count_rows())


def _rows(table: Table, chunk_ids: AbstractSet[int]) -> list[dict[str, Any]]:
    """Return the rows of chunks that a table holds."""
    found: list[dict[str, Any]] = []
    for part in in_parts(sorted(chunk_ids), _BATCH):
        found += table.search().where(among(part)).limit(len(part)).to_list()
    return found


def _row(chunk: Chunk) -> dict[str, Any]:
    return {
        "chunk_id": chunk.chunk_id,
        "published": chunk.published.toordinal() if chunk.published else None,
        "outlet": squash(chunk.outlet) if chunk.outlet else None,
        **index_terms(chunk),
    }


def _schema() -> Any:
    import pyarrow as pa

    texts = [(name, pa.string()) for name in FIELDS]
    return pa.schema([("chunk_id", pa.int64()), ("published", pa.int32()), ("outlet", pa.string()), *texts])


def _index() -> Any:
    from lancedb.index import FTS

    return FTS(
        base_tokenizer="whitespace", stem=False, remove_stop_words=False, ascii_folding=False, lower_case=False,
        max_token_length=None, with_position=False,
    )


def _terms_schema() -> Any:
    import pyarrow as pa

    return pa.schema([("hash", pa.uint64()), ("count", pa.int64())])


def _terms_rows(frequencies: Frequencies) -> Any:
    import pyarrow as pa

    return pa.table({"hash": frequencies.hashes, "count": frequencies.counts}, schema=_terms_schema())


def _stored(database: Database, state: State, language: Language) -> Frequencies:
    table = database.at(_terms(language), state.versions[_terms(language)]).to_arrow()
    return Frequencies(table["hash"].to_numpy(), table["count"].to_numpy())


def _words(language: Language) -> str:
    return f"words-{language}"


def _terms(language: Language) -> str:
    return f"terms-{language}"
