"""The reading process: whatever a file does to it, the indexer goes on and names the file."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.made_files import zipped
from index.build import BuildOptions
from index.formats.process import ReadingProcess
from index.formats.worker import Task, state_of

pytestmark = pytest.mark.crash

TEXT = "---\ntitle: قمة\n---\nقال إن القمة لن تعقد."
# A module that stands for a library with a defect: what it does to the process is told by the file's content.
TRAP = """
import os, signal, time
from index.load import RawDocument
from index.types import Problem
def reader(suffix):
    def read(file, path, options):
        told = file.read()
        if b"hang" in told:
            while True: pass
        if b"sleep" in told:
            time.sleep(600)
        if b"crash" in told:
            os.kill(os.getpid(), signal.SIGSEGV)
        if b"hog" in told:
            held = [bytearray(50_000_000) for _ in range(100)]
        if b"raise" in told:
            raise RuntimeError("unforeseen")
        if b"deep" in told:
            (lambda f: f(f))(lambda f: f(f))
        yield RawDocument(path, "او گفت که دیدار لغو شد.")
    return read
"""


@pytest.fixture
def process(tmp_path, monkeypatch):
    """A reading process in which .rtf files are read by the trap."""
    place = tmp_path / "trap"
    place.mkdir()
    (place / "sitecustomize.py").write_text("")
    (place / "trap.py").write_text(TRAP)
    start = "import sys; sys.path[:] = sys.argv[2:]; import trap, index.formats.kinds as kinds\n"
    start += "sys.modules['index.formats.trap'] = trap; kinds._MODULES['.rss'] = 'trap'\n"
    monkeypatch.setattr(
        "index.formats.process._START", start + "from index.formats.worker import serve; serve(int(sys.argv[1]))"
    )
    monkeypatch.syspath_prepend(str(place))
    reading = ReadingProcess()
    yield reading
    reading.close()


def task(file: Path, **changes: float) -> Task:
    options = BuildOptions()
    made = Task(
        str(file), str(file), file.name, state_of(file.stat()), options.read_options, 120, 25, 60.0, options.memory_bytes
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def written(folder: Path, files: dict[str, str | bytes]) -> list[Path]:
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return [folder / name for name in files]


def test_what_a_parser_does_is_named_and_the_others_are_read(process, tmp_path):
    names = ["1.txt", "hang.rss", "crash.rss", "2.txt", "raise.rss", "deep.rss", "hog.rss", "3.txt"]
    files = written(tmp_path, {name: TEXT if name.endswith(".txt") else f"<rss>{name}" for name in names})
    # The clock is short for the one that never ends alone: a busy machine takes long to give the hog its memory.
    seconds = {"hang.rss": 0.5}
    found = list(process.read(task(file, seconds=seconds.get(file.name, 60), memory_bytes=300_000_000) for file in files))
    assert [reading.task.path for reading in found] == names
    kinds = {reading.task.path: [problem.kind for problem in reading.problems] for reading in found}
    assert kinds == {
        "1.txt": [], "hang.rss": ["time"], "crash.rss": ["crash"], "2.txt": [], "raise.rss": ["broken"], "deep.rss": ["nested"],
        "hog.rss": ["memory"], "3.txt": [],
    }  # fmt: skip
    assert [len(reading.articles) for reading in found] == [1, 0, 0, 1, 0, 0, 0, 1]
    assert all(problem.skipped and ";" in problem.reason for reading in found for problem in reading.problems)


def test_a_sleeping_parser_is_ended(process, tmp_path, monkeypatch):
    monkeypatch.setattr("index.formats.process._PATIENCE", 10)
    first, second = written(tmp_path, {"a.rss": "sleep", "b.txt": TEXT})
    found = list(process.read([task(first, seconds=0.3), task(second)]))
    assert [problem.kind for problem in found[0].problems] == ["time"] and len(found[1].articles) == 1


def test_a_part_that_ends_the_process_does_not_take_the_archive_with_it(process, tmp_path):
    content = zipped({"1.txt": TEXT, "crash.rss": "<rss>crash", "2.txt": TEXT, "hang.rss": "<rss>hang", "3.txt": TEXT})
    (file,) = written(tmp_path, {"a.zip": content})
    (reading,) = process.read([task(file, seconds=1)])
    assert [article.path for article, _ in reading.articles] == ["a.zip/1.txt", "a.zip/2.txt", "a.zip/3.txt"]
    assert {problem.path: problem.kind for problem in reading.problems} == {
        "a.zip/crash.rss": "crash",
        "a.zip/hang.rss": "time",
    }


def test_killed_from_outside_it_is_started_again(process, tmp_path):
    files = written(tmp_path, {f"{number}.txt": TEXT for number in range(12)})
    found = []
    for reading in process.read(task(file) for file in files):
        found.append(reading)
        if len(found) == 3:
            os.kill(process.pid or 0, signal.SIGKILL)
    assert len(found) == 12 and sum(len(reading.articles) for reading in found) >= 11
    assert all(problem.kind == "crash" for reading in found for problem in reading.problems)
    (again,) = process.read([task(files[0])])
    assert len(again.articles) == 1


def test_a_file_that_is_written_meanwhile(process, tmp_path):
    (file,) = written(tmp_path, {"a.txt": TEXT})
    before = task(file)
    file.write_text(TEXT + " وأضاف.")
    (reading,) = process.read([before])
    assert (
        not reading.complete and [problem.kind for problem in reading.problems] == ["changing"] and len(reading.articles) == 1
    )
