"""The protocol of the two ways to an archive: over HTTP to a server, or into this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

Json = Mapping[str, Any]


class Door(Protocol):
    """Sends requests of the API (docs/api.md) to an archive. Every method raises KhabarError."""

    def ask(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Any:
        """Return the JSON of a response; `path` is the one below /api/v1."""
        ...

    def events(self, body: Json) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the events of an answer as it grows; closing the iterator ends the work."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...
