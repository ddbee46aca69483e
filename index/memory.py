"""How much memory this machine has, or the container that Khabar runs in."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

# What a container may take, as its own system tells it: version 2 and 1 of Linux's control groups.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_here(limits: tuple[Path, ...] = _LIMITS) -> int | None:
    """Return the bytes of memory, None where the system does not tell."""
    known = [size for size in (_installed(), *map(_limit, limits)) if size]
    return min(known, default=None)


def _installed() -> int | None:
    with suppress(ValueError, OSError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def _limit(file: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(file.read_text(encoding="ascii"))  # "max" where there is none
    return None
