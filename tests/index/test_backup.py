"""Backup and restore: whole or told, while others ask and index."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from index import backup as backup_module
from index.backup import back_up, restore
from index.catalog import FILE_NAME, Catalog
from index.embedding import embed_archive, searchable_share
from index.lexical import LexicalIndex
from index.types import LANGUAGES, KhabarError
from tests.index.made import Quiet, TinyEmbedder, build, grams_of, nearest, rows, search, write_articles

NEWER = {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض.", "نو.txt": "نشست تازه\n۷۷ وزیر به ریاض می‌روند."}
ARTICLES = "article_id, path, title, outlet, published, language, url, text"


def nobody(line: str) -> None:
    raise AssertionError(line)


@pytest.fixture
def kept(built, tmp_path) -> Path:
    """A backup of the index over `news`, three articles."""
    made = back_up(built, tmp_path / "archive.khabar")
    assert (made.articles, made.chunks) == (3, 3) and made.bytes == (tmp_path / "archive.khabar").stat().st_size
    return tmp_path / "archive.khabar"


def refusal(data: Path, file: Path, **more: bool) -> str:
    with pytest.raises(KhabarError) as error:
        restore(data, file, Quiet(), nobody, **more)
    return str(error.value)


def test_what_was_kept_comes_back_with_its_vectors(built, kept, tmp_path):
    progress = Quiet()
    found = restore(tmp_path / "other", kept, progress, nobody)
    assert (found.articles, found.chunks) == (3, 3) and progress.heard == [("analyse", 3)] and progress.steps == 3
    for table, columns in (("articles", ARTICLES), ("chunks", "chunk_id, text"), ("embeddings", "text_hash, vector")):
        assert rows(tmp_path / "other", table, columns) == rows(built, table, columns)
    assert search(tmp_path / "other", "قمة بودابست") == search(built, "قمة بودابست") != []
    embedder = TinyEmbedder()
    assert embed_archive(tmp_path / "other", embedder, Quiet()).complete and not embedder.embedded
    assert nearest(tmp_path / "other", "دیدار") == nearest(built, "دیدار") and len(nearest(built, "دیدار")) == 3
    assert build(tmp_path / "other").unchanged == 3


def test_over_an_archive_with_articles_only_when_asked_to(built, news, kept):
    build(built, write_articles(news, NEWER))
    assert "holds 5 articles already; add --replace" in refusal(built, kept) and search(built, "77")
    restore(built, kept, Quiet(), nobody, replace=True)
    assert not any("77" in text for text in search(built, "77")) and len(rows(built, "articles", "path")) == 3
    told: list[str] = []
    assert build(built, tell=told.append).added == 2 and search(built, "77", ["fa"]) and len(nearest(built, "۷۷")) == 5
    assert told == ["The index of meaning is of another catalog; it is built anew."]


@pytest.mark.slow
def test_who_asks_while_an_archive_is_restored_finds_one_of_the_two(built, news, kept):
    build(built, write_articles(news, NEWER))
    catalog = Catalog(built / FILE_NAME)
    index, wrong, done = LexicalIndex(built, catalog), [], threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                state = index.state
                found = [chunk for language in LANGUAGES for chunk, _ in index.search(grams_of("ریاض بودابست"), language, 9)]
                texts = {chunk.text[:12] for chunk, _ in catalog.chunks(found, state.revision).values()}
                if index.state == state and len(texts) not in (2, 4):
                    wrong.append(texts)
            except KhabarError as error:
                if "of another catalog" not in str(error):  # for as long as it takes to rename a file
                    wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        restore(built, kept, Quiet(), nobody, replace=True)
        build(built)
    restore(built, kept, Quiet(), nobody, replace=True)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong and sum(index.sizes.values()) == 3 and catalog.counts()["articles"] == 3
    catalog.close()


def test_a_backup_is_of_one_moment_while_others_write(built, news, tmp_path):
    build(built, write_articles(news, NEWER))
    catalog = Catalog(built / FILE_NAME, writable=True)
    with catalog.connection as connection:
        connection.execute("DELETE FROM chunks")
        made = back_up(built, tmp_path / "a.khabar")  # in the midst of another's transaction
        connection.rollback()
    catalog.close()
    assert (made.articles, made.chunks) == (5, 5)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_short_is_told_and_changes_nothing(built, kept, share):
    content, before = kept.read_bytes(), rows(built, "articles", ARTICLES)
    kept.write_bytes(content[: int(share * len(content))])
    assert "is not a whole backup of Khabar" in refusal(built, kept, replace=True)
    assert rows(built, "articles", ARTICLES) == before and not list(built.glob(".restore-*"))


def test_a_backup_with_a_wrong_byte_is_told(built, kept):
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 0x41
    kept.write_bytes(bytes(content))
    assert "is not a whole backup of Khabar" in refusal(built, kept, replace=True) and len(search(built, "قمة")) == 1


def test_what_is_no_backup_is_told(data, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("خبر.txt", "قمة")
    (tmp_path / "خبر.txt").write_text("قمة")
    for name in ("other.zip", "خبر.txt"):
        message = refusal(data, tmp_path / name)
        assert name in message and "not a whole backup" in message
    assert "cannot be read (No such file or directory)" in refusal(data, tmp_path / "none")
    assert not (data / FILE_NAME).exists()


def test_a_backup_of_a_later_khabar_is_told(built, kept, tmp_path):
    with closing(sqlite3.connect(built / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(tmp_path / "later.khabar", "w") as new:
        new.writestr("backup.json", old.read("backup.json"))
        new.write(built / FILE_NAME, FILE_NAME)
    message = refusal(tmp_path / "other", tmp_path / "later.khabar")
    assert "by a later Khabar" in message and "update Khabar" in message


def test_a_broken_catalog_is_put_aside(built, kept):
    for file in built.glob(f"{FILE_NAME}*"):
        file.write_bytes(b"something else entirely" * 100)
    told: list[str] = []
    restore(built, kept, Quiet(), told.append)
    assert len(search(built, "قمة")) == 1 and len(told) == 1 and ".broken" in told[0]
    assert (built / f"{FILE_NAME}.broken").read_bytes().startswith(b"something")


def test_ended_between_catalog_and_words_it_is_told_and_the_next_run_mends_it(built, news, kept, monkeypatch):
    build(built, write_articles(news, NEWER))

    def end(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(backup_module, "switch_to", end)
        restore(built, kept, Quiet(), nobody, replace=True)
    catalog = Catalog(built / FILE_NAME)
    with pytest.raises(KhabarError, match="of another catalog than .*; run khabar index"):
        LexicalIndex(built, catalog)
    assert searchable_share(catalog, TinyEmbedder()).chunks == 0
    catalog.close()
    (news / "new.txt").unlink()
    assert build(built).articles == 4 and search(built, "۷۷", ["fa"])


def test_a_place_that_cannot_be_written_and_an_indexer_at_work_are_told(built, kept, tmp_path):
    with pytest.raises(KhabarError, match="the backup '.*' cannot be written"):
        back_up(built, tmp_path / "no" / "folder" / "a.khabar")
    with FileLock(built / "index.lock"):
        assert "another khabar is indexing into" in refusal(built, kept, replace=True)
        assert back_up(built, kept).articles == 3, "a backup needs no lock"
    with pytest.raises(KhabarError, match="there is no index in"):
        back_up(tmp_path / "none", tmp_path / "b.khabar")
    shutil.rmtree(built)
