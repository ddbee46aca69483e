"""How many processors there are to work on, and how a thread leaves them to others."""

from __future__ import annotations

import contextlib
import os
import threading

# What is added to the niceness of a thread, of 19 at most.
_NICE = 5


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def step_back(nice: int = _NICE) -> None:
    """Lower the priority of this thread, and of those that it starts, where the system can."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
