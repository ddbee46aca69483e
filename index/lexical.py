"""The Tantivy indexes: BM25 over the analysed chunks, one index for each language."""

from __future__ import annotations

import os
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar
from weakref import finalize

import tantivy

from index.catalog import Catalog
from index.failures import never_built, not_writable
from index.generation import (
    Generation,
    damaged,
    is_lost,
    is_of,
    mirrored,
    new_generation_folder,
    pointer,
    read_generation,
    switch_to,
    usable,
)
from index.progress import Tell, silent
from index.seal import damage_of
from index.terms import FIELDS, index_terms
from index.text import squash
from index.types import EVERYTHING, LANGUAGES, Chunk, Filter, KhabarError, Language

FOLDER = "lexical"
# Goes up with every change of the fields or of the analysis: an index of another version is built anew.
VERSION = "grams-6"
# Of earlier versions, those with the same fields: they are asked as they are until the next run has built them anew.
_READ = frozenset({"grams-4", "grams-5", VERSION})
# Bytes of memory for the writer of a language, and chunks between two of its commits.
_HEAP_BYTES = 128_000_000
_COMMIT_EVERY = 50_000
# Once more chunks than this were fetched, no further ones with the same score are looked for.
_MOST_EQUAL = 10_000
# Tantivy's segments: written once and never changed, so that a copy of an index may share them.
_WRITTEN_ONCE = frozenset({".store", ".term", ".idx", ".pos", ".fieldnorm", ".fast", ".del"})

Where = TypeVar("Where")
# (field, index term) -> weight
Weights = Mapping[tuple[str, str], float]


class LexicalIndex:
    """A reader of the indexes in use; it follows newer ones that another process has swapped in.

    A language has an index of its own, hence document frequencies and lengths of its own, however few its articles are
    among the others; and a query that is nothing but terms, of which Tantivy passes over those that cannot matter.
    """

    def __init__(self, data: Path, catalog: Catalog | None = None) -> None:
        """Open the indexes under a data folder. Raises KhabarError where there are none, or of another version or catalog."""
        self._folder = data / FOLDER
        self._data = data
        self._catalog = catalog
        self._generation: Generation | None = None
        self._mirror: finalize[..., LexicalIndex] | None = None
        self._looked_at: tuple[object, ...] | None = None
        self._refreshing = threading.Lock()  # a slow thread must not bring back what another has replaced meanwhile
        self._refresh()

    def _refresh(self) -> None:
        files = self._files()
        if self._looked_at == files:  # as nearly always; each search asks ten times
            return
        with self._refreshing:
            self._follow()
            # In a folder that is missing, or that has changed meanwhile, it is looked again.
            self._looked_at = files if None not in files and files == self._files() else None

    def _files(self) -> tuple[object, ...]:
        """Return how the files were last written that tell the generation in use and the catalog that it is of."""
        home = self._folder / self._generation.name if self._generation else self._folder
        catalog = [self._catalog.file, self._catalog.log] if self._catalog else []
        return tuple(map(_written, (pointer(self._folder), home))) + tuple(_written(file) or 0 for file in catalog)

    def _follow(self) -> None:
        generation = self._in_use()
        if generation == self._generation:
            return
        home = self._folder / generation.name
        try:
            self._open(home, generation)
        except KhabarError:
            if read_generation(self._folder) == generation:
                raise
            self._follow()  # it was replaced, and deleted, while it was opened

    def _in_use(self) -> Generation:
        """Return the generation in use. Raises KhabarError where there is none that this Khabar and its catalog can read."""
        generation = read_generation(self._folder)
        if generation is None:
            if is_lost(self._folder):
                raise damaged(self._folder, OSError("current.json is damaged, or what it names is missing"))
            raise never_built(self._data)
        if generation.made_with not in _READ:
            raise KhabarError(
                f"the index in '{self._data}' is of version {generation.made_with}, this Khabar reads {VERSION}",
                "run khabar index --rebuild",
            )
        if self._catalog and not is_of(generation, self._catalog):
            raise KhabarError(
                f"the index of words in '{self._folder}' is of another catalog than '{self._catalog.file}'",
                "run khabar index, which builds it anew; no article is lost",
            )
        return generation

    def _open(self, home: Path, generation: Generation) -> None:
        if generation.mark and (damage := damage_of(home, thorough=False)):
            raise damaged(home, OSError(damage))
        with _reading(home):
            if self._generation is None or generation.name != self._generation.name:
                if self._mirror:
                    self._mirror()
                place = home if os.access(home, os.W_OK) else mirrored(home)
                # Goes with this reader, or as soon as it reads elsewhere.
                self._mirror = None if place == home else finalize(self, shutil.rmtree, place, ignore_errors=True)
                self._indexes = {language: tantivy.Index.open(str(place / language)) for language in LANGUAGES}
            for index in self._indexes.values():
                index.reload()
            self._searchers = {language: index.searcher() for language, index in self._indexes.items()}
        self._home, self._generation = home, generation
        self._frequency = lru_cache(maxsize=200_000)(self._counted_frequency)

    @property
    def state(self) -> Generation:
        """The generation in use: what is found before and after it changes is of two states of the archive."""
        self._refresh()
        assert self._generation
        return self._generation

    @property
    def revision(self) -> int:
        """The revision of the catalog that the indexes in use have seen; what a reader is shown is of that revision."""
        return self.state.revision

    @property
    def sizes(self) -> dict[Language, int]:
        """The number of chunks in each language."""
        self._refresh()
        return {language: int(searcher.num_docs) for language, searcher in self._searchers.items()}

    def document_frequency(self, field: str, term: str, language: Language) -> int:
        """Return how many chunks of a language hold an index term."""
        return self._frequency(field, term, language)

    def _counted_frequency(self, field: str, term: str, language: Language) -> int:
        with _reading(self._home):
            return int(self._searchers[language].doc_freq(field, term))

    def search(
        self, weights: Weights, language: Language, top_k: int, within: Filter = EVERYTHING
    ) -> list[tuple[int, float]]:
        """Return (chunk id, BM25 score), best first, for weighted index terms within a language and a filter."""
        self._refresh()
        if not weights or language not in within.languages:
            return []
        searcher, schema = self._searchers[language], self._indexes[language].schema
        terms = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, term), weight))
            for (field, term), weight in weights.items()
        ]
        query = tantivy.Query.boolean_query(terms)
        if not within.passes_all:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (query, *_conditions(schema, within))])
        with _reading(self._home):
            found = with_equals(lambda count: searcher.search(query, count, count=False).hits, top_k)
            chunk_ids = searcher.fast_field_values("chunk_id", [address for _, address in found])
        scored = [(int(chunk_id), score) for chunk_id, (score, _) in zip(chunk_ids, found, strict=True)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:top_k]

    def holding(self, groups: Collection[Collection[str]], language: Language, within: Filter = EVERYTHING) -> list[int]:
        """Return the ids of all chunks of a language and a filter that hold every gram of at least one of the groups.

        Without groups, of all chunks there.
        """
        self._refresh()
        if language not in within.languages:
            return []
        searcher, schema = self._searchers[language], self._indexes[language].schema
        parts = [] if within.passes_all else _conditions(schema, within)
        if groups:
            parts.append(_any_of([_all_of([tantivy.Query.term_query(schema, "grams", g) for g in group]) for group in groups]))
        query = _all_of(parts) if parts else tantivy.Query.all_query()
        with _reading(self._home):
            return sorted(chunk_id for chunk_id, _ in _held(searcher, query))


def _written(file: Path) -> tuple[int, int, int] | None:
    """Return what tells a writing of a file from the one before; None where there is none."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def with_equals(find: Callable[[int], Iterable[tuple[float, Where]]], top_k: int) -> list[tuple[float, Where]]:
    """Return (score, where) of the best `top_k` chunks and of all that score as much as the last of them.

    `find` returns that many, best first. Of equal ones an engine takes those that were written first, which is a matter of
    history; and the order in which it adds up a chunk's terms is one, too, so that the last digits of a score mean nothing.
    Where more than `_MOST_EQUAL` are equal, all for one common word, it stays at that.
    """
    count = top_k + 1
    while True:
        found = [(_rounded(score), where) for score, where in find(count)]
        if len(found) < count or found[-1][0] < found[top_k - 1][0] or count > _MOST_EQUAL:
            return found
        count *= 4


def _rounded(score: float) -> float:
    return float(f"{score:.4g}")


def _held(searcher: tantivy.Searcher, query: tantivy.Query) -> list[tuple[int, int]]:
    """Return (chunk id, number of the segment) of all chunks that a query finds."""
    found = searcher.search(query, max(int(searcher.num_docs), 1), count=False).hits
    chunk_ids = searcher.fast_field_values("chunk_id", [address for _, address in found])
    return [(int(chunk_id), address.segment_ord) for chunk_id, (_, address) in zip(chunk_ids, found, strict=True)]


@contextmanager
def _reading(home: Path) -> Iterator[None]:
    """Tell damage as what it is: Tantivy raises OSError or ValueError for it, or panics, which is no Exception."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise damaged(home, error) from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise damaged(home, ValueError("Tantivy cannot read them")) from error


def _is_panic(error: BaseException) -> bool:
    return type(error).__name__ == "PanicException"


def _all_of(queries: Collection[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any_of(queries: Collection[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _conditions(schema: tantivy.Schema, within: Filter) -> list[tantivy.Query]:
    """Return what a chunk must meet besides, at no score."""
    conditions = []
    if within.outlets:
        outlets = [tantivy.Query.term_query(schema, "outlet", squash(outlet)) for outlet in within.outlets]
        conditions.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, outlet) for outlet in outlets]))
    if within.since or within.until:
        since, until = within.since or date.min, within.until or date.max
        conditions.append(
            tantivy.Query.range_query(schema, "published", tantivy.FieldType.Integer, since.toordinal(), until.toordinal())
        )
    return [tantivy.Query.boost_query(condition, 0.0) for condition in conditions]


def seen_revision(catalog: Catalog, data: Path) -> int:
    """Return the revision that readers of the indexes in use see; 0 where there are none of this version and catalog."""
    current = read_generation(data / FOLDER)
    known = current and current.mark and current.made_with == VERSION and is_of(current, catalog)
    return current.revision if current and known else 0


def update_lexical(
    catalog: Catalog, data: Path, rebuild: bool, advance: Callable[[int], None], tell: Tell = silent
) -> None:
    """Bring the index up to the catalog's revision; `advance` hears of each chunk that was added.

    One that is of another catalog, is damaged, or does not hold as many chunks as the catalog afterwards is built anew, and
    `tell` hears why.
    """
    folder, target = data / FOLDER, catalog.revision
    current = None if rebuild else usable(folder, catalog, VERSION, "The index of words", tell)
    if current and current.revision == target:
        return
    new = partial(Generation, revision=target, made_with=VERSION, mark=catalog.mark_of(target))
    # A copy is changed and swapped in, so that a reader that opens the index meanwhile, or after a kill, finds it whole.
    home = new_generation_folder(folder, copy_of=current, linked=_WRITTEN_ONCE)
    if current:
        if _is_brought_up(home, catalog, current.revision, advance):
            switch_to(folder, new(home.name), keep_last=not catalog.removed_since(current.revision))
            return
        tell("The index of words is damaged; it is built anew.")
        home = new_generation_folder(folder)
    write_lexical(catalog, home, advance)
    switch_to(folder, new(home.name), keep_last=False)


def write_lexical(catalog: Catalog, home: Path, advance: Callable[[int], None]) -> None:
    """Write the indexes of a whole catalog into an empty folder."""
    try:
        _write(_created(home), catalog, None, advance)
    except ValueError as error:  # what Tantivy raises for a full disk
        raise not_writable(home.parent.parent, error) from error


def _created(home: Path) -> dict[Language, tantivy.Index]:
    indexes: dict[Language, tantivy.Index] = {}
    for language in LANGUAGES:
        (home / language).mkdir()
        indexes[language] = tantivy.Index(_schema(), path=str(home / language))
    return indexes


def _is_brought_up(home: Path, catalog: Catalog, since: int, advance: Callable[[int], None]) -> bool:
    """Write what changed after a revision into the indexes; tell whether they were whole and have all chunks now."""
    try:
        indexes = {language: tantivy.Index.open(str(home / language)) for language in LANGUAGES}
        return _write(indexes, catalog, since, advance) == catalog.counts()["chunks"]
    except ValueError:  # what Tantivy raises for a damaged index
        return False
    except BaseException as error:
        if not _is_panic(error):
            raise
        return False


def _write(
    indexes: Mapping[Language, tantivy.Index], catalog: Catalog, since: int | None, advance: Callable[[int], None]
) -> int:
    """Write what changed after a revision, or everything into new indexes, and return how many chunks they hold then."""
    schema = _schema()
    writers = {language: index.writer(heap_size=_HEAP_BYTES, num_threads=1) for language, index in indexes.items()}

    def add(chunk: Chunk) -> None:
        writers[chunk.language].add_document(tantivy.Document.from_dict(_fields(chunk), schema))

    removed = set() if since is None else set(catalog.removed_since(since))
    for language, index in indexes.items():
        again = _sharing_with(removed, index) if removed else set()
        for chunk_id in again:
            writers[language].delete_documents_by_term("chunk_id", chunk_id)
        for chunk in catalog.present(sorted(again - removed)):
            add(chunk)
    for count, chunk in enumerate(catalog.chunks_since(since or 0), 1):
        add(chunk)
        advance(1)
        if count % _COMMIT_EVERY == 0:
            for writer in writers.values():
                writer.commit()
    for language, writer in writers.items():
        writer.commit()
        writer.wait_merging_threads()
        indexes[language].reload()
    return sum(int(index.searcher().num_docs) for index in indexes.values())


def _sharing_with(removed: AbstractSet[int], index: tantivy.Index) -> set[int]:
    """Return the chunks of the segments that hold removed ones, which are among them.

    Tantivy goes on counting what was removed, in frequencies and lengths, until it merges a segment, so that answers would
    depend on what was once there. A segment that is empty it forgets: so what else is in it is written again, elsewhere.
    """
    held: defaultdict[int, set[int]] = defaultdict(set)
    for chunk_id, segment in _held(index.searcher(), tantivy.Query.all_query()):
        held[segment].add(chunk_id)
    return set().union(*(chunk_ids for chunk_ids in held.values() if chunk_ids & removed))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Not add_unsigned_field: delete_documents_by_term takes a Python int for a signed one and silently deletes nothing.
    builder.add_integer_field("chunk_id", indexed=True, fast=True)
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        # Not "basic" for stems, which come once: without frequencies Tantivy cannot pass over whole blocks of chunks.
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _fields(chunk: Chunk) -> dict[str, int | str]:
    fields: dict[str, int | str] = {"chunk_id": chunk.chunk_id, **index_terms(chunk)}
    if chunk.outlet:
        fields["outlet"] = squash(chunk.outlet)
    if chunk.published:
        fields["published"] = chunk.published.toordinal()
    return fields
