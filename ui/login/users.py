"""The file of users: a line for each, `name:scrypt$…`, that its owner alone may read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.private import OTHERS, file_state, write_private
from index.types import KhabarError

# scrypt of 32 MB: a tenth of a second for a login, and dear for whoever tries a stolen file.
_LOG_N, _R, _P = 15, 8, 1
_SALT_BYTES, _KEY_BYTES = 16, 32
# What a line may ask for: one of more would let a file use up the memory.
_LONGEST_LOG_N, _LARGEST_R, _LARGEST_P = 18, 32, 4
_SCHEME = "scrypt"
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000
_NAME = re.compile(r"[^\s:#\x00-\x1f\x7f][^:\x00-\x1f\x7f]{0,63}")
_REMEDY = "write its lines with khabar login NAME"


@dataclass(frozen=True, slots=True)
class User:
    """A user and what the password is checked against; `line` changes with the password."""

    name: str
    line: str

    @property
    def mark(self) -> str:
        """What changes whenever the password does: a session is good for one mark."""
        return hashlib.sha256(self.line.encode()).hexdigest()


class UserFile:
    """The users of a file, read again whenever it changes, so that nobody needs to restart a server."""

    def __init__(self, file: Path) -> None:
        """Read the file. Raises KhabarError where it is missing, readable by others, or not as it should be."""
        self._file = file
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._users: Mapping[str, User] = {}
        if not self.users():
            raise KhabarError(f"'{file}' (KHABAR_LOGIN) names no user", f"add one: khabar login NAME --login {file}")

    def users(self) -> Mapping[str, User]:
        """Return the users by name. Raises KhabarError."""
        with self._lock:
            seen = file_state(self._file)
            if seen != self._seen:
                self._users, self._seen = read_users(self._file), seen
            return self._users

    def user(self, name: str) -> User | None:
        """Return the user of a name, however its letters are composed. Raises KhabarError."""
        return self.users().get(composed(name).strip())


def _unreadable(file: Path, error: OSError) -> KhabarError:
    return KhabarError(
        f"the file of users '{file}' (KHABAR_LOGIN) cannot be read ({error.strerror or error})",
        f"make it with khabar login NAME --login {file}, or give --login another file",
    )


def read_users(file: Path) -> Mapping[str, User]:
    """Return the users of a file by name; an empty line or one that begins with # says nothing. Raises KhabarError."""
    try:
        with file.open("rb") as opened:
            rights = os.fstat(opened.fileno()).st_mode
            content = opened.read()
    except OSError as error:
        raise _unreadable(file, error) from error
    if os.name == "posix" and rights & OTHERS:
        raise KhabarError(f"'{file}' holds passwords, and others than its owner may use it", f"chmod 600 {file}")
    users: dict[str, User] = {}
    for number, line in enumerate(_lines_of(file, content), 1):
        if not line.strip() or line.startswith("#"):
            continue
        user = _user_of(line.strip(), f"line {number} of '{file}'")
        if user.name in users:
            raise KhabarError(f"line {number} of '{file}' names '{user.name}' again", "leave one line for each user")
        users[user.name] = user
    return users


def _lines_of(file: Path, content: bytes) -> list[str]:
    """Return the lines of a file. They end where we end them: a name may hold what other programs take for an end (U+2028)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KhabarError(f"'{file}' is not written in UTF-8", _REMEDY) from error
    return text.removesuffix("\n").split("\n") if text else []


def _user_of(line: str, where: str) -> User:
    name, _, hashed = line.partition(":")
    name = composed(name).strip()
    if not _NAME.fullmatch(name) or not hashed:
        raise KhabarError(f"{where} is not of the form name:scrypt-hash", _REMEDY)
    try:
        _parts(hashed)
    except (ValueError, binascii.Error) as error:
        raise KhabarError(f"the password of '{name}' ({where}) is not a scrypt hash that Khabar writes", _REMEDY) from error
    return User(name, f"{name}:{hashed}")


def _parts(hashed: str) -> tuple[int, int, int, bytes, bytes]:
    """Return what a hash is made of: log2 of N, r, p, the salt and the key. Raises ValueError."""
    scheme, log_n, r, p, salt, key = hashed.split("$")
    found = int(log_n), int(r), int(p), base64.b64decode(salt, validate=True), base64.b64decode(key, validate=True)
    costs = 1 <= found[0] <= _LONGEST_LOG_N and 1 <= found[1] <= _LARGEST_R and 1 <= found[2] <= _LARGEST_P
    if scheme != _SCHEME or not costs or len(found[3]) < _SALT_BYTES or len(found[4]) != _KEY_BYTES:
        raise ValueError(hashed)
    return found


# Passwords


def composed(text: str) -> str:
    """Return a text with its letters composed: what one keyboard sends as two characters another sends as one."""
    return unicodedata.normalize("NFC", text)


def new_line(name: str, password: str) -> str:
    """Return the line of a user. Raises KhabarError for a name or a password that will not do."""
    name = composed(name).strip()
    if not _NAME.fullmatch(name):
        raise KhabarError(f"'{name}' is no name for a user", "choose up to 64 characters without a colon, not beginning with #")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise KhabarError(
            f"this password has {len(password)} characters",
            f"choose one of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters",
        )
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _key(password, _LOG_N, _R, _P, salt)
    salted, keyed = (base64.b64encode(part).decode() for part in (salt, key))
    return f"{name}:{_SCHEME}${_LOG_N}${_R}${_P}${salted}${keyed}"


def is_right(user: User | None, password: str) -> bool:
    """Tell whether a password is the user's; where there is no such user, after the same time."""
    hashed = (user.line if user else _NOBODY).partition(":")[2]
    log_n, r, p, salt, key = _parts(hashed)
    right = hmac.compare_digest(_key(password[:LONGEST_PASSWORD], log_n, r, p, salt), key)
    return right and user is not None


def _key(password: str, log_n: int, r: int, p: int, salt: bytes) -> bytes:
    memory = 128 * r * (2**log_n + p + 2)
    secret = composed(password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=2**log_n, r=r, p=p, maxmem=memory * 2, dklen=_KEY_BYTES)


# What a name that nobody has is checked against.
_NOBODY = ":" + "$".join([_SCHEME, str(_LOG_N), str(_R), str(_P), "A" * 22 + "==", "A" * 43 + "="])


def keep_line(file: Path, line: str) -> bool:
    """Add a user's line to a file, or put it in the place of the old one; tell whether there was one. Raises KhabarError.

    A file that is not there yet is made, for its owner alone.
    """
    name = line.partition(":")[0]
    there = file.exists()
    known = name in read_users(file) if there else False
    lines = _lines_of(file, file.read_bytes()) if there else []
    kept = [line if composed(old.partition(":")[0]).strip() == name else old for old in lines]
    content = "\n".join([*kept, *([] if known else [line])]) + "\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, content)
    except OSError as error:
        problem = f"'{file}' cannot be written ({error.strerror or error})"
        raise KhabarError(problem, "give --login a file that you may write") from error
    return known
