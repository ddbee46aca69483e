"""The Tantivy index: BM25 over the analysed chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import tantivy

from index.catalog import Catalog, never_built, not_writable
from index.generation import Generation, damaged, new_generation_folder, read_generation, switch_to
from index.text import analyse, is_latin, skeletons, words
from index.types import Chunk, KhabarError, Language

FOLDER = "lexical"
# Goes up with every change of the fields or of the analysis: an index of another version is built anew.
VERSION = "grams-2"
_HEAP_BYTES = 128_000_000
_COMMIT_EVERY = 50_000


class LexicalIndex:
    """A reader of the index in use; it follows a newer one that another process has swapped in."""

    def __init__(self, data: Path) -> None:
        """Open the index under a data folder. Raises KhabarError where there is none or it is of another version."""
        self._folder = data / FOLDER
        self._data = data
        self._generation: Generation | None = None
        self._refresh()

    def _refresh(self) -> None:
        generation = read_generation(self._folder)
        if generation is None:
            raise never_built(self._data)
        if generation.made_with != VERSION:
            raise KhabarError(
                f"the index in '{self._data}' is of version {generation.made_with}, this Khabar reads {VERSION}",
                "run khabar index --rebuild",
            )
        if generation == self._generation:
            return
        home = self._folder / generation.name
        try:
            if self._generation is None or generation.name != self._generation.name:
                self._index = tantivy.Index.open(str(home))
            self._index.reload()
            self._searcher = self._index.searcher()
        except (OSError, ValueError) as error:
            raise damaged(home, error) from error
        self._generation = generation
        self.document_frequency = lru_cache(maxsize=200_000)(self._document_frequency)

    @property
    def size(self) -> int:
        """The number of chunks in the index."""
        self._refresh()
        return int(self._searcher.num_docs)

    def _document_frequency(self, field: str, term: str) -> int:
        """Return how many chunks hold an index term."""
        return int(self._searcher.doc_freq(field, term))

    def search(
        self, weights: Mapping[tuple[str, str], float], languages: Iterable[Language], top_k: int
    ) -> list[tuple[int, float]]:
        """Return (chunk id, BM25 score), best first, for weighted (field, term) pairs within these languages."""
        self._refresh()
        if not weights:
            return []
        schema = self._index.schema
        terms = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, term), weight))
            for (field, term), weight in weights.items()
        ]
        wanted = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "language", language)) for language in languages]
        in_languages = tantivy.Query.boost_query(tantivy.Query.boolean_query(wanted), 0.0)
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, in_languages), (tantivy.Occur.Must, tantivy.Query.boolean_query(terms))]
        )
        found = self._searcher.search(query, top_k, count=False).hits
        chunk_ids = self._searcher.fast_field_values("chunk_id", [address for _, address in found])
        scored = [(int(chunk_id), float(score)) for chunk_id, (score, _) in zip(chunk_ids, found, strict=True)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def update_lexical(catalog: Catalog, data: Path, rebuild: bool, advance: Callable[[int], None]) -> None:
    """Bring the index up to the catalog's revision; `advance` hears of each chunk that was added.

    One that is damaged, or does not hold as many chunks as the catalog afterwards, is built anew.
    """
    folder = data / FOLDER
    current = read_generation(folder)
    if current is not None and (rebuild or current.made_with != VERSION):
        current = None
    seen = current.revision if current else 0
    target = catalog.revision
    if current and seen == target:
        return
    if current and _is_brought_up(folder / current.name, catalog, seen, advance):
        switch_to(folder, Generation(current.name, target, VERSION))
        return
    home = new_generation_folder(folder)
    try:
        _write(tantivy.Index(_schema(), path=str(home)), catalog, None, advance)
    except ValueError as error:  # what Tantivy raises for a full disk
        raise not_writable(data, error) from error
    switch_to(folder, Generation(home.name, target, VERSION))


def _is_brought_up(home: Path, catalog: Catalog, since: int, advance: Callable[[int], None]) -> bool:
    """Write what changed after a revision into an index; tell whether it was whole and has all chunks now."""
    try:
        return _write(tantivy.Index.open(str(home)), catalog, since, advance) == catalog.counts()["chunks"]
    except ValueError:  # what Tantivy raises for a damaged index
        return False


def _write(index: tantivy.Index, catalog: Catalog, since: int | None, advance: Callable[[int], None]) -> int:
    """Write what changed after a revision, or everything into a new index, and return how many chunks it holds then."""
    schema = _schema()
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    # A chunk that an interrupted run has written already is deleted first, so that running again is harmless.
    for chunk_id in [] if since is None else catalog.removed_since(since):
        writer.delete_documents_by_term("chunk_id", chunk_id)
    for count, chunk in enumerate(catalog.chunks_since(since or 0), 1):
        if since is not None:
            writer.delete_documents_by_term("chunk_id", chunk.chunk_id)
        writer.add_document(tantivy.Document.from_dict(_fields(chunk), schema))
        advance(1)
        if count % _COMMIT_EVERY == 0:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return int(index.searcher().num_docs)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Not add_unsigned_field: delete_documents_by_term takes a Python int for a signed one and silently deletes nothing.
    builder.add_integer_field("chunk_id", indexed=True, fast=True)
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    for field in ("body", "title", "skeleton_latin", "skeleton_arabic"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _fields(chunk: Chunk) -> dict[str, int | str]:
    found = words(f"{chunk.title} {chunk.text}")
    return {
        "chunk_id": chunk.chunk_id,
        "language": chunk.language,
        "body": " ".join(analyse(chunk.text)),
        "title": " ".join(analyse(chunk.title)),
        "skeleton_latin": _skeleton_terms([word for word in found if is_latin(word)]),
        "skeleton_arabic": _skeleton_terms([word for word in found if not is_latin(word)]),
    }


def _skeleton_terms(found: Sequence[str]) -> str:
    return " ".join(skeleton for word in found for skeleton in skeletons(word))
