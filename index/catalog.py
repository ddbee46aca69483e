"""The SQLite catalog: sources, articles, chunks and embeddings. The only truth; the other stores derive from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from index.catalog_file import CatalogFile
from index.chunk import Span
from index.failures import told
from index.lines import fill_lines, write_line
from index.queries import PAST, PRESENT, in_languages, in_parts, marks, passing
from index.schema import FORMAT, PAST_ANEW, new_mark
from index.stored_embeddings import StoredEmbeddings, drop_unused_embeddings, text_hash
from index.types import LANGUAGES, Article, Chunk, Entry, Facts, Filter, KhabarError, Language, Problem

FILE_NAME = "catalog.sqlite"
# The fingerprint of a file that is not stored as a whole yet, so that the next run reads it again.
UNFINISHED = "incomplete"
# The ids of an article's chunks follow each other; this many are reserved for each article.
_IDS_APART = 1 << 19
_ARTICLE_COLUMNS = "a.article_id, a.path, a.title, a.outlet, a.published, a.language, a.url, a.text"
_WITH_FACTS = f"{_ARTICLE_COLUMNS}, (SELECT f.facts FROM facts f WHERE f.article_id = a.article_id)"
_CHUNK_COLUMNS = 'c.chunk_id, a.article_id, a.language, a.title, c.start, c."end", c.text, a.outlet, a.published'


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as the catalog knows it: where it lies, the path that citations show, and its content's fingerprint."""

    location: str
    path: str
    fingerprint: str


class Catalog:
    """One open catalog, its vectors as `embeddings`; safe to use from several threads, each on its own connection."""

    def __init__(self, file: Path, *, writable: bool = False) -> None:
        """Open the catalog at `file`; with `writable` it is created where there is none.

        Raises KhabarError where it does not exist, is no catalog, or the folder cannot be written.
        """
        self.file = file
        self._opened = CatalogFile(file, writable=writable)
        self.embeddings = StoredEmbeddings(self._opened)
        self._mark: str | None = None
        if writable and self.meta("format") == "1":
            self._bring_up_from_1()
        if writable:
            with told(self.file, writing=True), self.connection as connection:
                fill_lines(connection)

    def _bring_up_from_1(self) -> None:
        """Number the chunks by what they hold, as format 2 does; readers still find them under their old numbers."""
        try:
            with told(self.file, writing=True), self.connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement in PAST_ANEW.split(";"):
                    connection.execute(statement)
                connection.execute("INSERT OR IGNORE INTO history VALUES (0, ?)", (new_mark(),))
                connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (FORMAT,))
                revision = self.revision + 1
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('revision', ?)", (str(revision),))
                for (article_id,) in connection.execute("SELECT article_id FROM articles ORDER BY path").fetchall():
                    self._replace_article(connection, article_id, {}, revision)
        except KhabarError:
            self.close()
            raise

    @property
    def log(self) -> Path:
        """Where SQLite writes what is not in the file itself yet: each change of the catalog changes the one or the other."""
        return self.file.with_name(f"{self.file.name}-wal")

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for the modules that keep tables of their own beside these."""
        return self._opened.connection

    def close(self) -> None:
        """Close every thread's connection."""
        self._opened.close()

    # What the catalog knows of itself

    def meta(self, key: str) -> str | None:
        """Return a stored fact, such as the embedder's name."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact."""
        with self.connection as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def revision(self) -> int:
        """The number of the last change; a derived store that has seen it is up to date."""
        return int(self.meta("revision") or 0)

    def mark_of(self, revision: int) -> str:
        """Return the mark of the run that made a revision; "" where none is known: of a later one, or of an earlier Khabar."""
        if revision > self.revision:
            return ""
        row = self.connection.execute(
            "SELECT mark FROM history WHERE revision <= ? ORDER BY revision DESC LIMIT 1", (revision,)
        ).fetchone()
        return "" if row is None else str(row[0])

    @contextmanager
    def _change(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        mark = self._mark or new_mark()
        with self.connection as connection:
            revision = self.revision + 1
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('revision', ?)", (str(revision),))
            if self._mark is None:
                connection.execute("INSERT INTO history VALUES (?, ?)", (revision, mark))
            yield connection, revision
        self._mark = mark

    # Sources and their articles

    def sources(self) -> dict[str, SourceFile]:
        """Return every source by its location."""
        rows = self.connection.execute("SELECT location, path, fingerprint FROM sources")
        return {row[0]: SourceFile(*row) for row in rows}

    def replace_source(self, source: SourceFile, articles: Sequence[tuple[Article, Sequence[Span]]]) -> None:
        """Store a file's articles and chunks in one transaction, in place of what the catalog had of that file.

        An article whose text and metadata are unchanged keeps its chunks, and so its place in the derived stores.
        """
        articles = self._wanted(articles)
        with self._change() as (connection, revision):
            connection.execute(
                "INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT (location) DO UPDATE SET fingerprint = excluded.fingerprint",
                (source.location, source.path, source.fingerprint),
            )
            known = {article.article_id: article for article in self._articles("WHERE location = ?", source.location)}
            new = {article.article_id: (article, spans) for article, spans in articles}
            for article_id, article in known.items():
                if new.get(article_id) == (article, self._spans(article_id)):
                    del new[article_id]
                else:
                    _drop_article(connection, article_id, revision)
            for article, spans in new.values():
                _add_article(connection, source.location, article, spans, revision)
            self._set_facts(connection, articles)

    def store_part(self, source: SourceFile, articles: Sequence[tuple[Article, Sequence[Span]]]) -> None:
        """Store some of a file's many articles in one transaction; those that it had stay until `finish_source`."""
        articles = self._wanted(articles)
        with self._change() as (connection, revision):
            connection.execute(
                "INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT (location) DO UPDATE SET fingerprint = excluded.fingerprint",
                (source.location, source.path, UNFINISHED),
            )
            for article, spans in articles:
                own = self._articles("WHERE article_id = ? AND location = ?", article.article_id, source.location)
                known = next(iter(own), None)
                if known == article and self._spans(article.article_id) == list(spans):
                    continue
                if known:
                    _drop_article(connection, article.article_id, revision)
                _add_article(connection, source.location, article, spans, revision)
            self._set_facts(connection, articles)

    def finish_source(self, source: SourceFile, kept: Collection[str]) -> None:
        """Drop what is no longer in a file that was stored in parts: all articles except those whose ids are `kept`."""
        with self._change() as (connection, revision):
            rows = connection.execute("SELECT article_id FROM articles WHERE location = ?", (source.location,)).fetchall()
            for (article_id,) in rows:
                if article_id not in kept:
                    _drop_article(connection, article_id, revision)
            connection.execute("UPDATE sources SET fingerprint = ? WHERE location = ?", (source.fingerprint, source.location))

    def _wanted(self, articles: Sequence[tuple[Article, Sequence[Span]]]) -> list[tuple[Article, Sequence[Span]]]:
        """Return the articles without those that a user took out of the archive."""
        withdrawn = {row[0] for row in self.connection.execute("SELECT article_id FROM withdrawn")}
        return [(article, spans) for article, spans in articles if article.article_id not in withdrawn]

    def _set_facts(self, connection: sqlite3.Connection, articles: Sequence[tuple[Article, Sequence[Span]]]) -> None:
        for article, _ in articles:
            _describe(connection, article)

    def drop_source(self, location: str) -> None:
        """Forget a file and everything that came from it."""
        with self._change() as (connection, revision):
            for article in self._articles("WHERE location = ?", location):
                _drop_article(connection, article.article_id, revision)
            connection.execute("DELETE FROM sources WHERE location = ?", (location,))
            connection.execute("DELETE FROM problems WHERE location = ?", (location,))

    def entries(self) -> list[Entry]:
        """Return every article without its text, in the order of its path."""
        return self._entries("1", [])

    def entries_of(self, article_ids: Sequence[str]) -> dict[str, Entry]:
        """Return the articles of these ids without their texts; those that are not there are left out."""
        found = (self._entries(f"a.article_id IN {marks(part)}", part) for part in in_parts(article_ids))
        return {entry.article_id: entry for entries in found for entry in entries}

    def _entries(self, condition: str, values: Sequence[str]) -> list[Entry]:
        columns = "a.article_id, a.path, a.title, a.outlet, a.published, a.language, a.url, f.facts"
        rows = self.connection.execute(
            f"SELECT {columns} FROM articles a LEFT JOIN facts f ON f.article_id = a.article_id WHERE {condition} "
            "ORDER BY a.path",
            values,
        )
        return [Entry(row[0], row[1], row[2], row[3], _day(row[4]), row[5], row[6], _facts(row[7])) for row in rows]

    def has_undated(self) -> bool:
        """Tell whether an article has no day of publication."""
        return self.connection.execute("SELECT 1 FROM articles WHERE published IS NULL").fetchone() is not None

    def date_articles(self, days: Mapping[str, date]) -> None:
        """Give articles, by their id, a day of publication; their texts, and so their vectors, stay as they are."""
        with self._change() as (connection, revision):
            for article_id, day in days.items():
                self._replace_article(connection, article_id, {"published": day}, revision)

    def _replace_article(
        self, connection: sqlite3.Connection, article_id: str, changes: Mapping[str, Any], revision: int
    ) -> None:
        """Put an article with changes in the place of what it was; its texts, its facts and its file stay as they are."""
        article, location = self.article(article_id), self.location_of(article_id)
        if article and location:
            spans = self._spans(article_id)
            _drop_article(connection, article_id, revision)
            _add_article(connection, location, replace(article, **changes), spans, revision)
            _describe(connection, replace(article, **changes))

    def drop_articles(self, article_ids: Sequence[str]) -> None:
        """Drop some articles; the files that they came from, and whatever else is in these, stay."""
        with self._change() as (connection, revision):
            for article_id in article_ids:
                _drop_article(connection, article_id, revision)

    def note_problems(self, location: str, problems: Sequence[Problem]) -> None:
        """Keep what was met in a file, in place of what was met before."""
        known = set(self.connection.execute("SELECT path, reason, skipped FROM problems WHERE location = ?", (location,)))
        rows = {(problem.path, problem.reason, int(problem.skipped)) for problem in problems}
        if rows == known:
            return
        with self.connection as connection:
            connection.execute("DELETE FROM problems WHERE location = ?", (location,))
            connection.executemany("INSERT INTO problems VALUES (?, ?, ?, ?)", [(location, *row) for row in sorted(rows)])
            kinds = [(problem.reason, problem.kind) for problem in problems]
            connection.executemany("INSERT OR REPLACE INTO problem_kinds VALUES (?, ?)", kinds)

    def forget_problems(self, kept: Callable[[str, Problem], bool]) -> None:
        """Forget the problems, each with the location of its file, that are not `kept`."""
        rows = self.connection.execute("SELECT rowid, location, path, reason, skipped FROM problems").fetchall()
        gone = [(row[0],) for row in rows if not kept(row[1], Problem(row[2], row[3], bool(row[4])))]
        if gone:
            with self.connection as connection:
                connection.executemany("DELETE FROM problems WHERE rowid = ?", gone)
                connection.execute("DELETE FROM problem_kinds WHERE reason NOT IN (SELECT reason FROM problems)")

    def problems(self) -> list[Problem]:
        """Return what was met in the files when they were last read, in the order of their paths."""
        return self._problems("1", [])

    def problems_of(self, paths: Sequence[str]) -> list[Problem]:
        """Return what was met in the articles and files of these paths."""
        return [each for part in in_parts(paths) for each in self._problems(f"p.path IN {marks(part)}", part)]

    def problems_in(self, location: str) -> list[Problem]:
        """Return what was met in one file."""
        return self._problems("p.location = ?", [location])

    def _problems(self, condition: str, values: Sequence[str]) -> list[Problem]:
        rows = self.connection.execute(
            "SELECT p.path, p.reason, p.skipped, coalesce(k.kind, 'other') FROM problems p "
            f"LEFT JOIN problem_kinds k ON k.reason = p.reason WHERE {condition} ORDER BY p.path, p.reason",
            values,
        )
        return [Problem(row[0], row[1], bool(row[2]), row[3]) for row in rows]

    def article(self, article_id: str, seen: int | None = None) -> Article | None:
        """Return one article, or None where there is none of that id; as it was at the revision `seen`, where one is given."""
        if seen is None:
            return next(iter(self._articles("WHERE article_id = ?", article_id)), None)
        # One statement: between two a writer could replace the article.
        row = self.connection.execute(
            f"SELECT {_WITH_FACTS} FROM past_articles a WHERE article_id = ? AND added <= ? AND removed > ? "
            f"UNION ALL SELECT {_WITH_FACTS} FROM articles a WHERE article_id = ? "
            "AND coalesce((SELECT max(revision) FROM chunks WHERE article_id = a.article_id), 0) <= ?",
            (article_id, seen, seen, article_id, seen),
        ).fetchone()
        return None if row is None else _article(row)

    def count_at(self, location: str) -> int:
        """Return how many articles came from a file."""
        query = "SELECT count(*) FROM articles WHERE location = ?"
        return int(self.connection.execute(query, (location,)).fetchone()[0])

    def ids_at(self, location: str) -> list[str]:
        """Return the ids of the articles that came from a file, in the order of their paths."""
        rows = self.connection.execute("SELECT article_id FROM articles WHERE location = ? ORDER BY path", (location,))
        return [row[0] for row in rows]

    def file_of_content(self, digest: str) -> tuple[str, str] | None:
        """Return (location, path) of a file of this content that articles came from, by what ends its fingerprint."""
        row = self.connection.execute(
            "SELECT s.location, s.path FROM sources s WHERE substr(s.fingerprint, -?) = ? "
            "AND EXISTS (SELECT 1 FROM articles a WHERE a.location = s.location) LIMIT 1",
            (len(digest), digest),
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def path_at(self, location: str) -> str | None:
        """Return the path of a file in the archive, without the place in it that the path of one of several articles has."""
        row = self.connection.execute("SELECT path FROM sources WHERE location = ?", (location,)).fetchone()
        return None if row is None else str(row[0])

    def location_of(self, article_id: str) -> str | None:
        """Return the file that an article came from."""
        row = self.connection.execute("SELECT location FROM articles WHERE article_id = ?", (article_id,)).fetchone()
        return None if row is None else str(row[0])

    def articles(self) -> Iterator[Article]:
        """Yield every article in the order of its path."""
        yield from self._articles("ORDER BY path")

    def _articles(self, clause: str, *values: str) -> list[Article]:
        rows = self.connection.execute(f"SELECT {_WITH_FACTS} FROM articles a {clause}", values)
        return [_article(row) for row in rows]

    def _spans(self, article_id: str) -> list[Span]:
        rows = self.connection.execute('SELECT start, "end" FROM chunks WHERE article_id = ? ORDER BY start', (article_id,))
        return [Span(*row) for row in rows]

    # Chunks

    def counts(self) -> dict[str, int]:
        """Return the number of sources, articles and chunks."""
        tables = ("sources", "articles", "chunks")
        return {table: int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables}

    def chunks(self, chunk_ids: Sequence[int], seen: int | None = None) -> dict[int, tuple[Chunk, Article]]:
        """Return the chunks of these ids, each with its article; those that are not there are left out.

        With `seen` they are those of that revision: what was replaced since then is there as it was, what came since is not.
        """
        found: dict[int, tuple[Chunk, Article]] = {}
        for part in in_parts(chunk_ids):
            wanted = f"c.chunk_id IN {marks(part)}"
            columns = f"{_CHUNK_COLUMNS}, {_WITH_FACTS}"
            query = f"SELECT {columns} FROM {PRESENT} WHERE {wanted}"
            values = part
            if seen is not None:
                query += (
                    f" AND c.revision <= ? UNION ALL SELECT {columns} FROM {PAST} WHERE {wanted} "
                    "AND a.added <= ? AND a.removed > ?"
                )
                values = [*part, seen, *part, seen, seen]
            found |= {row[0]: (_chunk(row[:9]), _article(row[9:])) for row in self.connection.execute(query, values)}
        return found

    def chunk_ids_of(self, article_id: str) -> list[int]:
        """Return the ids of an article's chunks, as it is and as it was, those of one version in their order."""
        rows = self.connection.execute(
            f"SELECT c.chunk_id FROM {PRESENT} WHERE a.article_id = ? "
            f"UNION SELECT c.chunk_id FROM {PAST} WHERE a.article_id = ? ORDER BY 1",
            (article_id, article_id),
        )
        return [row[0] for row in rows]

    def days(self, chunk_ids: Sequence[int]) -> dict[int, date]:
        """Return the days on which the articles of these chunks were published, where they are known."""
        wanted = f"c.chunk_id IN {marks(chunk_ids)}"
        rows = self.connection.execute(
            f"SELECT c.chunk_id, a.published FROM {PRESENT} WHERE {wanted} AND a.published IS NOT NULL "
            f"UNION ALL SELECT c.chunk_id, a.published FROM {PAST} "
            f"WHERE {wanted} AND a.published IS NOT NULL",
            [*chunk_ids, *chunk_ids],
        )
        return {row[0]: date.fromisoformat(row[1]) for row in rows}

    def chunks_since(self, revision: int) -> Iterator[Chunk]:
        """Yield the chunks that were added after a revision, in the order of their numbers, whatever came first."""
        yield from (
            _chunk(row)
            for row in self.connection.execute(
                f"SELECT {_CHUNK_COLUMNS} FROM {PRESENT} WHERE c.revision > ? ORDER BY c.chunk_id",
                (revision,),
            )
        )

    def present(self, chunk_ids: Sequence[int]) -> Iterator[Chunk]:
        """Yield those of these chunks that are there now."""
        for part in in_parts(chunk_ids):
            query = f"SELECT {_CHUNK_COLUMNS} FROM {PRESENT} WHERE c.chunk_id IN {marks(part)} ORDER BY c.chunk_id"
            yield from map(_chunk, self.connection.execute(query, part).fetchall())

    def outlets(self) -> list[str]:
        """Return the outlets of all articles, each once, sorted."""
        rows = self.connection.execute("SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL ORDER BY outlet")
        return [row[0] for row in rows]

    def outlet_counts(self) -> list[tuple[str, int, date | None, date | None]]:
        """Return (outlet, articles, first day, last day) of each outlet as it is spelled."""
        rows = self.connection.execute(
            "SELECT outlet, count(*), min(published), max(published) FROM articles WHERE outlet IS NOT NULL GROUP BY outlet"
        )
        return [(row[0], row[1], _day(row[2]), _day(row[3])) for row in rows]

    def language_counts(self) -> dict[Language, tuple[int, date | None, date | None]]:
        """Return (articles, first day, last day) of each language that there are articles in."""
        columns = "language, count(*), min(published), max(published)"
        rows = self.connection.execute(f"SELECT {columns} FROM articles GROUP BY language")
        return {row[0]: (row[1], _day(row[2]), _day(row[3])) for row in rows}

    def count_since(self, revision: int, languages: Iterable[Language] = LANGUAGES) -> int:
        """Return how many chunks in these languages were added after a revision."""
        within, wanted = in_languages(languages)
        row = self.connection.execute(
            f"SELECT count(*) FROM chunks c JOIN articles a USING (article_id) WHERE c.revision > ? AND {within}",
            [revision, *wanted],
        ).fetchone()
        return int(row[0])

    def removed_since(self, revision: int) -> list[int]:
        """Return the ids of the chunks that were removed after a revision."""
        rows = self.connection.execute("SELECT chunk_id FROM removed_chunks WHERE revision > ?", (revision,))
        return [row[0] for row in rows]

    def passing(self, within: Filter, chunk_ids: Sequence[int]) -> set[int]:
        """Return those of these chunks whose articles pass a filter, as they are or as they were."""
        condition, values = passing(self.connection, within)
        found: set[int] = set()
        for part in in_parts(chunk_ids):
            wanted = f"c.chunk_id IN {marks(part)}"
            rows = self.connection.execute(
                f"SELECT c.chunk_id FROM {PRESENT} WHERE {wanted} AND {condition} "
                f"UNION ALL SELECT c.chunk_id FROM {PAST} WHERE {wanted} AND {condition}",
                [*part, *values, *part, *values],
            )
            found |= {row[0] for row in rows}
        return found

    def count_within(self, within: Filter) -> int:
        """Return how many chunks' articles pass a filter."""
        condition, values = passing(self.connection, within)
        return int(self.connection.execute(f"SELECT count(*) FROM {PRESENT} WHERE {condition}", values).fetchone()[0])

    def forget_past(self, seen: int, kept: Sequence[bytes] | None = None) -> int:
        """Delete for good what was replaced or removed up to a revision that readers have seen; return how many articles.

        Where `kept` is given, the vectors of texts that no chunk has any more go with them, but for those.
        """
        with self.connection as connection:
            connection.execute(
                "DELETE FROM past_chunks WHERE version IN (SELECT version FROM past_articles WHERE removed <= ?)", (seen,)
            )
            forgotten = connection.execute("DELETE FROM past_articles WHERE removed <= ?", (seen,)).rowcount
            if forgotten and kept is not None:
                drop_unused_embeddings(connection, kept)
            return forgotten

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy the catalog, as it is at one moment, into another database. Raises sqlite3.Error."""
        self.connection.backup(target)

    def take_from(self, other: Catalog) -> None:
        """Become a copy of another catalog, for all who have this one open, in one transaction. Raises KhabarError."""
        with told(self.file, writing=True):
            other.copy_to(self.connection)
            self.settle()
        self._mark = None

    def settle(self) -> None:
        """Put all that was written on the disk for good, into the catalog's own file unless a reader is at work."""
        connection = self.connection
        connection.execute("PRAGMA busy_timeout = 2000")  # a stream of readers must not hold it up for long
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("PRAGMA busy_timeout = 30000")

def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _article(row: Sequence[Any]) -> Article:
    return Article(row[0], row[1], row[2], row[3], _day(row[4]), row[5], row[6], row[7], _facts(row[8]))


def _facts(stored: str | None) -> Facts:
    """Return stored facts; those that a later Khabar added are left out."""
    found = json.loads(stored) if stored else {}
    known = {item.name: found[item.name] for item in fields(Facts) if item.name in found}
    return Facts(**known | {"tags": tuple(known.get("tags") or ())})


def _chunk(row: Sequence[Any]) -> Chunk:
    return Chunk(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], _day(row[8]))


def _drop_article(connection: sqlite3.Connection, article_id: str, revision: int) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO removed_chunks SELECT chunk_id, ? FROM chunks WHERE article_id = ?", (revision, article_id)
    )
    version = connection.execute(
        "INSERT INTO past_articles SELECT NULL, "
        "coalesce((SELECT max(revision) FROM chunks WHERE article_id = a.article_id), 0), "
        f"?, {_ARTICLE_COLUMNS} FROM articles a WHERE article_id = ?",
        (revision, article_id),
    ).lastrowid
    connection.execute(
        'INSERT INTO past_chunks SELECT chunk_id, ?, start, "end", text, text_hash FROM chunks WHERE article_id = ?',
        (version, article_id),
    )
    connection.execute("DELETE FROM chunks WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM facts WHERE article_id = ?", (article_id,))


def _add_article(connection: sqlite3.Connection, location: str, article: Article, spans: Sequence[Span], revision: int) -> None:
    connection.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article.article_id, location, article.path, article.title, article.outlet,
            article.published.isoformat() if article.published else None, article.language, article.url, article.text,
        ),
    )  # fmt: skip
    texts = [(span, article.text[span.start : span.end]) for span in spans]
    first = _first_id(connection, article, spans)
    connection.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (first + number, article.article_id, span.start, span.end, text, text_hash(article.title, text), revision)
            for number, (span, text) in enumerate(texts)
        ],
    )


def _first_id(connection: sqlite3.Connection, article: Article, spans: Sequence[Span]) -> int:
    """Return the id of an article's first chunk: made of all that the article is, so that no history shows in an order by ids.

    Where another has it, which of a million articles happens to one if any, it is the next that is free.
    """
    day = article.published.isoformat() if article.published else None
    whole = [
        article.article_id, article.path, article.title, article.outlet, day, article.language, article.url, article.text,
        [(span.start, span.end) for span in spans],
    ]  # fmt: skip
    digest = blake2b(json.dumps(whole).encode(), digest_size=8).digest()
    first = (int.from_bytes(digest) >> 21) * _IDS_APART
    while connection.execute(
        "SELECT 1 FROM chunks WHERE chunk_id BETWEEN ? AND ? LIMIT 1", (first, first + len(spans) - 1)
    ).fetchone():
        first += _IDS_APART
    return first


def _describe(connection: sqlite3.Connection, article: Article) -> None:
    """Write what is known of an article beside what is searched, and its line in lists."""
    connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (article.article_id, _facts_json(article)))
    write_line(connection, article)


def _facts_json(article: Article) -> str:
    return json.dumps(asdict(article.facts), ensure_ascii=False)
