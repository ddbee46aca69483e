"""What can go wrong: each a KhabarError with a problem and a remedy, of a kind that a program can tell by its class."""

from __future__ import annotations

from typing import Any

from index.types import KhabarError


class Failure(KhabarError):
    """What an archive refuses or fails at, with the HTTP status, the short stable code, and the value at fault."""

    def __init__(self, problem: str, remedy: str, status: int = 0, code: str = "", value: str | None = None) -> None:
        """Keep what the archive said."""
        super().__init__(problem, remedy)
        self.status, self.code, self.value = status, code, value


class BadRequest(Failure):
    """What was asked cannot be asked so: an empty question, a day that is none, a text that is too long."""


class Denied(Failure):
    """The key is missing or wrong, or lacks a scope."""


class NotFound(Failure):
    """There is no such article."""


class Conflict(Failure):
    """The archive is in another state than the request needs: it takes no articles, or knows another one under this id."""


class Busy(Failure):
    """More is asked than can be answered soon, also after some tries; `wait` is the seconds until one more is worth it."""

    wait: float = 1.0


class ServerFailed(Failure):
    """The archive cannot answer now, or something broke in it."""


class NotReached(Failure):
    """Nobody answers at the address, or not in time."""


_KINDS: dict[int, type[Failure]] = {401: Denied, 403: Denied, 404: NotFound, 409: Conflict, 429: Busy}


def failure_of(status: int, content: Any, waits: bool = False) -> Failure:
    """Return the failure that a response tells of; `waits` where it also says when to come back."""
    told = content if isinstance(content, dict) else {}
    problem = str(told.get("detail") or f"the server answers with the status {status}")
    remedy = str(told.get("remedy") or "see the server's log, or whether the address is that of Khabar")
    kind = _KINDS.get(status) or (BadRequest if status < 500 else Busy if waits else ServerFailed)
    value = told.get("value")
    return kind(problem, remedy, status, str(told.get("code") or ""), value if isinstance(value, str) else None)
