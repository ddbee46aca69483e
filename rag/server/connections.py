"""The open connections of a server: so many at once, of one address a share; whoever only waits makes room for others."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from rag.server.addresses import is_loopback, network_of
from rag.server.tuning import MOST_CONNECTIONS, SHARE_OF_DESCRIPTORS, SHARE_OF_ONE


class Connection(Protocol):
    """An open connection, as far as it may have to go."""

    @property
    def address(self) -> str:
        """Where it comes from."""
        ...

    def leave(self) -> None:
        """End it: it waits for a request, or for the rest of one."""
        ...


class Connections:
    """Counts connections of one server, whose event loop alone uses it."""

    def __init__(self, most: int | None = None) -> None:
        """Let so many be open at once; by default as many as descriptors allow."""
        self.most = most or most_connections()
        self._of_one = max(1, int(self.most * SHARE_OF_ONE))
        self._open: Counter[str] = Counter()
        self._total = 0
        # Those that wait for a request, the one that has waited longest first.
        self._waiting: dict[Connection, None] = {}

    def enter(self, connection: Connection) -> bool:
        """Count a new connection; False where there is no room, not even of one that only waits."""
        network = network_of(connection.address)
        is_one_too_many = self._open[network] >= self._of_one and not is_loopback(connection.address)
        if is_one_too_many and not self._let_one_go(network) or self._total >= self.most and not self._let_one_go():
            return False
        self._open[network] += 1
        self._total += 1
        self._waiting[connection] = None
        return True

    def waits(self, connection: Connection) -> None:
        """Hear that a connection waits for its next request."""
        self._waiting.setdefault(connection)

    def works(self, connection: Connection) -> None:
        """Hear that a connection has sent the head of a request."""
        self._waiting.pop(connection, None)

    def left(self, connection: Connection) -> None:
        """Hear that a connection that was let in has ended."""
        self._waiting.pop(connection, None)
        network = network_of(connection.address)
        self._total -= 1
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]

    def _let_one_go(self, network: str | None = None) -> bool:
        for waiting in self._waiting:
            if network in (None, network_of(waiting.address)):
                del self._waiting[waiting]
                waiting.leave()
                return True
        return False


def most_connections() -> int:
    """Return how many connections may be open at once: each takes a descriptor of the process."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit
    except ImportError:  # Windows knows no such limit
        return MOST_CONNECTIONS
    soft, _ = getrlimit(RLIMIT_NOFILE)
    return MOST_CONNECTIONS if soft == RLIM_INFINITY else max(16, min(MOST_CONNECTIONS, int(soft * SHARE_OF_DESCRIPTORS)))
