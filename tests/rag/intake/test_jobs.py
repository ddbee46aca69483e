from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.types import KhabarError, Problem
from rag.intake.jobs import Job, JobStore


@pytest.fixture
def store(tmp_path):
    made = JobStore(tmp_path / "jobs.sqlite", iter(range(1, 100)).__next__)
    yield made
    made.close()


def test_nothing_is_made_before_the_first_job(store, tmp_path):
    assert store.get("x") is None and store.pending() == [] and store.listed(None, (), (), 10, 0) == ([], 0)
    assert list(tmp_path.iterdir()) == []


def test_a_job_is_kept_with_all_that_is_known_of_it(store, tmp_path):
    store.add(Job("a", "add", "خبر ۱.txt", "key:س", file=Path("/x/خبر.txt"), digest="d"))
    assert stat.S_IMODE((tmp_path / "jobs.sqlite").stat().st_mode) == 0o600
    store.begin(["a"])
    problem = Problem("خبر.txt", "بلا نص; أضف نصا", kind="empty")
    store.end("a", "failed", "refused", 0, [problem])
    found = store.get("a")
    assert (found.name, found.owner, found.state, found.result, found.problems) == (
        "خبر ۱.txt", "key:س", "failed", "refused", (problem,),
    )  # fmt: skip
    assert (found.created, found.started, found.ended, found.file) == (1, 2, 3, Path("/x/خبر.txt"))


def test_what_waits_is_found_by_its_file_its_article_or_its_content(store):
    for number, name in enumerate("abc"):
        store.add(Job(name, "add", name, file=Path(f"/{name}"), article_id=f"article {number}", digest=f"digest {number}"))
    store.end("b", "done", "added", 1)
    assert [job.job_id for job in store.pending()] == ["a", "c"]
    assert [job.job_id for job in store.pending(file=Path("/c"))] == ["c"] and store.pending(file=Path("/b")) == []
    assert store.pending(article_id="article 0")[0].job_id == "a" == store.pending(digest="digest 0")[0].job_id


def test_the_list_is_of_an_owner_and_of_states_and_kinds(store):
    for number in range(6):
        store.add(Job(str(number), "index" if number % 2 else "add", "", "key:a" if number < 4 else "key:b"))
    store.end("0", "done", "added", 1)
    assert [job.job_id for job in store.listed("key:a", (), (), 2, 1)[0]] == ["2", "1"]
    assert store.listed("key:a", (), (), 2, 1)[1] == 4 and store.listed(None, (), (), 2, 0)[1] == 6
    assert [job.job_id for job in store.listed(None, ("done",), ("add", "put"), 10, 0)[0]] == ["0"]


def test_the_jobs_of_a_process_that_is_no_more_are_taken_over(store, monkeypatch):
    store.add(Job("own", "index", ""))
    store.begin(["own"])
    monkeypatch.setattr("rag.intake.jobs.os.getpid", lambda: 1)  # there is always one of this number
    store.add(Job("other's", "index", ""))
    monkeypatch.undo()
    taken = store.take_over()
    assert [replace(job, created=0, process=0, started=None, born="") for job in taken] == [Job("own", "index", "")]


@pytest.mark.skipif(not Path("/proc/1/stat").exists(), reason="the system tells not when a process began")
def test_the_number_of_a_process_that_is_no_more_may_be_another_ones(store, monkeypatch):
    monkeypatch.setattr("rag.intake.jobs.os.getpid", lambda: 1)
    store.add(Job("its", "index", ""))
    monkeypatch.setattr("rag.intake.jobs._born", lambda process: "long ago")
    store.add(Job("an earlier one's", "index", ""))
    monkeypatch.undo()
    assert [job.job_id for job in store.take_over()] == ["an earlier one's"] and store.take_over()[0].process == os.getpid()


def test_the_file_of_an_earlier_khabar_is_taken_on(store, tmp_path):
    store.add(Job("a", "add", "خبر ۱.txt"))
    store.close()
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as connection:
        connection.execute("ALTER TABLE job DROP COLUMN born")
    store.add(Job("b", "add", "خبر ۲.txt"))
    assert [(job.name, job.born != "") for job in store.pending()] == [("خبر ۱.txt", False), ("خبر ۲.txt", True)]


def test_a_file_that_is_none_of_jobs_is_told(tmp_path):
    (tmp_path / "jobs.sqlite").write_bytes(b"no database at all, but long enough to look like one" * 100)
    with pytest.raises(KhabarError, match="jobs"):
        JobStore(tmp_path / "jobs.sqlite").get("x")
