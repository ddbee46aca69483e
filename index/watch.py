"""Folders -> a signal for each set of changes in them, once it has been quiet for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import Change, watch

from index.types import KhabarError

# Writing files takes a while, and they often come together: milliseconds without a change that are waited for, and at most.
_QUIET_MS = 400
_PATIENCE_MS = 10_000
# Milliseconds between two looks at whether to end.
_LOOK_MS = 500


def changes(
    folders: Sequence[Path], ended: threading.Event, data: Path, again: Callable[[], bool] = lambda: False
) -> Iterator[int]:
    """Yield how many files were made, changed or removed below the folders, each time it is quiet again, until `ended` is set.

    First it yields once at the beginning: what changes from then on is not missed, also while its reader is at work. It yields
    0 whenever `again` says so. Hidden files, which are not indexed, and those of the index in `data` do not count. Raises
    KhabarError where a folder cannot be watched.
    """
    roots = [folder.absolute() for folder in folders]
    own = data.absolute()

    def counts(_: Change, name: str) -> bool:
        path = Path(name)
        if path.is_relative_to(own):
            return False
        below = [path.relative_to(root).parts for root in roots if path.is_relative_to(root)]
        return not below or any(not any(part.startswith(".") for part in parts) for parts in below)

    first = True
    try:
        for changed in watch(
            *roots,
            watch_filter=counts,
            debounce=_PATIENCE_MS,
            step=_QUIET_MS,
            stop_event=ended,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changed or first or again():
                first = False
                yield len({path for _, path in changed})
    except OSError as error:
        raise KhabarError(f"a folder cannot be watched ({error})", "check its spelling and its permissions") from error
