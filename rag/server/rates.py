"""How often one caller may ask: a bucket of requests for each, refilled evenly."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rag.server.refusal import Refusal

_MINUTE = 60
# Callers that are remembered; whoever comes back after so many others begins anew.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a caller has left after a request: `wait` seconds to the next one where this one was too many."""

    limit: int
    left: int
    full_in: int
    wait: int = 0

    @property
    def headers(self) -> Mapping[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers: requests left, and seconds until all are there again."""
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={_MINUTE}',
            "RateLimit": f'"minute";r={self.left};t={self.full_in}',
            **({"Retry-After": str(self.wait)} if self.wait else {}),
        }

    def refusal(self) -> Refusal:
        """Return why a request that was too many is refused."""
        return Refusal(
            429, "too-many-requests", f"more than {self.limit} requests a minute",
            f"try again in {self.wait} seconds; whoever runs this server sets the limit with --rate", headers=self.headers,
        )  # fmt: skip


class Rates:
    """Counts requests by caller; safe to use from several threads. Each process of a server counts for itself."""

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        """Let each caller make so many requests a minute, all of them at once if he likes; 0 counts nobody."""
        self._limit = a_minute
        self._now = now
        self._lock = threading.Lock()
        # Requests left at a moment, of the caller that has waited longest first.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, caller: str) -> Spent | None:
        """Count a request of a caller; None where nobody is counted."""
        if not self._limit:
            return None
        a_second = self._limit / _MINUTE
        with self._lock:
            now = self._now()
            left, at = self._left.pop(caller, (float(self._limit), now))
            left = min(self._limit, left + max(0.0, now - at) * a_second)
            is_one_left = left >= 1
            left -= is_one_left
            self._left[caller] = (left, now)
            while len(self._left) > _MOST:
                self._left.popitem(last=False)
        wait = 0 if is_one_left else max(1, math.ceil((1 - left) / a_second))
        return Spent(self._limit, int(left), math.ceil((self._limit - left) / a_second), wait)
