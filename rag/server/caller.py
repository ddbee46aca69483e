"""Who calls: the machine's own user, a user who has logged in, or a program with a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from index.types import KhabarError

Scope = Literal["read", "write", "admin"]
SCOPES: frozenset[Scope] = frozenset(get_args(Scope))
# Where the guard before all doors writes down who calls.
CALLER = "khabar.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what for: `read` asks and reads, `write` changes the archive, `admin` sees what others asked.

    `name` is what belongings are kept by ("local", "user:sara", "key:4f1c…"), `address` where the call comes from.
    """

    name: str
    scopes: frozenset[Scope] = SCOPES
    address: str = ""


LOCAL = Caller("local")


class NotAllowed(KhabarError):
    """A caller whose key lacks a scope."""

    def __init__(self, scope: Scope) -> None:
        """Name the scope."""
        super().__init__(f"this key lacks the scope '{scope}'", f"use one that has it: khabar keys create NAME --scope {scope}")
        self.scope = scope


def caller_of(scope: Any) -> Caller:
    """Return who calls, of a request or of its ASGI scope; the machine's own user where no guard stands before the door."""
    found = getattr(scope, "scope", scope).get(CALLER, LOCAL)
    assert isinstance(found, Caller)
    return found


def require(caller: Caller, scope: Scope) -> None:
    """Refuse a caller without a scope. Raises NotAllowed."""
    if scope not in caller.scopes:
        raise NotAllowed(scope)
