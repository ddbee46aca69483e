"""Login: name and password -> a session, a session or name and password -> the user."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import anyio

from rag.settings import Settings
from ui.login.attempts import Attempts, keys_of
from ui.login.sessions import Sessions
from ui.login.users import User, UserFile, composed, is_right

# Passwords that are checked at once: each takes 32 MB.
_CHECKED_AT_ONCE = 2
# Programs whose name and password are known to be right.
_MOST_KNOWN = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody was logged in: a wrong name or password, or seconds to wait before the next attempt."""

    wait: int = 0


class Login:
    """The users, their sessions and their wrong passwords."""

    def __init__(self, users: UserFile, sessions: Sessions, attempts: Attempts | None = None) -> None:
        """Keep what it is made of."""
        self._users = users
        self._sessions = sessions
        self._attempts = attempts or Attempts()
        self._known: dict[str, tuple[str, str]] = {}
        # Who calls `begin` or `user_of_program` waits here, and not in the threads that everybody shares.
        self.checks = anyio.CapacityLimiter(_CHECKED_AT_ONCE)

    def begin(self, name: str, password: str, address: str) -> str | Refusal:
        """Return the token of a new session, or why there is none. Raises KhabarError where the file of users is broken."""
        user = self._checked(name, password, address)
        return user if isinstance(user, Refusal) else self._sessions.begin(user)

    def user_of(self, token: str) -> str | None:
        """Return the name of the user whose session a token is; none once the user or the password has changed."""
        held = self._sessions.holder(token)
        user = self._users.user(held[0]) if held else None
        return user.name if user and held and user.mark == held[1] else None

    def known_program(self, credentials: str) -> str | None:
        """Return the user of an Authorization header whose password is known to be right.

        It is so until the user's line changes; to check each request anew would take a tenth of a second.
        """
        known = self._known.get(_mark_of(credentials))
        user = self._users.user(known[0]) if known else None
        return user.name if user and known and user.mark == known[1] else None

    def user_of_program(self, credentials: str, address: str) -> str | Refusal | None:
        """Return the user of an Authorization header (Basic), which programs send; None where it is none."""
        try:
            scheme, encoded = credentials.split(None, 1)
            name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (ValueError, binascii.Error):
            return None
        if scheme.lower() != "basic" or not colon:
            return None
        if known := self.known_program(credentials):
            return known
        found = self._checked(name, password, address)
        if isinstance(found, Refusal):
            return found
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[_mark_of(credentials)] = found.name, found.mark
        return found.name

    def end(self, token: str) -> None:
        """End a session."""
        self._sessions.end(token)

    def close(self) -> None:
        """Close the file of sessions."""
        self._sessions.close()

    def _checked(self, name: str, password: str, address: str) -> User | Refusal:
        name = composed(name).strip()
        keys = keys_of(address, name)
        wait = self._attempts.begin(keys)
        if wait:
            return Refusal(math.ceil(wait))
        user = self._users.user(name)
        if not is_right(user, password) or user is None:
            return Refusal()
        self._attempts.right(keys)
        return user


def _mark_of(credentials: str) -> str:
    return hashlib.sha256(credentials.encode("utf-8", "surrogatepass")).hexdigest()


def login_of(settings: Settings) -> Login | None:
    """Return the login that the settings ask for, or none. Raises KhabarError where its file is not as it should be."""
    if settings.login is None:
        return None
    return Login(UserFile(settings.login), Sessions(Path(settings.data)))
