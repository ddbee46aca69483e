from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.types import KhabarError
from index.watch import changes
from tests.index.made import ARABIC, PERSIAN, write_articles


@pytest.mark.slow
def test_what_changes_is_told_once_it_is_quiet_and_what_does_not_count_is_not(tmp_path):
    folder, ended = write_articles(tmp_path / "أخبار"), threading.Event()
    seen = changes([folder], ended, folder / "data")
    assert next(seen) == 0, "the first, before anything changes"
    write_articles(folder, {"data/catalog.sqlite": "x", ".hidden/a.txt": ARABIC, "sub/.b.txt": PERSIAN})
    write_articles(folder, {"قمة.txt": ARABIC, "دیدار‌ها.txt": PERSIAN, "ar.txt": PERSIAN})
    assert next(seen) in (3, 4), "the three files, perhaps the folder that was made"
    (folder / "قمة.txt").unlink()
    assert next(seen) == 1
    ended.set()
    assert list(seen) == []


@pytest.mark.slow
def test_it_yields_when_it_is_to_be_tried_again(tmp_path):
    ended, due = threading.Event(), iter([False, True])
    seen = changes([write_articles(tmp_path / "n")], ended, tmp_path, lambda: next(due))
    assert [next(seen), next(seen)] == [0, 0] and next(due, None) is None


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(KhabarError, match="a folder cannot be watched.*; check its spelling"):
        next(changes([tmp_path / "ناپیدا"], threading.Event(), Path("data")))
