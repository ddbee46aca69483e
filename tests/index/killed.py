"""An indexing run in a process of its own: python killed.py DATA MOMENT [PATH ...]; it kills itself (-9) at the moment.

With `listen` in place of a moment it reads moments, one a line, runs each in a fork of its own, which spares the imports,
and prints the fork's exit status.
A moment is `stage:steps` (after so many steps of a stage, 0 when it begins), `store` (in the midst of storing a file),
`lexical` and `vectors` (written, but not switched to), `folders` and `embedder` (all of a stride done but its last fact),
`wait:stage` (prints, then waits inside the lock of that stage for whoever started it to kill it), `after:seconds` (of the
beginning of its first stage) or `never`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from index import build, catalog, lexical, vectors
from index.build import BuildOptions, build_index
from index.formats.process import Reading, ReadingProcess
from index.formats.worker import Outcome, Task, outcomes
from tests.index.made import TinyEmbedder

HERE = Path(__file__).parent
# For processes that import what lies here.
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}:{HERE}"}


def die(*_: Any, **__: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Deadly:
    """Hears of the stages of a run and ends it at one."""

    def __init__(self, moment: str) -> None:
        self.moment = moment
        self.name, self.steps = "", 0

    def stage(self, name: str, total: int) -> None:
        if not self.name and self.moment.startswith("after:"):
            threading.Timer(float(self.moment.removeprefix("after:")), die).start()
        self.name, self.steps = name, 0
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        self.advance(0)

    def advance(self, steps: int) -> None:
        self.steps += steps
        if self.moment == f"wait:{self.name}":
            time.sleep(60)
        if self.moment == f"{self.name}:{self.steps}":
            die()


def set_traps(moment: str) -> None:
    if moment == "store":
        add = catalog._add_article

        def add_and_die(*arguments: Any) -> None:
            add(*arguments)
            die()

        catalog._add_article = add_and_die
    for name, module in (("lexical", lexical), ("vectors", vectors)):
        if moment == name:
            module.switch_to = die  # type: ignore[attr-defined]
    if moment in ("folders", "embedder"):
        set_meta: Callable[..., None] = catalog.Catalog.set_meta
        catalog.Catalog.set_meta = lambda self, key, value: die() if key == moment else set_meta(self, key, value)  # type: ignore[method-assign]


class InProcess(ReadingProcess):
    """Reads files in the indexer's own process: what is killed here is the indexer, and each fork would start a reader anew."""

    def read(self, tasks: Iterable[Task]) -> Iterator[Reading]:
        for task in tasks:
            self._told = outcomes(replace(task, seconds=0))
            yield self._receive(task)

    def _outcome(self, task: Task) -> Outcome | str:
        return next(self._told)


def run(data: Path, moment: str, paths: list[Path]) -> None:
    set_traps(moment)
    build_index(data, paths, TinyEmbedder(), BuildOptions(), Deadly(moment))


def listen(data: Path, paths: list[Path]) -> None:
    import chromadb  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            build.reading_process = InProcess  # type: ignore[attr-defined]
            run(data, line.strip(), paths)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _, folder, moment, *rest = sys.argv
    given = [Path(path) for path in rest]
    if moment == "listen":
        listen(Path(folder), given)
    else:
        run(Path(folder), moment, given)
