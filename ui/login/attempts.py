"""Wrong passwords: each one after the first few makes the next wait longer, for its address and for its name."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["address", "name"]
# Wrong passwords that cost no wait, and the longest wait in seconds. A name waits less: anybody can keep its owner waiting.
_FREE: dict[Kind, int] = {"address": 10, "name": 4}
_LONGEST: dict[Kind, float] = {"address": 900.0, "name": 60.0}
# Seconds after which wrong passwords are forgotten, and how many addresses and names are remembered.
_REMEMBERED = 3600.0
_MOST = 10_000

Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class _Wrong:
    count: int
    last: float


class Attempts:
    """Counts wrong passwords; safe to use from several threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with none."""
        self._now = now
        self._lock = threading.Lock()
        self._wrong: OrderedDict[Key, _Wrong] = OrderedDict()

    def begin(self, keys: Iterable[Key]) -> float:
        """Count an attempt as wrong until it is known to be right, and return 0; or the seconds that it must wait, uncounted.

        It is counted before its password is checked, so that many at once gain nothing.
        """
        with self._lock:
            now = self._now()
            keys = list(keys)
            wait = max((self._wait(key, now) for key in keys), default=0.0)
            if wait > 0:
                return wait
            for key in keys:
                old = self._wrong.pop(key, None)
                count = old.count if old and now - old.last < _REMEMBERED else 0
                self._wrong[key] = _Wrong(count + 1, now)
            while len(self._wrong) > _MOST:
                self._wrong.popitem(last=False)
            return 0.0

    def right(self, keys: Iterable[Key]) -> None:
        """Forget what was wrong before a right password."""
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)

    def _wait(self, key: Key, now: float) -> float:
        found = self._wrong.get(key)
        if found is None or found.count < _FREE[key[0]]:
            return 0.0
        # No power of more than the longest wait needs: a float ends at 2 ** 1023.
        pause = min(_LONGEST[key[0]], 2.0 ** min(found.count - _FREE[key[0]], 20))
        return max(0.0, found.last + pause - now)


def keys_of(address: str, name: str) -> list[Key]:
    """Return what an attempt is counted under; an IPv6 address by its network, of which one machine has all addresses."""
    try:
        parsed = ipaddress.ip_address(address)
        if parsed.version == 6:
            address = str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    except ValueError:
        pass
    return [("address", address), ("name", name[:64])]
