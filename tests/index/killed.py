"""An indexing run that kills itself (-9) at a moment: python killed.py DATA MOMENT [PATH ...].

`python killed.py listen` reads such runs, one a line as JSON [data, moment, path, ...], and makes each in a fork of its own,
which spares the imports; it prints the fork's exit status. `Forks` is such a process.
A moment is `stage:steps` (after so many steps of a stage, 0 when it begins), `store` (in the midst of storing a file),
`lexical` and `vectors` (written, but not switched to), `folders` and `embedder` (all of a stride done but its last fact),
`wait:stage` (prints, then waits inside the lock of that stage for whoever started it to kill it), `after:seconds` (of the
beginning of its first stage) or `never`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
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
        replace_source = catalog.Catalog.replace_source

        def replace_and_die(self: catalog.Catalog, *given: Any) -> None:
            self.connection.create_function("die", 0, die)
            self.connection.execute("CREATE TEMP TRIGGER deadly AFTER INSERT ON main.chunks BEGIN SELECT die(); END")
            replace_source(self, *given)

        catalog.Catalog.replace_source = replace_and_die  # type: ignore[method-assign]
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


def listen() -> None:
    import chromadb  # noqa: F401

    for line in sys.stdin:
        data, moment, *paths = json.loads(line)
        child = os.fork()
        if child == 0:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            build.reading_process = InProcess  # type: ignore[attr-defined]
            run(Path(data), moment, [Path(path) for path in paths])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


class Forks:
    """A process that indexes in forks, each until a moment that it is told."""

    def __init__(self) -> None:
        command = [sys.executable, __file__, "listen"]
        self._process = subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def index(self, data: Path, moment: str, *paths: Path) -> int:
        """Return the exit status of a run: 0, or -9 where it was killed."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([str(data), moment, *map(str, paths)]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


if __name__ == "__main__":
    if sys.argv[1] == "listen":
        listen()
    else:
        run(Path(sys.argv[1]), sys.argv[2], [Path(path) for path in sys.argv[3:]])
