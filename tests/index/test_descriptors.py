"""A server lives for months: what its threads, and the index runs beside it, open is closed again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from index.catalog import FILE_NAME, Catalog
from index.lexical import LexicalIndex
from index.vectors import VectorIndex
from tests.index.made import TinyEmbedder, build, write_articles

# A burst is so many questions at once; a thread's connection to the catalog has three descriptors at most. Of fewer threads
# fewer descriptors are allowed in the end, and as small a share of two hundred bursts that stayed open is found out.
_AT_ONCE = 10
_OF_A_CONNECTION = 3

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are counted in /proc")


@pytest.fixture
def written(tmp_path):
    texts = {
        "ar.txt": "قمة بودابست\nقال البيت الأبيض إنّ القمّة أُرجئت ٣٥ يوما.",
        "fa.txt": "دیدار بوداپست\nکاخ سفید می‌گوید دیدار رئیس‌جمهور ۳۵ روز عقب افتاد.",
        "en.txt": "Budapest meeting\nThe meeting is put off for 35 days.",
    }
    (tmp_path / "news").mkdir()
    write_articles(tmp_path / "news", texts)
    build(tmp_path / "data", tmp_path / "news")
    return tmp_path


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def burst(read: Callable[[], object]) -> None:
    threads = [threading.Thread(target=read) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.slow
def test_two_hundred_bursts_of_readers(written):
    catalog = Catalog(written / "data" / FILE_NAME)
    words = LexicalIndex(written / "data", catalog)
    found: list[int] = []

    def read() -> None:
        near = words.search({("grams", "_قمه"): 1.0}, "ar", 5) + words.search({("grams", "_ديد"): 1.0}, "fa", 5)
        found.append(len(catalog.chunks([chunk_id for chunk_id, _ in near])))

    read()
    before = descriptors()
    for _ in range(200):
        burst(read)
    assert found == [2] * (200 * _AT_ONCE + 1)
    assert descriptors() <= before + _OF_A_CONNECTION * _AT_ONCE
    catalog.close()


@pytest.mark.slow
def test_twenty_runs_of_the_indexer_beside_a_reader(written):
    catalog = Catalog(written / "data" / FILE_NAME)
    words, vectors = LexicalIndex(written / "data", catalog), VectorIndex(written / "data", TinyEmbedder(), catalog)
    question = TinyEmbedder().embed_query("گزارش تازه از بوداپست")
    counts: list[int] = []
    for number in range(20):
        write_articles(written / "news", {f"{number}.txt": f"گزارش {number}\nگزارش تازه‌ی شماره‌ی {number} از بوداپست."})
        build(written / "data", written / "news")
        assert len(vectors.search(question, "fa", 50)) == words.sizes["fa"] == number + 2
        counts.append(descriptors())
    # Which of them are open at a moment varies; a run that left its own would add ten each.
    assert max(counts[-5:]) <= max(counts[2:7]) + 10
    catalog.close()
