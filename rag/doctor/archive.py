"""Whether an archive is whole: the catalog, the stores derived from it, and what is kept beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index import lexical, vectors
from index.catalog import FILE_NAME, Catalog
from index.embedding import EmbeddingElsewhere, searchable_share, sole_embedder
from index.failures import no_catalog
from index.generation import left_behind, store_damage
from index.lock import WrittenElsewhere, sole_writer
from index.stores import LOCAL, store_of, stores_of
from index.types import KhabarError
from rag.archive import chosen_embedder
from rag.doctor.finding import Finding
from rag.offer import kept
from rag.settings import Settings

_ANEW = "run khabar index, which builds it anew; no article is lost"


def check_archive(settings: Settings) -> Iterator[Finding]:
    """Look at the index; each file that is damaged is named."""
    data = settings.data
    if not (data / FILE_NAME).exists():
        yield Finding("warning", "index", f"there is no index in '{data}'", "build one: khabar index FOLDER")
        return
    with closing(Catalog(data / FILE_NAME)) as catalog:
        yield _catalog(catalog)
        yield from _words_and_vectors(settings, catalog)
    yield from _beside(data)
    yield from _at_work(data)


def _catalog(catalog: Catalog) -> Finding:
    found = [str(row[0]) for row in catalog.connection.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise no_catalog(catalog.file, " ".join(found[0].split())[:160])
    counts = catalog.counts()
    return Finding("ok", "index", f"{counts['articles']:,} articles in {counts['chunks']:,} chunks, and every page is whole")


def _words_and_vectors(settings: Settings, catalog: Catalog) -> Iterator[Finding]:
    data, embedder = settings.data, chosen_embedder(settings)
    if store_of(catalog) == LOCAL:
        for name, folder in (("words", data / lexical.FOLDER), ("vectors", data / vectors.FOLDER)):
            damage = store_damage(folder, catalog)
            if damage:
                yield Finding("fault", name, f"'{folder}' {damage}", _ANEW)
            elif folder.is_dir():
                yield Finding("ok", name, "as they were written, and of this index")
            if left := left_behind(folder):
                told = f"'{left[0]}' was begun by a run that did not end"
                yield Finding("warning", name, told, "leave it if khabar index is running; the next run takes it away")
    else:
        stores_of(catalog).open_lexical(catalog)
        yield Finding("ok", "words", f"they are in {store_of(catalog)}, which answers")
    seen = stores_of(catalog).seen_revision(catalog)
    if catalog.counts()["chunks"] and seen != catalog.revision:
        yield Finding("fault" if not seen else "warning", "words", "they lack what was indexed last", "run khabar index")
    share = searchable_share(catalog, embedder)
    if not share.complete:
        told = f"{share.chunks:,} of {share.of:,} chunks are embedded ({share.percent}%); words find the others"
        yield Finding("warning", "vectors", told, "khabar index and khabar serve go on with the rest")


def _beside(data: Path) -> Iterator[Finding]:
    """Look at the other databases in the data folder, and at what can be made anew."""
    for file in sorted(data.glob("*.sqlite")):
        if file.name != FILE_NAME and (damage := _damage_of(file)):
            remedy = f"stop khabar serve and move '{file}' away, which begins an empty one; or put a copy of it in its place"
            yield Finding("fault", file.stem, f"'{file}' is damaged ({damage})", remedy)
    examples = data / kept.FILE_NAME
    if examples.exists() and kept.read_examples(examples) == kept.Examples():
        yield Finding("warning", "examples", f"'{examples}' is damaged", "khabar serve makes it anew; nothing is to be done")


def _damage_of(file: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:  # held by a server, or a disk that cannot be written: not its content
        return None if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_CANTOPEN")) else str(error)
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else " ".join(found.split())[:160]


def _at_work(data: Path) -> Iterator[Finding]:
    """Tell who holds the locks of the data folder; a lock ends with its process, so that none is left over."""
    locks = (("index.lock", sole_writer, "indexing"), ("embed.lock", sole_embedder, "embedding"))
    for name, lock, work in locks:
        if not (data / name).exists():
            continue  # it is not made here, where it may be made by another user than the one who needs it
        try:
            with lock(data):
                pass
        except (WrittenElsewhere, EmbeddingElsewhere):
            yield Finding("ok", "locks", f"another khabar is {work} now")
        except KhabarError as error:
            yield Finding("fault", "locks", error.problem, f"make '{data}' and all in it writable to the user who runs khabar")
