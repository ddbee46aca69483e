"""Progress bars on stderr, one for each stage, with the time remaining."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

# Seconds from which the pace is estimated: on a slow machine that embeds, steps come minutes apart.
_PACE_SECONDS = 600


class Bars:
    """The Progress of a terminal."""

    def __init__(self, *counts: ProgressColumn) -> None:
        """Show the steps done of all, or other columns instead."""
        shown = counts or (MofNCompleteColumn(),)
        columns = (TextColumn("{task.description:>8}"), BarColumn(), *shown, TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), speed_estimate_period=_PACE_SECONDS)
        self._task: TaskID | None = None

    def __enter__(self) -> Bars:
        """Show nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the bars as they are."""
        self.rest()

    def stage(self, name: str, total: int) -> None:
        """Begin a bar of `total` steps."""
        self._progress.start()
        self._task = self._progress.add_task(name, total=total)
        self._progress.advance(self._task, 0)  # the pace is counted from here, else only from the first steps on

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._progress.advance(self._task, steps)

    def rest(self) -> None:
        """Leave the bars on the screen and write below them: what goes to stdout would else end among them."""
        if self._task is None:  # stop() would print an empty line
            return
        self._progress.stop()
        self._task = None
        for task in self._progress.task_ids:
            self._progress.remove_task(task)


def download_bars() -> Bars:
    """Return bars that count bytes."""
    return Bars(DownloadColumn(), TransferSpeedColumn())
